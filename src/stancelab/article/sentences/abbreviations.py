"""The abbreviations of English news behind whose point a sentence may go on with a capital.

nupunkt's own list was learned from texts of law and holds ordinary words and names ("bank", "hall", "port", "Homs"),
so that "It left the bank. Norland agreed" is one sentence to it. Of its list those count whose form shows that they are
abbreviations: with a point inside ("u.s", "p.m"), or without a vowel and short ("mr", "sgt"). The rest are these.
"""

from __future__ import annotations

import re
from typing import Final

#: Without the last point, in lower case.
NEWS: Final = frozenset(  # titles and ranks; months and days; states and provinces; firms, offices, streets
    (  # noqa: SIM905 - a list of words reads better as text
        "adm amb asst atty brig cap capt cdr cllr cmdr col comdr dep det dir fr gen gov hon insp lieut lt maj messrs"
        " mlle mme mmes msgr pfc pres prof rep reps rev sec secy sen sens supt treas vice-adm"
        " jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun"
        " ala ariz ark calif colo conn del fla ga ill ind kan la mass md mich minn miss mo mont neb nev okla ore pa"
        " penn tenn tex va vt wash wis wyo alta man ont que sask"
        " assn assoc ave bldg blvd bros co corp dept dist div govt inc intl natl inst univ est hwy mfg no nos"
    ).split()
)
#: References, measures and the like, which are printed in lower case too; the others only with a capital, so that
#: "ill.", "sun." and "no." end a sentence before one.
LOWER: Final = frozenset(
    (  # noqa: SIM905 - a list of words reads better as text
        "al approx art arts bn ca cf ch cu dept ed eds esp est etc ext fig figs fl incl excl jr max min misc mn mos"
        " nos orig oz para paras pop ref ret sr tel tn viz vol vols vs yr yrs"
    ).split()
)
_SHORT: Final = re.compile(r"[b-df-hj-np-tv-xz]{1,5}")
#: Initials of names.
_LETTER: Final = re.compile(r"[a-z]")


def is_kept(abbreviation: str) -> bool:
    """Tell whether an entry of nupunkt's list is an abbreviation by its form, or by our list."""
    return (
        abbreviation in NEWS
        or abbreviation in LOWER
        or "." in abbreviation
        or _LETTER.fullmatch(abbreviation) is not None
        or _SHORT.fullmatch(abbreviation) is not None
    )

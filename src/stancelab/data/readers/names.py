"""Where the canonical names of a corpus are mentioned in a sentence.

A corpus may name entities as an encyclopedia does ("Bernie Sanders", "Affordable Care Act") where the sentence says
"Sanders" or "ACA". Forms of a name are tried in three steps: the whole name, a person's also with another middle name;
other names that the article gives in parentheses, that are general knowledge (parties, states, bodies of government)
or that are formed from its capitals; the last name of a person. All places of the whole names of an article's entities
are taken first, so that "Trump" is not found in "the Trump administration" where both are listed. Pronouns and titles
("the president") are not resolved, and a last name that two listed persons share is not used.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from stancelab.schema import Span

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

#: Other names in general use.
_ALIASES: Final = {
    "republican party": ("Republicans", "GOP", "G.O.P."),
    "democratic party": ("Democrats", "Dems"),
    "united states": ("U.S.", "US", "U.S.A.", "USA", "America"),
    "united kingdom": ("U.K.", "UK", "Britain"),
    "united nations": ("U.N.", "UN"),
    "european union": ("E.U.", "EU"),
    "centers for disease control and prevention": ("CDC", "C.D.C."),
    "united states house of representatives": ("House",),
}
#: Of these, words that longer names hold: "House Speaker", "White House", "Bank of America".
_ALONE: Final = frozenset({"House", "America"})
#: What is left out of the long names of bodies: "United States Senate", "Supreme Court of the United States".
_OF_THE_STATE: Final = re.compile(
    r"^(?:the )?united states (?=\w)| (?:of|to) the united states(?: constitution)?$", re.I
)
_DEPARTMENT: Final = re.compile(r"Department of (\w+(?: \w+)?)")
_ARTICLE: Final = re.compile(r"^the (?=\w)", re.I)
#: Words that end the name of a group, so that its last word is nobody's last name.
_GROUPS: Final = frozenset(
    (  # noqa: SIM905 - a list of words reads better as text
        "activists administration agency americans association campaign caucus coalition committee community"
        " conservatives council court democrats department family group groups house leaders left liberals"
        " lawmakers media movement network officials organization party people police republicans right senate"
        " senators staff state states supporters team union voters workers"
    ).split()
)
_SUFFIXES: Final = frozenset({"jr", "jr.", "sr", "sr.", "ii", "iii", "iv"})
_PARTICLES: Final = frozenset({"al", "bin", "da", "de", "del", "della", "di", "la", "le", "van", "von"})
#: Capitalized words after which a last name stands alone: titles, and words that begin a sentence.
_BEFORE: Final = frozenset(
    (  # noqa: SIM905 - a list of words reads better as text
        "u.s. mr mr. mrs mrs. ms ms. miss dr dr. sir president president-elect vice secretary senator sen"
        " sen. sens. representative rep rep. reps. congressman congresswoman governor gov gov. mayor speaker"
        " leader whip chairman chairwoman chair justice judge general gen. attorney counsel director"
        " commissioner ambassador minister chancellor premier candidate nominee republican democrat"
        " republicans democrats officer detective sheriff colonel col. captain capt. lt. sgt. professor prof."
        " prosecutor spokesman spokeswoman justices senators a about after against all also although and"
        " another any as asked at because before both but by did does during even every for from had has he"
        " her here his how however if in instead is it like many most neither no nor not now of on once only"
        " or our over said she since so some still than that the their then there they this though through to"
        " today under unlike until was we were what when where whether which while who whom why will with"
        " within without would yet"
    ).split()
)
#: Capitalized words that may follow a name without being part of a longer one.
_AFTER: Final = frozenset(
    (  # noqa: SIM905 - a list of words reads better as text
        "monday tuesday wednesday thursday friday saturday sunday january february march april may june july"
        " august september october november december i"
    ).split()
)


@dataclass(frozen=True)
class _Form:
    """One form of a name: where it may stand, and whether it must stand alone among capitalized words."""

    pattern: re.Pattern[str]
    alone: bool = False
    first_names: frozenset[str] = frozenset()

    def places(self, text: str) -> Iterator[Span]:
        for match in self.pattern.finditer(text):
            if not self.alone or self._stands_alone(text, *match.span()):
                yield Span(*match.span())

    def _stands_alone(self, text: str, start: int, end: int) -> bool:
        before = re.search(r"([\w.’'-]+)\s$", text[:start])
        after = re.match(r"\s([\w-]+)", text[end:])
        allowed_before = before is None or not before[1][0].isupper() or self._may_precede(before[1].lower())
        return allowed_before and (after is None or not after[1][0].isupper() or after[1].lower() in _AFTER)

    def _may_precede(self, word: str) -> bool:
        return word in _BEFORE or word in self.first_names


class NameFinder:
    """Finds the entities of one article in its sentences."""

    def __init__(self, entities: Mapping[str, Collection[str]], article: str = "") -> None:
        """Collect the forms of the names.

        Args:
            entities: The canonical names with their kinds; "People" makes a name of some words a person's.
            article: The whole text, in which abbreviations may be given in parentheses.
        """
        kinds = dict(entities)
        self._whole = {name: _whole_forms(name, is_person=_is_person(name, kinds[name])) for name in kinds}
        self._others = {name: _other_forms(name, article, is_person=_is_person(name, kinds[name])) for name in kinds}
        last = {name: _last_name(name) for name, kind in kinds.items() if _is_person(name, kind)}
        shared = Counter(last.values())
        self._last = {
            name: [_Form(_pattern(words), alone=True, first_names=frozenset(name.lower().split()))]
            for name, words in last.items()
            if shared[words] == 1
        }

    def find(self, text: str) -> dict[str, Span]:
        """Return where each entity that is mentioned in a sentence is mentioned first; no two places overlap."""
        found: dict[str, Span] = {}
        taken: list[Span] = []
        for forms in (self._whole, self._others, self._last):
            places = [
                (place, name)
                for name, patterns in forms.items()
                if name not in found
                for form in patterns
                for place in form.places(text)
            ]
            # The longest first: a name within a longer one is no mention of its own.
            for place, name in sorted(places, key=lambda each: (each[0].start - each[0].end, each[0].start)):
                if all(place.end <= other.start or other.end <= place.start for other in taken):
                    taken.append(place)
                    found[name] = min(found.get(name, place), place)
        return found


def _pattern(words: str, *, ignore_case: bool = False, plural: bool = False) -> re.Pattern[str]:
    """Return a pattern of whole words, with blanks, apostrophes and quotes of any kind."""
    spaced = r"\s+".join(re.sub(r"['’‘]", "['’‘]", re.escape(word)) for word in words.split())
    return re.compile(rf"(?<![\w-]){spaced}{'(?:e?s)?' if plural else ''}(?!\w)", re.I if ignore_case else 0)


def _whole_forms(name: str, *, is_person: bool) -> list[_Form]:
    """Return the whole name; one word is compared with its letter case ("bill", "Turkey", "ICE").

    A person may have another middle name, or none: "Adam B. Schiff".
    """
    words = _ARTICLE.sub("", name.strip())
    forms = [_Form(_pattern(words, ignore_case=" " in words, plural=words == words.lower()))]
    if is_person:
        first, last = re.escape(words.split()[0]), _pattern(_last_name(words)).pattern
        forms.append(_Form(re.compile(rf"(?<![\w-]){first}\s+(?:[A-Z][\w.]*\s+)?{last}")))
    return forms


def _other_forms(name: str, article: str, *, is_person: bool) -> list[_Form]:
    if is_person:
        return []
    words = _ARTICLE.sub("", name.strip())
    short = _OF_THE_STATE.sub("", words)
    forms = [_Form(_pattern(alias), alone=alias in _ALONE) for alias in _ALIASES.get(words.lower(), ())]
    if short != words:
        forms.append(_Form(_pattern(short), alone=" " not in short))
    if department := _DEPARTMENT.fullmatch(short):
        forms += [_Form(_pattern(f"{department[1]} Department")), _Form(_dotted(f"DO{department[1][0]}"))]
    return forms + [_Form(_dotted(letters)) for letters in sorted(_abbreviations({words, short}, article))]


def _dotted(letters: str) -> re.Pattern[str]:
    """Return a pattern of an abbreviation with or without full stops."""
    return re.compile(rf"(?<![\w-])(?:{letters}|{''.join(letter + '[.]' for letter in letters)})(?!\w)")


def _abbreviations(names: Collection[str], article: str) -> set[str]:
    """Return the abbreviations of a name: three capitals or more, and what the article gives in parentheses."""
    found = {"".join(re.findall(r"\b[A-Z]", name)) for name in names if name != name.upper()}
    found = {letters for letters in found if len(letters) > 2}
    for name in names:
        given = re.search(rf"(?i:{re.escape(name)})\s\(([A-Z]{{2,8}})\)", article)
        if given:
            found.add(given[1])
    return found


def _is_person(name: str, kinds: Collection[str]) -> bool:
    """Tell whether a name is a person's: some capitalized words, of which none names a group."""
    words = [word for word in name.split() if word.lower() not in _PARTICLES | _SUFFIXES]
    return (
        "People" in kinds
        and 2 <= len(words) <= 4
        and all(word[0].isupper() for word in words)
        and not any(word.lower() in _GROUPS for word in words)
    )


def _last_name(name: str) -> str:
    words = [word for word in name.replace(",", "").split() if word.lower() not in _SUFFIXES]
    first = len(words) - 1
    while first > 1 and words[first - 1].lower() in _PARTICLES:
        first -= 1
    return " ".join(words[first:])

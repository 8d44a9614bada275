"""Verbs of acts that only somebody does: "it pulled out its inspectors", "was turned down by both governments"."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from stancelab.article.pairs import words

if TYPE_CHECKING:
    from stancelab.article.pairs.phrases import Phrase
    from stancelab.article.pairs.view import View

#: Past tenses and participles of decisions, also as base forms behind an auxiliary.
_ACTS: Final = words.word_set(
    """
    voted withdrew withdrawn pulled signed ratified joined left quit passed agreed refused offered sent expelled
    recalled lifted imposed suspended resumed cancelled canceled approved adopted vetoed blocked abstained pledged
    opened closed changed stopped paid financed funded lent gave given raised freed seized banned invited hosted
    boycotted dropped ended extended delayed shelved published proposed launched moved sought asked broke broken walked
    vote withdraw pull sign ratify join leave pass agree refuse offer send expel recall lift impose suspend resume
    cancel approve adopt veto block abstain pledge open close change stop pay finance fund lend give raise free seize
    ban invite host boycott drop end extend delay shelve publish propose launch seek
    """
)
#: What may follow such a verb: with nothing behind it, things open, end and move too.
_OBJECTS: Final = (
    words.DETERMINERS
    | frozenset(words.POSSESSIVES)
    | words.word_set("no out against for back up another it them this that")
)
_PARTICLES: Final = words.word_set("down up off out apart aside away")
_FARTHEST_PASSIVE: Final = 4
#: Participles that end otherwise than in "ed".
_PARTICIPLES: Final = words.word_set("torn drawn written shot thrown put cut given sold met built led sent kept")


def is_act(view: View, index: int) -> bool:
    """Tell whether the verb behind a pronoun is an act of somebody ("it pulled out", "they have signed the")."""
    place = index + 1
    while view.lower(place) in words.AUXILIARIES | words.ADVERBS:
        if view.lower(place) in words.PASSIVE:
            return False
        place += 1
    return view.lower(place) in _ACTS and view.lower(place + 1) in _OBJECTS


def is_agent(view: View, by: int, phrase: Phrase) -> bool:
    """Tell whether a phrase behind "by" is who did what a passive tells: an office, a body or "both"."""
    if not (phrase.kind == "office" or (phrase.kind == "other" and phrase.noun == "both")):
        return False
    verb = by - 1 - (view.lower(by - 1) in _PARTICLES)
    participle = view.lower(verb).endswith("ed") or view.lower(verb) in _PARTICIPLES
    return participle and any(
        view.lower(place) in words.PASSIVE for place in range(max(verb - _FARTHEST_PASSIVE, 0), verb)
    )

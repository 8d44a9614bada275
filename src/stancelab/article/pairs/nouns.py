"""The nouns by which an article speaks of an entry again: "the statute" of the Rome Statute, "the measure" of a tax."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from stancelab.article.pairs import words
from stancelab.article.pairs.view import is_office, singular

if TYPE_CHECKING:
    from collections.abc import Iterable

_WORD: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")

#: Endings of nouns of acts, which may be opposed and welcomed.
ACT_ENDINGS: Final = ("tion", "sion", "ment", "ance", "ence", "al", "ing", "ism")
#: General nouns that may stand for any policy, treaty or event.
SHELLS: Final = words.word_set(
    """
    decision move step idea proposal plan provision initiative scheme project measure announcement arrangement
    undertaking programme program
    """
)
#: These may stand for what the whole article is about alone: the last sentences may hold another one.
OF_ARTICLE: Final = words.word_set("document text agreement deal")
#: Groups of nouns, of which each may stand for what is called by another one of its group.
_ALIKE: Final = (
    "treaty accord pact agreement deal convention protocol charter compact memorandum",
    "tax levy duty tariff surcharge",
    "law act bill legislation",
    "ceasefire truce armistice",
    "ban embargo moratorium",
    "fence wall barrier",
    "drills exercises manoeuvres maneuvers",
    "ships vessels boats frigates",
    "talks negotiations",
    "vote referendum plebiscite",
    "plan proposal initiative scheme",
)
_POLICIES: Final = """tax levy duty tariff surcharge ban embargo moratorium law act bill cap quota reform amendment
exemption safeguard freeze curfew fund mission"""
#: General nouns -> the nouns of what they may stand for.
_GENERAL: Final = {
    "plan": _POLICIES,
    "proposal": _POLICIES,
    "idea": f"{_POLICIES} plan proposal initiative scheme",
    "initiative": _POLICIES,
    "scheme": _POLICIES,
    "measure": _POLICIES,
    "measures": "sanctions tariffs duties restrictions curbs cuts controls",
    "project": "dam pipeline bridge link cable port canal railway road plant fence wall reactor tunnel airport",
    "document": "treaty accord pact agreement convention protocol charter compact memorandum statute",
    "text": "treaty accord pact agreement convention protocol charter compact memorandum statute resolution",
}


@dataclass(frozen=True, slots=True)
class Noun:
    """A noun.

    Attributes:
        word: It in lower case, in the singular.
        plural: Whether it stands in the plural.
    """

    word: str
    plural: bool


def noun_of_word(word: str) -> Noun:
    """Return a word as a noun."""
    lower = word.lower()
    return Noun(singular(lower), singular(lower) != lower)


def head_of(name: str) -> Noun | None:
    """Return the noun that a name ends in ("treaty" of "Arctic Treaty", "levy" of "levy on fuel").

    None for offices, which persons hold.
    """
    head = ""
    for found in _WORD.finditer(name):
        if found.group().lower() in words.PREPOSITIONS and head:
            break
        head = found.group()
    return None if not head or is_office(head.lower()) else noun_of_word(head)


def words_of(names: Iterable[str]) -> frozenset[str]:
    """Return the words of names in lower case."""
    return frozenset(found.group().lower() for name in names for found in _WORD.finditer(name))


def _alike() -> dict[Noun, frozenset[Noun]]:
    found: dict[Noun, set[Noun]] = {}
    for group in _ALIKE:
        nouns = {noun_of_word(word) for word in group.split()}
        for noun in nouns:
            found.setdefault(noun, set()).update(nouns)
    for word, rest in _GENERAL.items():
        found.setdefault(noun_of_word(word), set()).update(map(noun_of_word, rest.split()))
    return {noun: frozenset(nouns) for noun, nouns in found.items()}


#: A noun -> the nouns of what it may stand for besides its own.
ALIKE: Final = _alike()
#: Nouns of what is signed and ratified.
TREATIES: Final = frozenset(
    map(
        noun_of_word,
        "treaty accord pact agreement deal convention protocol charter compact memorandum statute law act bill".split(),  # noqa: SIM905
    )
)
#: Nouns of policies, treaties and projects: what they name is a thing, not an actor.
THINGS: Final = frozenset(noun for nouns in ALIKE.values() for noun in nouns) | frozenset(
    map(noun_of_word, "statute sanctions resolution exemption workshops flights influence".split())  # noqa: SIM905
)
#: Nouns of quantities and of times, which no pronoun stands for.
QUANTITIES: Final = words.word_set(
    "great many few most lot number couple dozen hundred thousand million third half majority"
)
TIMES: Final = words.word_set("time hour day week month year morning evening night moment")

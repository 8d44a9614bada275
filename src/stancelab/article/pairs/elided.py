"""Verbs of stance without their object: "Denmark signed as well", "The ministry disagrees", "Ghana was against".

The verb's words stand for what it is about, which the sentences before have spoken of. It is a stance of its subject
alone, not of others who are heard in the sentence.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from stancelab.article.pairs import words
from stancelab.article.pairs.openings import sentence_subject

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from stancelab.article.pairs.heard import Heard
    from stancelab.article.pairs.view import View

#: Verbs that say a stance without an object.
_VERBS: Final = words.word_set(
    """
    signed signs sign ratified ratifies ratify acceded agreed agrees agree disagreed disagrees disagree objected objects
    object refused refuses refuse consented consents consent dissented dissents dissent balked balks complied complies
    obliged protested protests protest
    """
)
#: What is said with a further word -> these words.
_PHRASES: Final = {
    "said": words.word_set("no yes"), "says": words.word_set("no yes"), "say": words.word_set("no yes"),
    "voted": words.word_set("no yes against"), "votes": words.word_set("no yes against"),
    "vote": words.word_set("no yes against"), "followed": frozenset(["suit"]), "follows": frozenset(["suit"]),
    "follow": frozenset(["suit"]), "did": words.word_set("likewise so too"),
    "pulled": frozenset(["out"]), "dropped": frozenset(["out"]), "opted": words.word_set("out in"),
    "backed": words.word_set("out away"), "walked": words.word_set("out away"),
}  # fmt: skip
#: Predicates behind a form of "be".
_PREDICATES: Final = words.word_set("opposed against unconvinced sceptical skeptical supportive enthusiastic")
_COPULAS: Final = words.word_set("is was are were be been remains remained remain")
_FAVOR: Final = frozenset(["favor", "favour"])
_AS_WELL: Final = words.word_set("as too also likewise and but while yesterday today tomorrow immediately later")
_BEFORE_TIMES: Final = words.word_set("on in last this at within")
_NEGATIONS: Final = words.word_set("not never neither")


@dataclass(frozen=True, slots=True)
class Elided:
    """A predicate of stance without its object.

    Attributes:
        start: Its first token.
        end: The token after it.
        sources: The entries that are its subject.
    """

    start: int
    end: int
    sources: tuple[str, ...]


def elided_objects(view: View, heard: Sequence[Heard]) -> Iterator[Elided]:
    """Yield the predicates of a sentence that say a stance without telling of what, outside of quotations.

    Args:
        view: The sentence.
        heard: Its sources.
    """
    for index, token in enumerate(view.tokens):
        if token.quoted:
            continue
        start, end = _predicate(view, index)
        if start < end and _is_end(view, end):
            sources = _subject(view, start, heard)
            if sources:
                yield Elided(start, end, sources)


def _predicate(view: View, index: int) -> tuple[int, int]:
    """Return the tokens of a predicate that begins at a token; an empty range where none does."""
    word, after = view.lower(index), view.lower(index + 1)
    if after in _PHRASES.get(word, ()):
        return index, index + 2
    if (word, after, view.lower(index + 2)) == ("did", "the", "same"):
        return index, index + 3
    if word == "followed" and not view.tokens[index].has_capital:
        return index, index + 1
    voted = word in ("voted", "votes", "vote") or word in _COPULAS
    if voted and after == "in" and view.lower(index + 2) in _FAVOR:
        return index, index + 3
    if word in _COPULAS and after in _PREDICATES:
        return index + 1, index + 2
    return (index, index + 1) if word in _VERBS else (index, index)


def _is_end(view: View, end: int) -> bool:
    """Tell whether a clause ends at a token, but for a time or "as well"."""
    if end >= len(view):
        return True
    if not view.tokens[end].is_word:
        return not view.tokens[end].is_mark and view.lower(end) not in ("(", ":", "$", "€", "£")
    timed = view.lower(end) in _BEFORE_TIMES and _is_time(view, end + 1)
    return view.lower(end) in _AS_WELL or timed or _is_time(view, end)


def _is_time(view: View, index: int) -> bool:
    word = view.lower(index)
    return word in words.TIME_WORDS or word.isdigit()


def _subject(view: View, verb: int, heard: Sequence[Heard]) -> tuple[str, ...]:
    """Return the entries of the source whose words end before a verb, with those that are joined to it."""
    place = verb - 1
    while place >= 0 and (view.lower(place) in words.AUXILIARIES or view.lower(place) in words.ADVERBS):
        if view.lower(place) in _NEGATIONS:
            return ()
        place -= 1
    if place < 0 or view.lower(place) in _NEGATIONS:
        return ()
    end = view.tokens[place].end
    entries = tuple(one.entry for one in heard if one.span is not None and one.span.end == end)
    phrase = sentence_subject(view)
    if phrase is not None and phrase.end == place + 1 and set(entries) & set(phrase.entries):
        return phrase.entries
    return tuple(dict.fromkeys(entries))

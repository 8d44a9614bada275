"""Who does what the one before did: "Canada opposed the ban, and so did France", "Neither did Kenya", "as has Togo".

Such a clause has no words for a stance of its own. Its subject is asked by the words of the one whose stance it shares,
in the sentence that has them.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Final

from stancelab.article.pairs import words
from stancelab.article.pairs.heard import Echo
from stancelab.article.pairs.openings import sentence_subject
from stancelab.article.pairs.phrases import phrase_after

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from stancelab.article.pairs.heard import Heard
    from stancelab.article.pairs.view import View
    from stancelab.article.types import Pair

_OPENS: Final = frozenset(["so", "neither", "nor"])
_AUXILIARIES: Final = words.word_set("did does do has have had is are was were will would")
#: Behind "did": the same is said with the subject first ("Kenya did too").
_SAME: Final = words.word_set("too likewise so")


class Echoes:
    """Finds the echoes of an article, sentence by sentence.

    Attributes:
        found: Those of the sentences that were read.
    """

    def __init__(self) -> None:
        self.found: list[Echo] = []
        self._last = -1, -1, -1, ""

    def read(self, view: View, heard: Sequence[Heard]) -> None:
        """Take a sentence and its sources, in their order."""
        number, paragraph = view.sentence.number, view.sentence.paragraph
        model, of = _subject(view, heard, view.sentence.span.end), number
        for index, token in enumerate(view.tokens):
            end = _end_of_words(view, index)
            if token.quoted or end == index:
                continue
            sources = _subjects_after(view, end, heard) if end > index + 1 else _subject_before(view, index, heard)
            model = _subject(view, heard, token.start, sources)
            if index == 0:
                last, last_paragraph, of, model = self._last
                model = model if last == number - 1 and last_paragraph == paragraph else ""
            sources = tuple(one for one in sources if one != model)
            if sources and model:
                self.found.append(Echo(number, token.start, sources, of, model))
        self._last = number, paragraph, of, model


def _end_of_words(view: View, index: int) -> int:
    """Return the token after "so did", "as has" or "followed"; the token itself where there is no such thing."""
    word, after = view.lower(index), view.lower(index + 1)
    opens = word in _OPENS or (word == "as" and view.lower(index - 1) == ",")
    if opens and after in _AUXILIARIES:
        return index + 2
    behind = index > 0 and not view.tokens[index].has_capital
    followed = word == "followed" and (after == "suit" or not _has_word(view, index + 1) or after in ("on", "later"))
    same = word == "did" and (after in _SAME or (after == "the" and view.lower(index + 2) == "same"))
    return index + 1 if behind and (followed or same) else index


def _has_word(view: View, index: int) -> bool:
    return index < len(view) and view.tokens[index].is_word


def _subject(view: View, heard: Sequence[Heard], end: int, but: tuple[str, ...] = ()) -> str:
    """Return the source that a sentence begins with; "" for none, and where one of others acts before an offset."""
    phrase = sentence_subject(view)
    entry = next(iter(_within(view, phrase.start, phrase.end, heard)), "") if phrase is not None else ""
    others = {one.entry for one in heard if one.acts and one.span is not None and one.span.end <= end}
    return entry if others <= {entry, *but} else ""


def _within(view: View, start: int, end: int, heard: Sequence[Heard]) -> list[str]:
    low, high = view.span(start, end)
    return [one.entry for one in heard if one.span is not None and low <= one.span.start and one.span.end <= high]


def _subjects_after(view: View, start: int, heard: Sequence[Heard]) -> tuple[str, ...]:
    """Return the sources behind "so did", with those that are joined to them."""
    found: list[str] = []
    while (phrase := phrase_after(view, start)) is not None:
        own = _within(view, phrase.start, phrase.end, heard)
        if not own:
            break
        found += own
        start = phrase.end
        while view.lower(start) in (",", "and") and start - phrase.end < 2:
            start += 1
        if start == phrase.end:
            break
    return tuple(dict.fromkeys(found))


def _subject_before(view: View, index: int, heard: Sequence[Heard]) -> tuple[str, ...]:
    """Return the source whose words end before a verb, and which is not the one that the sentence begins with."""
    end = view.tokens[index - 1].end
    found = [one for one in heard if one.span is not None and one.span.end == end]
    first = sentence_subject(view)
    opens = first is not None and first.end == index
    return () if opens else tuple(dict.fromkeys(one.entry for one in found))


def with_echoes(pairs: Iterable[Pair], echoes: Iterable[Echo]) -> list[Pair]:
    """Return pairs with those of echoes, by sentence; an echo's own words for a pair give way to its model's."""
    found: dict[tuple[int, str, str], list[Pair]] = {}
    for one in pairs:
        found.setdefault((one.sentence, one.source, one.target), []).append(one)
    for echo in echoes:
        shared: dict[tuple[int, str, str], list[Pair]] = {}
        for pair in _shared(chain.from_iterable(found.values()), echo):
            for source in echo.sources:
                own = replace(pair, source=source, how="carried")
                shared.setdefault((pair.sentence, source, pair.target), []).append(own)
        found |= shared
    return sorted(chain.from_iterable(found.values()), key=lambda one: one.sentence)


def _shared(pairs: Iterable[Pair], echo: Echo) -> Iterator[Pair]:
    """Yield the pairs of an echo's model that the echo shares: those on what was named before it."""
    for pair in pairs:
        own = pair.sentence == echo.of and pair.source == echo.model and pair.target not in echo.sources
        if own and (echo.of != echo.sentence or pair.target_span.end <= echo.start):
            yield pair

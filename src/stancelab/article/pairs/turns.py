"""The turns of an interview: who is announced before a colon, and questions that stand as headings or in bold.

A label is "Q", "A", "Reporter" and the like, or a name, before a colon at the start of a line; a name in bold at the
start of a paragraph needs no colon. There are turns only where there are two labels at least, one of them for
questions, or a name of two words, or a name that comes again; or where two questions stand as headings or in bold.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from stancelab.article.pairs import words
from stancelab.schema import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from stancelab.article.types import Document, Sentence

ASKS: Final = words.word_set("q question interviewer reporter reporters journalist moderator host presenter anchor")
ANSWERS: Final = words.word_set("a answer")
#: Turns that are needed.
_FEWEST: Final = 2
_LONGEST_NAME: Final = 5
_LABEL: Final = re.compile(
    r"^[ \t]*(?P<label>[^\W\d_][^\n:?!\"“”]{0,58}?|[QA])(?:[ \t]*:|(?<=^[QA])\.)(?!//)\s+(?=\S)", re.MULTILINE
)
_BRACKETS: Final = re.compile(r"\s*[(\[][^()\[\]]*[)\]]$")
#: Words of labels that announce nobody.
_NOBODY: Final = words.word_set(
    """
    note notes photo photos image images source sources update updated correction read more related video caption
    analysis opinion exclusive watch location date time where when what who why how contact tel email tags topics
    summary background see breaking live results vote votes for against here but and comment editor author published
    copyright follow share listen next previous figure table chart map box tip deadline price address website
    """
)


@dataclass(frozen=True, slots=True)
class Turn:
    """What one speaker says in an interview until the next one begins.

    Attributes:
        span: What is said, without the label.
        label: The words that announce the speaker; "" for a question that stands as a heading or in bold, and for
            what follows it.
        asks: Whether it is a question.
        place: Where the label stands, None without one.
    """

    span: Span
    label: str
    asks: bool
    place: Span | None = None


def turns_of(document: Document, sentences: Sequence[Sentence]) -> list[Turn]:
    """Return the turns of a document that is an interview, in order; none of another one."""
    labels = _labels(document)
    if not _are_enough(labels):
        labels = []
    questions = list(_headed_questions(document, sentences))
    if not labels and len(questions) < _FEWEST:
        return []
    starts = sorted([*labels, *(Turn(span, "", asks=True) for span in questions)], key=lambda one: one.span)
    only_asks = all(turn.asks for turn in starts)
    ends = _ends(document, sentences)
    found: list[Turn] = []
    for turn, after in zip(starts, [*starts[1:], None], strict=True):
        next_start = len(document.text) if after is None else (after.place or after.span).start
        end = min([next_start, *(place for place in ends if place > turn.span.start)])
        if turn.asks and (only_asks or not turn.label):
            stop = min(end, _end_of_paragraph(turn, sentences))
            found.append(_until(document, turn, stop))
            found.append(_until(document, Turn(Span(stop, end), "", asks=False), end))
        else:
            found.append(_until(document, turn, end))
    return [turn for turn in found if turn.span.start < turn.span.end]


def is_asking(label: str) -> bool:
    """Tell whether a label announces a question."""
    return plain(label).lower() in ASKS


def is_answering(label: str) -> bool:
    """Tell whether a label announces an answer without saying whose."""
    return plain(label).lower() in ANSWERS


def is_label(label: str) -> bool:
    """Tell whether words may announce who speaks: a name, or "Q", "Reporter" and the like."""
    bare = plain(label)
    parts = bare.replace(".", ". ").split()
    low = [part.lower().strip(".,") for part in parts]
    if bare.lower() in ASKS | ANSWERS:
        return True
    if not 1 <= len(parts) <= _LONGEST_NAME or not _NOBODY.isdisjoint(low):
        return False
    return all(part[0].isupper() or part.lower() in words.PARTICLES for part in parts)


def plain(label: str) -> str:
    """Return a label without what stands in brackets behind it."""
    return _BRACKETS.sub("", label).strip(" .:")


def _labels(document: Document) -> list[Turn]:
    text = document.text
    found = {
        match.start("label"): Turn(
            Span(match.end(), match.end() + 1), match["label"], is_asking(match["label"]), Span(*match.span("label"))
        )
        for match in _LABEL.finditer(text)
        if is_label(match["label"])
    }
    for span in document.bold:
        label = text[span.start : span.end].rstrip(" :")
        whole = text[span.end : span.end + 1] in ("", "\n")
        if span.start not in found and not whole and is_label(label):
            start = next((place for place in range(span.end, len(text)) if text[place] not in " :\n"), len(text))
            found[span.start] = Turn(Span(start, start + 1), label, is_asking(label), span)
    return [found[start] for start in sorted(found)]


def _are_enough(labels: Sequence[Turn]) -> bool:
    if len(labels) < _FEWEST:
        return False
    counts = Counter(turn.label.casefold() for turn in labels)
    names = [turn for turn in labels if not (turn.asks or is_answering(turn.label))]
    if len(names) < len(labels):
        return True
    return all(len(plain(turn.label).split()) > 1 or counts[turn.label.casefold()] > 1 for turn in names)


def _headed_questions(document: Document, sentences: Sequence[Sentence]) -> Iterator[Span]:
    """Yield the questions that are a heading, but for the title, or a paragraph in bold."""
    for before, sentence in zip([None, *sentences], sentences, strict=False):
        if before is not None and sentence.kind == "headline" and sentence.text.rstrip(' "”’').endswith("?"):
            yield sentence.span
    for span in document.bold:
        text = document.text[span.start : span.end].rstrip()
        whole = document.text[span.end : span.end + 1] in ("", "\n")
        if whole and text.endswith("?") and not _is_headline(span, sentences):
            yield span


def _is_headline(span: Span, sentences: Sequence[Sentence]) -> bool:
    return any(each.kind == "headline" and each.span.start == span.start for each in sentences)


def _ends(document: Document, sentences: Sequence[Sentence]) -> list[int]:
    """Return where headings that are no question begin, at which a turn ends."""
    return [
        each.span.start for each in sentences if each.kind == "headline" and not each.text.rstrip(' "”’').endswith("?")
    ]


def _end_of_paragraph(turn: Turn, sentences: Sequence[Sentence]) -> int:
    own = [each for each in sentences if each.span.start <= turn.span.start < each.span.end]
    if not own:
        return turn.span.end
    return max(each.span.end for each in sentences if each.paragraph == own[0].paragraph)


def _until(document: Document, turn: Turn, end: int) -> Turn:
    """Return a turn that ends at a place, without blanks around it."""
    start = turn.span.start
    part = document.text[start:end]
    left = len(part) - len(part.lstrip())
    return Turn(Span(start + left, start + max(left, len(part.rstrip()))), turn.label, turn.asks, turn.place)

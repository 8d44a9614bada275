"""Where sentences of running prose begin and end: nupunkt, a list of abbreviations, and three stated rules.

nupunkt (https://pypi.org/project/nupunkt) is Punkt (Kiss and Strunk, 2006, "Unsupervised Multilingual Sentence Boundary
Detection") with a list of abbreviations; `docs/documents.md` has its figures on news, with and without the rules.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from stancelab.article.sentences.abbreviations import LOWER, NEWS, is_kept
from stancelab.extras import require
from stancelab.schema import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

#: What may stand between the end of a sentence and the blank behind it.
_CLOSING: Final = r"[\"'”’)\]»]*"
#: Names that begin in lower case: "al-Shabaab", "iPhone", "d'Alba".
_NAME: Final = re.compile(r"[a-z]{1,3}['’-]?[A-Z]")
_FIRST: Final = re.compile(r"\s*(\S{1,5})")
_CAPITAL: Final = r"[A-ZÀ-ÖØ-Þ]"
#: What may follow a time of day in the same sentence: zones, days, months, and "Moscow time".
_AFTER_TIME: Final = re.compile(
    r"\s+(?:[A-Z]{2,4}\b|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
    r"[a-z]*\b|(?:[A-Z][\w-]*\s+){1,3}(?:[Ss]tandard\s+|[Dd]aylight\s+)?[Tt]ime\b)"
)
_TIME: Final = re.compile(rf"\b[ap]\.m\.{_CLOSING}(?=\s+[\"'“‘(\[«]*{_CAPITAL})")
#: What is no prose, and is not split.
_UNBROKEN: Final = re.compile(r"\S{5000,}")
_WORD: Final = re.compile(rf"(?<![\w.])([a-z]{{2,}}|No)\.{_CLOSING}(?=\s+[\"'“‘(\[«]*{_CAPITAL})")


def boundaries(text: str, *, mended: bool = True) -> list[Span]:
    """Return the sentences of a stretch of running prose, without the blanks around them.

    Args:
        text: The stretch.
        mended: Whether nupunkt's list of abbreviations is cut to those of news, and three rules are applied to what it
            finds: no sentence begins with a lower-case word; one ends behind "a.m." and "p.m." before a capital that
            is no zone, day or month; one ends where a lower-case word that is no abbreviation stands, with its point,
            before a capital.

    Returns:
        Half-open spans of `text`, in order; together they hold every character that is no blank.

    Raises:
        MissingPackageError: nupunkt is not installed.
    """
    starts = list(_found(text, mended=mended))
    if mended:
        starts = sorted({*_without_lower_case(text, starts), *_further_starts(text)})
    return list(_spans(text, starts))


def _found(text: str, *, mended: bool) -> Iterator[int]:
    """Yield where nupunkt begins a sentence; its time grows with the square of a stretch without a blank."""
    place = 0
    for match in _UNBROKEN.finditer(text):
        yield from (place + start for start, _ in _splitter(mended).span_tokenize(text[place : match.start()]))
        yield match.start()
        place = match.end()
    yield from (place + start for start, _ in _splitter(mended).span_tokenize(text[place:]))


def _spans(text: str, starts: list[int]) -> Iterator[Span]:
    for start, end in zip([0, *starts], [*starts, len(text)], strict=True):
        part = text[start:end]
        if part.strip():
            begin = start + len(part) - len(part.lstrip())
            yield Span(begin, begin + len(part.strip()))


def _without_lower_case(text: str, starts: list[int]) -> Iterator[int]:
    for start in starts:
        first = _FIRST.match(text, start)
        if first is None or not first[1][0].islower() or _NAME.match(first[1]):
            yield start


def _further_starts(text: str) -> Iterator[int]:
    for match in _TIME.finditer(text):
        if not _AFTER_TIME.match(text, match.end()):
            yield match.end()
    for match in _WORD.finditer(text):
        if match[1] not in LOWER:
            yield match.end()


@cache
def _splitter(mended: bool) -> Any:
    require("nupunkt", "read", "splitting texts into sentences")
    from nupunkt.models import load_default_model

    splitter = load_default_model()
    if mended:
        for each in splitter.abbreviations:
            if not is_kept(each):
                splitter.remove_abbreviation(each)
        splitter.add_abbreviations(sorted(NEWS | LOWER))
    return splitter

"""Stance over time: for each pair the scores of its dated documents, with their intervals."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from stancelab.article.page.view import pair_title
from stancelab.article.page.wording import WORDS, signed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stancelab.article.page.view import MapView
    from stancelab.article.results import DocumentPair

#: Documents with a date that a figure needs.
FEWEST: Final = 3
#: Pairs that have a figure, the most active ones.
MOST_FIGURES: Final = 60


@dataclass(frozen=True)
class Frame:
    """Where the axes of a figure are: the dates from left to right, the scores from bottom (-1) to top (1)."""

    width: int = 340
    height: int = 168
    left: int = 72
    right: int = 328
    top: int = 14
    bottom: int = 142

    @property
    def zero(self) -> float:
        """The height of the score 0."""
        return (self.top + self.bottom) / 2


FRAME: Final = Frame()
#: How far the first and the last document stand from the edges.
_MARGIN: Final = 8


@dataclass(frozen=True)
class Timeline:
    """The figure of one pair.

    Attributes:
        number: The pair's place on the page.
        title: The pair.
        intervals: Vertical lines from the low to the high end of each document's score, as an SVG path.
        dots: The scores by stance, as SVG paths of lines without a length, which round ends make dots.
        level: The height of the mean over all documents, None where there is none.
        first: The first date.
        last: The last date.
        documents: How many documents it shows.
        label: What it shows, for those who do not see it.
    """

    number: int
    title: str
    intervals: str
    dots: list[tuple[str, str]]
    level: float | None
    first: str
    last: str
    documents: int
    label: str


def timelines_of(view: MapView) -> tuple[list[Timeline], int]:
    """Return the figures of the most active pairs, and how many more pairs have enough documents with dates."""
    dated: dict[int, list[tuple[date, DocumentPair]]] = defaultdict(list)
    for pair in view.reading.pairs:
        day = middle_of(view.documents[pair.document].date)
        if day is not None and pair.score is not None:
            dated[view.numbers[pair.source, pair.target]].append((day, pair))
    enough = sorted(number for number, own in dated.items() if len(own) >= FEWEST)
    figures = [
        _timeline(view, number, sorted(dated[number], key=lambda each: (each[0], each[1].document)))
        for number in enough[:MOST_FIGURES]
    ]
    return figures, len(enough) - len(figures)


def middle_of(text: str) -> date | None:
    """Return the day of a date, the middle of a month or a year; None where there is none."""
    if not text:
        return None
    parts = [int(part) for part in text.split("-")]
    match len(parts):
        case 1:
            return date(parts[0], 7, 1)
        case 2:
            return date(parts[0], parts[1], 15)
        case _:
            return date(*parts)


def _timeline(view: MapView, number: int, points: Sequence[tuple[date, DocumentPair]]) -> Timeline:
    days = [day for day, _ in points]
    first, span = days[0], max((days[-1] - days[0]) / timedelta(days=1), 1.0)
    step = (FRAME.right - FRAME.left - 2 * _MARGIN) / span
    places = [round(FRAME.left + _MARGIN + step * ((day - first) / timedelta(days=1)), 1) for day in days]
    pairs = [pair for _, pair in points]
    dots: dict[str, list[str]] = defaultdict(list)
    intervals = []
    for x, pair in zip(places, pairs, strict=True):
        dots[pair.stance].append(f"M{x} {_height(pair.score or 0)}h0")
        if pair.low is not None and pair.high is not None:
            intervals.append(f"M{x} {_height(pair.low)}V{_height(pair.high)}")
    total = view.pairs[number]
    dates = [view.documents[pair.document].date for pair in pairs]
    told = "; ".join(
        f"{when} {signed(pair.score or 0)} ({WORDS[pair.stance]})" for when, pair in zip(dates, pairs, strict=True)
    )
    title = pair_title(total.source, total.target)
    return Timeline(
        number=number,
        title=title,
        intervals="".join(intervals),
        dots=[(stance, "".join(own)) for stance, own in dots.items()],
        level=None if total.score is None else _height(total.score),
        first=dates[0],
        last=dates[-1],
        documents=len(points),
        label=f"Score of {title} over time: {told}",
    )


def _height(score: float) -> float:
    return round(FRAME.zero - (FRAME.bottom - FRAME.top) * score / 2, 1)

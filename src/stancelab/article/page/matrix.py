"""The matrix: sources down, targets across, both in groups and the most active first."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from stancelab.article.page.view import pair_title
from stancelab.article.page.wording import css_class, summary

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stancelab.article.page.view import MapView
    from stancelab.article.results import CorpusPair

#: The head of the entries without a group, where others have one.
OTHERS: Final = "other"
#: Columns that a printed page holds.
MOST_PRINTED: Final = 20


@dataclass(frozen=True)
class Cell:
    """A pair in the matrix.

    Attributes:
        number: Its place among the pairs.
        pair: The pair.
        css: The classes of its color.
        label: What it says, for those who do not see it.
    """

    number: int
    pair: CorpusPair
    css: str
    label: str


@dataclass(frozen=True)
class Name:
    """A source or target at the edge of the matrix.

    Attributes:
        name: Its name, "" for the author.
        number: Its place among the names of the page.
        within: The entry that it is a body of, "" for none.
        sentences: How many sentences of it were counted.
    """

    name: str
    number: int
    within: str
    sentences: int


@dataclass(frozen=True)
class Group:
    """Entries of one group, at one edge of the matrix."""

    name: str
    names: list[Name]


@dataclass(frozen=True)
class Matrix:
    """The matrix.

    Attributes:
        rows: The sources.
        columns: The targets.
        cells: The pairs by the numbers of source and target.
        grouped: Whether entries have groups, so that heads of groups are shown.
        absent: The codebook's entries that are in no pair.
    """

    rows: list[Group]
    columns: list[Group]
    cells: dict[tuple[int, int], Cell]
    grouped: bool
    absent: list[str]


def matrix_of(view: MapView) -> Matrix:
    """Return the matrix of all documents."""
    numbers = {name: number for number, name in enumerate(view.names)}
    sources: Counter[str] = Counter()
    targets: Counter[str] = Counter()
    for pair in view.pairs:
        sources[pair.source] += pair.sentences
        targets[pair.target] += pair.sentences
    cells = {
        (numbers[pair.source], numbers[pair.target]): Cell(
            number, pair, _css(pair), f"{pair_title(pair.source, pair.target)}: {summary(pair)}"
        )
        for number, pair in enumerate(view.pairs)
    }
    return Matrix(
        rows=_groups(view, sources, numbers),
        columns=_groups(view, targets, numbers),
        cells=cells,
        grouped=any(map(view.group, view.names)),
        absent=[entry.name for entry in view.reading.entries if entry.name not in numbers],
    )


def _css(pair: CorpusPair) -> str:
    return css_class(pair) if pair.sentences else "uncounted"


def _groups(view: MapView, activity: Mapping[str, int], numbers: Mapping[str, int]) -> list[Group]:
    """Return names by group; the most active group is first, and in it the most active name."""
    groups: dict[str, list[str]] = defaultdict(list)
    for name in sorted(activity, key=lambda name: (-activity[name], name)):
        groups[view.group(name)].append(name)
    totals = {group: sum(activity[name] for name in names) for group, names in groups.items()}
    return [
        Group(group, [Name(name, numbers[name], _within(view, name), activity[name]) for name in groups[group]])
        for group in sorted(groups, key=lambda group: (-totals[group], group))
    ]


def _within(view: MapView, name: str) -> str:
    entry = view.entries.get(name)
    return "" if entry is None else entry.within

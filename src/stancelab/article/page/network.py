"""The network: sources on the left, targets on the right, a line for each pair that shows a stance.

Two columns keep every name readable. Their order follows the barycenters of the names that each is connected to, which
leaves few lines crossing (Sugiyama, Tagawa and Toda 1981); the same pairs give the same drawing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from stancelab.article.page.view import pair_title
from stancelab.article.page.wording import person, summary
from stancelab.article.results import NONE
from stancelab.pages.formatting import shortened

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stancelab.article.page.view import MapView
    from stancelab.article.results import CorpusPair

#: Names that are readable in one figure.
MOST_NODES: Final = 40
WIDTH: Final = 720
_LEFT: Final = 215
_RIGHT: Final = WIDTH - _LEFT
_ROW: Final = 27
_TOP: Final = 44
#: Where a curve's handles are, as a share of the way between the columns.
_BEND: Final = 0.45
_ROUNDS: Final = 12
_SHOWN: Final = 28


@dataclass(frozen=True)
class Node:
    """A name in the figure: where it stands, and its text as it is shown and in full."""

    x: int
    y: float
    text: str
    name: str


@dataclass(frozen=True)
class Edge:
    """A line of the figure.

    Attributes:
        number: The pair's place on the page.
        stance: Its stance.
        path: The line, as an SVG path.
        width: Its width.
        label: What it says.
    """

    number: int
    stance: str
    path: str
    width: float
    label: str


@dataclass(frozen=True)
class Network:
    """The figure.

    Attributes:
        sources: The names on the left.
        targets: The names on the right.
        edges: The lines, the strongest last, so that they are on top.
        height: Of the drawing; it is `WIDTH` wide.
        left_out: How many pairs with a stance do not fit.
    """

    sources: list[Node]
    targets: list[Node]
    edges: list[Edge]
    height: float
    left_out: int


def network_of(view: MapView) -> Network:
    """Return the network of the pairs that show a stance, the strongest where not all fit."""
    found = [pair for pair in view.pairs if pair.stance != NONE and pair.sentences]
    kept = _strongest(found)
    sources, targets = _ordered(kept)
    rows = max(len(sources), len(targets), 1)
    height = _TOP + _ROW * rows + 6
    left, right = _places(sources, rows), _places(targets, rows)
    edges = [
        Edge(
            number=view.numbers[pair.source, pair.target],
            stance=pair.stance,
            path=_curve(left[pair.source], right[pair.target]),
            width=round(1.2 + 1.6 * math.log2(_shows(pair)), 1) if _shows(pair) else 1.2,
            label=f"{pair_title(pair.source, pair.target)}: {summary(pair)}",
        )
        for pair in reversed(kept)
    ]
    return Network(
        sources=[_node(_LEFT, left, name) for name in sources],
        targets=[_node(_RIGHT, right, name) for name in targets],
        edges=edges,
        height=height,
        left_out=len(found) - len(kept),
    )


def _shows(pair: CorpusPair) -> int:
    """Return how many sentences of a pair show a stance."""
    return pair.favor + pair.against


def _strongest(pairs: Sequence[CorpusPair]) -> list[CorpusPair]:
    """Return the pairs with most sentences that show a stance, as long as their names fit."""
    ranked = sorted(pairs, key=lambda pair: (-_shows(pair), -abs(pair.score or 0), pair.source, pair.target))
    names: set[tuple[str, str]] = set()
    kept = []
    for pair in ranked:
        with_it = names | {("source", pair.source), ("target", pair.target)}
        if len(with_it) <= MOST_NODES:
            names = with_it
            kept.append(pair)
    return kept


def _ordered(pairs: Sequence[CorpusPair]) -> tuple[list[str], list[str]]:
    """Return sources and targets in an order in which few lines cross."""
    sources = list(dict.fromkeys(pair.source for pair in pairs))
    targets = list(dict.fromkeys(pair.target for pair in pairs))
    to_target = {name: [pair.target for pair in pairs if pair.source == name] for name in sources}
    to_source = {name: [pair.source for pair in pairs if pair.target == name] for name in targets}
    for _ in range(_ROUNDS):
        targets = _by_barycenter(targets, to_source, sources)
        sources = _by_barycenter(sources, to_target, targets)
    return sources, targets


def _by_barycenter(names: Sequence[str], linked: Mapping[str, Sequence[str]], others: Sequence[str]) -> list[str]:
    place = {name: number / max(len(others) - 1, 1) for number, name in enumerate(others)}
    return sorted(names, key=lambda name: (sum(place[other] for other in linked[name]) / len(linked[name]), name))


def _places(names: Sequence[str], rows: int) -> dict[str, float]:
    """Return the height of each name; a column with fewer names is spread over the same height."""
    gap = _ROW * rows / max(len(names), 1)
    return {name: round(_TOP + gap * (number + 0.5), 1) for number, name in enumerate(names)}


def _curve(start: float, end: float) -> str:
    left, right = _LEFT + 12, _RIGHT - 12
    bend = _BEND * (right - left)
    return f"M{left} {start}C{left + bend:.0f} {start} {right - bend:.0f} {end} {right} {end}"


def _node(x: int, heights: Mapping[str, float], name: str) -> Node:
    return Node(x, heights[name], shortened(person(name), _SHOWN), person(name))

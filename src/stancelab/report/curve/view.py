"""What the report of a learning curve shows: for each test file the systems at each size of train."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from stancelab.pages.formatting import count, counted
from stancelab.report.view import view_files
from stancelab.results import read_results

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from stancelab.report.curve.index import CurveIndex, Size
    from stancelab.report.system_view import Estimate
    from stancelab.report.view import FileView
    from stancelab.results import CurveStep


@dataclass(frozen=True, slots=True)
class Point:
    """One size of train on one test file: the size, and the systems."""

    size: Size
    test: FileView

    @property
    def rows(self) -> float:
        """Training rows, mean over the runs."""
        return self.size.train_rows

    @property
    def heading(self) -> str:
        """The size in words, and its rows where they do not say them."""
        rows = counted(round(self.rows), "row")
        return self.size.title if self.size.title == rows else f"{self.size.title}, {rows}"


@dataclass(frozen=True, slots=True)
class Curve:
    """One test file over all sizes, the smallest first.

    Attributes:
        points: The sizes.
        steps: The steps from one size to the next that were tested.
    """

    points: Sequence[Point]
    steps: Sequence[CurveStep] = field(default=())

    @property
    def test(self) -> str:
        """The name of the test file."""
        return self.points[0].test.name

    @property
    def primary(self) -> str:
        """The metric that ranks the systems."""
        return self.points[0].test.primary

    @property
    def text_only(self) -> list[str]:
        """The systems that were trained with source and target hidden."""
        return list(dict.fromkeys(name for point in self.points for name in point.test.text_only))

    def names(self) -> list[str]:
        """Return the systems, those that are best with the most rows first."""
        return list(dict.fromkeys(each.name for point in reversed(self.points) for each in point.test.systems))

    def series(self, name: str) -> list[tuple[Point, Estimate]]:
        """Return one system's score at each size that it has."""
        found = [(point, point.test.system(name)) for point in self.points]
        return [(point, system.estimate(self.primary)) for point, system in found if system is not None]

    def is_baseline(self, name: str) -> bool:
        """Tell whether a system is a baseline."""
        return any(system.is_baseline for point in self.points if (system := point.test.system(name)) is not None)

    def step(self, name: str, smaller: Point, larger: Point) -> CurveStep | None:
        """Return the test of one system's step between two sizes, None where there was none."""
        wanted = (name, smaller.size.name, larger.size.name)
        return next((each for each in self.steps if (each.system, each.smaller, each.larger) == wanted), None)

    def rows_of(self, size: str) -> str:
        """Return the training rows of a size by its name, in words."""
        return count(round(next(point.rows for point in self.points if point.size.name == size)))

    def trained(self) -> list[str]:
        """Return the systems that are neither baselines nor text-only ablations."""
        return [name for name in self.names() if name not in self.text_only and not self.is_baseline(name)]


def read_curves(folder: Path, index: CurveIndex) -> list[Curve]:
    """Read the evaluation of each size and return a curve for each test file.

    Raises:
        DataError: What is read is missing, incomplete or of another format.
    """
    read = [(size, view_files(read_results(folder / size.name))) for size in index.sizes]
    names = [test.name for test in read[0][1]]
    return [
        Curve(
            [Point(size, next(test for test in tests if test.name == name)) for size, tests in read],
            [step for step in index.steps if step.test == name],
        )
        for name in names
    ]

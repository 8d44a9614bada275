"""A curve has its sizes in order, and each system's score at each of them."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from stancelab.errors import DataError
from stancelab.report.curve.index import Size, read_index
from stancelab.report.curve.view import Curve, Point, read_curves
from stancelab.results import read_results

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def curve(curve_folder: Path) -> Curve:
    [found] = read_curves(curve_folder, read_index(curve_folder))
    return found


def test_sizes_come_in_the_order_of_the_index(curve: Curve) -> None:
    assert (curve.test, curve.primary) == ("test", "macro_f1")
    assert [point.rows for point in curve.points] == [600.4, 1201.0]
    assert [point.heading for point in curve.points] == ["50% of train, 600 rows", "100% of train, 1,201 rows"]


def test_systems_are_told_apart_and_the_best_stands_first(curve: Curve) -> None:
    assert curve.names()[0] == "net"
    assert sorted(curve.names()) == ["hidden", "net", "svm <b>"]
    assert (curve.trained(), curve.text_only) == (["net"], ["hidden"])
    assert [name for name in curve.names() if curve.is_baseline(name)] == ["svm <b>"]


def test_a_series_has_the_scores_of_the_evaluations(curve: Curve, curve_folder: Path) -> None:
    means = []
    for name in ("50percent", "100percent"):
        system = read_results(curve_folder / name).system("net")
        assert system is not None
        means.append(system.tests["test"].mean.macro_f1)
    assert [estimate.mean for _, estimate in curve.series("net")] == pytest.approx(means)
    assert curve.series("nobody") == []


def test_a_size_that_is_named_by_its_rows_does_not_say_them_twice(build) -> None:
    named = [("500 rows", 500.0), ("500 rows", 498.2), ("8 rows of each stance", 24.0)]
    points = [Point(Size(name="x", title=title, train_rows=rows), build.file()) for title, rows in named]
    assert [point.heading for point in points] == [
        "500 rows", "500 rows, 498 rows", "8 rows of each stance, 24 rows",
    ]  # fmt: skip


def test_a_system_that_a_size_lacks_is_left_out_of_its_series(build) -> None:
    small = build.file(build.system("net", 0.5))
    large = build.file(build.system("svm", 0.9, baseline=True), build.system("net", 0.6))
    sizes = [Size(name=str(rows), title=str(rows), train_rows=rows) for rows in (10, 20)]
    curve = Curve([Point(sizes[0], small), Point(sizes[1], large)])
    assert [(point.size.name, estimate.mean) for point, estimate in curve.series("svm")] == [("20", 0.9)]
    assert (curve.names(), curve.trained(), curve.is_baseline("svm")) == (["svm", "net"], ["net"], True)


def test_the_evaluation_of_a_size_that_is_gone(curve_folder: Path) -> None:
    shutil.rmtree(curve_folder / "50percent")
    with pytest.raises(DataError, match="50percent: no such folder"):
        read_curves(curve_folder, read_index(curve_folder))

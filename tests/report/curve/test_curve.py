"""The learning curve's page says what the numbers say, and its names never overlap."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest

from stancelab.errors import DataError
from stancelab.evaluation.evaluate import EvaluationSettings, evaluate
from stancelab.files import write_json
from stancelab.layout import CURVE
from stancelab.report import write_curve
from stancelab.report.curve.plot import _apart
from stancelab.report.curve.write import read_curves, say

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS = EvaluationSettings(bootstrap_draws=200, randomization_rounds=200)


@pytest.fixture
def folder(noisy, small_test, tmp_path: Path) -> Path:
    sizes = [("50percent", "50% of train", 600.4, 0.5), ("100percent", "100% of train", 1201.0, 0.97)]
    for name, _, _, accuracy in sizes:
        systems = [
            *(noisy("net", seed, accuracy) for seed in (0, 1)),
            *(noisy("blind", seed, 0.4) for seed in (0, 1)),
            noisy("svm <b>", None, 0.55),
        ]
        context = {
            "baselines": ["svm <b>"],
            "checkpoints": [
                {"name": "net", "input": {"hide": []}},
                {"name": "blind", "input": {"hide": ["source", "target"]}},
            ],
        }
        evaluate(systems, {"test": small_test}, tmp_path / name, SETTINGS, context)
    listed = [{"name": name, "title": title, "train_rows": rows} for name, title, rows, _ in sizes]
    write_json(
        tmp_path / CURVE,
        {"title": "small", "dataset": "small", "command": "stancelab curve <x>", "commands": ["run"], "sizes": listed},
    )
    return tmp_path


def test_the_page_tells_growth_rivals_and_twin(folder: Path) -> None:
    page = write_curve(folder).read_text()
    _, (curve,) = read_curves(folder)
    grown, step, above, twin = say(curve)
    low, high = (curve.points[place].system("net").scores["macro_f1"].mean for place in (0, 1))
    assert grown == f"net goes from {100 * low:.1f} with 600 training rows to {100 * high:.1f} with 1,201."
    assert step.endswith("and the two intervals are apart: more rows would likely help.")
    assert above == "From 1,201 rows on net is above every baseline, beyond what chance explains."
    assert twin.startswith("Reading source and target is worth, to net over blind, ")
    assert (curve.trained(), curve.twins) == (["net"], ["blind"])
    assert "svm <b>" not in page
    assert "svm &lt;b&gt;" in page
    assert "stancelab curve &lt;x&gt;" in page
    assert 'href="50percent/report.html"' in page
    assert page.count("<svg") == 1


def test_the_table_has_every_score(folder: Path) -> None:
    write_curve(folder)
    rows = list(csv.DictReader((folder / "curve.csv").open()))
    assert len(rows) == 2 * 3 * 3
    last = next(row for row in rows if (row["size"], row["system"], row["metric"]) == ("100percent", "net", "macro_f1"))
    assert (last["train_rows"], last["runs"], last["baseline"]) == ("1201.0", "2", "False")
    assert float(last["low"]) <= float(last["mean"]) <= float(last["high"])
    assert "| **net** |" in (folder / "report.md").read_text()


def test_a_folder_without_a_curve(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="run 'stancelab curve' first"):
        write_curve(tmp_path)


def test_names_are_moved_apart_around_where_they_belong() -> None:
    assert _apart([1.0, 5.0, 9.0], 1.0) == [1.0, 5.0, 9.0]
    assert _apart([5.0, 5.0, 5.0], 1.0) == [4.0, 5.0, 6.0]
    # The two in the middle push one another, and then the one below.
    assert _apart([4.0, 5.0, 5.2], 1.0) == pytest.approx([3.733, 4.733, 5.733], abs=0.001)

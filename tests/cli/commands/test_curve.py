"""Runs of several sizes of train as a learning curve."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from stancelab.cli.commands.curve import CurveConfig, execute
from stancelab.report.curve.index import read_index

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from stancelab.evaluation.settings import EvaluationSettings


def test_each_size_has_an_evaluation_of_its_own(
    write_run: Callable[..., str], few: EvaluationSettings, capsys: pytest.CaptureFixture[str]
) -> None:
    runs = [write_run("all"), write_run("half", share=0.5)]
    execute(CurveConfig(name="curve", runs=runs, evaluation=few), Path("curve"), "stancelab curve")
    index = read_index(Path("curve"))
    # The smallest size comes first, whatever the order of the runs.
    assert [(size.name, size.title, size.train_rows) for size in index.sizes] == [
        ("50percent", "50% of train", 200), ("100percent", "100% of train", 400),
    ]  # fmt: skip
    assert (index.title, index.command) == ("small: scores by training rows", "stancelab curve")
    assert index.commands == ["stancelab run name=half", "stancelab run name=all"]
    for name in ("report.html", "curve.csv", "50percent/report.html", "100percent/metrics.json"):
        assert (Path("curve") / name).is_file()
    manifest = json.loads(Path("curve/manifest.json").read_text())
    assert (manifest["kind"], manifest["config"]["runs"]) == ("curve", runs)
    shown = capsys.readouterr().out
    assert "100% of train" in shown
    assert shown.splitlines()[-1] == "report: curve/report.html"


def test_runs_that_make_no_curve_are_refused(write_run: Callable[..., str], refused: Callable[..., str]) -> None:
    one, other = write_run("one"), write_run("other")
    assert "curve: found 1 run of 1 size; expected runs that differ by split.train_share" in refused("curve", one)
    assert "curve: found 2 runs of 1 size" in refused("curve", one, other)
    assert "not given: runs" in refused("curve")

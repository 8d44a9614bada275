"""Two evaluations side by side."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from stancelab.cli.commands.compare import CompareConfig, execute
from stancelab.results import read_results

if TYPE_CHECKING:
    from collections.abc import Callable

    from stancelab.evaluation.settings import EvaluationSettings


def test_the_systems_of_two_evaluations_stand_side_by_side(
    write_run: Callable[..., str], few: EvaluationSettings, capsys: pytest.CaptureFixture[str]
) -> None:
    runs = {"then": write_run("old", "net"), "today": write_run("new", "bert")}
    execute(CompareConfig(name="both", runs=runs, evaluation=few), Path("both"), "stancelab compare")
    results = read_results(Path("both"))
    # The baseline answers alike in both and stands once.
    assert [system.name for system in results.systems] == ["net", "majority", "bert"]
    assert results.provenance.title == "then and today"
    assert results.provenance.command == "stancelab compare"
    assert results.provenance.commands == ["stancelab run name=old", "stancelab run name=new"]
    manifest = json.loads(Path("both/manifest.json").read_text())
    assert (manifest["kind"], manifest["config"]["runs"]) == ("compare", runs)
    assert Path("both/report.html").is_file()
    shown = capsys.readouterr().out
    assert "bert" in shown
    assert shown.splitlines()[-1] == "report: both/report.html"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "not given: runs; write for example runs=VALUE"),
        (["one/now"], "compare: found 1 run, expected two or more folders of evaluations"),
        (["one/now", "nowhere"], "nowhere: no such folder; expected the folder of an evaluation"),
        (["one/now", "one"], "is given twice, by itself or with the folder that holds it"),
        (["runs={x: one, y: several}"], "runs: 'y' names several, which holds 2 runs; name each of them"),
        (["one/now", "evaluation.level=1.5"], "evaluation.level: found 1.5, allowed > 0 and < 1"),
    ],
)
def test_what_cannot_be_compared(
    write_run: Callable[..., str], refused: Callable[..., str], words: list[str], message: str
) -> None:
    for name in ("one", "several/a", "several/b"):
        write_run(name)
    assert message in refused("compare", *words)

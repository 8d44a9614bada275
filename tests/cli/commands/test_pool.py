"""The folds of a cross-validation as one evaluation."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from stancelab.cli.commands.pool import PoolConfig, execute
from stancelab.results import read_results

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from stancelab.evaluation.settings import EvaluationSettings


def test_the_rows_of_all_folds_are_one_test_file(
    write_run: Callable[..., str], few: EvaluationSettings, capsys: pytest.CaptureFixture[str]
) -> None:
    runs = [write_run("fold0", fold=0), write_run("fold1", first_row=30, fold=1)]
    execute(PoolConfig(name="folds", runs=runs, evaluation=few), Path("folds"), "stancelab pool")
    results = read_results(Path("folds"))
    assert results.tests["test"].rows == 60
    assert [(system.name, system.seeds) for system in results.systems] == [("net", [0]), ("majority", [None])]
    assert results.provenance.title == "fold0, 2 folds"
    assert results.comparisons["test"].learners[0].folds == 2
    page = Path("folds/report.md").read_text()
    assert "Scores, intervals and letters are of these 2 models of each system and seed" in page
    assert "As ways of training, net is" in page
    assert json.loads(Path("folds/manifest.json").read_text())["kind"] == "pool"
    assert capsys.readouterr().out.splitlines()[-1] == "report: folds/report.html"


def test_folds_that_share_rows_or_differ_in_systems_are_refused(
    write_run: Callable[..., str], refused: Callable[..., str]
) -> None:
    first = write_run("a", fold=0)
    assert "pool: found 1 run, expected the evaluations of two or more folds" in refused("pool", first)
    assert "b: test has rows that another fold has too:\n  id '29'" in refused(
        "pool", first, write_run("b", first_row=29, fold=1)
    )
    found = refused("pool", first, write_run("c", "bert", first_row=30, fold=1))
    assert "the folds have other systems or seeds:\n  net (seed 0): only in a\n  bert (seed 0): only in c" in found
    again = refused("pool", first, write_run("d", first_row=30, fold=0))
    assert "split.seed=13 is not complete; each of its folds is to be given once (partial=true pools those" in again
    assert "\n  fold 0 is given 2 times" in again
    assert "d: does not say its split; pool takes the folds of one cross-validation" in refused(
        "pool", first, write_run("d", first_row=30)
    )

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from stancelab.report.sections.targets import scores_by_target, systems_by_target
from stancelab.report.view import view_files
from stancelab.results import read_results

if TYPE_CHECKING:
    from pathlib import Path


def test_targets_are_means_over_runs_the_most_frequent_first(finished_run: Path) -> None:
    best = view_files(read_results(finished_run))[0].best
    found = scores_by_target(best)
    assert (found[0].target, found[0].scores.rows, found[0].is_small) == ("the *Accord*", 60, False)
    assert found[1].is_small
    accuracies = [run.per_target["the *Accord*"].accuracy for run in best.runs]
    assert found[0].scores.accuracy == pytest.approx(sum(accuracies) / 3)


def test_all_systems_side_by_side(finished_run: Path) -> None:
    [test, _] = view_files(read_results(finished_run))
    lines = systems_by_target(test.systems)
    assert (lines[0].target, lines[0].rows, lines[0].has_all_classes) == ("the *Accord*", 60, False)
    for line in lines[:3]:
        for system in test.systems:
            accuracy = [run.per_target[line.target].accuracy for run in system.runs]
            assert line.scores[system.name].accuracy == pytest.approx(sum(accuracy) / len(accuracy))

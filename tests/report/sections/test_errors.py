from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stancelab.report.sections.errors import confident_errors
from stancelab.results import read_results

if TYPE_CHECKING:
    from pathlib import Path


def test_errors_come_most_confident_first_with_their_source_and_target_marked(finished_run: Path) -> None:
    system = read_results(finished_run).system("minilm")
    assert system is not None
    run = system.tests["test_rw"].runs[0]
    found = confident_errors(finished_run, run.predictions, limit=5)
    assert len(found.kept) == 5
    assert found.rows == 120
    assert found.total == round((1 - run.scores.accuracy) * 120)
    confidences: list[Any] = [each.confidence for each in found.kept]
    assert confidences == sorted(confidences, reverse=True)
    assert found.by_confidence
    for each in found.kept:
        assert each.gold != each.predicted
        assert {piece.kind for piece in each.pieces} >= {"target"}

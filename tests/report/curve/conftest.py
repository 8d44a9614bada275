"""A learning curve of two sizes: a system that grows, its text-only ablation, a baseline."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from stancelab.evaluation.evaluate import EvaluationSettings, evaluate
from stancelab.metrics.bootstrap import Interval
from stancelab.report.curve.index import CurveIndex, Size, write_index
from stancelab.results import CheckpointProvenance, CurveStep, Provenance

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS = EvaluationSettings(bootstrap_resamples=200, randomization_rounds=200)


@pytest.fixture
def curve_folder(fake_system, small_test, tmp_path: Path) -> Path:
    sizes = [("50percent", "50% of train", 600.4, 0.5), ("100percent", "100% of train", 1201.0, 0.97)]
    for name, _, _, accuracy in sizes:
        systems = [
            *(fake_system("net", seed, accuracy, confidence=None) for seed in (0, 1)),
            *(fake_system("hidden", seed, 0.4, confidence=None) for seed in (0, 1)),
            fake_system("svm <b>", accuracy=0.55, confidence=None, is_baseline=True),
        ]
        checkpoints = [
            CheckpointProvenance(name="net"),
            CheckpointProvenance(name="hidden", hidden=["source", "target"]),
        ]
        provenance = Provenance(checkpoints=checkpoints)
        evaluate(systems, {"test": small_test}, tmp_path / name, SETTINGS, provenance=provenance)
    index = CurveIndex(
        title="small",
        dataset="small",
        command="stancelab curve <x>",
        commands=["run"],
        steps=[
            CurveStep(
                test="test",
                system="net",
                smaller="50percent",
                larger="100percent",
                difference=0.4,
                interval=Interval(0.2, 0.6),
                p=0.006,
                p_holm=0.012,
            )
        ],
        sizes=[Size(name=name, title=title, train_rows=rows) for name, title, rows, _ in sizes],
    )
    write_index(tmp_path, index)
    return tmp_path

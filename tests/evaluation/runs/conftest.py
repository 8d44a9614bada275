"""Two runs of systems with the same names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from stancelab.evaluation.evaluate import evaluate
from stancelab.evaluation.settings import EvaluationSettings
from stancelab.results import CheckpointProvenance, Provenance

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def settings() -> EvaluationSettings:
    return EvaluationSettings(bootstrap_resamples=100, randomization_rounds=100)


@pytest.fixture
def two_runs(fake_system, examples, settings: EvaluationSettings, tmp_path: Path) -> dict[str, Path]:
    first = [fake_system("net", 0), fake_system("net", 1), fake_system("svm", accuracy=0.6, is_baseline=True)]
    second = [fake_system("net", 0, accuracy=0.5), fake_system("svm", accuracy=0.5, is_baseline=True)]
    tests = {"test": examples, "test_b": examples[:20]}
    net = [CheckpointProvenance(name="net", hidden=["source", "target"])]
    for name, systems, own in (("a", first, tests), ("b", second, {"test": examples})):
        provenance = Provenance(command=f"stancelab evaluate name={name}", checkpoints=net)
        evaluate(systems, own, tmp_path / name, settings, provenance=provenance, primary_metric="accuracy")
    return {"old": tmp_path / "a", "new": tmp_path / "b"}

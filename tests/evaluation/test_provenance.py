from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from stancelab.evaluation.provenance import collect_provenance
from stancelab.results import CheckpointProvenance, DatasetProvenance, Provenance

if TYPE_CHECKING:
    import pytest

DATASET = DatasetProvenance(name="small", fingerprint="0123")


def checkpoint_class(fake_system) -> Any:
    class Checkpoint(fake_system):  # type: ignore[misc]
        fingerprint = "0123"

        def provenance(self) -> CheckpointProvenance:
            return CheckpointProvenance(name=self.name, dataset="small", dataset_fingerprint=self.fingerprint)

    return Checkpoint


def baseline_class(fake_system) -> Any:
    class Baseline(fake_system):  # type: ignore[misc]
        def describe(self) -> dict[str, Any]:
            return {"c": 2}

    return Baseline


def test_systems_and_dataset_say_what_made_them(fake_system, caplog: pytest.LogCaptureFixture) -> None:
    systems = [
        checkpoint_class(fake_system)("net"),
        baseline_class(fake_system)("svm", is_baseline=True),
        fake_system("most", is_baseline=True),
        fake_system("llm"),
    ]
    given = Provenance(title="mine", baselines={"most": {"stance": "favor"}, "gone": {}})
    with caplog.at_level(logging.WARNING):
        found = collect_provenance(given, systems, DATASET)
    assert (found.title, found.dataset) == ("mine", DATASET)
    assert [each.name for each in found.checkpoints] == ["net"]
    assert found.baselines == {"most": {"stance": "favor"}, "svm": {"c": 2}}
    assert found.versions["python"]
    assert not caplog.text


def test_a_dataset_and_checkpoints_that_are_given_stay(fake_system) -> None:
    given = Provenance(dataset=DatasetProvenance(name="given"), checkpoints=[CheckpointProvenance(name="given")])
    found = collect_provenance(given, [checkpoint_class(fake_system)("net")], DATASET)
    assert (found.dataset, found.checkpoints) == (given.dataset, given.checkpoints)
    assert collect_provenance(None, [fake_system("a")], None).dataset is None


def test_a_checkpoint_of_another_dataset_is_warned_of(fake_system, caplog: pytest.LogCaptureFixture) -> None:
    net = checkpoint_class(fake_system)("net", 1)
    net.fingerprint = "4567"
    with caplog.at_level(logging.WARNING):
        collect_provenance(None, [net], DATASET)
    assert "system 'net' (seed 1) was trained on small, not on this dataset's train split" in caplog.text

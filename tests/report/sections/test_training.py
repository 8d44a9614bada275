from __future__ import annotations

from stancelab.report.sections.training import training_warnings
from stancelab.results import CheckpointProvenance, Provenance


def test_warnings_of_several_seeds_stand_once() -> None:
    few, one = "38 updates are few", "the model answers favor for all 50 validation rows"
    checkpoints = [
        CheckpointProvenance(name="minilm", seed=0, warnings=[few, one]),
        CheckpointProvenance(name="minilm", seed=1, warnings=[few]),
        CheckpointProvenance(name="mpnet", seed=0, warnings=[few]),
        CheckpointProvenance(name="good", seed=0),
    ]
    assert training_warnings(Provenance(checkpoints=checkpoints)) == [
        "minilm, seeds 0 and 1: 38 updates are few.",
        "minilm, seed 0: the model answers favor for all 50 validation rows.",
        "mpnet, seed 0: 38 updates are few.",
    ]
    assert training_warnings(Provenance()) == []

"""Which system an ablation is the ablation of."""

from __future__ import annotations

from typing import Any

from stancelab.report.text_readers import text_readers
from stancelab.results import CheckpointProvenance, Provenance


def checkpoint(name: str, seed: int = 0, **changes: Any) -> CheckpointProvenance:
    hidden = ["source", "target"] if name == "blind" else []
    given: dict[str, Any] = {
        "encoder": "mini", "head": "pair", "input": {"hide": hidden, "max_length": 128},
        "training": {"epochs": 3, "teacher": []}, "dataset_fingerprint": "01", "train_rows": 900, "version": "1.0",
    }  # fmt: skip
    return CheckpointProvenance(name=name, seed=seed, hidden=hidden, **{**given, **changes})


def readers(*checkpoints: CheckpointProvenance) -> Any:
    return text_readers(Provenance(checkpoints=list(checkpoints)))


def test_the_same_training_but_for_what_is_hidden() -> None:
    found = readers(checkpoint("other", encoder="large"), checkpoint("net"), checkpoint("blind"))
    assert (found.full, found.unmatched) == ({"blind": "net"}, {})


def test_what_differs_is_said() -> None:
    cases: list[tuple[dict[str, Any], str]] = [
        ({"encoder_sha256": "ab"}, "encoder (ab, mini)"),
        ({"head": "sequence"}, "head (sequence, pair)"),
        ({"training": {"epochs": 3, "teacher": ["corpus"]}}, "training.teacher (['corpus'], none)"),
        ({"train_rows": 100, "dataset_fingerprint": "02"}, "dataset (02, 01), train_rows (100, 900)"),
        ({"input": {"hide": [], "max_length": 64}}, "input.max_length (64, 128)"),
        ({"version": "2.0"}, "stancelab (2.0, 1.0)"),
        ({"seed": 1}, "seeds (1; 0)"),
    ]
    for changes, words in cases:
        found = readers(checkpoint("net", **{"seed": 0, **changes}), checkpoint("blind"))
        assert found.full == {}
        assert found.unmatched == {"blind": f"net differs from it in {words}"}


def test_all_seeds_have_to_be_the_same() -> None:
    both = [checkpoint("blind", seed) for seed in (0, 1)]
    assert readers(checkpoint("net"), *both).unmatched == {"blind": "net differs from it in seeds (0; 0 1)"}
    assert readers(checkpoint("net", 1), checkpoint("net", 0), *both).full == {"blind": "net"}


def test_without_another_checkpoint() -> None:
    assert readers(checkpoint("blind")).unmatched == {"blind": "there is no other checkpoint"}
    half = checkpoint("half").__class__(name="half", hidden=["source"])
    assert readers(half, checkpoint("blind")).unmatched == {"blind": "there is no other checkpoint"}


def test_baselines_say_that_they_read_the_text_alone() -> None:
    described: dict[str, dict[str, Any]] = {"a": {"hidden": ["source", "target"]}, "b": {"hidden": []}, "c": {}}
    assert text_readers(Provenance(baselines=described)).baselines == ["a"]

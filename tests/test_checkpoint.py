"""What a checkpoint's stancelab.json says, as types and as JSON."""

from __future__ import annotations

import pytest

from stancelab.checkpoint import CheckpointInfo, CorpusScores, DevScores, EncoderInfo, TrainingData
from stancelab.encoding import InputSettings

DEV = DevScores(
    metric="f_avg",
    score=0.7,
    nll_before=0.9,
    nll_after=0.8,
    corpora={"toy": CorpusScores(rows=3, macro_f1=0.6, f_avg=0.7, accuracy=0.5)},
)
INFO = CheckpointInfo(
    name="tiny",
    head="pair",
    input=InputSettings(window=5),
    temperature=1.5,
    thresholds={"accuracy_90": None},
    encoder=EncoderInfo(name="package:x", sha256="0a"),
    dataset=TrainingData(name="toy", fingerprint="f", train_rows=2, validation_rows=3),
    seed=4,
    dev=DEV,
    training={"epochs": 3},
)


def test_the_layout_of_the_file_is_that_of_format_2() -> None:
    content = INFO.as_json()
    assert (content["format"], content["head"]) == (2, "pair")
    assert content["encoder"] == {"name": "package:x", "sha256": "0a", "on_hub": False}
    assert content["dataset"] == {"name": "toy", "fingerprint": "f", "train_rows": 2, "validation_rows": 3}
    assert content["dev"] == {
        "metric": "f_avg",
        "f_avg": 0.7,
        "nll_before": 0.9,
        "nll_after": 0.8,
        "corpora": {"toy": {"rows": 3, "macro_f1": 0.6, "f_avg": 0.7, "accuracy": 0.5}},
    }


def test_what_is_written_is_read_back() -> None:
    assert CheckpointInfo.from_json(INFO.as_json()) == INFO
    assert CheckpointInfo.from_json(CheckpointInfo().as_json()) == CheckpointInfo()


def test_format_1_has_no_head_but_the_encoders_own() -> None:
    content = {**INFO.as_json(), "format": 1}
    del content["head"]
    assert CheckpointInfo.from_json(content).head == "sequence"


def test_parts_that_a_file_leaves_empty_are_empty() -> None:
    content = {**INFO.as_json(), "encoder": {}, "dataset": {}, "dev": {}}
    found = CheckpointInfo.from_json(content)
    assert (found.encoder, found.dataset, found.dev) == (EncoderInfo(), TrainingData(), None)


@pytest.mark.parametrize("change", [{"input": {"windo": 3}}, {"dev": {"metric": "f_avg"}}, {"surprise": 1}])
def test_what_does_not_fit_is_refused(change: dict) -> None:
    with pytest.raises((TypeError, KeyError)):
        CheckpointInfo.from_json({**INFO.as_json(), **change})

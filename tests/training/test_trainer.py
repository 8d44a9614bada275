from __future__ import annotations

import logging
from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from transformers import AutoModelForSequenceClassification, TrainingArguments

from stancelab.encoders import ModelSettings
from stancelab.training.settings import TrainingSettings
from stancelab.training.trainer import (
    LikeLengthSampler,
    StanceTrainer,
    balanced_weights,
    choose_precision,
    dev_metric,
)

if TYPE_CHECKING:
    from pathlib import Path

LENGTHS = [length for length in range(1, 101) for _ in range(4)]


def test_batches_hold_rows_of_like_length_and_every_row_once() -> None:
    order = list(LikeLengthSampler(LENGTHS, batch_size=8, seed=0))
    assert sorted(order) == list(range(400))
    spread = [np.ptp([LENGTHS[row] for row in order[start : start + 8]]) for start in range(0, 400, 8)]
    assert np.mean(spread) < 10, "random batches of these lengths spread over about 78"


def test_long_and_short_batches_come_mixed() -> None:
    order = list(LikeLengthSampler(LENGTHS, batch_size=8, seed=0))
    means = [np.mean([LENGTHS[row] for row in order[start : start + 8]]) for start in range(0, 400, 8)]
    assert abs(np.corrcoef(means[:-1], means[1:])[0, 1]) < 0.5, "sorted batches have a correlation near 1"


def test_the_batch_that_is_not_full_comes_last() -> None:
    order = list(LikeLengthSampler(LENGTHS[:43], batch_size=8, seed=0))
    assert sorted(order) == list(range(43))
    spread = [np.ptp([LENGTHS[row] for row in order[start : start + 8]]) for start in range(0, 40, 8)]
    assert max(spread) <= 3


def test_the_order_depends_on_seed_and_epoch_alone() -> None:
    sampler = LikeLengthSampler(LENGTHS, batch_size=8, seed=3)
    first = list(sampler)
    torch.rand(1)
    assert list(sampler) == first
    sampler.set_epoch(1)
    second = list(sampler)
    assert second != first
    assert list(LikeLengthSampler(LENGTHS, batch_size=8, seed=4)) != first
    again = LikeLengthSampler(LENGTHS, batch_size=8, seed=3)
    again.set_epoch(1)
    assert list(again) == second


def test_balanced_weights_have_mean_1_over_rows() -> None:
    labels = [0] * 6 + [1] * 3 + [2]
    weights = balanced_weights(labels)
    assert weights == pytest.approx([10 / 18, 10 / 9, 10 / 3])
    assert np.mean([weights[label] for label in labels]) == pytest.approx(1)


def test_a_class_that_train_lacks_weighs_nothing() -> None:
    assert balanced_weights([0, 0, 2]) == pytest.approx([0.5, 0.0, 1.0])


def test_the_dev_metric_of_several_corpora_is_their_mean() -> None:
    gold = np.array([0, 1, 2, 0, 0, 0, 0])
    predicted = np.array([0, 1, 2, 1, 1, 1, 0])
    corpora = ["a", "a", "a", "b", "b", "b", "b"]
    prediction = SimpleNamespace(label_ids=gold, predictions=np.eye(3)[predicted])
    assert dev_metric("accuracy", corpora)(prediction) == {"accuracy": pytest.approx((1 + 0.25) / 2)}
    assert dev_metric("f_avg", ["a"] * 7)(prediction) == {"f_avg": pytest.approx((2 * 2 / 7 + 1) / 2)}


def test_bf16_falls_back_and_says_so(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {"avx512_bf16": False, "amx_bf16": False})
    with caplog.at_level(logging.WARNING):
        assert choose_precision("bf16") == "fp32"
    assert "does not compute bf16" in caplog.text
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {"avx512_bf16": True})
    assert choose_precision("auto") == "bf16"
    assert choose_precision("fp32") == "fp32"


@pytest.mark.parametrize("head_learning_rate", [None, 1e-3])
def test_the_head_has_a_learning_rate_of_its_own(
    tiny_encoder: Path, tmp_path: Path, head_learning_rate: float | None
) -> None:
    model = AutoModelForSequenceClassification.from_pretrained(tiny_encoder, num_labels=3)
    arguments = TrainingArguments(str(tmp_path), learning_rate=1e-5, weight_decay=0.1, use_cpu=True, report_to="none")
    trainer = StanceTrainer(model=model, args=arguments, head_learning_rate=head_learning_rate)
    groups = trainer.create_optimizer().param_groups
    settings = {id(weight): (group["lr"], group["weight_decay"]) for group in groups for weight in group["params"]}
    names = dict(model.named_parameters())
    assert len(settings) == len(names), "every weight is in one group"
    of_head = head_learning_rate or 1e-5
    for name, expected in {
        "classifier.weight": (of_head, 0.1),
        "classifier.bias": (of_head, 0.0),
        "bert.pooler.dense.weight": (of_head, 0.1),
        "bert.encoder.layer.0.output.dense.weight": (1e-5, 0.1),
        "bert.embeddings.LayerNorm.weight": (1e-5, 0.0),
    }.items():
        assert settings[id(names[name])] == expected, name


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"epochs": 0}, "epochs: found 0, allowed is 1 or more, or null"),
        ({"learning_rate": 30.0}, "learning_rate: found 30.0, allowed is above 0, at most 1, or null"),
        ({"head_learning_rate": 0.0}, "head_learning_rate: found 0.0, allowed is above 0, at most 1, or null"),
        ({"label_smoothing": 1.0}, "label_smoothing: found 1.0, allowed is 0 to less than 1"),
        ({"precision": "fp8"}, "precision: found 'fp8', allowed is auto, bf16, fp32"),
        ({"class_weights": "auto"}, "class_weights: found 'auto', allowed is none or balanced"),
    ],
)
def test_impossible_training_settings(changes: dict, problem: str) -> None:
    assert TrainingSettings(**changes).problems() == [problem]


@pytest.mark.parametrize(("rows", "epochs"), [(100_000, 3), (2667, 3), (1600, 5), (600, 14), (16, 20)])
def test_small_training_sets_get_more_epochs(rows: int, epochs: int) -> None:
    assert TrainingSettings(batch_size=16, min_updates=500).epochs_for(rows) == epochs
    assert TrainingSettings(batch_size=16, epochs=2).epochs_for(rows) == 2


def test_impossible_model_settings() -> None:
    settings = ModelSettings(name="a/b", name_or_path=" ")
    settings.input.max_length = 1
    assert settings.problems() == [
        "name_or_path: empty; name a package, a folder or a hub model",
        "name: found 'a/b', allowed is a short name without '/'",
        "input.max_length: found 1, allowed are 8 to 8192 tokens",
    ]

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer, TrainingArguments

from stancelab.encoding import InputBuilder, InputSettings
from stancelab.training.dev_rows import DevRows
from stancelab.training.losses import StanceLoss
from stancelab.training.optimizer import is_head
from stancelab.training.settings import TrainingSettings
from stancelab.training.trainer import StanceTrainer

if TYPE_CHECKING:
    from pathlib import Path


def trainer_of(
    model: Any, tiny_encoder: Path, folder: Path, training: TrainingSettings, **arguments: Any
) -> StanceTrainer:
    settings = TrainingArguments(str(folder), use_cpu=True, report_to="none", **arguments)
    dev = DevRows(InputBuilder(AutoTokenizer.from_pretrained(tiny_encoder), InputSettings()), [], "accuracy", 1)
    return StanceTrainer(model=model, args=settings, stance_loss=StanceLoss(training), dev=dev, training=training)


@pytest.mark.parametrize("head_learning_rate", [None, 1e-3])
def test_the_head_has_a_learning_rate_of_its_own(
    tiny_encoder: Path, tmp_path: Path, head_learning_rate: float | None
) -> None:
    model = AutoModelForSequenceClassification.from_pretrained(tiny_encoder, num_labels=3)
    training = TrainingSettings(head_learning_rate=head_learning_rate)
    trainer = trainer_of(model, tiny_encoder, tmp_path, training, learning_rate=1e-5, weight_decay=0.1)
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
    ("name", "expected"),
    [
        ("classifier.weight", True),
        ("bert.pooler.dense.bias", True),
        ("bert.encoder.layer.0.output.dense.weight", False),
        ("bertish.weight", True),
    ],
)
def test_head_and_pooler_are_told_by_name(name: str, expected: bool) -> None:
    assert is_head(name, "bert") == expected


def test_r_drop_adds_the_divergence_of_two_passes_to_their_mean_loss(tiny_encoder: Path, tmp_path: Path) -> None:
    model: Any = AutoModelForSequenceClassification.from_pretrained(tiny_encoder, num_labels=3)
    weights = model.classifier.weight
    with torch.no_grad():  # so that dropout makes a difference
        weights.copy_(torch.linspace(-9, 9, weights.numel()).view_as(weights))

    def loss(r_drop: float, *, trains: bool) -> torch.Tensor:
        trainer = trainer_of(model, tiny_encoder, tmp_path, TrainingSettings(r_drop=r_drop))
        ids = torch.tensor([[2, 5, 6, 3], [2, 7, 8, 3]])
        inputs = {"input_ids": ids, "attention_mask": torch.ones_like(ids), "labels": torch.tensor([0, 2])}
        torch.manual_seed(0)
        found: torch.Tensor = trainer.compute_loss(
            model.train(trains), inputs | {"soft": torch.full((2, 3), torch.nan)}
        )
        return found.detach()

    torch.testing.assert_close(loss(1.0, trains=False), loss(0.0, trains=False), msg="without dropout both agree")
    one, two, four = (loss(weight, trains=True) for weight in (1.0, 2.0, 4.0))
    assert two > one
    torch.testing.assert_close(four - two, 2 * (two - one))

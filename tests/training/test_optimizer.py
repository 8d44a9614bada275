from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from transformers import AutoModelForSequenceClassification, AutoTokenizer, TrainingArguments

from stancelab.encoding import InputBuilder, InputSettings
from stancelab.training.dev_rows import DevRows
from stancelab.training.losses import StanceLoss
from stancelab.training.optimizer import is_head
from stancelab.training.settings import TrainingSettings
from stancelab.training.trainer import StanceTrainer

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("head_learning_rate", [None, 1e-3])
def test_the_head_has_a_learning_rate_of_its_own(
    tiny_encoder: Path, tmp_path: Path, head_learning_rate: float | None
) -> None:
    model = AutoModelForSequenceClassification.from_pretrained(tiny_encoder, num_labels=3)
    arguments = TrainingArguments(str(tmp_path), learning_rate=1e-5, weight_decay=0.1, use_cpu=True, report_to="none")
    training = TrainingSettings(head_learning_rate=head_learning_rate)
    dev = DevRows(InputBuilder(AutoTokenizer.from_pretrained(tiny_encoder), InputSettings()), [], "accuracy", 1)
    trainer = StanceTrainer(model=model, args=arguments, stance_loss=StanceLoss(training), dev=dev, training=training)
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

from __future__ import annotations

import pytest

from stancelab.encoders import ModelSettings
from stancelab.training.settings import TrainingSettings


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"epochs": 0}, "epochs: found 0, allowed is 1 or more, or null"),
        ({"learning_rate": 30.0}, "learning_rate: found 30.0, allowed is above 0, at most 1, or null"),
        ({"head_learning_rate": 0.0}, "head_learning_rate: found 0.0, allowed is above 0, at most 1, or null"),
        ({"label_smoothing": 1.0}, "label_smoothing: found 1.0, allowed is 0 to less than 1"),
        ({"r_drop": -1.0}, "r_drop: found -1.0, allowed is a finite number from 0"),
        ({"precision": "fp8"}, "precision: found 'fp8', allowed is auto, bf16, fp16, fp32"),
        ({"corpus_temperature": 2.0}, "corpus_temperature: found 2.0, allowed is 0 to 1"),
        ({"teacher_temperature": 0.0}, "teacher_temperature: found 0.0, allowed is a finite number above 0"),
        ({"teacher_temperature": float("inf")}, "teacher_temperature: found inf, allowed is a finite number above 0"),
        ({"max_grad_norm": float("inf")}, "max_grad_norm: found inf, allowed is a finite number above 0"),
        ({"save_minutes": float("inf")}, "save_minutes: found inf, allowed is a finite number from 0"),
        ({"label_weight": 1.5}, "label_weight: found 1.5, allowed is 0 to 1"),
        ({"teacher": "corpus"}, "teacher: found 'corpus', allowed is a list, such as ['corpus']"),
        ({"corpus_shares": [1.0]}, "corpus_shares: found [1.0], allowed is a dict of corpus and share"),
        ({"class_weights": "auto"}, "class_weights: found 'auto', allowed is none or balanced"),
    ],
)
def test_impossible_training_settings(changes: dict, problem: str) -> None:
    assert TrainingSettings(**changes).problems() == [problem]


@pytest.mark.parametrize(("rows", "epochs"), [(100_000, 3), (2667, 3), (1600, 5), (600, 14), (16, 20)])
def test_small_training_sets_get_more_epochs(rows: int, epochs: int) -> None:
    assert TrainingSettings(batch_size=16, min_updates=500).epochs_for(rows) == epochs
    assert TrainingSettings(batch_size=16, epochs=2).epochs_for(rows) == 2


@pytest.mark.parametrize(("rows", "epochs"), [(100_000, 3), (533, 3), (300, 6), (100, 10), (16, 10)])
def test_a_head_of_a_checkpoint_takes_fewer_epochs(rows: int, epochs: int) -> None:
    assert TrainingSettings(batch_size=16, min_updates=500).epochs_for(rows, new_head=False) == epochs
    assert TrainingSettings(batch_size=16, min_updates=0).epochs_for(rows, new_head=False) == 3
    assert TrainingSettings(batch_size=16, epochs=2).epochs_for(rows, new_head=False) == 2


def test_the_encoder_gives_the_learning_rate_where_training_gives_none() -> None:
    model = ModelSettings(learning_rate=2e-5, head_learning_rate=3e-4)
    assert TrainingSettings().resolved_for(model) == TrainingSettings(learning_rate=2e-5, head_learning_rate=3e-4)
    given = TrainingSettings(learning_rate=1e-4, head_learning_rate=1e-2)
    assert given.resolved_for(model) == given

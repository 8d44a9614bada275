from __future__ import annotations

import numpy as np
import pytest
import torch

from stancelab.training.losses import StanceLoss, balanced_weights
from stancelab.training.settings import TrainingSettings
from stancelab.training.texts import NO_LABEL


def test_gradient_accumulation_gives_the_loss_of_the_large_batch() -> None:
    loss = StanceLoss(TrainingSettings(label_smoothing=0.1), [0.5, 1.0, 2.0])
    torch.manual_seed(0)
    logits, labels = torch.randn(8, 3), torch.tensor([0, 1, 2, 2, 1, 0, 0, 1])
    soft = torch.full((8, 3), torch.nan)
    soft[2:6] = torch.tensor([0.2, 0.3, 0.5])
    whole = loss(logits, labels, soft, 8)
    halves = loss(logits[:3], labels[:3], soft[:3], 8) + loss(logits[3:], labels[3:], soft[3:], 8)
    torch.testing.assert_close(whole, halves)


def test_without_a_teacher_it_is_the_cross_entropy() -> None:
    torch.manual_seed(0)
    logits, labels = torch.randn(5, 3), torch.tensor([0, 1, 2, 2, 1])
    found = StanceLoss(TrainingSettings())(logits, labels, torch.full((5, 3), torch.nan))
    torch.testing.assert_close(found, torch.nn.functional.cross_entropy(logits, labels))


def test_a_teacher_shares_the_loss_with_the_label_and_has_that_of_other_rows_alone() -> None:
    loss = StanceLoss(TrainingSettings(teacher_temperature=2.0, label_weight=0.25))
    logits = torch.tensor([[2.0, 0.0, -2.0]])
    soft = torch.tensor([[0.1, 0.3, 0.6]])
    teacher = (soft.log() / 2).softmax(-1)
    student = (logits / 2).softmax(-1)
    divergence = 4 * (teacher * (teacher.log() - student.log())).sum()
    label = torch.nn.functional.cross_entropy(logits, torch.tensor([2]))
    torch.testing.assert_close(loss(logits, torch.tensor([2]), soft), 0.25 * label + 0.75 * divergence)
    torch.testing.assert_close(loss(logits, torch.tensor([NO_LABEL]), soft), divergence)


def test_balanced_weights_have_mean_1_over_rows() -> None:
    labels = [0] * 6 + [1] * 3 + [2]
    weights = balanced_weights(labels)
    assert weights == pytest.approx([10 / 18, 10 / 9, 10 / 3])
    assert np.mean([weights[label] for label in labels]) == pytest.approx(1)


def test_a_class_that_train_lacks_weighs_nothing() -> None:
    assert balanced_weights([0, 0, 2]) == pytest.approx([0.5, 0.0, 1.0])

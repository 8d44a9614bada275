from __future__ import annotations

import numpy as np
import pytest
import torch

from stancelab.training.losses import StanceLoss, balanced_weights, divergence_of_passes
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


@pytest.mark.parametrize(
    ("settings", "weights"),
    [({"label_smoothing": 0.1}, None), ({}, [0.5, 1.0, 2.0]), ({"label_smoothing": 0.1}, [0.5, 1.0, 2.0])],
)
def test_a_row_without_label_takes_nothing_from_smoothing_or_class_weights(
    settings: dict, weights: list[float] | None
) -> None:
    torch.manual_seed(0)
    logits, soft = torch.randn(3, 3), torch.full((3, 3), torch.nan)
    soft[1] = torch.tensor([0.2, 0.3, 0.5])
    loss = StanceLoss(TrainingSettings(**settings), weights)
    labels = torch.tensor([0, NO_LABEL, 2])
    labeled = [loss(logits[row : row + 1], labels[row : row + 1], soft[row : row + 1]) for row in (0, 2)]
    of_teacher = StanceLoss(TrainingSettings())(logits[1:2], labels[1:2], soft[1:2])
    torch.testing.assert_close(loss(logits, labels, soft), (labeled[0] + of_teacher + labeled[1]) / 3)


def test_the_gradient_is_finite_where_a_teacher_is_certain_or_silent() -> None:
    logits = torch.tensor([[60.0, 0.0, -60.0]] * 3, requires_grad=True)
    soft = torch.tensor([[0.0, 0.0, 1.0], [torch.nan] * 3, [1.0, 0.0, 0.0]])
    StanceLoss(TrainingSettings(teacher_temperature=1.0))(
        logits, torch.tensor([NO_LABEL, 0, NO_LABEL]), soft
    ).backward()
    assert logits.grad is not None
    assert logits.grad.isfinite().all()
    assert logits.grad[0, 2] < -0.3, "towards what the teacher says"


def test_a_student_that_agrees_with_its_teacher_loses_nothing() -> None:
    logits = torch.tensor([[2.0, 0.5, -1.0]])
    loss = StanceLoss(TrainingSettings(teacher_temperature=3.0, label_weight=0.0))
    assert loss(logits, torch.tensor([1]), logits.softmax(-1)).item() == pytest.approx(0, abs=1e-6)


def test_balanced_weights_have_mean_1_over_rows() -> None:
    labels = [0] * 6 + [1] * 3 + [2]
    weights = balanced_weights(labels)
    assert weights == pytest.approx([10 / 18, 10 / 9, 10 / 3])
    assert np.mean([weights[label] for label in labels]) == pytest.approx(1)


def test_a_class_that_train_lacks_weighs_nothing() -> None:
    weights = balanced_weights([0, 0, 2])
    assert weights == pytest.approx([0.75, 0.0, 1.5])
    assert np.mean([weights[label] for label in (0, 0, 2)]) == pytest.approx(1)


def test_two_passes_differ_by_the_divergence_of_both_directions() -> None:
    one, other = torch.tensor([[0.5, 0.25, 0.25]]), torch.tensor([[0.25, 0.5, 0.25]])
    # Each direction: 0.5 ln 2 + 0.25 ln 0.5 = 0.25 ln 2.
    expected = torch.tensor(0.25 * np.log(2), dtype=torch.float32)
    torch.testing.assert_close(divergence_of_passes(one.log(), other.log(), 1), expected)
    torch.testing.assert_close(divergence_of_passes(one.log() + 3, other.log(), 4), expected / 4)
    assert divergence_of_passes(one.log(), one.log(), 1) == 0

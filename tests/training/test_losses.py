from __future__ import annotations

import numpy as np
import pytest
import torch

from stancelab.training.losses import StanceLoss, balanced_weights


def test_gradient_accumulation_gives_the_loss_of_the_large_batch() -> None:
    loss = StanceLoss([0.5, 1.0, 2.0], 0.1)
    torch.manual_seed(0)
    logits, labels = torch.randn(8, 3), torch.tensor([0, 1, 2, 2, 1, 0, 0, 1])
    whole = loss({"logits": logits}, labels, 8)
    halves = loss({"logits": logits[:3]}, labels[:3], 8) + loss({"logits": logits[3:]}, labels[3:], 8)
    torch.testing.assert_close(whole, halves)


def test_balanced_weights_have_mean_1_over_rows() -> None:
    labels = [0] * 6 + [1] * 3 + [2]
    weights = balanced_weights(labels)
    assert weights == pytest.approx([10 / 18, 10 / 9, 10 / 3])
    assert np.mean([weights[label] for label in labels]) == pytest.approx(1)


def test_a_class_that_train_lacks_weighs_nothing() -> None:
    assert balanced_weights([0, 0, 2]) == pytest.approx([0.5, 0.0, 1.0])

"""Encoders of other families go the same way: no token types, other heads, other position limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
import transformers
from transformers import AutoTokenizer

from stancelab import StanceClassifier
from stancelab.encoders import ModelSettings
from stancelab.encoding import InputSettings
from stancelab.training.finetune import finetune
from stancelab.training.settings import TrainingSettings

if TYPE_CHECKING:
    from pathlib import Path

    from stancelab.data.prepared import PreparedDataset

SMALL = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 16}


INPUTS = {"pair": InputSettings(max_length=32), "sequence": InputSettings(mark=["target", "source"], max_length=32)}


@pytest.mark.parametrize("head", list(INPUTS))
@pytest.mark.parametrize("family", ["MPNet", "Roberta", "DebertaV2", "Electra"])
def test_other_encoder_families(
    head: str, family: str, dataset: PreparedDataset, tiny_encoder: Path, tmp_path: Path
) -> None:
    tokenizer = AutoTokenizer.from_pretrained(tiny_encoder)
    config = getattr(transformers, f"{family}Config")(
        **SMALL, vocab_size=len(tokenizer), max_position_embeddings=80, pad_token_id=tokenizer.pad_token_id
    )
    torch.manual_seed(0)
    getattr(transformers, f"{family}Model")(config).save_pretrained(tmp_path / "encoder")
    tokenizer.save_pretrained(tmp_path / "encoder")
    model = ModelSettings(
        name=family,
        name_or_path=str(tmp_path / "encoder"),
        head=head,
        input=INPUTS[head],
    )
    trained = finetune(
        dataset,
        model,
        TrainingSettings(epochs=1, precision="fp32"),
        output=tmp_path / "run",
    )
    probabilities = StanceClassifier.from_pretrained(trained.checkpoint).predict_proba(dataset.tests["test"])
    assert probabilities.shape == (len(dataset.tests["test"]), 3)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1)

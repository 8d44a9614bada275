"""A checkpoint of a tiny encoder that nobody trained."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from stancelab.checkpoint import CheckpointInfo, save_checkpoint
from stancelab.encoding import InputBuilder, InputSettings

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def checkpoint(tiny_encoder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    thresholds = {"accuracy_80": 0.3, "accuracy_90": 0.999, "accuracy_95": None}
    info = CheckpointInfo(name="tiny", input=InputSettings(max_length=32), temperature=2.0, thresholds=thresholds)
    tokenizer = AutoTokenizer.from_pretrained(tiny_encoder)
    model = AutoModelForSequenceClassification.from_pretrained(tiny_encoder, num_labels=3)
    InputBuilder(tokenizer, info.input)
    model.resize_token_embeddings(len(tokenizer))
    folder = tmp_path_factory.mktemp("checkpoint")
    save_checkpoint(folder, model, tokenizer, info, "card")
    return folder

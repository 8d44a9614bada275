from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from stancelab.encoding import InputBuilder, InputSettings
from stancelab.training.load_encoder import start_markers

if TYPE_CHECKING:
    from pathlib import Path


def test_markers_start_from_signs_the_encoder_knows(tiny_encoder: Path) -> None:
    tokenizer = AutoTokenizer.from_pretrained(tiny_encoder)
    tokenizer.add_tokens(["@", "\u0120#"])
    InputBuilder(tokenizer, InputSettings(mark=["target", "source"]))
    model = AutoModelForSequenceClassification.from_pretrained(tiny_encoder)
    model.resize_token_embeddings(len(tokenizer))
    start_markers(model, tokenizer)
    rows = model.get_input_embeddings().weight
    ids = tokenizer.get_vocab()
    for marker, sign in {"[T]": "@", "[/T]": "@", "[S]": "\u0120#", "[/S]": "\u0120#"}.items():
        assert torch.equal(rows[ids[marker]], rows[ids[sign]]), marker
    assert not torch.equal(rows[ids["[T]"]], rows[ids["[S]"]])


def test_markers_keep_their_start_where_the_encoder_knows_no_sign(tiny_encoder: Path) -> None:
    builder = InputBuilder(AutoTokenizer.from_pretrained(tiny_encoder), InputSettings())
    model = AutoModelForSequenceClassification.from_pretrained(tiny_encoder)
    model.resize_token_embeddings(len(builder.tokenizer))
    before = model.get_input_embeddings().weight.detach().clone()
    start_markers(model, builder.tokenizer)
    assert torch.equal(model.get_input_embeddings().weight, before)

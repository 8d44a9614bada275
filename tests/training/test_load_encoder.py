from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch
from transformers import (
    AutoModelForSequenceClassification,
    AutoTokenizer,
    MPNetConfig,
    MPNetModel,
    PreTrainedModel,
    RobertaConfig,
    RobertaModel,
)

from stancelab.encoders import ModelSettings
from stancelab.encoding import InputBuilder, InputSettings
from stancelab.errors import ConfigError
from stancelab.training.load_encoder import check_encoder, start_markers

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


@pytest.mark.parametrize(("config", "network"), [(RobertaConfig, RobertaModel), (MPNetConfig, MPNetModel)])
def test_positions_that_an_encoder_never_uses_do_not_count(
    config: type, network: type[PreTrainedModel], tiny_encoder: Path, tmp_path: Path
) -> None:
    sizes = {"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 8}
    size = len(AutoTokenizer.from_pretrained(tiny_encoder))
    encoder = network(config(vocab_size=size, max_position_embeddings=18, pad_token_id=1, **sizes)).eval()
    encoder.save_pretrained(tmp_path)
    AutoTokenizer.from_pretrained(tiny_encoder).save_pretrained(tmp_path)

    def settings(length: int) -> ModelSettings:
        return ModelSettings(name_or_path=str(tmp_path), input=InputSettings(max_length=length))

    assert encoder(torch.full((1, 16), 5)).last_hidden_state.shape == (1, 16, 8)
    with pytest.raises((IndexError, RuntimeError), match=r"out of (range|bounds)"):
        encoder(torch.full((1, 17), 5))
    check_encoder(settings(16))
    with pytest.raises(ConfigError, match="max_length: found 17, allowed are at most the 16 positions of"):
        check_encoder(settings(17))


def test_an_encoder_with_positions_from_0_takes_as_many_tokens(tiny_encoder: Path) -> None:
    check_encoder(ModelSettings(name_or_path=str(tiny_encoder), input=InputSettings(max_length=64)))

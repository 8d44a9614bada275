"""Encoders of unusual kinds, and damaged ones: each works, or is refused before any work in one line."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest
import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import (
    AutoTokenizer,
    BertConfig,
    BertForSequenceClassification,
    CanineTokenizer,
    GPT2Config,
    GPT2Model,
    PreTrainedTokenizerFast,
)

from stancelab import StanceClassifier
from stancelab.encoders import ModelSettings
from stancelab.encoding import InputBuilder, InputSettings, make_builder
from stancelab.errors import CheckpointError, ConfigError
from stancelab.schema import Example
from stancelab.training.finetune import finetune
from stancelab.training.load_encoder import check_encoder, load_encoder
from stancelab.training.settings import TrainingSettings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from stancelab.data.prepared import PreparedDataset

HEADS = ("pair", "sequence")
TEXT = "Kenya hailed it without delay"


def settings_of(folder: Path, head: str, **changes: Any) -> ModelSettings:
    return ModelSettings(
        name="kind", name_or_path=str(folder), head=head, input=InputSettings(**{"max_length": 32, **changes})
    )


@pytest.fixture
def encoder(tiny_encoder: Path, tmp_path: Path) -> Path:
    """A copy of the tiny encoder to harm."""
    return shutil.copytree(tiny_encoder, tmp_path / "encoder")


@pytest.fixture
def decoder(tmp_path: Path) -> Path:
    """A GPT-2 of one layer, whose tokenizer has neither a padding token nor a separator."""
    folder = tmp_path / "decoder"
    alphabet = {sign: number for number, sign in enumerate(sorted(pre_tokenizers.ByteLevel.alphabet()))}
    backend = Tokenizer(models.BPE({**alphabet, "<|endoftext|>": len(alphabet)}, []))
    backend.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    backend.decoder = decoders.ByteLevel()
    end = "<|endoftext|>"
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=backend, bos_token=end, eos_token=end, unk_token=end)
    tokenizer.save_pretrained(folder)
    torch.manual_seed(0)
    GPT2Model(GPT2Config(vocab_size=len(tokenizer), n_embd=16, n_layer=1, n_head=2, n_positions=256)).save_pretrained(
        folder
    )
    return folder


@pytest.mark.parametrize("head", HEADS)
def test_a_decoder_is_trained_and_read_back(decoder: Path, dataset: PreparedDataset, tmp_path: Path, head: str) -> None:
    training = TrainingSettings(epochs=1, precision="fp32")
    trained = finetune(dataset, settings_of(decoder, head, max_length=96), training, output=tmp_path / "run")
    probabilities = StanceClassifier.from_pretrained(trained.checkpoint).predict_proba(dataset.tests["test"])
    assert probabilities.shape == (len(dataset.tests["test"]), 3)


@pytest.mark.parametrize("head", HEADS)
def test_segments_are_not_glued_where_the_tokenizer_has_no_separator(decoder: Path, head: str) -> None:
    tokenizer = AutoTokenizer.from_pretrained(decoder)
    builder = make_builder(head, tokenizer, InputSettings(max_length=96))
    example = Example(id="", text=TEXT, source="Kenya", target="the pact")
    [encoded] = builder.encode([example])
    names = "the pact" if head == "pair" else "Kenya: the pact"
    ids = encoded.inputs["input_ids"]
    assert tokenizer.decode(ids) == f"{TEXT} | {names}"
    assert builder.count_tokens([example]) == [len(ids)]
    if head == "pair":
        start, end, _ = encoded.places[0][1]
        assert tokenizer.decode(ids[start:end]) == "the pact"


def test_a_tokenizer_with_a_separator_gets_no_sign_of_ours(tiny_encoder: Path) -> None:
    builder = make_builder("pair", AutoTokenizer.from_pretrained(tiny_encoder), InputSettings(max_length=32))
    assert builder.words(Example(id="", text=TEXT, source="Kenya", target="the pact")) == (TEXT, "the pact")


def test_a_slow_tokenizer_cuts_long_second_segments() -> None:
    builder = InputBuilder(CanineTokenizer(), InputSettings(max_length=32))
    [short, long, wide] = builder.at_most_half(["the pact", "abc" * 20, "\u00e4\u20ac" * 20])
    assert (short, long, wide) == ("the pact", ("abc" * 20)[:16], ("\u00e4\u20ac" * 20)[:16])


@pytest.mark.parametrize("labels", [["no", "yes"], ["a", "b", "c", "d", "e"], ["positive", "negative", "neutral"]])
@pytest.mark.parametrize("head", HEADS)
def test_a_head_of_other_labels_is_replaced_and_the_encoder_kept(
    encoder: Path, tiny_encoder: Path, head: str, labels: list[str]
) -> None:
    config = BertConfig.from_pretrained(tiny_encoder, id2label=dict(enumerate(labels)))
    other: Any = BertForSequenceClassification(config)
    other.save_pretrained(encoder)
    check_encoder(settings_of(encoder, head))
    model, _, _ = load_encoder(settings_of(encoder, head), None)
    loaded = model.encoder if head == "pair" else model.bert
    kept: list[Any] = [each.encoder.layer[0].output.dense.weight for each in (other.bert, loaded)]
    assert torch.equal(*kept)
    if head == "sequence":
        assert model.classifier.weight.shape[0] == 3
        assert not torch.equal(model.classifier.weight, other.classifier.weight[:3])


def test_a_head_for_the_stances_is_kept(encoder: Path, tiny_encoder: Path) -> None:
    labels = dict(enumerate(["against", "neutral", "favor"]))
    other = BertForSequenceClassification(BertConfig.from_pretrained(tiny_encoder, id2label=labels))
    other.save_pretrained(encoder)
    model, _, _ = load_encoder(settings_of(encoder, "sequence"), None)
    assert torch.equal(model.classifier.weight, other.classifier.weight)


def _config(folder: Path, **changes: Any) -> None:
    content = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**content, **changes}))


def _weights(folder: Path, keep: Callable[[str], bool], factor: float = 1.0) -> None:
    found = load_file(folder / "model.safetensors")
    kept = {name: weight * factor for name, weight in found.items() if keep(name)}
    save_file(kept, folder / "model.safetensors", metadata={"format": "pt"})


def _cut(folder: Path, name: str) -> None:
    (folder / name).write_bytes((folder / name).read_bytes()[:2000])


def _own_code(folder: Path) -> None:
    _config(folder, model_type="own", auto_map={"AutoConfig": "own.Config", "AutoModel": "own.Model"})
    (folder / "own.py").write_text("raise SystemExit('this code ran')\n")


def _many_tokens(folder: Path) -> None:
    tokenizer = AutoTokenizer.from_pretrained(folder)
    tokenizer.add_tokens([f"word{number}" for number in range(99)])
    tokenizer.save_pretrained(folder)


def _no_words(folder: Path) -> None:
    (folder / "tokenizer.json").unlink()
    (folder / "tokenizer_config.json").write_text('{"tokenizer_class": "BertTokenizer"}')


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (lambda folder: _cut(folder, "model.safetensors"), "does not load as a transformers model, a file is damaged"),
        (
            lambda folder: _cut(folder, "tokenizer.json"),
            r"tokenizer\.json: not readable as JSON .*; make the folder again",
        ),
        (lambda folder: _config(folder, model_type=None), r"config\.json: has no model_type"),
        (_own_code, "comes with code of its own"),
        (lambda folder: _config(folder, hidden_size=64), "weights have other sizes than config.json says"),
        (
            lambda folder: _weights(folder, lambda name: "word" in name),
            "that config.json asks for are not in its files",
        ),
        (lambda folder: _weights(folder, lambda _: True, float("nan")), "its weights give no numbers but NaN"),
        (_many_tokens, "they are not of one encoder"),
        (_no_words, "its tokenizer knows no words"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_line(
    encoder: Path, head: str, harm: Callable[[Path], None], told: str
) -> None:
    harm(encoder)
    with pytest.raises(CheckpointError, match=told) as caught:
        check_encoder(settings_of(encoder, head))
    assert "\n" not in str(caught.value)


def test_a_length_that_no_config_states_is_tried(encoder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stancelab.training.load_encoder.positions_of", lambda config: None)
    check_encoder(settings_of(encoder, "pair", max_length=64))
    with pytest.raises(ConfigError, match=r"max_length: found 65, but .* reads no text of so many tokens"):
        check_encoder(settings_of(encoder, "pair", max_length=65))


def test_a_tokenizer_that_cannot_pad_is_refused(decoder: Path) -> None:
    tokenizer = AutoTokenizer.from_pretrained(decoder)
    for name in ("bos_token", "eos_token", "unk_token"):
        setattr(tokenizer, name, None)
    with pytest.raises(ConfigError, match="has no padding token, and no other special token to pad with"):
        make_builder("pair", tokenizer, InputSettings())

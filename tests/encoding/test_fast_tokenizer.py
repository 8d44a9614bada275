"""The tokenizer without transformers gives what transformers' own gives."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from transformers import AutoTokenizer, CanineTokenizer

from stancelab.encoding import InputSettings, make_builder
from stancelab.encoding.fast_tokenizer import FastTokenizer, save
from stancelab.errors import CheckpointError
from stancelab.schema import Example, Span

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FAMILIES = ("Bert", "MPNet", "Roberta", "DebertaV2")
TEXTS = [
    "Norway welcomed the ceasefire, Iran did not.",
    "  Kenya   met [SEP] Iran </s> <mask> [T] treaty [/T] .",
    "Ça Zürich \u4e2d\u56fd \U0001f600 e\u0301 \u200b nai\u0308ve '' ``",
    "the treaty on sanctions " * 12,
    "x",
    "\u2581Norway\u2581and Iran\n\tnews",
]
EXAMPLES = [
    *(Example(id="", text=text, source="Norway", target="the ceasefire") for text in TEXTS),
    *(Example(id="", text=text, target="Iran") for text in TEXTS),
    Example(id="", text=TEXTS[0], source="Iran", target="Norway"),
    Example(id="", text=TEXTS[3], source="the ministry", target="sanctions", target_span=Span(250, 259)),
    Example(id="", text="Iran .", source="a b " * 40, target="the \u4e2d " * 30),
]
CALLS: list[dict[str, Any]] = [
    {"truncation": True, "max_length": 40},
    {"truncation": False, "verbose": False},
    {"truncation": True, "max_length": 40, "return_offsets_mapping": True, "split_special_tokens": True},
    {"add_special_tokens": False, "return_offsets_mapping": True, "split_special_tokens": False, "verbose": False},
]


@pytest.fixture(params=FAMILIES)
def both(request: pytest.FixtureRequest, family_tokenizer: Callable[[str], Any], tmp_path: Path) -> tuple[Any, Any]:
    """A tokenizer of transformers, loaded from its folder, and ours."""
    family_tokenizer(request.param).save_pretrained(tmp_path / "theirs")
    theirs = AutoTokenizer.from_pretrained(tmp_path / "theirs")
    (tmp_path / "ours").mkdir()
    save(tmp_path / "ours", theirs, theirs.model_input_names)
    return theirs, FastTokenizer.load(tmp_path / "ours")


@pytest.mark.parametrize("options", CALLS)
@pytest.mark.parametrize("pair", [False, True])
def test_a_call_gives_the_same(both: tuple[Any, Any], options: dict[str, Any], pair: bool) -> None:
    seconds = [text[:9] + " the pact" for text in TEXTS] if pair else None
    if pair and options.get("truncation"):
        options = {**options, "truncation": "only_first"}
    theirs, ours = (tokenizer(TEXTS, seconds, padding=False, **options) for tokenizer in both)
    assert {name: ours[name] for name in theirs} == dict(theirs)
    for number in range(len(TEXTS)):
        assert ours.sequence_ids(number) == theirs.sequence_ids(number)
    assert max(len(ids) for ids in ours["input_ids"]) > 9


@pytest.mark.parametrize("head", ["pair", "sequence"])
@pytest.mark.parametrize("keep", ["mentions", "start"])
def test_builders_give_the_same_inputs(both: tuple[Any, Any], head: str, keep: str) -> None:
    settings = InputSettings(max_length=32, keep=keep, mark=["target", "source"])
    theirs, ours = (make_builder(head, tokenizer, settings) for tokenizer in both)
    encoded = ours.encode(EXAMPLES)
    assert encoded == theirs.encode(EXAMPLES)
    assert ours.count_tokens(EXAMPLES) == theirs.count_tokens(EXAMPLES)
    assert ours.cut_of(EXAMPLES, encoded) == theirs.cut_of(EXAMPLES, encoded)
    assert ours.cut_of(EXAMPLES, encoded).texts > 0
    batch, same = ours.collate(encoded), theirs.collate(encoded)
    assert list(batch) == list(same)
    for name, values in batch.items():
        np.testing.assert_array_equal(values, same[name])


def test_padding_is_that_of_transformers(both: tuple[Any, Any]) -> None:
    theirs, ours = both
    for side in ("right", "left"):
        theirs.padding_side = ours.padding_side = side
        builder = make_builder("sequence", ours, InputSettings(max_length=32))
        texts = builder.encode(EXAMPLES[:3])
        expected = theirs.pad(
            {name: [text.inputs[name] for text in texts] for name in texts[0].inputs}, return_tensors="np"
        )
        for name, values in builder.collate(texts).items():
            np.testing.assert_array_equal(values, expected[name])


def test_its_size_and_special_tokens_are_the_same(both: tuple[Any, Any]) -> None:
    theirs, ours = both
    assert len(ours) == len(theirs)
    assert ours.get_vocab() == theirs.get_vocab()
    assert ours.all_special_tokens == theirs.all_special_tokens
    assert (ours.pad_token, ours.pad_token_id) == (theirs.pad_token, theirs.pad_token_id)


def test_a_slow_tokenizer_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        CheckpointError, match=r"its tokenizer \(CanineTokenizer\) runs in Python and needs transformers"
    ):
        save(tmp_path, CanineTokenizer(), ["input_ids"])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"padding_side": "top"}, "padding_side: found 'top', allowed are right and left"),
        ({"inputs": ["weights"]}, r"inputs: found \['weights'\], allowed are input_ids"),
        ({"pad_token": "nothing"}, "pad_token: 'nothing' is no token of tokenizer.json"),
        ({"pad_token": 3}, "pad_token: found 3, allowed is a token"),
        ({"pad_token_type_id": -1}, "pad_token_type_id: found -1, allowed are whole numbers from 0"),
        ({"special_tokens": "all"}, "special_tokens: allowed is a list of tokens"),
        ({"code": "x"}, "unexpected keyword argument 'code'"),
    ],
)
def test_what_its_description_may_not_say(
    family_tokenizer: Callable[[str], Any], tmp_path: Path, change: dict[str, Any], told: str
) -> None:
    save(tmp_path, family_tokenizer("Bert"), ["input_ids", "attention_mask"])
    content = json.loads((tmp_path / "input.json").read_text())
    (tmp_path / "input.json").write_text(json.dumps({**content, **change}))
    with pytest.raises(CheckpointError, match=told):
        FastTokenizer.load(tmp_path)


def test_padding_and_truncation_of_the_file_have_no_effect(
    family_tokenizer: Callable[[str], Any], tmp_path: Path
) -> None:
    save(tmp_path, family_tokenizer("Bert"), ["input_ids", "attention_mask"])
    usual = FastTokenizer.load(tmp_path)(TEXTS)["input_ids"]
    path = tmp_path / "tokenizer.json"
    pad = {"direction": "Right", "pad_to_multiple_of": None, "pad_id": 0, "pad_type_id": 0, "pad_token": "[PAD]"}
    padding = {"strategy": {"Fixed": 500}, **pad}
    truncation = {"direction": "Right", "max_length": 3, "strategy": "LongestFirst", "stride": 0}
    path.write_text(json.dumps({**json.loads(path.read_text()), "padding": padding, "truncation": truncation}))
    assert FastTokenizer.load(tmp_path)(TEXTS)["input_ids"] == usual


def test_a_text_that_it_cannot_read_is_told(family_tokenizer: Callable[[str], Any], tmp_path: Path) -> None:
    save(tmp_path, family_tokenizer("Bert"), ["input_ids", "attention_mask"])
    path = tmp_path / "tokenizer.json"
    content = json.loads(path.read_text())
    content["model"]["vocab"] = {"[PAD]": 0}
    path.write_text(json.dumps(content))
    tokenizer = FastTokenizer.load(tmp_path)
    with pytest.raises(CheckpointError, match=r"tokenizer\.json cannot read a text .*; export the checkpoint again"):
        tokenizer(["a" * 40 + "!"])


def test_a_pattern_that_may_take_very_long_is_refused_before_it_is_built(
    family_tokenizer: Callable[[str], Any], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    save(tmp_path, family_tokenizer("Bert"), ["input_ids", "attention_mask"])
    path = tmp_path / "tokenizer.json"
    split = {"type": "Split", "pattern": {"Regex": "(\\w+\\s?)+$"}, "behavior": "Isolated", "invert": False}
    path.write_text(json.dumps({**json.loads(path.read_text()), "pre_tokenizer": split}))
    with pytest.raises(CheckpointError, match=r"tokenizer\.json: the regular expression '.*' has an unbounded"):
        FastTokenizer.load(tmp_path)
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("content", [b"", b"{}", b"[1", b'{"model": {"type": "BPE"}}', b"\xff\xfe", b'"' * 999])
@pytest.mark.parametrize("name", ["tokenizer.json", "input.json"])
def test_damaged_files_are_refused(
    family_tokenizer: Callable[[str], Any], tmp_path: Path, name: str, content: bytes
) -> None:
    save(tmp_path, family_tokenizer("Bert"), ["input_ids", "attention_mask"])
    (tmp_path / name).write_bytes(content)
    with pytest.raises(CheckpointError, match=name):
        FastTokenizer.load(tmp_path)

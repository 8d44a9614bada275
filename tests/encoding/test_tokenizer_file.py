"""What is refused of a tokenizer.json before it is read as a tokenizer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from stancelab.encoding.tokenizer_file import check_tokenizer_file
from stancelab.errors import CheckpointError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def replace(pattern: str, content: str) -> dict[str, Any]:
    return {"type": "Replace", "pattern": {"String": pattern}, "content": content}


def check(tmp_path: Path, content: Any) -> None:
    (tmp_path / "tokenizer.json").write_text(json.dumps(content), encoding="utf-8")
    check_tokenizer_file(tmp_path / "tokenizer.json", "fetch it again")


@pytest.mark.parametrize("family", ["Bert", "MPNet", "Roberta", "DebertaV2"])
def test_those_of_encoders_are_taken(family_tokenizer: Callable[[str], Any], tmp_path: Path, family: str) -> None:
    family_tokenizer(family).save_pretrained(tmp_path)
    check_tokenizer_file(tmp_path / "tokenizer.json", "")


def test_replacements_that_known_encoders_make_are_taken(tmp_path: Path) -> None:
    parts = [
        replace("``", '"'),
        replace(" ", "\u2581"),
        replace("\n", " \u2581"),
        {"type": "Prepend", "prepend": "\u2581"},
    ]
    check(tmp_path, {"normalizer": {"type": "Sequence", "normalizers": parts}, "pre_tokenizer": None})


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (
            {"normalizer": replace("a", "x" * 65)},
            "may make a text 65 times as long or longer, allowed are 64 times; fetch",
        ),
        ({"normalizer": {"normalizers": [replace("a", "aa")] * 7}}, "may make a text 128 times as long"),
        ({"pre_tokenizer": {"pretokenizers": [{"type": "Metaspace", "replacement": "x" * 100}]}}, "100 times as long"),
        ({"normalizer": {"type": "Prepend", "prepend": "x" * 10**6}}, "1,000,000 times as long"),
        ([], "is no tokenizer, since it is no object"),
        ("x", "is no tokenizer, since it is no object"),
    ],
)
def test_those_that_make_texts_long_are_refused(tmp_path: Path, content: Any, told: str) -> None:
    with pytest.raises(CheckpointError, match=told):
        check(tmp_path, content)


def split(pattern: str) -> dict[str, Any]:
    return {"type": "Split", "pattern": {"Regex": pattern}, "behavior": "Isolated", "invert": False}


@pytest.mark.parametrize(
    "content",
    [
        {"pre_tokenizer": split("(a+)+$")},
        {"pre_tokenizer": {"type": "Sequence", "pretokenizers": [split("a"), {"pretokenizers": [split("(a+)+$")]}]}},
        {"normalizer": {"type": "Replace", "pattern": {"Regex": "(a+)+$"}, "content": ""}},
        {"decoder": {"type": "Sequence", "decoders": [{"type": "Replace", "pattern": {"Regex": "(a+)+$"}}]}},
        {"post_processor": {"pattern": {"Regex": "(a+)+$"}}},
    ],
)
def test_regular_expressions_that_may_take_very_long_are_refused(tmp_path: Path, content: Any) -> None:
    with pytest.raises(CheckpointError) as refused:
        check(tmp_path, content)
    assert str(refused.value) == (
        f"{tmp_path / 'tokenizer.json'}: the regular expression '(a+)+$' has an unbounded repetition within or behind "
        "another one, with more behind them that may fail; allowed are groups, classes, look-around and repetitions "
        "that take a time in proportion to the text, as published tokenizers have them; fetch it again"
    )


def test_the_parts_of_modernbert_are_taken(tmp_path: Path) -> None:
    byte_level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
    check(tmp_path, {"normalizer": {"type": "NFC"}, "pre_tokenizer": byte_level, "decoder": byte_level})


def test_words_are_no_regular_expressions(tmp_path: Path) -> None:
    check(tmp_path, {"model": {"vocab": {"Regex": 5}, "Regex": "(a+)+$"}, "pre_tokenizer": split(r"\s+$")})


def test_a_long_pattern_is_one_short_line(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="'a\\?a\\?") as refused:
        check(tmp_path, {"pre_tokenizer": split("a?" * 400 + "\n")})
    assert "can match the same text in too many ways; allowed are" in str(refused.value)
    assert len(str(refused.value)) - len(str(tmp_path)) < 400
    assert "\n" not in str(refused.value)


def test_what_is_no_json_is_refused(tmp_path: Path) -> None:
    (tmp_path / "tokenizer.json").write_text("[" * 100_000, encoding="utf-8")
    with pytest.raises(CheckpointError, match=r"tokenizer.json: not readable as JSON \(nested too deep\)"):
        check_tokenizer_file(tmp_path / "tokenizer.json", "")

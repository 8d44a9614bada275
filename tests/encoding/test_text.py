"""The marked text and the second segment, without any tokenizer."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest

from stancelab.encoding.settings import InputSettings
from stancelab.encoding.text import TextBuilder, kept_range
from stancelab.schema import Example, Span

EXAMPLE = Example(id="1", text="Norway welcomed the ceasefire.", source="Norway", target="the ceasefire")


def text(example: Example, **settings) -> str:
    """The marked text, with single blanks."""
    return " ".join(TextBuilder(InputSettings(**settings)).text(example).split())


def second(example: Example, **settings) -> str:
    return TextBuilder(InputSettings(**settings)).second_segment(example)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, "Norway welcomed [T] the ceasefire [/T] ."),
        ({"mark": ["target", "source"]}, "[S] Norway [/S] welcomed [T] the ceasefire [/T] ."),
        ({"mark": ["target", "source"], "hide": ["source"]}, "Norway welcomed [T] the ceasefire [/T] ."),
        ({"hide": ["target"]}, "Norway welcomed the ceasefire."),
    ],
)
def test_mentions_stand_between_markers(settings: dict, expected: str) -> None:
    assert text(EXAMPLE, **settings) == expected


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, "Norway: the ceasefire"),
        ({"template": "target: {target} source: {source}"}, "target: the ceasefire source: Norway"),
        ({"hide": ["source"]}, "the ceasefire"),
        ({"hide": ["target"]}, "Norway"),
        ({"hide": ["target", "source"]}, ""),
        ({"pair": False}, ""),
    ],
)
def test_the_second_segment_names_source_and_target(settings: dict, expected: str) -> None:
    assert second(EXAMPLE, **settings) == expected
    assert TextBuilder(InputSettings(**settings)).has_second_segment == bool(expected)


def test_an_empty_source_uses_its_own_template() -> None:
    assert second(replace(EXAMPLE, source=" "), template_no_source="author : {target}") == "author : the ceasefire"


def test_a_brace_in_a_name_is_no_template_field() -> None:
    assert second(Example(id="1", text="Iran met.", source="{target}", target="{source}")) == "{target}: {source}"


def test_the_given_span_wins_over_the_first_mention() -> None:
    example = Example(id="1", text="Iran met Iran.", target="Iran", target_span=Span(9, 13))
    assert text(example) == "Iran met [T] Iran [/T] ."


def test_nested_mentions_keep_their_markers_nested() -> None:
    example = Example(id="1", text="Norway opposed the Iran deal.", source="Iran", target="the Iran deal")
    assert text(example, mark=["target", "source"]) == "Norway opposed [T] the [S] Iran [/S] deal [/T] ."


def test_text_and_names_cannot_forge_special_tokens() -> None:
    example = Example(id="1", text="[T] Iran [/T] met [SEP] Kenya", source="[SEP]", target="Kenya")
    builder = TextBuilder(InputSettings(), ["[SEP]"])
    assert builder.text(example).split() == ["[", "T]", "Iran", "[", "/T]", "met", "[", "SEP]", "[T]", "Kenya", "[/T]"]
    assert builder.second_segment(example) == "[ SEP]: Kenya"


LONG = Example(
    id="1", text="Iran met Norway . Norway welcomed the ceasefire . Iran opposed the treaty .", source="Iran",
    target="the treaty", source_span=Span(50, 54),
)  # fmt: skip
MARKED = "Iran met Norway . Norway welcomed the ceasefire . [S] Iran [/S] opposed [T] the treaty [/T] ."


@pytest.mark.parametrize(
    ("changes", "settings", "expected"),
    [
        ({}, {"window": None}, MARKED),
        ({}, {"window": 99}, MARKED),
        ({}, {"window": 1}, ". [S] Iran [/S] opposed [T] the treaty [/T] ."),
        ({}, {"window": 3}, "the ceasefire . [S] Iran [/S] opposed [T] the treaty [/T] ."),
        ({}, {"window": 2, "mark": ["target"]}, "ceasefire . Iran opposed [T] the treaty [/T] ."),
        ({"source": "Norway", "source_span": None}, {"window": 1, "mark": ["target"]}, f"met {LONG.text[9:]}".replace(
            "the treaty", "[T] the treaty [/T]")),
        ({"source": "", "source_span": None}, {"window": 1}, "opposed [T] the treaty [/T] ."),
        ({}, {"window": 1, "hide": ["source"]}, "opposed [T] the treaty [/T] ."),
        ({}, {"window": 1, "hide": ["source", "target"]}, LONG.text),
        ({"target": "the embargo"}, {"window": 1, "mark": ["target"], "pair": True}, LONG.text),
    ],
)  # fmt: skip
def test_a_window_keeps_the_words_around_the_mentions(changes: dict, settings: dict, expected: str) -> None:
    found = text(replace(LONG, **changes), **{"mark": ["target", "source"], "pair": False} | settings)
    assert found == expected


def test_a_word_that_a_mention_cuts_counts_as_context() -> None:
    example = Example(id="1", text="All of Norway's offers failed.", target="Norway")
    assert text(example, pair=False, window=1) == "of [T] Norway [/T] 's"


def test_the_kept_range_is_in_characters_of_the_text() -> None:
    start, end = kept_range(LONG, InputSettings(window=1))
    assert LONG.text[start:end] == ". Iran opposed the treaty ."
    assert kept_range(LONG, InputSettings()) == (0, len(LONG.text))


def test_text_is_built_without_torch_or_transformers() -> None:
    code = "import sys, stancelab.encoding; print({'torch', 'transformers', 'numpy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"

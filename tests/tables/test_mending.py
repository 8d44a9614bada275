"""Cells are mended only as settings say, and spans move with the text or are refused."""

from __future__ import annotations

import pytest

from stancelab.schema import Example, Span
from stancelab.tables.mending import FTFY, Mending, mending_problems, repaired_text


def example(text: str, **fields) -> Example:
    return Example(**{"id": "1", "text": text, "target": "the pact", **fields})


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("peopleâ€™s cafÃ©", "people’s café"),
        ("Tom &amp; Jerry &lt;3 caf&eacute;", "Tom & Jerry <3 café"),
        ("<b>Tom</b> &amp; Jerry", "<b>Tom</b> & Jerry"),
        ("“curly” ﬁne ｆｕｌｌ e\u0301 \r\n", "“curly” ﬁne ｆｕｌｌ e\u0301 \r\n"),
        ("plain & simple", "plain & simple"),
    ],
)
def test_only_broken_characters_are_mended(text: str, mended: str) -> None:
    assert repaired_text(text) == mended


def test_words_for_nothing_are_compared_without_letter_case() -> None:
    mending = Mending(("nan", "None"))
    assert mending.is_missing(" NaN ")
    assert mending.is_missing("none")
    assert not mending.is_missing("nane")
    assert not Mending().is_missing("nan")


def test_spans_move_with_the_characters_before_them() -> None:
    row = example("Tom &amp; Jerry hailed the pact.", target_span=Span(23, 31), source_span=Span(0, 15), source="x")
    found = Mending(repair=FTFY).repaired(row)
    assert isinstance(found, Example)
    assert found.text == "Tom & Jerry hailed the pact."
    assert found.text[slice(*found.target_span or ())] == "the pact"
    assert found.text[slice(*found.source_span or ())] == "Tom & Jerry"


def test_a_span_that_cuts_a_broken_character_is_refused() -> None:
    row = example("Tom &amp; Jerry hailed the pact.", target_span=Span(6, 31))
    assert Mending(repair=FTFY).repaired(row) == (
        "target_span",
        "6:31",
        "lies where the repair of the text changes characters; give the offsets of the mended text",
    )
    assert Mending().repaired(row) is row


def test_settings() -> None:
    assert mending_problems(["nan"], None) == []
    assert mending_problems([" "], "fix") == [
        "missing_words: found ' ', which is empty already",
        "repair: found 'fix', allowed none, ftfy",
    ]

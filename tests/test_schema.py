from __future__ import annotations

import pytest

from stancelab.schema import (
    EXAMPLE_COLUMNS,
    STANCE_ID,
    STANCES,
    Example,
    Prediction,
    Span,
    columns_of,
    find_mention,
    is_blank,
    normal_text,
    problems_of,
)


def test_the_order_of_the_stances() -> None:
    assert STANCES == ("against", "neutral", "favor")
    assert STANCE_ID == {"against": 0, "neutral": 1, "favor": 2}


def test_score_and_confidence() -> None:
    prediction = Prediction(predicted="against", p_against=0.6, p_neutral=0.3, p_favor=0.1)
    assert prediction.score == pytest.approx(-0.5)
    assert prediction.confidence == 0.6


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ({"text": " \n"}, [("text", "the text is empty; every row needs a sentence")]),
        ({"target": ""}, [("target", "the target is empty; every row needs what the stance is about")]),
        ({"stance": "pro"}, [("stance", "not one of against, neutral, favor")]),
        ({"target_span": Span(2, 99)}, [("target_span", "is outside the text; the text has characters 0:4")]),
        ({"source_span": Span(3, 3)}, [("source_span", "ends before it begins; the text has characters 0:4")]),
        ({"target_span": Span(-1, 2)}, [("target_span", "is outside the text; the text has characters 0:4")]),
        ({"stance": None, "target_span": Span(0, 4)}, []),
    ],
)
def test_what_makes_a_row_valid(row: dict, found: list) -> None:
    example = Example(**{"id": "1", "text": "text", "target": "it", "stance": "favor", **row})
    assert [(field, reason) for field, _, reason in problems_of(example)] == found


@pytest.mark.parametrize("shown_as_nothing", ["\u200b", "\ufeff\u2060", " \u00ad\u200d\t", "\u3164", "\u2800\ufe0f"])
def test_characters_without_width_are_no_words(shown_as_nothing: str) -> None:
    example = Example(id="1", text=shown_as_nothing, target=shown_as_nothing, source=shown_as_nothing)
    assert [field for field, _, _ in problems_of(example)] == ["text", "target"]
    assert example.source == "", "the author"
    assert is_blank(shown_as_nothing)
    assert not is_blank(f"{shown_as_nothing}a{shown_as_nothing}")
    named = Example(id="1", text="a", target="a", source=f"a{shown_as_nothing}")
    assert named.source == f"a{shown_as_nothing}", "a name stays as it is written"


def test_equal_texts_differ_in_letter_case_and_blanks_alone() -> None:
    assert normal_text("  The\tEU \n met") == normal_text("the eu MET") == "the eu met"
    # Splits of a corpus follow from this form of its texts, so that it must not change.
    assert normal_text("Die STRASSE") != normal_text("Die Straße") == "die straße"


@pytest.mark.parametrize(
    ("text", "words", "span"),
    [
        ("The EU met.", "the eu", (0, 6)),
        ("Iranian and Iran", "Iran", (12, 16)),
        ("the  ceasefire", "the ceasefire", (0, 14)),
        ("U.S. troops", "U.S.", (0, 4)),
        ("A ban, not a band or bans.", "BAND", (13, 17)),
        ("The banner", "ban", None),
        ("So (he said) it is.", "(he said)", (3, 12)),
        ("nothing", "treaty", None),
        ("nothing", " ", None),
    ],
)
def test_find_mention_takes_whole_words_in_any_case(text: str, words: str, span: tuple[int, int] | None) -> None:
    assert find_mention(text, words) == span


def test_columns_of_examples_are_those_that_make_them_again() -> None:
    rows = [
        Example(id="1", text="The EU met.", target="EU", stance="neutral", target_span=Span(4, 6), document="d"),
        Example(id="2", text="The EU met.", target="met", source="EU", source_span=Span(4, 6), split="test"),
    ]
    columns = columns_of(rows)
    assert tuple(columns) == EXAMPLE_COLUMNS
    assert (columns["target_start"], columns["source_end"]) == ([4, None], [None, 6])
    cells = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    assert [Example.from_cells(row) for row in cells] == rows


def test_control_characters_are_problems_of_each_field_but_tabs_and_breaks() -> None:
    for code in (*range(32), 127, 0x85, 0x9F, 0x200B):
        cell = f"a{chr(code)}b"
        found = problems_of(Example(id="1", text=cell, target=cell, source=cell))
        if code in (9, 10, 11, 12, 13) or code > 127:
            assert found == []
        else:
            assert [name for name, _, _ in found] == ["text", "target", "source"]
            assert all(f"U+{code:04X} at 1;" in reason for _, _, reason in found)
    assert [reason for _, _, reason in problems_of(Example(id="1", text="\0", target="b"))] == [
        "the text is empty; every row needs a sentence"
    ]

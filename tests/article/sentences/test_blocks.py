"""Paragraphs, items and headlines of plain text, and those that a file tells."""

from __future__ import annotations

import pytest

from stancelab.article.sentences import blocks as blocks_module
from stancelab.article.sentences.blocks import blocks_of
from stancelab.article.types import Document
from stancelab.schema import Span


def blocks(text, kinds=()):
    document = Document(id="d", text=text, kinds=kinds)
    return [(each.kind, text[each.span.start : each.span.end]) for each in blocks_of(document)]


def test_empty_lines_end_paragraphs_whatever_the_line_ends():
    for text in ("One.\n\nTwo.\n \nThree.", "One.\r\n\r\nTwo.\r\n \r\nThree.", "One.\n\n\n\nTwo.\n\n\tThree."):
        assert [part for _, part in blocks(text)] == ["One.", "Two.", "Three."]


def test_wrapped_lines_are_one_paragraph():
    text = "The ministry of Norland rejected a call\nby the government of Vestia to open its\nports on Monday.\n"
    assert blocks(text) == [("sentence", text.strip())]


def test_each_long_line_is_a_paragraph():
    line = "The ministry rejected the call. " * 6
    assert blocks(f"Ministers fail\n{line}\n{line}") == [
        ("headline", "Ministers fail"), ("sentence", line.strip()), ("sentence", line.strip()),
    ]  # fmt: skip


def test_a_short_line_before_a_capital_is_a_headline_without_an_empty_line_too():
    text = "Ministers fail\nThe ministers of nine states failed on Monday to agree on the text.\nThey met again."
    assert blocks(text)[0] == ("headline", "Ministers fail")


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("It asks for:\n- an end\n- a start\n  that goes on", ["sentence", "item", "item"]),
        ("It asks for:\n• an end\n• a start", ["sentence", "item", "item"]),
        ("1. An end.\n2. A start.", ["item", "item"]),
        ("(a) An end.\n(b) A start.", ["item", "item"]),
        ("It came on Jan.\n1. Its governor spoke of the sanctions.", ["sentence"]),
        ("The talks failed\n- as ever - on the last day.", ["sentence"]),
        ("- Alone.", ["item"]),
    ],
)
def test_items(text, kinds):
    assert [kind for kind, _ in blocks(text)] == kinds


def test_a_text_without_a_full_stop_is_no_headline_of_nothing():
    assert blocks("Norland rejects the plan") == [("sentence", "Norland rejects the plan")]


def test_what_the_file_tells_counts_and_overlaps_are_cut():
    text = "Head line\n\nSome text\n\ncell"
    kinds = ((Span(21, 99), "cell"), (Span(0, 9), "headline"), (Span(5, 12), "item"))
    assert blocks(text, kinds) == [("headline", "Head line"), ("item", "S"), ("sentence", "ome text"), ("cell", "cell")]


def test_the_longest_line_of_a_paragraph_is_looked_for_once(monkeypatch):
    """Else the time goes with the square of the lines: a text of 100,000 short lines would take minutes."""
    calls = []

    def counted(*given, **words):
        calls.append(given)
        return max(*given, **words)

    monkeypatch.setattr(blocks_module, "max", counted, raising=False)
    blocks("a\n" * 200)
    assert len(calls) < 20

"""Sentences of documents: their places, and how many boundaries of the hand-made set are right."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stancelab.article.sentences import sentences_of
from stancelab.article.types import Document
from stancelab.schema import Span

SCRIPT = Path(__file__).resolve().parents[3] / "scripts" / "bench_sentences.py"
PIECES = st.sampled_from(
    [*"ab Z.!?…:;,-*•()[]\"'“”‘’«»0123\n\r\t\x0b\x0c\x1c\x85\u00a0\u2028\u3000é中", "\n\n", "\r\n", "U.S. ", "Mr. ",
     "p.m. ", "- ", "1. ", "(a) ", "he said. ", "Norland ", "no. ", "...", "\U0001f600", "\ud800"]
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=80).map("".join)
KINDS = st.lists(
    st.tuples(
        st.builds(lambda a, b: Span(min(a, b), max(a, b)), st.integers(0, 60), st.integers(0, 60)),
        st.sampled_from(["headline", "item", "cell", "sentence"]),
    ),
    max_size=4,
)


@settings(max_examples=400, deadline=None)
@given(text=TEXTS, kinds=KINDS)
def test_sentences_are_in_order_and_hold_every_character_that_is_no_blank(text, kinds):
    found = sentences_of(Document(id="d", text=text, kinds=tuple(kinds)))
    place = 0
    for number, sentence in enumerate(found):
        start, end = sentence.span
        assert sentence.number == number
        assert not text[place:start].strip()
        assert sentence.text == text[start:end] == text[start:end].strip() != ""
        place = end
    assert not text[place:].strip()
    paragraphs = [sentence.paragraph for sentence in found]
    assert paragraphs == sorted(paragraphs)


def test_numbers_paragraphs_and_kinds():
    text = "Ministers fail! Again\n\nThey met. They left.\n\n- An end. At once.\n- A start"
    found = sentences_of(Document(id="d", text=text))
    assert [(each.paragraph, each.kind, each.text) for each in found] == [
        (0, "headline", "Ministers fail! Again"),
        (1, "sentence", "They met."),
        (1, "sentence", "They left."),
        (2, "item", "- An end."),
        (2, "item", "At once."),
        (3, "item", "- A start"),
    ]


@pytest.mark.parametrize(("part", "least", "number"), [("choose", 0.99, 120), ("score", 0.98, 153)])
def test_boundaries_of_the_set_made_by_hand(part, least, number):
    spec = importlib.util.spec_from_file_location("bench_sentences", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    bench = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = bench
    spec.loader.exec_module(bench)
    right = found = there = 0
    for passage in bench.read_gold():
        if passage.part == part:
            ends = bench.ends_of(passage.text, bench.ours(passage.text)) - passage.between
            right, found, there = right + len(ends & passage.ends), found + len(ends), there + len(passage.ends)
    assert there == number
    assert 2 * right / (found + there) >= least

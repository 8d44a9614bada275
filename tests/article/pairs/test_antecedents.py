"""What pronouns and general nouns stand for, datelines, and headings of digests."""

from __future__ import annotations

import pytest

from stancelab.article.codebook import Codebook, Entry, Matcher
from stancelab.article.documents import text_document
from stancelab.article.pairs import PairSettings, pairs_of
from stancelab.article.pairs.described import Description
from stancelab.article.pairs.nouns import Noun
from stancelab.article.pairs.seen import Seen
from stancelab.article.sentences import sentences_of

pytest.importorskip("ahocorasick", reason="the extra read is not installed")

ENTRIES = {
    "Norway": Entry(name="Norway", aliases=("Oslo", "Norwegian")),
    "Chad": Entry(name="Chad"),
    "Green Party": Entry(name="Green Party"),
    "Harbor Union": Entry(name="Harbor Union"),
    "Ada Rook": Entry(name="Ada Rook", aliases=("Rook",)),
    "port fee": Entry(name="port fee", aliases=("fee",), source=False),
    "ship registry": Entry(name="ship registry", aliases=("registry",), source=False),
}


def asked(text):
    """Return (source, its words, target, its words) of the pairs that are asked, in order."""
    document = text_document(text)
    mentions = Matcher(Codebook(ENTRIES)).mentions(document.text)
    pairs = pairs_of(document, sentences_of(document), mentions, PairSettings(language="english"), {}, ENTRIES)

    def words(span):
        return "" if span is None else document.text[span.start : span.end]

    return [(pair.source, words(pair.source_span), pair.target, words(pair.target_span)) for pair in pairs]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The port fee will start in May. Chad has not given up on it.", ("Chad", "Chad", "port fee", "it")),
        (
            "The port fee will start in May. Norwegian Minister Eva Lund said it would hurt.",
            ("Norway", "Norwegian Minister", "port fee", "it"),
        ),
        ("The port fee will start in May. Chad, which wrote the plan, left.", ("Chad", "Chad", "port fee", "the plan")),
        (
            "Chad spoke of the port fee. “It was the one idea that worked,” Norway said.",
            ("Norway", "Norway", "port fee", "It"),
        ),
    ],
)
def test_what_was_spoken_of_last_is_asked(text, found):
    assert found in asked(text)


@pytest.mark.parametrize(
    "text",
    [
        "The port fee will start in May. Chad said it would leave.",
        "The port fee and the ship registry will start in May. Chad praised the decision.",
        "The port fee will start in May. Chad praised the decision to leave.",
        "The port fee will start in May. It was clear that Chad won.",
        "The port fee will start in May. Chad made it clear that others won.",
        "The port fee will start in May. A bank has a plan. Chad praised the plan.",
    ],
)
def test_nothing_is_asked_where_it_is_not_clear(text):
    assert [pair for pair in asked(text) if pair[2] == "port fee"] == []


def test_a_paragraph_that_opens_anew_asks_what_the_headline_is_about():
    text = "Port fee fails at talks\n\nChad spoke of the ship registry.\n\nNorway praised the agreement."
    assert asked(text)[1:] == [("Norway", "Norway", "port fee", "the agreement")]


def test_an_office_is_that_of_the_dateline_where_nobody_else_has_it():
    text = "OSLO, March 3 (Agency) — The Prime Minister, Eva Lund, met reporters. She praised the port fee."
    assert asked(text) == [("Norway", "She", "port fee", "port fee")]
    other = "OSLO, March 3 (Agency) — A baker met reporters. She praised the port fee."
    assert asked(other) == []


def test_the_premier_of_the_dateline_stays_the_premier():
    text = (
        "Oslo, 3 March — The Prime Minister, Eva Lund, met the President of Chad, Idris Saleh.\n\n"
        "The President spoke of soy. The Prime Minister praised the port fee."
    )
    assert asked(text)[-1] == ("Norway", "The Prime Minister", "port fee", "port fee")


def test_a_body_before_a_colon_heads_its_paragraph_and_gives_no_interview():
    text = (
        "Green Party (governing): The hall was full. Its leader, Tom Berg, praised the port fee. "
        "The party voted for the ship registry.\n\n"
        "Harbor Union: The hall was full. Its leader, Ann Dahl, attacked the port fee."
    )
    assert [(source, target) for source, _, target, _ in asked(text)] == [
        ("Green Party", "port fee"), ("Green Party", "ship registry"), ("Harbor Union", "port fee"),
    ]  # fmt: skip


def test_who_spoke_to_us_gives_the_interview():
    text = (
        "OSLO — Ada Rook, who led the Norwegian team, resigned in May and spoke to us at her house.\n\n"
        "Q: And the port fee?\n\nA: I think the port fee is a mistake.\n\nQ: Why?\n\nA: It hurts."
    )
    assert ("Ada Rook", "I", "port fee", "port fee") in asked(text)
    assert [pair for pair in asked(text.replace("spoke to us", "slept")) if pair[2] == "port fee"] == []


def test_an_entry_may_be_described_before_it_is_named():
    seen = Seen(3, ENTRIES)
    seen.describe("Harbor Union", Noun("charity", plural=False))
    seen.name("Harbor Union", "Harbor Union", 0, source=True)

    def stands_for(noun, *modifiers):
        return seen.described(Description(0, 2, Noun(noun, plural=False), modifiers, True, False), 1, frozenset())

    assert stands_for("charity", "harbor") == stands_for("union") == "Harbor Union"
    assert stands_for("charity", "big") == ""

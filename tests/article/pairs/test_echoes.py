"""Clauses that say of somebody what was said of another one: "so did France"."""

from __future__ import annotations

import pytest

from stancelab.article.codebook import Codebook, Entry, Matcher
from stancelab.article.documents import text_document
from stancelab.article.pairs import PairSettings, pairs_of
from stancelab.article.sentences import sentences_of

pytest.importorskip("ahocorasick", reason="the extra read is not installed")

ENTRIES = {name: Entry(name=name, group="states") for name in ("Canada", "France", "Kenya", "Togo")} | {
    name: Entry(name=name, source=False, group="topics") for name in ("fishing ban", "port fee")
}


def asked(text, target="fishing ban"):
    """Return (sentence, source, its words, words of the target) of the pairs with a target, by source."""
    document = text_document(text)
    mentions = Matcher(Codebook(ENTRIES)).mentions(document.text)
    groups = {name: entry.group for name, entry in ENTRIES.items()}
    settings = PairSettings(language="english")
    found = pairs_of(document, sentences_of(document), mentions, settings, groups, ENTRIES)
    assert [one.sentence for one in found] == sorted(one.sentence for one in found)
    return {
        one.source: (one.sentence, document.text[slice(*one.source_span)], document.text[slice(*one.target_span)])
        for one in found
        if one.target == target and one.source_span is not None
    }


@pytest.mark.parametrize(
    "text",
    [
        "Canada opposed the fishing ban, and so did France, which has two ships.",
        "Canada opposed the fishing ban. So did France.",
        "Canada has opposed the fishing ban, as has France.",
        "Canada is against the fishing ban, and so is France.",
        "Canada did not sign the fishing ban, and neither did France.",
        "Canada did not sign the fishing ban. Nor did France.",
        "Canada opposed the fishing ban, and France followed.",
        "Canada opposed the fishing ban, and France did the same.",
        "Canada opposed the fishing ban. So did Kenya. So did France.",
    ],
)
def test_who_does_the_same_is_asked_by_the_words_of_the_one_before(text):
    assert asked(text)["France"] == (0, "Canada", "fishing ban")
    assert asked(text)["Canada"] == (0, "Canada", "fishing ban")


def test_several_may_do_the_same():
    found = asked("Canada opposed the fishing ban, as did France, Kenya and Togo.")
    assert {source: words for source, (_, words, _) in found.items()} == dict.fromkeys(
        ("Canada", "France", "Kenya", "Togo"), "Canada"
    )


@pytest.mark.parametrize(
    "text",
    [
        "Canada opposed the fishing ban, and France did not.",
        "Canada opposed the fishing ban, and France welcomed it.",
        "Canada opposed the fishing ban, as France had feared.",
        "Canada opposed the port fee, and so did Kenya, but France wants the fishing ban.",
        # Two act before it, so that it is not clear who is meant.
        "Canada opposed the port fee, Kenya praised the fishing ban, and so did France.",
    ],
)
def test_who_does_something_else_is_asked_by_its_own_words(text):
    assert asked(text).get("France", (0, "France"))[1] == "France"


@pytest.mark.parametrize(
    "text",
    [
        "Canada opposed the fishing ban.\n\nSo did France.",
        "Canada opposed the fishing ban. Rain fell. So did France.",
        "Canada opposed the fishing ban. So did the price of France.",
        "Canada opposed the fishing ban. So far France has paid.",
    ],
)
def test_nothing_is_shared_over_a_paragraph_or_another_sentence(text):
    assert "France" not in asked(text)


def test_what_is_named_behind_the_clause_is_asked_of_its_own_subject():
    text = "Canada opposed the fishing ban, and so did France, which praised the port fee."
    assert asked(text, "port fee")["France"] == (0, "France", "port fee")

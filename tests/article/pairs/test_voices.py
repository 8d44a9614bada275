"""Several voices of one source in a sentence are asked one by one; one voice in other words is asked once."""

from __future__ import annotations

import pytest

from stancelab.article.codebook import Codebook, Entry, Matcher
from stancelab.article.documents import text_document
from stancelab.article.pairs import PairSettings, pairs_of
from stancelab.article.sentences import sentences_of

pytest.importorskip("ahocorasick", reason="the extra read is not installed")

ENTRIES = {
    "Norway": Entry(name="Norway", demonyms=("Norwegian",), group="states"),
    "Canada": Entry(name="Canada", demonyms=("Canadian",), group="states"),
    "port fee": Entry(name="port fee", source=False, group="topics"),
    "sea treaty": Entry(name="sea treaty", source=False, group="topics"),
}


def asked(text, source, target="port fee"):
    """Return the words for a source and for a target of each pair that is asked of them, in order."""
    document = text_document(text)
    mentions = Matcher(Codebook(ENTRIES)).mentions(document.text)
    groups = {name: entry.group for name, entry in ENTRIES.items()}
    settings = PairSettings(language="english")
    found = pairs_of(document, sentences_of(document), mentions, settings, groups, ENTRIES)
    return [
        (text[slice(*one.source_span)], one.target_span.start)
        for one in found
        if (one.source, one.target) == (source, target) and one.source_span is not None
    ]


@pytest.mark.parametrize(
    ("text", "voices"),
    [
        (
            "Norway's president praised the port fee while its parliament condemned the port fee.",
            [("Norway's president", 0), ("its parliament", 1)],
        ),
        (
            "Norway's president praised the port fee while its parliament condemned it.",
            [("Norway's president", 0), ("its parliament", 0)],
        ),
        (
            "Canada rejected it. Norway's president praised the port fee while its parliament condemned it.",
            [("Norway's president", 0), ("its parliament", 0)],
        ),
        (
            "Norway paid. Its labor minister welcomed the port fee, its interior minister called it a mistake.",
            [("Its labor minister", 0), ("its interior minister", 0)],
        ),
        (
            "Norwegian Foreign Minister Kari Lund praised the port fee, but Defence Minister Orri Falk rejected it.",
            [("Kari Lund", 0), ("Orri Falk", 0)],
        ),
    ],
)
def test_each_voice_is_asked_by_its_words(text, voices):
    places = [place for place in range(len(text)) if text.startswith("port fee", place)]
    assert asked(text, "Norway") == [(words, places[number]) for words, number in voices]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        # The second voice says nothing of the target.
        ("Norway's president praised the port fee while its parliament debated taxes.", "Norway's president"),
        # Who speaks for another voice is none of its own.
        ("Norway's government praised the port fee, and its spokesman said it was fair.", "Norway's government"),
        # "The minister" may be the foreign minister, and a person be the president.
        (
            "Norway's foreign minister praised the port fee, and its minister said it was fair.",
            "Norway's foreign minister",
        ),
        ("Norway praised the port fee, and its parliament said it was fair.", "Norway"),
    ],
)
def test_one_voice_is_asked_once(text, words):
    assert [found for found, _ in asked(text, "Norway")] == [words]


def test_its_parliament_is_not_that_of_a_state_that_another_one_stands_before():
    text = "Norway's president told Canada that its parliament had condemned the port fee."
    assert "its parliament" not in [words for words, _ in asked(text, "Norway")]


def test_an_echo_shares_each_voice():
    text = "Norway's president praised the port fee while its parliament condemned the port fee, and so did Canada."
    shared = asked(text, "Canada")
    assert [words for words, _ in shared] == ["Norway's president", "its parliament"]
    assert shared == asked(text, "Norway")

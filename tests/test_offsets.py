from __future__ import annotations

import pytest

from stancelab.offsets import ALL, CHARACTERS, OffsetVotes, Reading, parse_reading, problems_of_offsets, says
from stancelab.schema import Span

TEXTS = [
    f"{sign} {name} praised the satellite pact before the {season} session."
    for sign, name, season in (("😡🔥", "Fenmark", "winter"), ("🇺🇦", "Lumeria", "café"), ("é", "Ulsted", "summer"))
]
TARGET = "the satellite pact"


def counted(text: str, span: Span, reading: Reading) -> tuple[int, int]:
    """Return a span's offsets as a tool of that reading writes them."""
    sizes = {"characters": len, "utf16": lambda t: len(t.encode("utf-16-le")) // 2, "bytes": lambda t: len(t.encode())}
    start, end = (sizes[reading.unit](text[:edge]) for edge in span)
    return start + reading.one_based, end + reading.one_based - reading.inclusive


@pytest.mark.parametrize("true", ALL, ids=lambda reading: reading.name)
@pytest.mark.parametrize("setting", ALL, ids=lambda reading: reading.name)
def test_every_way_to_count_is_told_from_every_other(true: Reading, setting: Reading) -> None:
    votes = OffsetVotes()
    for text in TEXTS:
        span = Span(text.index(TARGET), text.index(TARGET) + len(TARGET))
        start, end = counted(text, span, true)
        assert true.span(text, start, end) == span
        votes.add(text, [TARGET], start, end, setting)
    assert votes.better() == (None if true == setting else true.name)
    assert parse_reading(true.name) == true
    assert problems_of_offsets(true.name) == []


def test_marked_pronouns_and_single_mistakes_are_allowed() -> None:
    votes, text = OffsetVotes(), "Biden said he would veto it"
    for _ in range(50):
        votes.add(text, ["Biden"], 11, 13, Reading())
    for _ in range(20):
        votes.add(text, ["Biden"], 0, 5, Reading())
    votes.add(text, ["Biden"], 0, 4, Reading())
    assert votes.better() is None
    assert (votes.marked, votes.named, votes.fitting, votes.other) == (71, 71, 20, 51)


def test_pronouns_do_not_hide_another_way_to_count() -> None:
    votes, text = OffsetVotes(), "Biden said he would veto it"
    for _ in range(5):
        votes.add(text, ["Biden"], 11, 12, Reading())
        votes.add(text, ["Biden"], 0, 4, Reading())
    assert votes.better() == "inclusive"
    message = votes.refusal("mine.csv", "data.offsets", CHARACTERS)
    assert message is not None
    assert message.startswith("mine.csv: ")
    assert "'Bide' for 'Biden'" in message
    assert "set data.offsets=inclusive" in message


def test_texts_without_the_name_have_no_vote() -> None:
    votes = OffsetVotes()
    votes.add("They met in Rome", ["the pact"], 0, 3, Reading())
    assert (votes.marked, votes.named, votes.better()) == (1, 0, None)


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("the EU", "EU"),
        ("EU", "the EU"),
        ("Tariffs", "tariff"),
        ("#JoeBiden", "Joe Biden"),
        ("JoeBiden", "Joe Biden"),
        ("“EU”", "EU"),
        ("people’s pact", "the people's pact"),
    ],
)
def test_spans_that_say_the_name(words: str, name: str) -> None:
    assert says(f"so {words} it is", Span(3, 3 + len(words)), [name])


@pytest.mark.parametrize("span", [Span(3, 9), Span(2, 10), Span(3, 11), Span(4, 10), None])
def test_spans_that_cut_words_or_hold_blanks_do_not(span: Span | None) -> None:
    assert not says("so tariffs it is", span, ["tariffs"])


@pytest.mark.parametrize(("unit", "encoding"), [("utf16", "utf-16-le"), ("bytes", "utf-8")])
def test_offsets_are_those_of_the_encoding(unit: str, encoding: str) -> None:
    text = "a\x7f\x80é\u07ff\u0800\ud800€\uffff\U00010000😀z"
    width = 2 if unit == "utf16" else 1
    places = [len(text[:place].encode(encoding, "surrogatepass")) // width for place in range(len(text) + 1)]
    for start in range(len(text)):
        for end in range(start + 1, len(text) + 1):
            assert Reading(unit).span(text, places[start], places[end]) == (start, end)
    # Inside the emoji.
    assert Reading(unit).span(text, places[-3] + 1, places[-1]) is None


@pytest.mark.parametrize("setting", ["utf8", "utf16+bytes", "inclusive+inclusive", ""])
def test_what_is_no_way_to_count_is_named(setting: str) -> None:
    (line,) = problems_of_offsets(setting)
    assert repr(setting) in line
    assert "utf16+inclusive" in line

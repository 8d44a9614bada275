from __future__ import annotations

from dataclasses import replace

import pytest

from stancelab.article.pairs import PairSettings, example_of, pairs_of
from stancelab.article.types import Document, Mention, Pair, Sentence
from stancelab.errors import ConfigError
from stancelab.schema import Span, problems_of


def asked(passage, **changes):
    """Return (sentence, source, its words, target, its words) of the pairs."""
    return [
        (pair.sentence, pair.source, passage.words(pair.source_span), pair.target, passage.words(pair.target_span))
        for pair in pairs_of(passage.document, passage.sentences, passage.mentions, PairSettings(**changes))
    ]


def test_every_source_is_asked_about_every_other_entry(codebook):
    passage = codebook.passage("Norway told China that NATO would wait.\nRain fell.")
    assert asked(passage) == [
        (0, "Norway", "Norway", "China", "China"),
        (0, "Norway", "Norway", "NATO", "NATO"),
        (0, "China", "China", "Norway", "Norway"),
        (0, "China", "China", "NATO", "NATO"),
        (0, "NATO", "NATO", "Norway", "Norway"),
        (0, "NATO", "NATO", "China", "China"),
    ]


def test_roles(codebook):
    passage = codebook.passage("Norway told China that NATO would wait.")
    roles = {"Norway": (True, False), "China": (False, True), "NATO": (False, False)}
    mentions = [replace(one, source=roles[one.entry][0], target=roles[one.entry][1]) for one in passage.mentions]
    assert asked(replace(passage, mentions=mentions)) == [(0, "Norway", "Norway", "China", "China")]


def test_roles_hold_for_persons_too(codebook):
    passage = codebook.passage("Norwegian minister Kari Lund spoke.\nLund warned China.")
    assert asked(passage)[1:] == [(1, "China", "China", "Norway", "Lund")]
    mentions = [replace(one, target=one.entry != "Norway") for one in passage.mentions]
    assert asked(replace(passage, mentions=mentions)) == [(1, "Norway", "Lund", "China", "China")]


def test_a_state_and_its_own_body_are_two_entries(codebook):
    passage = codebook.passage("Russia rebuked the State Duma.")
    assert [(row[1], row[3]) for row in asked(passage)] == [("Russia", "State Duma"), ("State Duma", "Russia")]


@pytest.mark.parametrize(
    ("text", "source", "words"),
    [
        # The codebook's words as the subject of a clause, though a person or pronoun reports.
        ("She said Norway would never trust China.", "Norway", "Norway"),
        ("Lund said Norway would never trust China.", "Norway", "Norway"),
        # Who reports, where the codebook's words stand elsewhere.
        ("She accused China of shelling Norway.", "Norway", "She"),
        ("Lund accused China of shelling Norway.", "Norway", "Lund"),
        ("Norway said the raids on Norwegian ships by China were illegal.", "Norway", "Norway"),
        # An office with its adjective.
        ("The Norwegian minister warned China.", "Norway", "Norwegian minister"),
        # Quotations: "we", else the person who speaks, else nothing.
        ("“We warn China,” she said.", "Norway", "she"),
        ("“We warn China.”", "Norway", "We"),
        ("“China must stop.”", "Norway", ""),
    ],
)
def test_the_words_of_a_source(codebook, text, source, words):
    passage = codebook.passage("Norwegian minister Kari Lund spoke.\n" + text)
    found = [row[2] for row in asked(passage) if row[0] == 1 and row[1] == source and row[3] == "China"]
    assert found == [words]


def test_one_pair_for_two_entries_by_the_nearest_mentions(codebook):
    passage = codebook.passage("China heard Norway warn that Beijing was near.")
    pairs = pairs_of(passage.document, passage.sentences, passage.mentions)
    own = [pair for pair in pairs if pair.source == "Norway"]
    assert [passage.words(pair.target_span) for pair in own] == ["China"]


def test_words_of_the_source_are_no_target(codebook):
    passage = codebook.passage("Norway's minister left.")
    overlapping = [*passage.mentions, Mention(entry="Ministers", span=Span(0, 17))]
    assert pairs_of(passage.document, passage.sentences, overlapping) == []


def test_the_author_is_asked_outside_of_reported_speech(codebook):
    passage = codebook.passage("China is a bully.\nNorway said China was a bully.\n“China must stop,” he said.")
    assert asked(passage) == [
        (1, "Norway", "Norway", "China", "China"),
        (1, "China", "China", "Norway", "Norway"),
        (2, "Norway", "he", "China", "China"),
    ]
    author = [row for row in asked(passage, author=True) if not row[1]]
    assert author == [(0, "", "", "China", "China")]


def test_settings_that_cannot_be_used():
    document = Document(id="d", text="")
    settings = PairSettings(memory=-1, language="latin", author="yes")  # type: ignore[arg-type]
    with pytest.raises(ConfigError) as error:
        pairs_of(document, [], [], settings)
    assert "memory: found -1, expected a whole number from 0 to 100" in str(error.value)
    assert "language: found 'latin', expected one of auto, english, other" in str(error.value)
    assert "author: found 'yes', expected true or false" in str(error.value)


def test_examples_hold_the_words_of_the_sentence(codebook):
    passage = codebook.passage("Norway agreed.\nIt warned China.")
    pair = next(one for one in pairs_of(passage.document, passage.sentences, passage.mentions) if one.sentence == 1)
    example = example_of(passage.document, passage.sentences[1], pair)
    assert (example.text, example.source, example.target) == ("It warned China.", "It", "China")
    assert (example.source_span, example.target_span) == (Span(0, 2), Span(10, 15))
    assert (example.id, example.document) == ("passage#1#Norway#China", "passage")
    assert not problems_of(example)


def test_line_breaks_become_spaces_and_offsets_stay():
    text = "He left. The\r\nUnited\nStates\twarned\u2028South\nKorea."
    sentence = Sentence(number=1, paragraph=0, span=Span(9, len(text)), text=text[9:])
    states, korea = Span(14, 27), Span(35, 46)
    assert text[states.start : states.end] == "United\nStates"
    pair = Pair(
        sentence=1,
        source="United States",
        target="South Korea",
        source_span=states,
        target_span=korea,
        how="named",
    )
    example = example_of(Document(id="d", text=text), sentence, pair)
    assert example.text == "The  United States warned South Korea."
    assert example.target == "South Korea"
    assert example.source == "United States"
    assert example.target_span == Span(26, 37)
    assert example.text[26:37] == "South Korea"


def test_a_quotation_without_a_word_for_its_speaker_is_asked_of_its_author(codebook):
    passage = codebook.passage("Norway was angry.\n“China must stop.”")
    pair = next(one for one in pairs_of(passage.document, passage.sentences, passage.mentions) if one.sentence == 1)
    assert (pair.source, pair.source_span, pair.how) == ("Norway", None, "quote")
    assert example_of(passage.document, passage.sentences[1], pair).source == ""


def test_a_name_inside_of_a_compound_is_no_subject(codebook):
    passage = codebook.passage("Norway-China talks failed.")
    text = passage.document.text
    assert text[7:12] == "China"
    mentions = [Mention(entry="Norway", span=Span(0, 6)), Mention(entry="China", span=Span(7, 12))]
    pairs = pairs_of(passage.document, passage.sentences, mentions, PairSettings(language="english"))
    assert [(pair.source, pair.target) for pair in pairs] == [("Norway", "China"), ("China", "Norway")]

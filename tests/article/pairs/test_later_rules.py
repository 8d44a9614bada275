"""Pronouns in quotations, verbs without an object, what an article is about, bodies that act, persons as entries."""

from __future__ import annotations

import pytest

from stancelab.article.codebook import Codebook, Entry, Matcher
from stancelab.article.documents import text_document
from stancelab.article.pairs import PairSettings, pairs_of
from stancelab.article.pairs.kinds import persons_of
from stancelab.article.sentences import sentences_of

pytest.importorskip("ahocorasick", reason="the extra read is not installed")

ENTRIES = {
    "Norway": Entry(name="Norway", aliases=("Oslo", "Norwegian"), group="states"),
    "Chad": Entry(name="Chad", aliases=("Deby",), group="states"),
    "Togo": Entry(name="Togo", aliases=("Togolese",), group="states"),
    "Ada Rook": Entry(name="Ada Rook", aliases=("Rook",), group="persons"),
    "Max Vale": Entry(name="Max Vale", aliases=("Vale",), group="persons"),
    "Owners Guild": Entry(name="Owners Guild", aliases=("Guild",), group="companies"),
    "port fee": Entry(name="port fee", aliases=("fee",), source=False),
    "sea treaty": Entry(name="sea treaty", source=False),
    "sanctions": Entry(name="sanctions", source=False),
}


def asked(text):
    """Return (source, its words, target, its words) of the pairs that are asked, in order."""
    document = text_document(text)
    matcher = Matcher(Codebook(ENTRIES))
    sentences = sentences_of(document)
    mentions = matcher.mentions(document.text)
    groups = {name: entry.group for name, entry in ENTRIES.items()}
    found = pairs_of(document, sentences, mentions, PairSettings(language="english"), groups, ENTRIES)
    return [
        (
            pair.source,
            "" if pair.source_span is None else document.text[slice(*pair.source_span)],
            pair.target,
            document.text[slice(*pair.target_span)],
        )
        for pair in found
    ]


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ("Norway accused Chad. “They lied to us,” its minister said.", ("Norway", "its minister", "Chad", "They")),
        ("The sanctions hurt. “They are a mistake,” said Chad.", ("Chad", "Chad", "sanctions", "They")),
        ("Vale resigned. “He was a coward,” said Rook.", ("Ada Rook", "Rook", "Max Vale", "He")),
        (
            "Norwegian Prime Minister Kari Lund left Oslo. “She never listens,” said Chad.",
            ("Chad", "Chad", "Norway", "She"),
        ),
    ],
)
def test_a_pronoun_in_a_quotation_is_somebody_else_than_its_speaker(text, pair):
    assert pair in asked(text)


@pytest.mark.parametrize(
    "text",
    [
        # Others are many, or in a place alone, or two; "him" of an errand is no target.
        "Farmers blocked the port. “They are right,” said Chad.",
        "The talks were held in Oslo. “They failed,” said Chad.",
        "Norway met Togo and Oslo left Togo. “They failed,” said Chad.",
        "Vale resigned. “I wrote it for him,” said Rook.",
    ],
)
def test_a_pronoun_in_a_quotation_is_nobody_where_that_is_not_clear(text):
    assert [pair for pair in asked(text) if pair[3].lower() in ("they", "him")] == []


def test_what_others_do_to_it_is_no_stance_of_the_speaker():
    text = "The port fee was dropped. “They stopped it,” said Togo."
    assert ("Togo", "Togo", "port fee", "it") not in asked(text)
    assert ("Togo", "Togo", "port fee", "it") in asked(text.replace("They", "We"))


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("Chad calls this an insult.", "this"),
        ("Chad described this as late.", "this"),
        ("Chad is against that.", "that"),
        ("“This is madness,” said Chad.", "This"),
    ],
)
def test_this_and_that_alone_are_what_was_spoken_of_last(sentence, words):
    assert ("Chad", "Chad", "port fee", words) in asked(f"Norway raised the port fee. {sentence}")


@pytest.mark.parametrize("sentence", ["Chad said this morning was cold.", "Chad fears that it will rain."])
def test_this_and_that_before_a_noun_or_clause_are_no_target(sentence):
    assert [pair for pair in asked(f"Norway raised the port fee. {sentence}") if pair[3] in ("this", "that")] == []


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("Chad signed as well.", "signed"),
        ("Chad has agreed.", "agreed"),
        ("Chad followed on Tuesday.", "followed"),
        ("Chad said no.", "said no"),
        ("Chad is opposed, too.", "opposed"),
        ("Chad voted in favour.", "voted in favour"),
        ("Chad did the same.", "did the same"),
    ],
)
def test_a_verb_of_stance_without_its_object_is_about_what_was_spoken_of_last(sentence, words):
    assert ("Chad", "Chad", "sea treaty", words) in asked(f"Norway signed the sea treaty. {sentence}")


@pytest.mark.parametrize(
    "text",
    [
        "Norway signed the sea treaty. Chad signed a lease.",
        "Norway signed the sea treaty. Chad has not signed.",
        "Norway signed the sea treaty. Chad agreed to wait.",
        "Norway signed a lease on Monday. Chad signed as well.",
    ],
)
def test_a_verb_with_an_object_or_without_a_thing_before_it_is_no_target(text):
    assert [pair for pair in asked(text) if pair[0] == "Chad"] == []


def test_a_verb_without_its_object_is_a_stance_of_its_subject_alone():
    pairs = asked("Norway signed the sea treaty. Chad signed as well, and Togo paid.")
    assert ("Chad", "Chad", "sea treaty", "signed") in pairs
    assert not [pair for pair in pairs if pair[0] == "Togo" and pair[2] == "sea treaty"]


def test_what_is_ratified_is_a_treaty():
    text = "Norway tied the port fee to the sea treaty. The port fee is high. Chad will ratify it."
    assert ("Chad", "Chad", "sea treaty", "it") in asked(text)
    assert ("Chad", "Chad", "port fee", "it") in asked(text.replace("ratify", "oppose"))


def test_nouns_that_nobody_decides_on_do_not_come_between():
    text = "Norway raised the port fee. The Togolese minister stood at the gate and praised it."
    assert ("Togo", "Togolese minister", "port fee", "it") in asked(text)
    for other in ("the proposal", "the new plan"):
        assert not [pair for pair in asked(text.replace("the gate", other)) if pair[3] == "it"]


def test_a_lead_brings_in_what_the_headline_names():
    text = "# Port fee fails\n\nA proposal to charge ships failed after Chad objected.\n\nTogo mourned the proposal."
    pairs = asked(text.replace("# ", ""))
    assert ("Chad", "Chad", "port fee", "A proposal") in pairs
    assert ("Togo", "Togo", "port fee", "the proposal") in pairs


def test_an_article_is_about_what_it_names_most():
    text = (
        "Ships wait.\n\nThe port fee is high. The port fee is new. The port fee stays.\n\nNorway praised the decision."
    )
    assert ("Norway", "Norway", "port fee", "the decision") in asked(text)
    twice = text.replace("stays.", "stays. The sea treaty, the sea treaty and the sea treaty were read out.")
    assert not [pair for pair in asked(twice) if pair[3] == "the decision"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Norway was among the founders. In July it withdrew from the port fee.", None),
        ("Norway was among the founders. In July it approved the port fee.", "it"),
        ("Norway was among the founders. It has lifted the port fee.", "It"),
        ("Norway built a road. It cost more than the port fee.", None),
        ("The road is long. It has lifted the port fee.", None),
    ],
)
def test_a_body_that_decides_something_is_heard_as_it(text, words):
    found = [pair[1] for pair in asked(text) if pair[2] == "port fee" and pair[0] == "Norway"]
    assert found == ([] if words is None else [words])


def test_an_office_behind_by_is_heard():
    text = "Norwegian Foreign Minister Kari Lund came home. The port fee was torn up by the minister."
    assert ("Norway", "the minister", "port fee", "port fee") in asked(text)
    assert asked(text.replace("torn up by the minister", "read by the lake")) == []


def test_both_governments_are_the_two_of_the_headline():
    text = "Norway and Chad meet\n\nRain fell. The port fee was turned down by both governments."
    assert [pair[:2] for pair in asked(text) if pair[2] == "port fee"] == [
        ("Norway", "both governments"),
        ("Chad", "both governments"),
    ]


def test_an_office_before_a_person_who_is_an_entry_is_that_persons():
    text = "Secretary Ada Rook spoke. Rain fell. The secretary praised the port fee."
    assert ("Ada Rook", "The secretary", "port fee", "port fee") in asked(text)


def test_a_given_name_before_the_codebooks_word_tells_a_person():
    text = "Its foreign minister, Estela Deby, spoke. She praised the port fee."
    assert ("Chad", "She", "port fee", "port fee") in asked(text)


def test_entries_with_their_surname_as_a_name_are_persons():
    entries = {
        name: Entry(name=name, aliases=(name.split()[-1],))
        for name in ("Ada Rook", "Northern Congress", "Owners Guild", "President Monteiro", "Ivory Coast")
    }
    entries["Ivory Coast"] = Entry(name="Ivory Coast", aliases=("Ivorian",))
    text = "Rook met the Guild. The Rook cabinet and President Monteiro met the Northern Congress in Ivory Coast."
    mentions = Matcher(Codebook(entries)).mentions(text)
    assert persons_of(entries, text, mentions) == {"Ada Rook", "President Monteiro"}


def test_third_persons_are_heard_in_an_interview():
    text = (
        "Ada Rook spoke to us.\n\nQ: The Norwegian minister hates the port fee.\n\n"
        "A: He does.\nI never doubted that, and in Oslo his deputy told me that the port fee was a joke.\n\n"
        "Q: You signed the sea treaty.\n\nA: I did."
    )
    pairs = asked(text)
    assert ("Ada Rook", "You", "sea treaty", "sea treaty") in pairs
    assert ("Norway", "his deputy", "port fee", "port fee") in pairs
    assert not [pair for pair in asked(text.replace("You signed", "Did you sign")) if pair[1].lower() == "you"]

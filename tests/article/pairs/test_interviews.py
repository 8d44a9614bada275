"""The first person inside and outside of quotations, and who speaks in the turns of an interview."""

from __future__ import annotations

import pytest

from stancelab.article.documents import text_document
from stancelab.article.pairs import PairSettings, pairs_of
from stancelab.article.pairs.turns import turns_of
from stancelab.article.sentences import sentences_of

INTRODUCTION = "Lena Aho, the leader of the Greens, met our reporter in the hall of the harbor on Tuesday.\n\n"


@pytest.mark.parametrize(
    "text",
    [
        "Norland signed the treaty. I say the ferry law is a mistake.",
        "Norland signed the treaty. We say the ferry law is a mistake.",
        "Norland signed the treaty. I've said that the ferry law is a mistake.",
        "Norland signed the treaty. The ferry law, I said, is a mistake.",
        "Norland signed the treaty. We’ve condemned the ferry law.",
        "Norland signed the treaty. Our government condemned the ferry law.",
        "Norland signed the treaty. My minister condemned the ferry law.",
        "Norland signed the treaty. Our minister, Lena Aho, condemned the ferry law.",
    ],
)
def test_the_first_person_outside_of_quotations_is_no_entry_of_the_codebook(heard_in, text):
    assert heard_in(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“I condemn the ferry law,” said Greens leader Lena Aho.", [(0, "Greens", "Lena Aho"), (0, "Greens", "I")]),
        ("“We’ve seen the ferry law,” said the Greens.", [(0, "Greens", "We")]),
        ("“I'm against the ferry law,” said the Greens.", [(0, "Greens", "I")]),
        # Each quotation has its own speaker.
        (
            "“The ferry law helps,” said the Centre, while “we all know better,” said the Greens.",
            [(0, "Centre", ""), (0, "Greens", "we")],
        ),
        ("“I condemn the ferry law,” said a docker.", []),
    ],
)
def test_the_first_person_in_a_quotation_is_its_speaker(heard_in, text, expected):
    assert heard_in(text) == expected


def quoted(found, *, after=0):
    """Return the entries that are heard in sentences after the introduction, with their words."""
    return [(entry, words) for number, entry, words in found if number > after]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Labels for questions and answers: the answers are those of the one person who is introduced.
        (
            "Q: Is the ferry law good?\n\nA: We do not think so. It is a mistake.\n\nQ: Why?\n\nA: I see no use in it.",
            [("Greens", "We"), ("Greens", ""), ("Greens", "I")],
        ),
        (
            "Q. Is the ferry law good?\n\nA. I do not think so.\n\nQ. Why?\n\nA. The ferry law is dear.",
            [("Greens", "I"), ("Greens", "")],
        ),
        # On lines, without empty ones.
        (
            "Q: Is the ferry law good?\nA: I do not think so.\nQ: Why?\nA: We see no use in it.",
            [("Greens", "I"), ("Greens", "We")],
        ),
        # Only questions are marked.
        (
            "Reporter: Is the ferry law good?\n\nI do not think so.\n\nReporter: Why?\n\nWe see no use in it.",
            [("Greens", "I"), ("Greens", "We")],
        ),
        # Names.
        (
            "Reporter: Is the ferry law good?\n\nLENA AHO: It is a mistake.\n\nIt will not last.",
            [("Greens", ""), ("Greens", "")],
        ),
        (
            "Journalist: Is the ferry law good?\n\nAho: I do not think so.\n\nJournalist: Why?",
            [("Greens", "Aho"), ("Greens", "I")],
        ),
        (
            "Host: Is the ferry law good?\n\nLA: I do not think so.\n\nHost: Why?\n\nLA: It is dear.",
            [("Greens", "I"), ("Greens", "")],
        ),
        (
            "Anna Berg: Is the ferry law good?\n\nLena Aho: I do not think so.",
            [("Greens", "Lena Aho"), ("Greens", "I")],
        ),
        ("Anna Berg: The ferry law is good.\n\nVille Korpi: I think so too.", []),
        ("Reporter: Is the ferry law good?\n\nVanta Shipping: We think so.", [("Vanta Shipping", "We")]),
        # A quotation inside of a turn is part of it.
        ("Reporter: Is the ferry law good?\n\nVille Korpi: “I do not think so,” said Norland.", []),
    ],
)
def test_turns_are_those_of_their_speakers(heard_in, text, expected):
    found = quoted(heard_in(INTRODUCTION + text))
    assert [one for one in found if one[0] != "Vanta Shipping" or one[1] != "Vanta Shipping"] == expected


@pytest.mark.parametrize(
    "text",
    [
        # One label is no interview.
        "Photo: The ferry in the harbor of the town.\n\nLena Aho: I condemn the ferry law.",
        "Update: I was told that the ferry law is a mistake.\n\nNote: We were told so too.",
        # Nobody says "I" or "we" in the answers: questions of an explainer.
        "Q: Is the ferry law good?\n\nA: Experts differ on it.\n\nQ: Why?\n\nA: The ferry law is dear.",
    ],
)
def test_what_is_no_interview(heard_in, text):
    assert [one for one in quoted(heard_in(INTRODUCTION + text)) if one[1] != "Lena Aho"] == []


def test_answers_are_nobodys_where_two_persons_were_introduced(heard_in):
    two = INTRODUCTION + "Ville Korpi, the leader of the Centre, was there too.\n\n"
    text = "Q: Is the ferry law good?\n\nA: I do not think so.\n\nQ: Why?\n\nA: We see no use in it."
    assert quoted(heard_in(two + text), after=1) == []
    told = two + "We spoke with Korpi.\n\n"
    assert quoted(heard_in(told + text), after=2) == [("Centre", "I"), ("Centre", "We")]


def test_questions_in_bold_or_as_headings(heard_in):
    first, second = "Is the ferry law good?", "Why is that so?"
    text = f"{INTRODUCTION}{first}\n\nI do not think so. It is a mistake.\n\n{second}\n\nWe see no use in it."
    expected = [("Greens", "I"), ("Greens", ""), ("Greens", "We")]
    assert quoted(heard_in(text)) == []
    assert quoted(heard_in(text, bold=[first, second])) == expected
    assert quoted(heard_in(text, bold=[first])) == []
    explainer = f"{INTRODUCTION}{first}\n\nExperts differ. It is dear.\n\n{second}\n\nThe harbor is small."
    assert quoted(heard_in(explainer, bold=[first, second])) == []


def test_names_in_bold_need_no_colon(heard_in):
    text = f"{INTRODUCTION}Anna Berg Is the ferry law good?\n\nLena Aho I do not think so."
    assert quoted(heard_in(text, bold=["Anna Berg"])) == [("Greens", "Lena Aho")]
    assert quoted(heard_in(text, bold=["Anna Berg", "Lena Aho"])) == [("Greens", "Lena Aho"), ("Greens", "I")]


def test_a_state_before_a_colon_is_a_heading_of_a_digest(heard_in):
    digest = (
        "New Norland: The opposition condemned the ferry law.\n\n"
        "Norland: The opposition praised it.\n\nNorland: Rain fell."
    )
    assert heard_in(digest) == []
    record = (
        "Norland: We condemn the ferry law.\n\nASEAN: We support it.\n\nNorland: We thank them.\n\nASEAN: We do too."
    )
    assert heard_in(record) == [
        (0, "Norland", "We"), (1, "ASEAN", "We"), (2, "Norland", "We"), (3, "ASEAN", "We"),
    ]  # fmt: skip


def test_a_turn_ends_at_a_heading(heard_in):
    turns = "Q: Is the ferry law good?\n\nA: I do not think so.\n\nQ: Why?\n\nA: It is dear."
    text = f"{INTRODUCTION}{turns}\n\nThe harbor\n\nThe ferry law is old. It stays."
    assert quoted(heard_in(text)) == [("Greens", "I"), ("Greens", "")]


def test_questions_are_not_the_authors():
    pytest.importorskip("ahocorasick", reason="the extra read is not installed")
    from stancelab.article.codebook import Codebook, Entry, Matcher

    document = text_document("Q: Is the ferry law good?\n\nA: It is.\n\nQ: Why?\n\nA: The ferry law is cheap.")
    mentions = Matcher(Codebook({"ferry law": Entry(name="ferry law")})).mentions(document.text)
    settings = PairSettings(author=True, language="english")
    assert pairs_of(document, sentences_of(document), mentions, settings) == []
    plain = text_document("The ferry law is good.")
    mentions = Matcher(Codebook({"ferry law": Entry(name="ferry law")})).mentions(plain.text)
    assert [pair.source for pair in pairs_of(plain, sentences_of(plain), mentions, settings)] == [""]


def test_turns_have_the_places_of_what_is_said():
    document = text_document("Q: Is it?\n\nA: It is.\n\nIt will be.\n\nQ: Why?\n\nA: So.")
    turns = turns_of(document, sentences_of(document))
    assert [(turn.label, turn.asks, document.text[slice(*turn.span)]) for turn in turns] == [
        ("Q", True, "Is it?"), ("A", False, "It is.\n\nIt will be."), ("Q", True, "Why?"), ("A", False, "So."),
    ]  # fmt: skip

"""Names that only modify another noun are no sources; those of the organs of a state and of whose act is told are."""

from __future__ import annotations

import pytest

from stancelab.article.codebook import Codebook, Entry, Matcher
from stancelab.article.documents import text_document
from stancelab.article.pairs import PairSettings, pairs_of
from stancelab.article.sentences import sentences_of

pytest.importorskip("ahocorasick", reason="the extra read is not installed")

STATES = {"Norway": "Norwegian", "Kenya": "Kenyan", "Russia": "Russian", "Poland": "Polish", "Hungary": "Hungarian"}
ENTRIES = {name: Entry(name=name, demonyms=(own,), group="states") for name, own in STATES.items()}
ENTRIES["NATO"] = Entry(name="NATO", group="organisations")
ENTRIES["Green party"] = Entry(name="Green party", group="parties")
GROUPS = {name: entry.group for name, entry in ENTRIES.items()}
MATCHER = Matcher(Codebook(ENTRIES))


def asked(text):
    """Return the pairs of a text, as (source, target, how)."""
    document = text_document(text)
    sentences = sentences_of(document)
    mentions = MATCHER.mentions(document.text)
    pairs = pairs_of(document, sentences, mentions, PairSettings(language="english"), GROUPS, ENTRIES)
    return [(pair.source, pair.target, pair.how) for pair in pairs]


def sources(text):
    """Return who is asked about Poland."""
    return {source for source, target, _ in asked(text) if target == "Poland"}


@pytest.mark.parametrize(
    "text",
    [
        # Persons and things of, from, about and in a state.
        "Victims of Russia thanked Poland.",
        "A book about Russia praises Poland.",
        "Refugees from war-torn Russia praised Poland.",
        "Farmers in Russia attacked Poland.",
        "Sanctions on Russia angered Poland.",
        "Protests against Russia shook Poland.",
        "Lena Brandt of Russia praised Poland.",
        "Victims of Russia and Kenya thanked Poland.",
        "Victims of Russia, Kenya and Hungary thanked Poland.",
        # Those who hold the office no longer, and those who are against it.
        "A former minister of Russia attacked Poland.",
        "An ex-minister of Russia attacked Poland.",
        "The exiled president of Russia attacked Poland.",
        "The opposition leader of Russia attacked Poland.",
        # Offices and possessives of the state that modify somebody else in turn.
        "Critics of the Russian government praised Poland.",
        "Victims of the Russian army thanked Poland.",
        "A book about the president of Russia praised Poland.",
        "Victims of Russia's war thanked Poland.",
        # Adjuncts.
        "Without Russia, they would thank Poland.",
        "Despite Russia, they would thank Poland.",
        "Without the government of Russia, they would thank Poland.",
        # A private body, members of whom a state has none, and those who are against a body that has.
        "A bank in Russia praised Poland.",
        "Opponents of NATO praised Poland.",
        "Critics of the Green party praised Poland.",
    ],
)
def test_a_name_that_only_modifies_another_noun_is_no_source(text):
    assert sources(text) == set()


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("The government of Norway praised Poland.", "Norway"),
        ("The Ministry of Foreign Affairs of Norway praised Poland.", "Norway"),
        ("A spokesperson for Norway praised Poland.", "Norway"),
        ("The parliament of Kenya praised Poland.", "Kenya"),
        ("President of Norway Emil Aas praised Poland.", "Norway"),
        ("The armed forces of Norway praised Poland.", "Norway"),
        ("Officials in Norway praised Poland.", "Norway"),
        ("A spokeswoman for the foreign ministry of Norway praised Poland.", "Norway"),
        ("The delegation from Norway praised Poland.", "Norway"),
        ("The secretary general of NATO praised Poland.", "NATO"),
        ("Members of NATO praised Poland.", "NATO"),
        ("Campaigners from the Green party praised Poland.", "Green party"),
        # The act or words of the state.
        ("The refusal of Norway to pay angered Poland.", "Norway"),
        ("Support from Norway helped Poland.", "Norway"),
        ("Speaking on behalf of Norway, she praised Poland.", "Norway"),
        # It is the subject of a clause.
        ("Critics of Norway, which attacked Poland, left.", "Norway"),
        ("It is wrong for Norway to attack Poland.", "Norway"),
        ("After Norway attacked Poland, it rained.", "Norway"),
        ("Nothing moves without Norway joining Poland.", "Norway"),
        ("For Norway, the pact with Poland is dead.", "Norway"),
    ],
)
def test_an_organ_and_who_acts_stay_sources(text, source):
    assert sources(text) == {source}


def test_all_of_several_whose_organs_speak_are_sources():
    assert sources("The leaders of Norway and Kenya praised Poland.") == {"Norway", "Kenya"}
    assert sources("The ministers of Norway and of Kenya praised Poland.") == {"Norway", "Kenya"}
    assert sources("They praised the work of Norway and Kenya attacked Poland.") == {"Kenya"}
    assert sources("Without Russia, Norway and Kenya would thank Poland.") == {"Norway", "Kenya"}
    assert sources("In Russia, Norway and Kenya praised Poland.") == {"Norway", "Kenya"}
    assert sources("The people of Norway and the government of Kenya praised Poland.") == {"Kenya"}


def test_the_place_of_an_office_is_no_source():
    assert sources("The Norwegian embassy in Kenya praised Poland.") == {"Norway"}
    assert sources("Norway's ambassador to Kenya praised Poland.") == {"Norway"}
    assert sources("The ambassador of Norway to Kenya praised Poland.") == {"Norway"}


def test_the_place_that_opens_a_sentence_is_a_source_only_with_its_government():
    assert sources("In Norway, critics praised Poland.") == set()
    assert sources("In Norway, deputies scolded the government that had praised Poland.") == {"Norway"}


def test_a_person_who_only_modifies_another_noun_is_no_source():
    start = "Norwegian minister Kari Lund spoke. "
    assert sources(f"{start}A book about Lund praised Poland.") == set()
    assert sources(f"{start}Critics of Lund praised Poland.") == set()
    assert sources(f"{start}Lund's critics praised Poland.") == set()
    assert sources(f"{start}A spokesman for Lund praised Poland.") == {"Norway"}


def test_a_name_that_only_modifies_stays_a_target():
    assert asked("Poland thanked the victims of Russia.") == [("Poland", "Russia", "named")]


def test_a_former_minister_ties_the_office_to_nobody():
    text = "A former minister of Norway resigned. The minister attacked Poland."
    assert sources(text) == set()
    assert sources(text.replace("A former", "The")) == {"Norway"}


@pytest.mark.parametrize(
    "words",
    ["A report", "A new report", "Two reports", "Some reports", "A letter", "A study", "An article", "A survey"],
)
def test_a_new_document_is_nobodys(words):
    assert sources(f"Kenya praised NATO. {words} said Poland is corrupt.") == set()
    again = words.split()[-1]
    assert sources(f"Kenya praised NATO. {words} said rain fell. The {again} called Poland corrupt.") == set()


def test_a_report_on_a_state_is_nobodys():
    assert sources("Kenya praised NATO. According to a report on Russia, Poland is corrupt.") == set()


def test_a_known_document_is_that_of_who_acted_last():
    assert sources("Kenya praised NATO. The report said Poland is corrupt.") == {"Kenya"}
    assert sources("Kenya praised NATO. A statement said Poland is corrupt.") == {"Kenya"}
    text = "The ministry of Kenya praised NATO. A ministry report said Poland is corrupt."
    assert sources(text) == {"Kenya"}


BEFORE = "“We wait,” said the Norwegian minister. "


@pytest.mark.parametrize(
    ("label", "source"),
    [
        ("Hungary", "Hungary"),
        ("Hungary (2024)", "Hungary"),
        ("The Hungarian minister", "Hungary"),
        ("The government of Hungary", "Hungary"),
        # Somebody else.
        ("Viktor Blom", None),
        ("Critics", None),
    ],
)
@pytest.mark.parametrize("quotation", ["“Poland is dead.”", '"Poland is dead. Poland was dead."'])
def test_the_name_before_the_colon_of_a_quotation_is_its_speaker(label, source, quotation):
    pairs = asked(f"{BEFORE}{label}: {quotation}")
    assert {pair[0] for pair in pairs if pair[1] == "Poland"} == ({source} if source else set())
    assert "Norway" not in {pair[0] for pair in pairs}


def test_what_is_no_name_before_a_colon_is_no_speaker():
    assert sources(f"{BEFORE}The result: “Poland is dead.”") == {"Norway"}
    assert sources("Kenya had one word on Poland: “It is dead and gone.”") == {"Kenya"}
    assert sources("Hungary said: “Poland is dead.” Kenya: “Poland was dead.”") == {"Hungary", "Kenya"}

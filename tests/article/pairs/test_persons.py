from __future__ import annotations

import pytest

from stancelab.article.codebook import Matcher, read_codebook
from stancelab.article.documents import text_document
from stancelab.article.pairs import PairSettings, pairs_of
from stancelab.article.pairs.people import People
from stancelab.article.pairs.persons import introductions
from stancelab.article.pairs.view import View
from stancelab.article.sentences import sentences_of


@pytest.fixture
def introduced(codebook):
    def find(text):
        passage = codebook.passage(text)
        view = View(passage.sentences[0], passage.mentions, [])
        return {view.span(one.start, one.end): one.owner for one in introductions(view) if one.owner}, passage

    def names(text):
        found, passage = find(text)
        return {passage.words(span): owner for span, owner in found.items()}

    return names


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Norwegian Foreign Minister Kari Lund left.", {"Kari Lund": "Norway"}),
        ("Norway's foreign minister, Kari Lund, left.", {"Kari Lund": "Norway"}),
        ("Norway’s foreign minister Kari Lund left.", {"Kari Lund": "Norway"}),
        ("The foreign minister of Norway, Kari Lund, left.", {"Kari Lund": "Norway"}),
        ("Kari Lund, the Norwegian foreign minister, left.", {"Kari Lund": "Norway"}),
        ("Kari Lund, foreign minister of Norway, left.", {"Kari Lund": "Norway"}),
        ("Kari Lund, 54, the foreign minister of Norway, left.", {"Kari Lund": "Norway"}),
        ("Sergei Ivanov, a spokesman for the Russian Foreign Ministry, left.", {"Sergei Ivanov": "Russia"}),
        ("“No,” said Pavel Sorokin, a spokesman for the Kremlin.", {"Pavel Sorokin": "Russia"}),
        ("Kremlin spokesman Gleb Orlov left.", {"Gleb Orlov": "Russia"}),
        ("A spokesman for the Ukrainian foreign ministry, Taras Bilyk, left.", {"Taras Bilyk": "Ukraine"}),
        ("U.S. State Department spokesperson Dana Whitfield left.", {"Dana Whitfield": "United States"}),
        ("The European Union's top diplomat, Marta Ruiz, left.", {"Marta Ruiz": "European Union"}),
        ("NATO Secretary General Jens Holm left.", {"Jens Holm": "NATO"}),
        ("NATO's Holm said no.", {"Holm": "NATO"}),
        ("Chancellor Lena Brandt of Germany left.", {"Lena Brandt": "Germany"}),
        ("Hassan Nouri, who leads the Iranian team, left.", {"Hassan Nouri": "Iran"}),
        ("Peter Vogt, who speaks for the European Commission, left.", {"Peter Vogt": "European Union"}),
        ("Leonid Pavlov, a member of the State Duma, left.", {"Leonid Pavlov": "State Duma"}),
        ("French Secretary of State Ana de la Tour left.", {"Ana de la Tour": "France"}),
        ("Iran's envoy, J. K. Rahimi, left.", {"J. K. Rahimi": "Iran"}),
        # Whose the office is, not where it is held or to whom it is accredited.
        ("Olena Bondar, Ukraine's ambassador to the United Nations, left.", {"Olena Bondar": "Ukraine"}),
        ("India's representative to the United Nations, Meera Nair, left.", {"Meera Nair": "India"}),
        ("France's ambassador in Bamako, Luc Perrin, left.", {"Luc Perrin": "France"}),
        ("Luc Perrin, the ambassador in Moscow, left.", {}),
        ("Luc Perrin, ambassador to NATO, left.", {}),
        # Two persons.
        (
            "Iran's deputy foreign minister, Reza Karimi, and his Turkish counterpart, Selin Acar, met.",
            {"Reza Karimi": "Iran", "Selin Acar": "Turkey"},
        ),
        (
            "Hassan Omar, speaking beside French President Hugo Marchand, left.",
            {"Hugo Marchand": "France"},
        ),
        # No office of an entry.
        ("Anna Berg, a Norwegian analyst, left.", {}),
        ("Anna Berg, a professor at a school in Oslo, left.", {}),
        ("Former Norwegian Foreign Minister Kari Lund left.", {}),
        ("Kari Lund, a former Norwegian minister, left.", {}),
        ("Ivan Petrov, a farmer near Moscow, left.", {}),
        ("The opposition's spokesman, Neil Barrow, left London.", {}),
        ("Kari Lund, who met the French minister, left.", {}),
        ("In Bamako, the Norwegian minister left.", {}),
        ("UNHCR chief Adaeze Obi left Norway.", {}),
    ],
)
def test_introductions(introduced, text, expected):
    assert introduced(text) == expected


@pytest.fixture
def called(codebook):
    """Return what a second sentence calls a person whom the first one introduces."""

    def find(first, second):
        people, found = People({}), {}
        for text in (first, second):
            passage = codebook.passage(text)
            view = View(passage.sentences[0], passage.mentions, [])
            for one in introductions(view):
                if one.owner:
                    people.add(view, one, one.owner)
            found = {passage.words(mention.span): mention.entry for mention in people.mentions(view)}
        return found

    return find


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        ("Lund said no.", {"Lund": "Norway"}),
        ("Ms. Lund said no.", {"Lund": "Norway"}),
        ("But Lund said no.", {"Lund": "Norway"}),
        ("Interestingly Lund said no.", {"Lund": "Norway"}),
        ("Lund's office said no.", {"Lund": "Norway"}),
        ("Minister Lund and Kari Lund.", {"Lund": "Norway", "Kari Lund": "Norway"}),
        # Other persons and words.
        ("Peter Lund said no.", {}),
        ("Lundgren said no, and so did lund.", {}),
    ],
)
def test_surnames(called, second, expected):
    assert called("Norwegian Foreign Minister Kari Lund left.", second) == expected


def test_surnames_with_particles_and_common_words(called):
    assert called("French envoy Ana de la Tour left.", "Yesterday de la Tour said no.") == {}
    assert called("French envoy Ana von Stein left.", "She and Stein left.") == {}
    assert called("British Prime Minister Harriet May left.", "May is warm.") == {}
    assert called("British Prime Minister Harriet May left.", "May said no.") == {"May": "United Kingdom"}


def test_a_name_that_holds_an_alias_is_the_person(codebook, bench):
    passage = codebook.passage("NATO spokesman Michael Jordan Paris left.")
    assert passage.mentions[-1].entry == "France"
    assert bench.by_rules(passage, codebook.groups) == {}


@pytest.mark.parametrize(
    ("introduction", "expected"),
    [
        ("Norwegian Prime Minister Kari Lund spoke in Oslo.", "Norway"),
        ("Norwegian officials met. Norway's prime minister, Kari Lund, spoke.", "Norway"),
        ("Russian Foreign Ministry spokesman Pavel Lund spoke.", "Russia"),
        ("The Norwegian president, Kari Lund, spoke.", "Norway"),
        ("Former Norwegian Prime Minister Kari Lund spoke.", None),
        ("A Norwegian analyst, Kari Lund, spoke.", None),
    ],
)
def test_persons_whose_office_is_part_of_a_mention(introduction, expected):
    """A codebook with demonyms, as the default one, takes "Norwegian Prime Minister" for one mention."""
    pytest.importorskip("ahocorasick", reason="the extra read is not installed")
    text = f"{introduction}\n\nLund condemned the Paris Agreement."
    document = text_document(text)
    mentions = Matcher(read_codebook("default")).mentions(document.text)
    pairs = pairs_of(document, sentences_of(document), mentions, PairSettings(language="english"))
    found = {pair.source for pair in pairs if pair.target == "Paris Agreement"}
    assert found == (set() if expected is None else {expected})

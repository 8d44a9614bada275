"""A codebook from the documents alone, by rules."""

from __future__ import annotations

from typing import Any

import pytest

from stancelab.article.codebook import Matcher, parse_codebook
from stancelab.article.codebook.write import codebook_text
from stancelab.article.proposal.propose import NAMES, TOPICS, propose
from stancelab.article.types import Document
from stancelab.errors import DataError

TEXT = """The Steppe Compact met in Oslo on Monday. Norwegian Foreign Minister Kari Lund praised the compact.

"The rent cap is good," Lund said. Members of the Harbour Workers Union (HWU) condemned the rent cap. The HWU said no.
Dr. J. P. Arroyo spoke of the European Union and of Amnesty. On Friday, Amnesty said nothing. I do not know.
"""


def entries(text: str, most: int = 50) -> dict[str, Any]:
    return dict(propose([Document(id="a", text=text)], most).entries)


def test_names_come_with_their_short_forms() -> None:
    found = entries(TEXT)
    assert found["Kari Lund"].aliases == ("Lund",)
    assert found["Harbour Workers Union"].aliases == ("HWU",)
    assert found["Steppe Compact"].aliases == ("the compact",)
    assert found["J. P. Arroyo"].source
    assert {found[name].group for name in ("Kari Lund", "Steppe Compact", "Amnesty")} == {NAMES}


def test_entries_of_the_default_codebook_come_with_all_of_their_names() -> None:
    found = entries(TEXT)
    assert "Kingdom of Norway" in found["Norway"].aliases
    assert found["European Union"].group == "organisations"


def test_phrases_that_come_again_are_targets_alone() -> None:
    found = entries(TEXT)
    assert (found["rent cap"].source, found["rent cap"].target, found["rent cap"].group) == (False, True, TOPICS)
    assert "good" not in found


@pytest.mark.parametrize(
    "name", ["Monday", "Friday", "I", "The", "Members", "On", "Norwegian Foreign Minister Kari Lund"]
)
def test_what_is_no_name_is_not_proposed(name: str) -> None:
    assert name not in entries(TEXT)


@pytest.mark.parametrize(
    ("text", "name", "source"),
    [
        ("The Teachers' Union condemned the rent cap.", "Teachers' Union", True),
        ("On Monday the Farmers’ League of Ostrava rejected the levy.", "Farmers’ League of Ostrava", True),
        ("The National Growers' Association said no.", "National Growers' Association", True),
        ("Workers' Party leader Jo Lindt spoke.", "Workers' Party", True),
        ("He joined the Women's League in Ostrava.", "Women's League", False),
        ("The People’s Front warned Lindt.", "People’s Front", True),
        ("Ostrava's Dockers' Union praised the levy.", "Dockers' Union", True),
        ("They spoke of the Fishers' Treaty.", "Fishers' Treaty", False),
        ("Sanders' Green Party said no.", "Green Party", True),
        ("They read Lindt's Harbour Report.", "Harbour Report", False),
        ("The paper, 'Voice of Workers' Union Square said, is closed.", "Union Square", False),
        ("The Greens' Lena Aho said no.", "Lena Aho", True),
    ],
)
def test_an_apostrophe_inside_of_a_name(text: str, name: str, source: bool) -> None:
    found = entries(text)
    assert [each for each in found if name.split()[-1] in each] == [name]
    assert found[name].source == source
    words = Matcher(parse_codebook(codebook_text(propose([Document(id="a", text=text)], 50)))).mentions(text)
    assert name in [text[slice(*each.span)].removeprefix("The ") for each in words]


@pytest.mark.parametrize("place", ["Korçë", "South Korçë", "the Korçë"])
def test_the_place_in_a_name_is_no_short_form_of_it(place: str) -> None:
    league = f"Farmers' League of {place}"
    found = entries(f"The {league} condemned the levy. The district of Korçë is quiet. They left Korçë.")
    assert found[league].aliases == ()
    assert found[league].source
    assert (found["Korçë"].aliases, found["Korçë"].source) == ((), False)


def test_what_a_body_is_for_is_no_short_form_of_it() -> None:
    found = entries("The League for Fair Rents condemned it. The rents rose. We saw the rents there.")
    assert found["League for Fair Rents"].aliases == ()


@pytest.mark.parametrize("word", ["Later", "Meanwhile", "Afterwards", "Recently"])
def test_a_word_that_begins_a_sentence_is_no_part_of_a_name(word: str) -> None:
    assert list(entries(f"At noon Weber spoke. {word} Weber left. On Monday Weber said no.")) == ["Weber"]


def test_no_name_is_taken_twice() -> None:
    from stancelab.article.codebook.checks import problems_together

    found = entries(TEXT + "\n\nThe Anna Lund Fund and Anna Lund met. Lund slept. Kari Lund rose. The Compact failed.")
    assert problems_together(found) == []


def test_an_office_is_no_part_of_a_name() -> None:
    found = entries("We met Fisheries Minister Ann Marie Roe there. Then Labor Secretary Poe met Poe. I saw Poe.")
    assert {"Ann Marie Roe", "Poe"} <= set(found)
    assert not any("Minister" in name or "Secretary" in name for name in found)


@pytest.mark.parametrize("name", ["Fishery Pact", "Treaty of Vessla", "Fair Rents Act", "North Sea"])
def test_what_cannot_speak_is_a_target_alone(name: str) -> None:
    found = entries(f"We saw the {name} there. The Harbour Union backed the {name}.")[name]
    assert (found.source, found.target, found.group) == (False, True, TOPICS)
    assert entries(f"We saw the {name} there. The Harbour Union backed the {name}.")["Harbour Union"].source


def test_what_pages_repeat_counts_once() -> None:
    text = "The vote was lost.\n\nTap the banner.\n\nThe vote was won.\n\nTap the banner.\n\nTap the banner."
    assert set(entries(text)) == {"vote"}
    copies = [Document(id=str(number), text="See the banner of Ann Roe.") for number in range(3)]
    assert set(propose(copies, 50).entries) == {"Ann Roe"}


def test_cells_that_are_a_name_alone_and_the_agency_of_a_dateline_are_left_out() -> None:
    found = entries("- Premium Digital\n- Standard Digital\n\nBRUSSELS (Harbor News) - Here the Harbour Union spoke.")
    assert set(found) & {"Premium Digital", "Standard Digital", "Harbor News", "Harbour Union"} == {"Harbour Union"}


def test_a_phrase_comes_with_its_short_form_where_that_fits_it_alone() -> None:
    text = "The transition fund is good. We like the transition fund. The fund was good. They raised the fund."
    assert entries(text)["transition fund"].aliases == ("the fund",)
    assert "fund" not in entries(text)
    assert entries(f"{text} The fund was late. See the fund.")["transition fund"].aliases == ()  # more often without it
    two = f"{text} The pension fund is poor. We like the pension fund."
    assert {name: entries(two)[name].aliases for name in ("transition fund", "pension fund", "fund")} == {
        "transition fund": (), "pension fund": (), "fund": (),
    }  # fmt: skip


def test_so_many_at_most() -> None:
    text = " ".join(f"We met Aa{chr(97 + number)} Bb{chr(97 + number)} there." for number in range(20))
    assert len(entries(text, 5)) == 5


@pytest.mark.parametrize("text", ["", "nothing is named here", "1 2 3 !", "\u202e\u0301"])
def test_nothing_to_propose_is_an_error(text: str) -> None:
    with pytest.raises(DataError, match=r"write one .*codebook=FILE"):
        entries(text)


def test_a_matcher_that_is_ready_takes_the_place_of_the_default_codebook() -> None:
    ready = Matcher(parse_codebook("Ys: [Norway]\n"))
    found = propose([Document(id="a", text="Norway met Iran. Norway praised Iran.")], 50, default=ready).entries
    assert found["Ys"].aliases == ("Norway",)
    assert found["Iran"].group == NAMES  # no entry of that codebook, so that it is proposed as a name


GERMAN = (
    "Die Bundesregierung hat das Protokoll von Ostrava begrüßt. Der Abgeordnete Jobst Herrlinger nannte es einen "
    "Kniefall. In Norwegen liegt ein Schiff im Hafen, und die Besatzung ist nicht von Bord. Das Protokoll ist für sie."
)


def test_the_rules_read_no_document_in_another_language() -> None:
    both = [Document(id="a", text=TEXT), Document(id="b", text=GERMAN + " Danach sprach auch Estonia.")]
    found = propose(both, 50).entries
    assert {"Kari Lund", "Norway", "Estonia"} <= set(found)
    assert {"Schiff", "Bord", "Die Bundesregierung", "Jobst Herrlinger", "Protokoll von Ostrava"}.isdisjoint(found)
    assert "Protokoll von Ostrava" in propose(both, 50, language="english").entries


@pytest.mark.parametrize("time", ["a week ago", "a mile away", "a little later", "a decade earlier"])
def test_a_time_or_a_distance_is_no_topic(time: str) -> None:
    found = entries(f"Norway praised the levy {time}. Denmark praised the levy {time} too.")
    assert [name for name, each in found.items() if each.group == TOPICS] == ["levy"]


@pytest.mark.parametrize("office", ["director", "delegates", "adviser"])
def test_an_office_alone_is_no_topic(office: str) -> None:
    found = entries(f"Norway praised the levy and its {office}. Denmark praised the levy and the {office}.")
    assert [name for name, each in found.items() if each.group == TOPICS] == ["levy"]


def test_of_names_that_come_as_often_those_that_may_be_sources_are_first() -> None:
    text = "They met at Alder Station. Zora Quist, 41, said no. They saw Birch Station."
    assert list(entries(text, most=1)) == ["Zora Quist"]

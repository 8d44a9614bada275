"""Cities that tell whose an office is, what a paragraph has come to, datelines, and names that a codebook lists."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stancelab.article.codebook import Codebook, Entry, Matcher
from stancelab.article.documents import text_document
from stancelab.article.pairs import PairSettings, pairs_of
from stancelab.article.sentences import sentences_of

pytest.importorskip("ahocorasick", reason="the extra read is not installed")

STATES = {
    "Norway": (("Oslo",), ("Norwegian",), ()),
    "Germany": (("Berlin",), ("German",), ()),
    "Morocco": (("Rabat",), ("Moroccan",), ("Nadia Amrani",)),
    "Iceland": (("Reykjavik",), ("Icelandic",), ("Hrefna Jonsdottir", "Jonsdottir")),
    "Portugal": (("Lisbon",), ("Portuguese",), ("Duarte Vilhena", "Vilhena")),
    "Canada": (("Ottawa",), ("Canadian",), ()),
    "Austria": (("Vienna",), ("Austrian",), ()),
    "Belgium": ((), ("Belgian",), ()),
}
ENTRIES = {
    name: Entry(name=name, cities=cities, demonyms=demonyms, aliases=aliases, group="states")
    for name, (cities, demonyms, aliases) in STATES.items()
} | {
    "European Union": Entry(name="European Union", cities=("Brussels",), group="organisations"),
    "NATO": Entry(name="NATO", group="organisations"),
    "OPEC": Entry(name="OPEC", group="organisations"),
    "Marine Institute": Entry(name="Marine Institute", aliases=("Pelle Rask", "Rask"), group="names"),
    "Tide Party": Entry(name="Tide Party", group="names"),
    "sea treaty": Entry(name="sea treaty", source=False, group="topics"),
    "port fee": Entry(name="port fee", source=False, group="topics"),
}


def asked(text, entries=ENTRIES):
    """Return (source, its words, target) of the pairs that are asked, in order."""
    document = text_document(text)
    mentions = Matcher(Codebook(entries)).mentions(document.text)
    groups = {name: entry.group for name, entry in entries.items()}
    settings = PairSettings(language="english")
    found = pairs_of(document, sentences_of(document), mentions, settings, groups, entries)
    return [
        (one.source, "" if one.source_span is None else document.text[slice(*one.source_span)], one.target)
        for one in found
    ]


def sources(text, target, entries=ENTRIES):
    """Return (source, its words) of the pairs with a target."""
    return [pair[:2] for pair in asked(text, entries) if pair[2] == target]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The foreign office in Berlin offered two experts for the port fee.", "The foreign office in Berlin"),
        ("The port fee is late, said the government in Berlin.", "the government in Berlin"),
        ("Officials in Berlin rejected the port fee.", "Officials in Berlin"),
        ("The justice department in Berlin rejected the port fee.", "The justice department in Berlin"),
    ],
)
def test_an_office_in_a_capital_is_that_states(text, found):
    assert sources(text, "port fee") == [("Germany", found)]


@pytest.mark.parametrize(
    "office",
    [
        "The embassy", "A diplomat", "An ambassador", "The court", "A bank", "European officials", "Foreign officials",
        "The office", "A ministry spokeswoman's friend", "Farmers near the ministry",
    ],
)  # fmt: skip
def test_what_may_be_anybodys_in_a_capital_is_nobodys(office):
    assert sources(f"Rain fell. {office} in Berlin rejected the port fee.", "port fee") == []


def test_an_office_in_a_city_that_stands_for_no_state_is_nobodys():
    assert sources("The government in Brussels rejected the port fee.", "port fee") == []
    assert sources("In Brussels, the government rejected the port fee.", "port fee") == []


@pytest.mark.parametrize(
    ("before", "office", "source"),
    [
        ("", "Officials in Brussels", "European Union"),
        ("", "A senior official in Brussels", "European Union"),
        ("", "In Brussels, officials", "European Union"),
        ("The European Union met. ", "Officials in Brussels", "European Union"),
        ("NATO met. ", "Officials in Brussels", None),
        ("NATO met. ", "In Brussels, officials", None),
        ("A Belgian firm sued. ", "Officials in Brussels", None),
        ("", "European officials in Brussels", None),
        ("", "Diplomats in Brussels", None),
        ("", "Officials in Geneva", None),
        ("", "Officials in Vienna", "Austria"),
        ("OPEC met. ", "Officials in Vienna", None),
        ("OPEC met. ", "The government in Vienna", "Austria"),
        ("OPEC met. ", "In Vienna, the government", "Austria"),
        ("OPEC met. ", "In Vienna, officials", None),
    ],
)
def test_officials_in_the_seat_of_an_organisation_are_those_of_the_only_body_there_that_is_named(
    before, office, source
):
    found = sources(f"{before}{office} rejected the port fee.", "port fee")
    assert found == (
        [] if source is None else [(source, office.removeprefix("In Brussels, ").removeprefix("In Vienna, "))]
    )


@pytest.mark.parametrize(
    ("before", "text", "source"),
    [
        (
            "Norway has offered Oslo as a place for talks.\n\n",
            "In Reykjavik, the foreign ministry said that its minister, Orri Falk, had rejected the port fee.",
            "Iceland",
        ),
        ("Canada paid. ", "In Rabat, the cabinet said that its spokesman, Orri Falk, opposed the port fee.", "Morocco"),
        (
            "Canada paid.\n\n",
            "In Lisbon, the government said its president, Orri Falk, opposed the port fee.",
            "Portugal",
        ),
        ("Canada paid. ", "In Atlantis, the government said its president, Orri Falk, opposed the port fee.", None),
    ],
)
@pytest.mark.parametrize("is_alias", [False, True])
def test_its_minister_is_the_one_of_the_place_that_the_sentence_opens_with(before, text, source, is_alias):
    entries = {
        name: replace(entry, cities=(), aliases=(*entry.aliases, *entry.cities)) if is_alias else entry
        for name, entry in ENTRIES.items()
    }
    found = {one for one, words in sources(before + text, "port fee", entries) if words == "Orri Falk"}
    assert found == ({source} if source else set())


def test_governments_in_two_capitals_are_both():
    found = sources("The governments in Oslo and Lisbon praised the sea treaty.", "sea treaty")
    assert {source for source, _ in found} == {"Norway", "Portugal"}


@pytest.mark.parametrize(
    ("opening", "source"),
    [
        ("In Oslo, the foreign ministry", "Norway"),
        ("In Oslo, officials", "Norway"),
        ("In Oslo, Foreign Minister Kari Lund", "Norway"),
        ("In Oslo, ambassadors", None),
        ("In Oslo, the court", None),
        ("In Oslo, Minnesota, officials", None),
        ("In Atlantis, the government", None),
    ],
)
def test_a_sentence_that_opens_with_a_capital_has_that_states_offices(opening, source):
    found = {one for one, _ in sources(f"Canada paid. {opening} praised the sea treaty.", "sea treaty")}
    assert found == (set() if source is None else {source})


def test_the_minister_of_the_place_is_tied_to_it():
    text = "The Icelandic government paid. In Rabat, the ministry said that its minister, Omar Tazi, was ill. "
    assert sources(text + "Tazi praised the port fee.", "port fee") == [("Morocco", "Tazi")]


@pytest.mark.parametrize(
    "scene",
    [
        "In Rabat, the tone was just as firm.",
        "Back in Rabat, the tone was just as firm.",
        "In Rabat, thousands marched.",
        "The response from Rabat was cooler.",
        "The mood in Rabat was darker.",
    ],
)
@pytest.mark.parametrize("office", ["The foreign ministry", "The government", "The spokesman"])
def test_offices_behind_a_capital_are_that_states(scene, office):
    text = f"The Icelandic government protested. {scene} {office} condemned the port fee."
    assert sources(text, "port fee") == [("Morocco", office)]


@pytest.mark.parametrize(
    "between",
    [
        "Talks in Rabat went on.",
        "In Rabat, the Icelandic minister was silent.",
        "In Rabat, the tone was firm. Iceland shrugged.",
        "In Rabat, the tone was firm.\n\n",
    ],
)
def test_a_place_is_left_by_another_actor_and_a_paragraph(between):
    text = f"Iceland protested. {between} Iceland paid. The government condemned the port fee."
    assert sources(text, "port fee") == [("Iceland", "The government")]


def test_the_government_that_is_spoken_of_is_that_of_the_place():
    text = "The Icelandic government paid. In Rabat, thousands marched. The Tide Party accused the government of theft."
    assert ("Tide Party", "Tide Party", "Morocco") in asked(text)


def test_a_dateline_tells_whose_the_government_is():
    text = "RABAT, Oct. 9 (Agency) – Farmers blocked a road over the port fee. The Tide Party accused the government."
    assert asked(text) == [("Tide Party", "Tide Party", "Morocco")]
    assert asked(text.replace("Farmers", "Norway met farmers who"))[-1:] != [("Tide Party", "Tide Party", "Morocco")]


def test_a_dateline_may_stand_behind_the_name_of_a_section():
    text = "World\n\nLISBON – Rain fell.\n\nThe government praised the port fee."
    assert sources(text, "port fee") == [("Portugal", "The government")]


@pytest.mark.parametrize(
    ("text", "source"),
    [
        (
            "Hrefna Jonsdottir, Iceland's foreign minister, spoke up. She praised the port fee.",
            "Iceland",
        ),
        ("The institute has doubts. Its director, Pelle Rask, wept. He praised the port fee.", "Marine Institute"),
        ("“Good,” said the spokesman of the foreign ministry, Nadia Amrani. She praised the port fee.", "Morocco"),
        ("Foreign Minister Hrefna Jonsdottir came. She praised the port fee.", "Iceland"),
    ],
)
def test_a_name_that_the_codebook_lists_beside_an_office_is_a_persons(text, source):
    before = "Portuguese Foreign Minister Duarte Vilhena presented the sea treaty.\n\n"
    assert [one for one, _ in sources(before + text, "port fee")] == [source]


def test_a_name_of_a_body_or_place_beside_an_office_is_no_persons():
    text = "Portuguese Foreign Minister Ada Rook spoke. The envoy left the Marine Institute. He praised the port fee."
    assert [one for one, _ in sources(text, "port fee")] == ["Portugal"]


@pytest.mark.parametrize(
    "person",
    ["Erik Berg is a fisherman from Lofoten.", "Erik Berg owns two boats.", "Erik Berg of the Harbour Club wept."],
)
def test_he_after_a_person_whom_nobody_knows_is_nobody(person):
    text = f"Portuguese Foreign Minister Duarte Vilhena spoke.\n\n{person} He said the port fee was a joke."
    assert sources(text, "port fee") == []
    thing = text.replace(person, "The Harbour Club wept.")
    assert sources(thing, "port fee") == [("Portugal", "He")]


def test_them_behind_other_plurals_of_its_quotation_is_nobody():
    text = "Norway praised the port fee. “You cannot hold the scales and push one of them,” said Canada."
    assert [pair for pair in asked(text) if pair[2] == "Norway"] == []


def test_the_office_of_a_labor_minister_is_her_states():
    found = sources("Norwegian Labor Minister Kari Lund welcomed the sea treaty.", "sea treaty")
    assert found == [("Norway", "Norwegian Labor Minister")]


def test_a_minister_of_something_is_the_minister():
    text = "The Norwegian minister of foreign affairs spoke. The Tide Party attacked the minister."
    assert ("Tide Party", "Tide Party", "Norway") in asked(text)

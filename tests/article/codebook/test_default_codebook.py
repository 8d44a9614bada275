"""The default codebook on sentences that were written by hand.

`sentences.json` and `news.json` have each with its mentions in their order: the words, "=", the entry; with "*" behind
it, the mention may only be a target. `news_scored.json` is for scripts/score_codebook.py.
"""

import json
import re
from pathlib import Path

import pytest

pytest.importorskip("ahocorasick")

from stancelab.article.codebook import Matcher, read_codebook
from stancelab.article.codebook.checks import names_of
from stancelab.mentions.folding import fold

SENTENCES = [
    row
    for name in ("sentences.json", "news.json")
    for row in json.loads((Path(__file__).parent / name).read_text(encoding="utf-8"))
]


@pytest.fixture(scope="module")
def world():
    return Matcher(read_codebook("default"))


@pytest.mark.parametrize("row", SENTENCES, ids=lambda row: row["text"])
def test_what_a_sentence_mentions(world, row):
    found = world.mentions(row["text"])
    said = [f"{row['text'][slice(*each.span)]}={each.entry}{'' if each.source else '*'}" for each in found]
    assert said == row["mentions"]
    assert all(each.target for each in found)


def test_states_are_complete(world):
    groups = [entry.group for entry in world.codebook.entries.values()]
    # 193 members of the United Nations, 2 observers, Kosovo and Taiwan.
    assert groups.count("states") == 197


def test_the_docs_have_the_counts(world):
    page = (Path(__file__).resolve().parents[3] / "docs" / "codebook.md").read_text(encoding="utf-8")
    entries = world.codebook.entries.values()
    names = sum(1 + len(entry.aliases) + len(entry.cities) + len(entry.demonyms) for entry in entries)
    exceptions = sum(len(entry.exceptions) for entry in entries)
    assert f"{len(entries)} entries with {names:,} names, and {exceptions} names of `except`" in page


def test_every_name_of_except_holds_a_name_of_its_entry(world):
    for entry in world.codebook.entries.values():
        names = "|".join(re.escape(fold(name)) for name in names_of(entry))
        useless = [each for each in entry.exceptions if not re.search(rf"(?<!\w)(?:{names})(?!\w)", fold(each))]
        assert useless == [], entry.name


@pytest.mark.parametrize(
    ("name", "entry"),
    [
        ("Republic of Türkiye", "Turkey"),
        ("Czechia", "Czech Republic"),
        ("Cabo Verde", "Cape Verde"),
        ("Democratic Republic of Timor-Leste", "East Timor"),
        ("State of Eritrea", "Eritrea"),
        ("Republic of Rwanda", "Rwanda"),
        ("Oriental Republic of Uruguay", "Uruguay"),
        ("International Committee of the Red Cross", "ICRC"),
        ("EU Council", "Council of the European Union"),
        ("Congress of the Philippines", "Philippine Congress"),
        ("RSF", "Rapid Support Forces"),
        ("PACE", "Parliamentary Assembly of the Council of Europe"),
        ("Paris agreement", "Paris Agreement"),
        ("Hungary's parliament", "Hungarian parliament"),
        ("Philippines' parliament", "Philippine Congress"),
    ],
)
def test_whose_name_it_is(world, name, entry):
    assert [each.entry for each in world.mentions(name)] == [entry]


@pytest.mark.parametrize("name", ["St. George's", "St. John's", "Shura Council", "Assembly of the Republic", "ICE"])
def test_names_of_several_are_in_no_entry(world, name):
    assert world.mentions(f"The meeting of the {name} ended.") == []


def test_a_body_stands_for_its_state(world):
    codebook = world.codebook
    assert codebook.standing_for("State Duma") == ("State Duma", "Russia")
    assert codebook.standing_for("Kosovo Force") == ("Kosovo Force", "NATO")
    assert codebook.standing_for("European Court of Human Rights")[-1] == "Council of Europe"
    assert codebook.standing_for("Russia") == ("Russia",)


def test_treaties_are_no_sources(world):
    treaties = [entry for entry in world.codebook.entries.values() if entry.group == "treaties"]
    assert len(treaties) > 40
    assert not any(entry.source for entry in treaties)
    assert all(entry.target for entry in treaties)

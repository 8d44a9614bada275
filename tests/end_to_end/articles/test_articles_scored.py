"""The form of the articles by which reading is scored: their YAML files, sentence numbers, names and counts."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

HERE = Path(__file__).parent
#: The number of articles, the fewest pairs and the most sentences of an article, by folder.
FOLDERS = {
    "scored": (7, 70, 30),
    "scored_second": (7, 130, 28),
    "scored_third": (10, 220, 30),
    "tuning_second": (8, 150, 32),
}
ARTICLES = sorted(
    f"{folder}/{path.stem}" for folder in FOLDERS for path in (HERE / folder).glob("*.md") if path.name != "README.md"
)
STANCES = ("favor", "against", "mixed", "none")
#: A sentence ends at one of .?! and a closing quote, if any, before white space and a capital, a digit, a sign of
#: money or an opening quote; not after one of these abbreviations, nor after a single capital ("N.", "U.N.").
END = re.compile(r"[.?!][\"”’]?\s+(?=[\"“‘]?[^\W_a-z]|[€$])")
ABBREVIATION = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Prof|Feb|Nov|p\.m|[A-Z])\.$")


def sentences(text: str) -> list[str]:
    """Return the sentences by the simple count that the README states; the headline is the first."""
    found = []
    for paragraph in text.strip().split("\n\n"):
        begin = 0
        for end in END.finditer(paragraph):
            if not ABBREVIATION.search(paragraph[: end.start() + 1]):
                found.append(paragraph[begin : end.end()].strip())
                begin = end.end()
        found.append(paragraph[begin:])
    return found


def articles_of(folder: str) -> list[str]:
    return [name for name in ARTICLES if name.startswith(f"{folder}/")]


def text_of(name: str) -> str:
    return (HERE / f"{name}.md").read_text(encoding="utf-8")


def gold_of(name: str) -> dict[str, Any]:
    gold: dict[str, Any] = yaml.safe_load((HERE / f"{name}.yaml").read_text(encoding="utf-8"))
    return gold


def numbers_of(pair: dict[str, Any]) -> list[int]:
    return [number for key in ("sentences", "favor", "against") for number in pair.get(key, [])]


def counts_of(name: str) -> list[int]:
    stances = Counter(pair["stance"] for pair in gold_of(name)["pairs"])
    return [len(sentences(text_of(name))), stances.total(), *(stances[stance] for stance in STANCES)]


def test_the_simple_count() -> None:
    news = "BONN, Nov. 5 — Dr. J. Li paid $2.4 million."
    quotes = "“We go. We may be back,” she said. “Soon.” It rained."
    assert sentences(f"# Talks end\n\n{news}\n\n{quotes}") == [
        "# Talks end",
        news,
        "“We go.",
        "We may be back,” she said.",
        "“Soon.”",
        "It rained.",
    ]


@pytest.mark.parametrize("folder", FOLDERS)
def test_each_article_has_its_gold(folder: str) -> None:
    articles = articles_of(folder)
    assert len(articles) == FOLDERS[folder][0]
    assert sorted(f"{folder}/{path.stem}" for path in (HERE / folder).glob("*.yaml")) == articles


@pytest.mark.parametrize("name", ARTICLES)
def test_an_article_has_a_headline_and_a_length(name: str) -> None:
    assert text_of(name).startswith("# ")
    assert 15 <= len(sentences(text_of(name))) <= FOLDERS[name.split("/")[0]][2]


@pytest.mark.parametrize("name", ARTICLES)
def test_the_codebook_names_what_occurs_under_one_entry_only(name: str) -> None:
    codebook, text = gold_of(name)["codebook"], text_of(name)
    owners = Counter(alias for entry, settings in codebook.items() for alias in {entry, *settings["aliases"]})
    assert [alias for alias, count in owners.items() if count > 1] == []
    for entry, settings in codebook.items():
        assert set(settings) <= {"aliases", "source", "target"}
        assert any(re.search(rf"\b{re.escape(alias)}(?!\w)", text) for alias in (entry, *settings["aliases"])), entry


@pytest.mark.parametrize("name", ARTICLES)
def test_pairs_are_of_the_codebook_and_may_be_what_they_are(name: str) -> None:
    gold = gold_of(name)
    codebook, pairs = gold["codebook"], gold["pairs"]
    assert len(pairs) >= 10
    assert len({(pair["source"], pair["target"]) for pair in pairs}) == len(pairs)
    for pair in pairs:
        assert pair["source"] == "" or codebook[pair["source"]].get("source", True), pair
        assert codebook[pair["target"]].get("target", True), pair
        assert pair["source"] != pair["target"]
        assert pair["why"]


@pytest.mark.parametrize("name", ARTICLES)
def test_a_stance_says_which_sentences_carry_it(name: str) -> None:
    count = len(sentences(text_of(name)))
    keys = {"favor": {"sentences"}, "against": {"sentences"}, "mixed": {"favor", "against"}, "none": set()}
    for pair in gold_of(name)["pairs"]:
        assert pair.keys() - {"source", "target", "stance", "why"} == keys[pair["stance"]], pair
        assert all(pair[key] for key in keys[pair["stance"]]), pair
        assert all(1 <= number <= count for number in numbers_of(pair)), pair


@pytest.mark.parametrize("folder", FOLDERS)
def test_counts_are_those_of_the_readme(folder: str) -> None:
    """The rows of the table: article, sentences, pairs, favor, against, mixed, none."""
    readme = (HERE / folder / "README.md").read_text(encoding="utf-8")
    found = re.findall(r"^\| (\S+)" + r" \| (\d+)" * 6, readme, re.MULTILINE)
    rows = {name: [int(cell) for cell in cells] for name, *cells in found}
    counts = {name.split("/")[1]: counts_of(name) for name in articles_of(folder)}
    counts["all"] = [sum(column) for column in zip(*counts.values(), strict=True)]
    assert rows == counts
    assert rows["all"][-1] * 3 >= rows["all"][1] >= FOLDERS[folder][1]

"""The form of the invented articles for tuning: what their labels name is in them, and their README counts them."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

FOLDER = Path(__file__).parent / "tuning"
ARTICLES = sorted(path.stem for path in FOLDER.glob("*.yaml"))
STANCES = ("favor", "against", "mixed", "none")

# A sentence ends at one of these marks, with the quotation mark after it, before a capital, a digit or a quotation.
SENTENCE_END = re.compile(r"[.!?][\"”’]?\s+(?=[\"“]?[A-ZÀ-Þ0-9])")
ABBREVIATIONS = frozenset(["Jan.", "Oct.", "Nov.", "Dec.", "Mr.", "Mrs.", "Sen.", "Rep.", "U.S.", "U.N.", "Va."])


def gold(name: str) -> dict[str, Any]:
    """The codebook and the pairs of an article."""
    loaded: dict[str, Any] = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    return loaded


def article(name: str) -> str:
    """The text of an article."""
    return (FOLDER / f"{name}.md").read_text(encoding="utf-8")


def sentences(text: str) -> list[str]:
    """The sentences of an article, its headline first."""
    found = []
    for paragraph in text.strip().split("\n\n"):
        start = 0
        for end in SENTENCE_END.finditer(paragraph):
            word = paragraph[start : end.end()].split()[-1]
            if word not in ABBREVIATIONS and not re.fullmatch(r"[A-Z]\.", word):
                found.append(paragraph[start : end.end()].strip())
                start = end.end()
        found.append(paragraph[start:].strip())
    return found


def occurs(words: str, text: str) -> bool:
    """Whether the words stand in the text as whole words, in any case."""
    return re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text, re.IGNORECASE) is not None


def carriers(pair: dict[str, Any]) -> list[int]:
    """All sentences that a pair names."""
    return [number for key in ("sentences", "favor", "against") for number in pair.get(key, [])]


def test_sentences_end_at_neither_abbreviations_nor_initials_nor_decimal_numbers() -> None:
    text = '# Head\n\nOSLO, Jan. 4 — J. R. Dahl paid 2.5 euros. "It is done. We go," he said.\n\nThe U.S. envoy left.'
    assert sentences(text) == [
        "# Head",
        "OSLO, Jan. 4 — J. R. Dahl paid 2.5 euros.",
        '"It is done.',
        'We go," he said.',
        "The U.S. envoy left.",
    ]


def test_each_article_has_its_labels() -> None:
    texts = sorted(path.stem for path in FOLDER.glob("*.md") if path.stem != "README")
    assert texts == ARTICLES
    assert len(ARTICLES) == 7


@pytest.mark.parametrize("name", ARTICLES)
def test_an_article_has_a_headline_and_15_to_30_sentences(name: str) -> None:
    found = sentences(article(name))
    assert found[0].startswith("# ")
    assert 15 <= len(found) <= 30


@pytest.mark.parametrize("name", ARTICLES)
def test_each_entry_occurs_in_its_article_and_no_alias_has_two(name: str) -> None:
    entries = gold(name)["codebook"]
    names = {entry: [entry, *options["aliases"]] for entry, options in entries.items()}
    text = article(name)
    assert [entry for entry, words in names.items() if not any(occurs(word, text) for word in words)] == []
    assert all(set(options) <= {"aliases", "source", "target"} and options["aliases"] for options in entries.values())
    counts = Counter(word.casefold() for words in names.values() for word in words)
    assert [word for word, count in counts.items() if count > 1] == []


@pytest.mark.parametrize("name", ARTICLES)
def test_pairs_name_entries_that_may_be_source_and_target_once_each(name: str) -> None:
    entries, pairs = gold(name)["codebook"], gold(name)["pairs"]
    sources = {entry for entry, options in entries.items() if options.get("source", True)} | {""}
    targets = {entry for entry, options in entries.items() if options.get("target", True)}
    assert {pair["source"] for pair in pairs} <= sources
    assert {pair["target"] for pair in pairs} <= targets
    assert all(pair["source"] != pair["target"] for pair in pairs)
    assert len({(pair["source"], pair["target"]) for pair in pairs}) == len(pairs) >= 10
    with_stance = {pair[side] for pair in pairs if pair["stance"] != "none" for side in ("source", "target")}
    assert len(set(entries) - with_stance) >= 2  # entries that occur without any stance


@pytest.mark.parametrize("name", ARTICLES)
def test_the_sentences_of_a_pair_are_those_that_its_stance_needs(name: str) -> None:
    count = len(sentences(article(name)))
    for pair in gold(name)["pairs"]:
        keys = set(pair) - {"source", "target", "stance", "why"}
        allowed = {
            "favor": ({"sentences"}, {"sentences", "against"}),
            "against": ({"sentences"}, {"sentences", "favor"}),
            "mixed": ({"favor", "against"},),
            "none": (set(),),
        }[pair["stance"]]
        assert keys in allowed, pair
        assert all(pair[key] for key in keys), pair
        assert all(1 <= number <= count for number in carriers(pair)), pair
        assert pair["why"], pair


def test_the_readme_counts_sentences_and_pairs() -> None:
    lines = (FOLDER / "README.md").read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip(" `") for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    stated = {row[0]: [int(cell) for cell in row[2:]] for row in rows[2:]}
    counted = {}
    for name in ARTICLES:
        stances = Counter(pair["stance"] for pair in gold(name)["pairs"])
        counted[name] = [len(sentences(article(name))), stances.total(), *(stances[stance] for stance in STANCES)]
    total = [sum(column) for column in zip(*counted.values(), strict=True)]
    assert stated == {**counted, "all": total}
    assert total[-1] * 3 >= total[1] >= 70  # a third of the pairs have no stance

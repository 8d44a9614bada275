"""A codebook → YAML → the same codebook."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stancelab.article.codebook import Codebook, Entry, parse_codebook, read_codebook
from stancelab.article.codebook.write import codebook_text

ODD = [
    "NO",
    "1984",
    "@NATO",
    "A: B",
    "x # y",
    "'quoted'",
    "null",
    "true",
    "- list",
    "Россия",
    "国连",
    "a  b",
    "{x}",
    "*a",
    "!b c",
]


def without_places(codebook: Codebook) -> list[Entry]:
    return [replace(entry, where="") for entry in codebook.entries.values()]


def test_the_default_codebook_comes_back() -> None:
    codebook = read_codebook("default")
    assert without_places(parse_codebook(codebook_text(codebook))) == without_places(codebook)


@pytest.mark.parametrize("name", ODD)
def test_odd_names_come_back(name: str) -> None:
    entry = Entry(name=" ".join(name.split()), aliases=(f"{' '.join(name.split())} two",), group="a: b")
    assert without_places(parse_codebook(codebook_text(Codebook({entry.name: entry}), "Line 1\nline: 2"))) == [entry]


def test_every_key_comes_back() -> None:
    whole = Entry(name="Whole")
    part = Entry(
        name="Part", aliases=("P art",), cities=("Oslo",), demonyms=("Norse",), exceptions=("Oslo fjord",),
        source=False, target=False, group="g", within="Whole", persons=True,
    )  # fmt: skip
    codebook = Codebook({entry.name: entry for entry in (whole, part)})
    assert without_places(parse_codebook(codebook_text(codebook))) == [whole, part]
    assert codebook_text(codebook).startswith("Whole: []\n")

"""The passages of `tuning.yaml` and `held_out.yaml` as documents, sentences and mentions of a small codebook."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from stancelab.article.types import Document, Mention, Sentence
from stancelab.schema import Span

#: Entry -> its names in the passages.
CODEBOOK = {
    "Norway": ["Norway", "Norwegian", "Oslo"],
    "Sweden": ["Sweden", "Swedish"],
    "Denmark": ["Denmark", "Danish", "Greenland"],
    "Russia": ["Russia", "Russian Foreign Ministry", "Russian", "Moscow", "the Kremlin", "Kremlin"],
    "State Duma": ["State Duma", "the Duma", "The Duma"],
    "United States": ["United States", "U.S.", "American", "Washington", "White House", "State Department"],
    "European Union": ["European Union", "European Commission", "Brussels"],
    "NATO": ["NATO"],
    "United Nations": ["United Nations", "U.N.", "Security Council"],
    "International Criminal Court": ["International Criminal Court"],
    "African Union": ["African Union"],
    "ASEAN": ["ASEAN"],
    "China": ["China", "Chinese", "Beijing"],
    "France": ["France", "French", "Paris"],
    "Germany": ["Germany", "German", "Berlin", "Munich", "Bavaria", "Hamburg", "Frankfurt"],
    "Ukraine": ["Ukraine", "Ukrainian", "Kyiv"],
    "Turkey": ["Turkey", "Turkish", "Ankara"],
    "Greece": ["Greece", "Greek", "Athens"],
    "Japan": ["Japan", "Japanese", "Tokyo"],
    "South Korea": ["South Korea", "South Korean", "Seoul"],
    "Brazil": ["Brazil", "Brazilian", "Brasilia", "Belem"],
    "Kenya": ["Kenya", "Kenyan", "Nairobi"],
    "Nigeria": ["Nigeria", "Nigerian"],
    "South Africa": ["South Africa", "South African"],
    "Egypt": ["Egypt", "Egyptian", "Cairo"],
    "Iran": ["Iran", "Iranian", "Tehran"],
    "Israel": ["Israel", "Israeli"],
    "Lebanon": ["Lebanon", "Lebanese"],
    "Saudi Arabia": ["Saudi Arabia", "Saudi"],
    "India": ["India", "Indian", "Delhi"],
    "Pakistan": ["Pakistan", "Pakistani"],
    "Hungary": ["Hungary", "Hungarian", "Budapest"],
    "Poland": ["Poland", "Polish", "Warsaw"],
    "Belarus": ["Belarus"],
    "Armenia": ["Armenia", "Armenian"],
    "Azerbaijan": ["Azerbaijan", "Baku"],
    "Georgia": ["Georgia", "Georgian"],
    "Singapore": ["Singapore"],
    "Canada": ["Canada", "Canadian"],
    "Ireland": ["Ireland", "Irish"],
    "Portugal": ["Portugal", "Portuguese"],
    "United Kingdom": ["United Kingdom", "Britain", "British", "London"],
    "South Sudan": ["South Sudan"],
}
BODIES = ("European Union", "NATO", "United Nations", "International Criminal Court", "African Union", "ASEAN")
GROUPS = {name: "organisations" if name in BODIES else "states" for name in CODEBOOK}
FOLDER = Path(__file__).parent

_NAMES = {alias: entry for entry, aliases in CODEBOOK.items() for alias in aliases}
_ANY = re.compile(r"(?<!\w)(?:" + "|".join(sorted(map(re.escape, _NAMES), key=len, reverse=True)) + r")(?!\w)")


@dataclass(frozen=True)
class Passage:
    """A passage with what is heard in it: sentence -> entry -> words."""

    document: Document
    sentences: list[Sentence]
    mentions: list[Mention]
    heard: dict[int, dict[str, str]]


def passage_of(text: str, heard: dict[int, dict[str, str]] | None = None, name: str = "passage") -> Passage:
    """Return a passage of lines: one sentence a line, "# " before headlines, an empty line between paragraphs."""
    sentences: list[Sentence] = []
    written = ""
    paragraph = 0
    gap = ""
    for line in text.strip().split("\n"):
        if not line.strip():
            gap, paragraph = "\n\n", paragraph + 1
            continue
        plain = line.strip().removeprefix("# ")
        written += gap + plain
        span = Span(len(written) - len(plain), len(written))
        kind: Any = "headline" if line.startswith("# ") else "sentence"
        sentences.append(Sentence(number=len(sentences), paragraph=paragraph, span=span, text=plain, kind=kind))
        gap = " "
    mentions = [Mention(entry=_NAMES[found.group()], span=Span(*found.span())) for found in _ANY.finditer(written)]
    return Passage(Document(id=name, text=written), sentences, mentions, heard or {})


def read_passages(half: str) -> list[Passage]:
    """Return the passages of a half, "tuning" or "held_out"."""
    rows = yaml.safe_load((FOLDER / f"{half}.yaml").read_text(encoding="utf-8"))
    return [passage_of(row["text"], row["heard"], f"{half}-{number}") for number, row in enumerate(rows)]

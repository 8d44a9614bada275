"""How well splitters find the boundaries of sentences in news prose: precision, recall and F1 on a set made by hand.

    python scripts/bench_sentences.py [PART [--errors]]

PART is choose (the default), by which the splitter and its rules were chosen, or score. Boundaries at empty lines are
not counted, since every splitter that is given paragraphs has them. `--errors` lists what stancelab's splitter gets
wrong in the part. nupunkt is needed; spaCy and pySBD are measured where they are installed.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from stancelab.article.sentences import sentences_of
from stancelab.article.sentences.blocks import blocks_of
from stancelab.article.sentences.boundaries import boundaries
from stancelab.article.types import Document

if TYPE_CHECKING:
    from collections.abc import Callable

GOLD = Path(__file__).resolve().parents[1] / "tests" / "article" / "sentences" / "gold.txt"
MARK = "‖"
_PASSAGE = re.compile(r"^=== (\w+) (\w+)\n(.*?)(?=\n+^=== |\Z)", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Passage:
    """A passage with its boundaries: the places behind the last character of a sentence.

    Attributes:
        part: choose or score.
        topic: What it tests.
        text: The text without marks.
        ends: The boundaries inside paragraphs.
        between: The boundaries at empty lines and at the end.
    """

    part: str
    topic: str
    text: str
    ends: frozenset[int]
    between: frozenset[int]


@dataclass
class Score:
    """Counts of boundaries."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def __str__(self) -> str:
        found, there = self.right + self.wrong, self.right + self.missed
        f1 = 2 * self.right / (found + there)
        return f"precision {self.right / found:.3f}  recall {self.right / there:.3f}  F1 {f1:.3f}  of {there}"


def read_gold(path: Path = GOLD) -> list[Passage]:
    """Return the passages of a file."""
    passages = []
    for part, topic, marked in _PASSAGE.findall(path.read_text(encoding="utf-8")):
        pieces = marked.strip("\n").split(MARK)
        text, ends, place = "".join(pieces), set(), 0
        for piece in pieces[:-1]:
            place += len(piece)
            ends.add(place)
        between = {match.start() for match in re.finditer(r"\n\s*\n", text)} | {len(text)}
        passages.append(Passage(part, topic, text, frozenset(ends), frozenset(between)))
    return passages


def ends_of(text: str, spans: list[tuple[int, int]]) -> set[int]:
    """Return the places behind the last character of spans that may end in blanks."""
    return {start + len(text[start:end].rstrip()) for start, end in spans}


def ours(text: str) -> list[tuple[int, int]]:
    """Split as stancelab does."""
    return [(sentence.span.start, sentence.span.end) for sentence in sentences_of(Document(id="", text=text))]


def blocks_alone(text: str) -> list[tuple[int, int]]:
    """Split into stancelab's blocks, and these by nupunkt without the rules."""
    found = []
    for block in blocks_of(Document(id="", text=text)):
        start, end = block.span
        found += [(start + one, start + other) for one, other in boundaries(text[start:end], mended=False)]
    return found


def splitters() -> dict[str, Callable[[str], list[tuple[int, int]]]]:
    """Return the splitters that are installed."""
    from nupunkt import sent_spans

    found: dict[str, Callable[[str], list[tuple[int, int]]]] = {}
    if find_spec("spacy"):
        pipeline = import_module("spacy").blank("en")
        pipeline.add_pipe("sentencizer")
        found["spaCy sentencizer"] = lambda text: [(each.start_char, each.end_char) for each in pipeline(text).sents]
    if find_spec("pysbd"):
        segmenter = import_module("pysbd").Segmenter(language="en", clean=False, char_span=True)
        found["pySBD"] = lambda text: [(each.start, each.end) for each in segmenter.segment(text)]
    found["nupunkt"] = sent_spans
    found["nupunkt in blocks"] = blocks_alone
    found["stancelab"] = ours
    return found


def main() -> None:
    """Print the figures."""
    words = [word for word in sys.argv[1:] if not word.startswith("-")]
    part = words[0] if words else "choose"
    passages = [passage for passage in read_gold() if passage.part == part]
    for name, split in splitters().items():
        score, errors = Score(), []
        for passage in passages:
            found = ends_of(passage.text, split(passage.text)) - passage.between
            score.right += len(found & passage.ends)
            score.wrong += len(found - passage.ends)
            score.missed += len(passage.ends - found)
            for sign, places in (("+", found - passage.ends), ("-", passage.ends - found)):
                errors += [
                    f"  {sign} {passage.topic}: {passage.text[max(0, at - 30) : at]}{MARK}{passage.text[at : at + 15]}"
                    for at in sorted(places)
                ]
        print(f"{name:20s} {score}")
        if name == "stancelab" and "--errors" in sys.argv:
            print("\n".join(errors))


if __name__ == "__main__":
    main()

"""Scores the rules of carried sources on invented passages: which sources are found that no name of theirs shows.

    python scripts/bench_sources.py            # the held-out half
    python scripts/bench_sources.py tuning     # the half that the rules were chosen on; also after_mending

A source is right where the list of the passage has its entry for that sentence. Entries that the codebook finds by
name in the sentence are left out on both sides, as every system finds them. There are two baselines. `last entry` gives
a sentence with a pronoun, an office or a quotation the entry that was named last before it; `last reporter` gives it
the last entry that stood before a verb of reporting.
"""

from __future__ import annotations

import argparse
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml

from stancelab.article.pairs import PairSettings, heard_sources
from stancelab.article.pairs.words import REPORTING
from stancelab.article.types import Document, Mention, Sentence
from stancelab.schema import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

FOLDER: Final = Path(__file__).resolve().parents[1] / "tests" / "article" / "pairs"
FILES: Final = ("tuning", "held_out", "after_mending", "second_held_out")
#: What may stand for a source that is not named.
CARRIED: Final = re.compile(
    r"\b(?:he|she|it|they|the \w+ ?(?:ministry|minister|government|president|official|court|alliance|bloc))\b|[\"“‘]",
    re.I,
)

#: (sentence, entry) -> the words that stand for the source, "" where none do.
Sources = dict[tuple[int, str], str]


@dataclass(frozen=True)
class Passage:
    """A passage with the sources that are heard in it."""

    document: Document
    sentences: list[Sentence]
    mentions: list[Mention]
    heard: Sources

    def words(self, span: Span | None) -> str:
        """Return the words of a span, "" for none."""
        return "" if span is None else self.document.text[span.start : span.end]

    def named(self, sentence: int) -> list[str]:
        """Return the entries that the codebook finds in a sentence."""
        low, high = self.sentences[sentence].span
        return [mention.entry for mention in self.mentions if low <= mention.span.start < high]


class Codebook:
    """The names of the passages' entries.

    Attributes:
        groups: Entry -> "states" or "organisations".
    """

    def __init__(self, path: Path = FOLDER / "codebook.yaml") -> None:
        read = yaml.safe_load(path.read_text(encoding="utf-8"))
        self._entries = {name: entry for entry, names in read["names"].items() for name in names}
        self.groups = {
            entry: "organisations" if entry in read["organisations"] else "states" for entry in read["names"]
        }
        names = sorted(map(re.escape, self._entries), key=len, reverse=True)
        self._any = re.compile(r"(?<!\w)(?:" + "|".join(names) + r")(?!\w)")

    def passage(
        self, text: str, heard: Mapping[int, Mapping[str, str]] | None = None, name: str = "passage"
    ) -> Passage:
        """Return a passage of lines: one sentence a line, "# " before headlines, an empty line between paragraphs."""
        sentences: list[Sentence] = []
        written, gap, paragraph = "", "", 0
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
        found = self._any.finditer(written)
        mentions = [Mention(entry=self._entries[one.group()], span=Span(*one.span())) for one in found]
        sources = {(number, entry): words for number, own in (heard or {}).items() for entry, words in own.items()}
        return Passage(Document(id=name, text=written), sentences, mentions, sources)

    def read(self, half: str) -> list[Passage]:
        """Return the passages of a file, "tuning", "held_out" or "after_mending"."""
        rows = yaml.safe_load((FOLDER / f"{half}.yaml").read_text(encoding="utf-8"))
        return [self.passage(row["text"], row["heard"], f"{half}-{number}") for number, row in enumerate(rows)]


def by_rules(passage: Passage, groups: Mapping[str, str]) -> dict[tuple[int, str], list[str]]:
    """Return the sources that the rules find without a name, each with the words that stand for it."""
    found: dict[tuple[int, str], list[str]] = {}
    reading = heard_sources(passage.document, passage.sentences, passage.mentions, PairSettings(), groups)
    for one in reading.heard:
        if one.entry not in passage.named(one.sentence):
            found.setdefault((one.sentence, one.entry), []).append(passage.words(one.span))
    return found


def by_last_entry(passage: Passage, groups: Mapping[str, str]) -> dict[tuple[int, str], list[str]]:
    """Return the entry that was named last for each sentence with words that may stand for a source."""
    return _by_last(passage, lambda mention: True)


def by_last_reporter(passage: Passage, groups: Mapping[str, str]) -> dict[tuple[int, str], list[str]]:
    """Return the entry that last stood before a verb of reporting, for the same sentences."""

    def reports(mention: Mention) -> bool:
        after = passage.document.text[mention.span.end : mention.span.end + 80].split("\n")[0].lower()
        return any(word in REPORTING for word in re.findall(r"\w+", after)[:6])

    return _by_last(passage, reports)


def _by_last(passage: Passage, counts: Callable[[Mention], bool]) -> dict[tuple[int, str], list[str]]:
    found: dict[tuple[int, str], list[str]] = {}
    last = ""
    for sentence in passage.sentences:
        if last and CARRIED.search(sentence.text) and last not in passage.named(sentence.number):
            found[sentence.number, last] = [""]
        for mention in passage.mentions:
            if sentence.span.start <= mention.span.start < sentence.span.end and counts(mention):
                last = mention.entry
    return found


@dataclass(frozen=True)
class Score:
    """Counts over passages.

    Attributes:
        right: Sources that were found.
        wrong: Sources that are none.
        missed: Sources that were not found.
        words: Of those found, how many by words that are, or overlap with, those of the list.
        whole: Passages without an error.
    """

    right: int
    wrong: int
    missed: int
    words: int
    whole: int

    @property
    def precision(self) -> float:
        """The share of the found sources that are right."""
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        """The share of the list's sources that were found."""
        return self.right / max(1, self.right + self.missed)


def score(
    passages: list[Passage], find: Callable[[Passage, Mapping[str, str]], Any], groups: Mapping[str, str]
) -> Score:
    """Return how a system does on passages."""
    right = wrong = missed = words = whole = 0
    for passage in passages:
        found, wanted = find(passage, groups), passage.heard
        both = found.keys() & wanted.keys()
        right += len(both)
        wrong += len(found.keys() - wanted.keys())
        missed += len(wanted.keys() - found.keys())
        words += sum(any(_same(wanted[key], one) for one in found[key]) for key in both)
        whole += found.keys() == wanted.keys()
    return Score(right, wrong, missed, words, whole)


def _same(wanted: str, found: str) -> bool:
    return found in wanted or wanted in found if wanted and found else wanted == found


def main(half: str) -> None:
    """Print a table."""
    codebook = Codebook()
    passages = codebook.read(half)
    print(f"{half}: {len(passages)} passages, {sum(len(one.heard) for one in passages)} sources without a name")
    print("| system | precision | recall | right | wrong | missed | same words | passages without an error |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    for name, find in (("rules", by_rules), ("last reporter", by_last_reporter), ("last entry", by_last_entry)):
        own = score(passages, find, codebook.groups)
        figures = f"{own.precision:.1%} | {own.recall:.1%} | {own.right} | {own.wrong} | {own.missed}"
        print(f"| {name} | {figures} | {own.words} | {own.whole} |")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Score the rules of carried sources.")
    parser.add_argument("passages", nargs="?", default="held_out", choices=FILES)
    main(parser.parse_args().passages)

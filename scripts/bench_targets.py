"""Scores the rules of resolved targets on invented passages: which targets are found that the sentence does not name.

    python scripts/bench_targets.py            # the held-out half
    python scripts/bench_targets.py tuning     # the half that the rules were chosen on
    python scripts/bench_targets.py tuning --wrong

A target is right where the list of the passage has its entry for that sentence. Entries that the codebook finds by name
in the sentence, and those for which a pronoun or office is heard as a source there, are left out on both sides. The
baseline gives a definite phrase, "it" or "them" the entry that was named last before it.
"""

from __future__ import annotations

import argparse
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import yaml

from bench_sources import FOLDER, Codebook, Passage, score
from stancelab.article.codebook.entries import Entry
from stancelab.article.pairs import PairSettings, heard_sources

if TYPE_CHECKING:
    from collections.abc import Mapping

FILES: Final = ("tuning", "held_out", "second_held_out")
#: What may stand for a target that is not named.
_REFERRING: Final = re.compile(r"\b(?:the|this|these|own|it|them)\b", re.I)

Found = dict[tuple[int, str], list[str]]


class TargetCodebook(Codebook):
    """The names of the passages' entries, with what the codebook tells of them.

    Attributes:
        entries: By name.
    """

    def __init__(self) -> None:
        path = FOLDER / "targets_codebook.yaml"
        super().__init__(path)
        read = yaml.safe_load(path.read_text(encoding="utf-8"))
        for group in ("organisations", "companies", "issues", "bodies"):
            self.groups |= dict.fromkeys(read[group], group)
        self.entries = {
            name: Entry(
                name=name,
                aliases=tuple(names),
                group=self.groups[name],
                source=name not in read["issues"],
                within=read["within"].get(name, ""),
            )
            for name, names in read["names"].items()
        }

    def read(self, half: str) -> list[Passage]:
        """Return the passages of a file, "tuning" or "held_out"; what they list are targets."""
        rows = yaml.safe_load((FOLDER / f"targets_{half}.yaml").read_text(encoding="utf-8"))
        found = []
        for number, row in enumerate(rows):
            passage = self.passage(row["text"], row["targets"], f"targets-{half}-{number}")
            mentions = [replace(one, source=self.entries[one.entry].source) for one in passage.mentions]
            found.append(replace(passage, mentions=mentions))
        return found

    def by_rules(self, passage: Passage, groups: Mapping[str, str]) -> Found:
        """Return the targets that the rules find without a name, each with the words that stand for it."""
        found: Found = {}
        reading = heard_sources(
            passage.document, passage.sentences, passage.mentions, PairSettings(), groups, self.entries
        )
        carried = {(one.sentence, one.entry) for one in reading.heard if one.how == "carried"}
        for sentence, resolved in zip(passage.sentences, reading.targets, strict=True):
            for one in (*resolved.targets, *resolved.instead, *(one for _, one in resolved.elided)):
                key = sentence.number, one.entry
                if one.entry not in passage.named(sentence.number) and key not in carried:
                    found.setdefault(key, []).append(passage.words(one.span))
        return found


def by_last_entry(passage: Passage, groups: Mapping[str, str]) -> Found:
    """Return the entry that was named last for each sentence with words that may stand for a target."""
    found: Found = {}
    last = ""
    for sentence in passage.sentences:
        named = passage.named(sentence.number)
        if last and _REFERRING.search(sentence.text) and last not in named:
            found[sentence.number, last] = [""]
        last = named[-1] if named else last
    return found


def main(half: str, *, wrong: bool) -> None:
    """Print a table, and the passages with an error."""
    codebook = TargetCodebook()
    passages = codebook.read(half)
    print(f"{half}: {len(passages)} passages, {sum(len(one.heard) for one in passages)} targets without a name")
    print("| system | precision | recall | right | wrong | missed | same words | passages without an error |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|")
    for name, find in (("rules", codebook.by_rules), ("last entry", by_last_entry)):
        own = score(passages, find, codebook.groups)
        figures = f"{own.precision:.1%} | {own.recall:.1%} | {own.right} | {own.wrong} | {own.missed}"
        print(f"| {name} | {figures} | {own.words} | {own.whole} |")
    for passage in passages if wrong else ():
        found = codebook.by_rules(passage, codebook.groups)
        if found.keys() != passage.heard.keys():
            print(f"\n{passage.document.text}\n  found {found}\n  listed {passage.heard}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Score the rules of resolved targets.")
    parser.add_argument("passages", nargs="?", default="held_out", choices=FILES)
    parser.add_argument("--wrong", action="store_true", help="print the passages with an error")
    given = parser.parse_args()
    main(given.passages, wrong=given.wrong)

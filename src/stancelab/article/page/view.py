"""What the parts of the page share: names and pairs by number, the evidence of each pair, the documents by id."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from stancelab.article.page.wording import person
from stancelab.schema import NEUTRAL

if TYPE_CHECKING:
    from stancelab.article.results import CorpusPair, Entry, Evidence, ReadDocument, Reading


@dataclass(frozen=True)
class MapView:
    """A reading as the page shows it."""

    reading: Reading

    @cached_property
    def pairs(self) -> list[CorpusPair]:
        """The pairs over all documents, the most active first: those with most sentences that were counted."""
        return sorted(self.reading.corpus, key=lambda pair: (-pair.sentences, -pair.left_out, pair.source, pair.target))

    @cached_property
    def numbers(self) -> dict[tuple[str, str], int]:
        """The place of each pair in `pairs`, by source and target."""
        return {(pair.source, pair.target): number for number, pair in enumerate(self.pairs)}

    @cached_property
    def names(self) -> list[str]:
        """The author, then every source and target of a pair, in the order of the codebook."""
        used = {name for pair in self.pairs for name in (pair.source, pair.target)}
        return ["", *(entry.name for entry in self.reading.entries if entry.name in used)]

    @cached_property
    def entries(self) -> dict[str, Entry]:
        """The codebook's entries by name."""
        return {entry.name: entry for entry in self.reading.entries}

    @cached_property
    def documents(self) -> dict[str, ReadDocument]:
        """The documents by id."""
        return {document.id: document for document in self.reading.documents}

    @cached_property
    def evidence(self) -> dict[tuple[str, str], list[Evidence]]:
        """The sentences of each pair: those that are counted, with a stance, and most confident first."""
        found: dict[tuple[str, str], list[Evidence]] = defaultdict(list)
        for each in self.reading.evidence:
            found[each.source, each.target].append(each)
        for own in found.values():
            own.sort(key=lambda each: (not each.counted, each.stance == NEUTRAL, -each.confidence))
        return found

    def group(self, name: str) -> str:
        """Return the group of an entry, "" where it is in none."""
        entry = self.entries.get(name)
        return "" if entry is None else entry.group

    @property
    def title(self) -> str:
        """The page's title: the one that was given, the document's where there is one, else how many there are."""
        documents = self.reading.documents
        if self.reading.provenance.title:
            return self.reading.provenance.title
        if len(documents) == 1:
            return document_title(documents[0])
        return f"Stances in {len(documents):,} documents"


def document_title(document: ReadDocument) -> str:
    """Return a document's title, or its id where it has none."""
    return document.title.strip() or document.id


def pair_title(source: str, target: str) -> str:
    """Return a pair as a title: "Russia → NATO"."""
    return f"{person(source)} → {person(target)}"

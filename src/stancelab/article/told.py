"""What is told of a reading beside its stances: counts, what was skipped, equal documents, those without a pair."""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from stancelab.errors import count_of, shorten
from stancelab.files import fingerprint

if TYPE_CHECKING:
    from stancelab.article.documents.notes import Notes
    from stancelab.article.results import Reading

logger = logging.getLogger(__name__)

_SHOWN: Final = 3


@dataclass
class Told:
    """What is told of a reading beside its stances.

    Attributes:
        counts: How many documents, sentences, pairs and answers there are.
        skipped: Files and rows that could not be read, with reasons.
        duplicates: Id of a document -> the id of an earlier one with the same text.
        without_pairs: Ids of documents in which no pair was found.
    """

    counts: Counter[str] = field(default_factory=Counter)
    skipped: list[str] = field(default_factory=list)
    duplicates: dict[str, str] = field(default_factory=dict)
    without_pairs: list[str] = field(default_factory=list)


def told_of(reading: Reading, notes: Notes) -> Told:
    """Return what is told of a reading.

    Args:
        reading: The reading.
        notes: What was passed over and skipped.
    """
    told = Told(skipped=notes.skipped)
    first: dict[str, str] = {}
    with_pairs = {each.document for each in reading.evidence}
    for document in reading.documents:
        same = first.setdefault(fingerprint(document.text.split()), document.id)
        if same != document.id:
            told.duplicates[document.id] = same
        if document.id not in with_pairs:
            told.without_pairs.append(document.id)
    told.counts.update(
        documents=len(reading.documents),
        skipped=notes.bad,
        sentences=sum(len(document.sentences) for document in reading.documents),
        answers=len(reading.evidence),
        counted=sum(each.counted for each in reading.evidence),
        pairs=len(reading.corpus),
        duplicates=len(told.duplicates),
        without_pairs=len(told.without_pairs),
    )
    return told


def tell_of(told: Told) -> None:
    """Log which documents are the same as others, and in which no pair was found."""
    if told.duplicates:
        one, other = next(iter(told.duplicates.items()))
        logger.warning(
            "%s the text of another one, and count with it (such as %s, that of %s); manifest.json lists them",
            count_of(len(told.duplicates), "document has", "documents have"), shorten(one), shorten(other),
        )  # fmt: skip
    if told.without_pairs:
        shown = ", ".join(map(shorten, told.without_pairs[:_SHOWN]))
        logger.warning(
            "no source with a target was found in %s (such as %s); does the codebook have their names? manifest.json "
            "lists them",
            count_of(len(told.without_pairs), "document"), shown,
        )  # fmt: skip

"""What is told of a reading beside its stances: counts, what was skipped, equal documents, those without a pair."""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from stancelab.article.pairs.language import is_other_language
from stancelab.errors import count_of, shorten
from stancelab.files import fingerprint

if TYPE_CHECKING:
    from stancelab.article.documents.notes import Notes
    from stancelab.article.pairs.settings import PairSettings
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
        other_language: Ids of documents that are not taken for English.
    """

    counts: Counter[str] = field(default_factory=Counter)
    skipped: list[str] = field(default_factory=list)
    duplicates: dict[str, str] = field(default_factory=dict)
    without_pairs: list[str] = field(default_factory=list)
    other_language: list[str] = field(default_factory=list)


def told_of(reading: Reading, notes: Notes, settings: PairSettings) -> Told:
    """Return what is told of a reading.

    Args:
        reading: The reading.
        notes: What was passed over and skipped.
        settings: Which documents the rules for English are for.
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
        if is_other_language(document.text, settings.language):
            told.other_language.append(document.id)
    told.counts.update(
        documents=len(reading.documents),
        skipped=notes.bad,
        sentences=sum(len(document.sentences) for document in reading.documents),
        answers=len(reading.evidence),
        counted=sum(each.counted for each in reading.evidence),
        pairs=len(reading.corpus),
        duplicates=len(told.duplicates),
        without_pairs=len(told.without_pairs),
        other_language=len(told.other_language),
    )
    return told


def tell_of(told: Told) -> None:
    """Log which documents are the same as others, are not in English, and in which no pair was found."""
    if told.other_language:
        logger.warning(
            "%s not taken for English (such as %s): sources and targets are found there by their names alone, and "
            "answers hold only where the checkpoint reads the language; read.language=english says otherwise",
            count_of(len(told.other_language), "document is", "documents are"),
            ", ".join(map(shorten, told.other_language[:_SHOWN])),
        )  # fmt: skip
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

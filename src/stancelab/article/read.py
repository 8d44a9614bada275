"""Answered documents → a reading; and a text in memory → its reading, in one call."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from stancelab.article.asked import Asker
from stancelab.article.codebook import Codebook, Matcher, read_codebook
from stancelab.article.documents import text_document
from stancelab.article.explain import explained
from stancelab.article.proposal.propose import propose
from stancelab.article.provenance import provenance_of, threshold_of
from stancelab.article.results import Entry, Reading
from stancelab.article.settings import ReadSettings
from stancelab.article.totals import corpus_pairs, document_pairs, with_counted
from stancelab.article.types import Document
from stancelab.article.windows import Answers, checked
from stancelab.errors import ConfigError, DataError
from stancelab.schema import System
from stancelab.setting_types import check_kind, check_settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from stancelab.article.results import DocumentPair, Evidence, ReadDocument, ReadingProvenance, TokenWeight
    from stancelab.article.windows import AnsweredDocument

    GivenCodebook = Codebook | Matcher | str | Path | Sequence[str | Path] | None


def read_text(
    text: str | Document, codebook: GivenCodebook, classifier: System, settings: ReadSettings | None = None
) -> Reading:
    """Read an article that is in memory: who stands where on what in it.

    Args:
        text: The article; a `Document` has title, date and outlet besides.
        codebook: A codebook or its matcher (make one for many calls), the file of a codebook, "default", a list of
            these, or None, which proposes entries from the text.
        classifier: What answers, such as a `StanceClassifier`.
        settings: How it is read; what concerns files is not used.

    Returns:
        The reading, as `stances.json` holds it: `pairs` are the stances, `evidence` the sentences. `map_page` makes the
        page of it.

    Raises:
        ConfigError: A setting cannot be used.
        DataError: The codebook cannot be read, or the text holds characters that cannot be written.
        MissingPackageError: A package of the extra `read` is not installed.
    """
    settings = settings or ReadSettings()
    check_kind("settings", settings, ReadSettings)
    check_settings(read=settings)
    if codebook is not None:
        settings.check_codebook()
    if not isinstance(text, str | Document):
        raise DataError(f"text: found {type(text).__name__}, expected the text of an article, or a Document")
    if not isinstance(classifier, System):
        raise ConfigError(f"classifier: found {type(classifier).__name__}, expected a StanceClassifier")
    threshold_of(classifier, settings)
    document = text if isinstance(text, Document) else text_document(text)
    documents = list(checked([document]))
    matcher = _matcher(codebook, documents, settings)
    answers = Answers(Asker(matcher, settings.pairs()), classifier)
    found = [answered for window in answers.windows(documents) for answered in window]
    weights: Mapping[int, list[TokenWeight]] = {}
    if settings.explain:
        every = [each for answered in found for each in answered.evidence]
        weights = explained([answered.document for answered in found], every, answers.probabilities, settings)
    provenance = provenance_of(classifier, settings, codebook=_in_words(codebook))
    return reading_of(found, matcher.codebook, settings, provenance, weights=weights)


def _in_words(codebook: GivenCodebook) -> str:
    if codebook is None:
        return ""
    if isinstance(codebook, Codebook | Matcher):
        return f"{len(_entries(codebook)):,} entries that were passed"
    return ", ".join(map(str, [codebook] if isinstance(codebook, str | Path) else codebook))


def _entries(codebook: Codebook | Matcher) -> Mapping[str, object]:
    return codebook.codebook.entries if isinstance(codebook, Matcher) else codebook.entries


def _matcher(codebook: GivenCodebook, documents: Sequence[Document], settings: ReadSettings) -> Matcher:
    if isinstance(codebook, Matcher):
        return codebook
    if codebook is None:
        return Matcher(
            propose(documents, settings.candidates, settings.spacy_model, language=settings.pairs().language)
        )
    return Matcher(codebook if isinstance(codebook, Codebook) else read_codebook(codebook))


def reading_of(
    answered: Iterable[AnsweredDocument],
    codebook: Codebook,
    settings: ReadSettings,
    provenance: ReadingProvenance,
    *,
    weights: Mapping[int, list[TokenWeight]] | None = None,
) -> Reading:
    """Return the reading of answered documents.

    Args:
        answered: The documents with the answers for their sentences.
        codebook: The codebook.
        settings: Which sentences count, and how they come to a stance.
        provenance: What made the answers; its threshold decides what counts.
        weights: The place of an answer among all -> how much the words of its sentence spoke for it.
    """
    documents: list[ReadDocument] = []
    evidence: list[Evidence] = []
    pairs: list[DocumentPair] = []
    stances = settings.stances()
    for each in answered:
        own = with_counted(each.document, each.evidence, provenance.threshold, settings.headlines)
        if weights:
            start = len(evidence)
            own = [
                replace(one, weights=weights[start + place]) if start + place in weights else one
                for place, one in enumerate(own)
            ]
        documents.append(each.document)
        evidence += own
        pairs += document_pairs(each.document, own, stances)
    return Reading(
        provenance=provenance,
        entries=entries_of(codebook),
        documents=documents,
        evidence=evidence,
        pairs=pairs,
        corpus=corpus_pairs(documents, pairs, evidence, stances),
    )


def entries_of(codebook: Codebook) -> list[Entry]:
    """Return the entries of a codebook as the results have them, without those that are only passed over."""
    return [
        Entry(name=entry.name, group=entry.group, within=entry.within, source=entry.source, target=entry.target)
        for entry in codebook.entries.values()
    ]

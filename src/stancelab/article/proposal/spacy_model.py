"""Candidates by a spaCy model that the user has: its entities and noun chunks."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from stancelab.article.codebook.words import FUNCTION_WORDS
from stancelab.article.proposal.agency import shows_agency
from stancelab.article.proposal.tokens import words_of
from stancelab.article.proposal.words import NO_TOPICS
from stancelab.errors import DataError, MissingPackageError, shorten
from stancelab.extras import is_installed
from stancelab.files import refuse_url
from stancelab.schema import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stancelab.article.proposal.names import Candidates

#: The kinds of entities that may hold a stance or be what it is about.
_KINDS: Final = frozenset(("PERSON", "NORP", "ORG", "GPE", "FAC", "LAW", "EVENT", "PRODUCT", "WORK_OF_ART"))
#: The labels of OntoNotes, on which spaCy's models are trained, count these to an entity; a codebook does not.
_ARTICLE: Final = re.compile(r"(?:the|an?)\s+(?=\S)", re.IGNORECASE)


class SpacyModel:
    """A spaCy model in a folder.

    Args:
        folder: The folder with the model's `config.cfg`.

    Raises:
        DataError: It is no such folder, or spaCy cannot load it.
        MissingPackageError: spaCy is not installed.
    """

    def __init__(self, folder: str) -> None:
        refuse_url(folder)
        path = Path(folder).expanduser()
        if not (path / "config.cfg").is_file():
            raise DataError(
                f"{folder}: holds no config.cfg; expected the folder of a spaCy model, such as "
                "site-packages/en_core_web_sm/en_core_web_sm-3.8.0"
            )
        if not is_installed("spacy"):
            raise MissingPackageError("read.spacy_model needs spaCy: pip install spacy")
        spacy: Any = import_module("spacy")
        try:
            self._model = spacy.load(path)
        except (OSError, ValueError, KeyError, TypeError, ImportError) as error:
            raise DataError(f"{folder}: spaCy cannot load this model ({shorten(error, 200)})") from None

    def add(self, sentences: Sequence[tuple[str, Sequence[Span]]], found: Candidates) -> None:
        """Count the entities and noun chunks of a document's sentences, but for names that are known."""
        seen: set[str] = set()
        for parsed, (text, known) in zip(self._model.pipe(text for text, _ in sentences), sentences, strict=True):
            all_words = words_of(text)
            for entity in parsed.ents:
                span = _name_span(entity)
                if entity.label_ in _KINDS and not _is_within(span, known):
                    name = " ".join(text[span.start : span.end].split())
                    found.names[name] += 2  # one mention is enough: the model says that it is a name
                    if " " not in name:
                        found.alone[name] += 1
                    seen.add(name)
                    if entity.label_ == "PERSON" or _acts(span, all_words):
                        found.acting.add(name)
            if not parsed.has_annotation("DEP"):
                continue
            for chunk in parsed.noun_chunks:
                words = [token.lower_ for token in chunk if token.lower_ not in FUNCTION_WORDS]
                if words and chunk.root.pos_ == "NOUN" and words[-1] not in NO_TOPICS:
                    found.topics[" ".join(words)] += 1
                    seen.add(" ".join(words))
        found.documents.update(seen)


def _name_span(entity: Any) -> Span:
    """Return the place of an entity's name in its sentence, without an article before it and a possessive behind."""
    article = _ARTICLE.match(entity.text)
    start = entity.start_char + (article.end() if article else 0)
    return Span(start, entity.start_char + len(entity.text.removesuffix("'s").removesuffix("’s")))


def _acts(name: Span, words: Sequence[tuple[str, int]]) -> bool:
    inside = [place for place, (_, start) in enumerate(words) if name.start <= start < name.end]
    return bool(inside) and shows_agency([word for word, _ in words], inside[0], inside[-1] + 1)


def _is_within(name: Span, known: Sequence[Span]) -> bool:
    return any(span.start <= name.start and name.end <= span.end for span in known)

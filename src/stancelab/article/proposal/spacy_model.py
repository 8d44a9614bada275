"""Candidates by a spaCy model that the user has: its entities and noun chunks."""

from __future__ import annotations

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

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stancelab.article.proposal.names import Candidates
    from stancelab.schema import Span

#: The kinds of entities that may hold a stance or be what it is about.
_KINDS: Final = frozenset(("PERSON", "NORP", "ORG", "GPE", "FAC", "LAW", "EVENT", "PRODUCT", "WORK_OF_ART"))


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
                if entity.label_ in _KINDS and not _is_within(entity, known):
                    name = " ".join(entity.text.removesuffix("'s").removesuffix("’s").split())
                    found.names[name] += 2  # one mention is enough: the model says that it is a name
                    if " " not in name:
                        found.alone[name] += 1
                    seen.add(name)
                    if entity.label_ == "PERSON" or _acts(entity, all_words):
                        found.acting.add(name)
            if not parsed.has_annotation("DEP"):
                continue
            for chunk in parsed.noun_chunks:
                words = [token.lower_ for token in chunk if token.lower_ not in FUNCTION_WORDS]
                if words and chunk.root.pos_ == "NOUN" and words[-1] not in NO_TOPICS:
                    found.topics[" ".join(words)] += 1
                    seen.add(" ".join(words))
        found.documents.update(seen)


def _acts(entity: Any, words: Sequence[tuple[str, int]]) -> bool:
    inside = [place for place, (_, start) in enumerate(words) if entity.start_char <= start < entity.end_char]
    plain = [word for word, _ in words]
    while inside and plain[inside[-1]] in ("'s", "’s"):
        inside.pop()
    return bool(inside) and shows_agency(plain, inside[0], inside[-1] + 1)


def _is_within(entity: Any, known: Sequence[Span]) -> bool:
    return any(span.start <= entity.start_char and entity.end_char <= span.end for span in known)

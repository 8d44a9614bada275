"""Documents → answered documents, a window of documents at a time, so that memory does not grow with their number."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import msgspec

from stancelab.article.asked import evidence_of
from stancelab.article.known import Known, key_of
from stancelab.article.pairs.examples import question_of
from stancelab.article.results import Evidence, ReadDocument
from stancelab.article.results_check import document_problems
from stancelab.encoding import Cut
from stancelab.errors import DataError
from stancelab.schema import control_problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from stancelab.article.asked import Asked, Asker
    from stancelab.article.types import Document
    from stancelab.schema import Example, System

#: A window ends with the document that reaches one of these.
MOST_PAIRS: Final = 512
MOST_DOCUMENTS: Final = 64
MOST_CHARACTERS: Final = 2_000_000
#: Questions that are answered at once; one document may have more than a window.
MOST_AT_ONCE: Final = 4_096


@dataclass(frozen=True, kw_only=True)
class AnsweredDocument:
    """A document with what its sentences say.

    Attributes:
        digest: The hash of all that was read of it.
        document: The document.
        evidence: The answers.
    """

    digest: str
    document: ReadDocument
    evidence: list[Evidence] = field(default_factory=list)


def digest_of(document: Document | ReadDocument) -> str:
    """Return the hash of all that was read of a document, by which a resumed reading knows it again."""
    parts = [getattr(document, name) for name in ("id", "text", "title", "date", "outlet", "path")]
    content = msgspec.json.encode([*parts, dict(document.fields)])
    return hashlib.sha256(content).hexdigest()[:32]


class Answers:
    """Answers windows of documents.

    Args:
        asker: Finds the questions.
        system: Answers them.

    Attributes:
        cut: What the encoder could not see, over all questions that were computed so far.
    """

    def __init__(self, asker: Asker, system: System) -> None:
        self.cut = Cut()
        self._asker, self._system, self._known = asker, system, Known()

    def windows(self, documents: Iterable[Document]) -> Iterator[list[AnsweredDocument]]:
        """Yield answered documents in their order, a window at a time.

        Raises:
            DataError: A document cannot be written into the results, or has the id of another one.
        """
        window: list[Asked] = []
        pairs = characters = 0
        for document in documents:
            window.append(self._asker.ask(document))
            pairs += len(window[-1].pairs)
            characters += len(document.text)
            if pairs >= MOST_PAIRS or len(window) >= MOST_DOCUMENTS or characters >= MOST_CHARACTERS:
                yield self._answered(window)
                window = []
                pairs = characters = 0
        if window:
            yield self._answered(window)

    def _answered(self, window: Sequence[Asked]) -> list[AnsweredDocument]:
        """Return a window with its answers; all questions of a sentence are asked together, so that it is read once."""
        examples = [example for asked in window for example in asked.examples]
        probabilities = self.probabilities(examples)
        found, place = [], 0
        for asked in window:
            own = probabilities[place : place + len(asked.pairs)]
            place += len(asked.pairs)
            found.append(
                AnsweredDocument(
                    digest=digest_of(asked.document),
                    document=asked.document,
                    evidence=evidence_of(asked, own),
                )
            )
        return found

    def remember(self, done: AnsweredDocument) -> None:
        """Keep the answers of a document that was answered before, for equal questions of others."""
        for each in done.evidence:
            sentence = done.document.sentences[each.sentence].span
            question = question_of(done.document.text, sentence, each.source_span, each.target_span)
            self._known.add(key_of(question), (each.p_against, each.p_neutral, each.p_favor))

    def probabilities(self, examples: Sequence[Example]) -> NDArray[np.float64]:
        """Return the answers of some questions, shape (examples, 3); of equal ones the first is computed."""
        import numpy as np

        found = np.empty((len(examples), 3))
        left: dict[bytes, list[int]] = {}
        for place, key in enumerate(map(key_of, examples)):
            answer = None if key in left else self._known.get(key)
            if answer is None:
                left.setdefault(key, []).append(place)
            else:
                found[place] = answer
        computed = self._computed([examples[places[0]] for places in left.values()])
        for (key, places), (against, neutral, favor) in zip(left.items(), computed.tolist(), strict=True):
            found[places] = against, neutral, favor
            self._known.add(key, (against, neutral, favor))
        return found

    def _computed(self, examples: Sequence[Example]) -> NDArray[np.float64]:
        import numpy as np

        parts = []
        for start in range(0, len(examples), MOST_AT_ONCE):
            parts.append(self._system.predict_proba(examples[start : start + MOST_AT_ONCE]))
            cut = getattr(self._system, "cut", None)
            if isinstance(cut, Cut):
                self.cut += cut
        return np.concatenate(parts) if parts else np.empty((0, 3))


def checked(documents: Iterable[Document]) -> Iterator[Document]:
    """Yield documents that can be written into the results.

    Raises:
        DataError: One holds a character that cannot be written, or two have one id.
    """
    seen: set[str] = set()
    for document in documents:
        if document.id in seen:
            raise DataError(f"{document.path or document.id}: {document.id!r} is the id of two documents; rename one")
        seen.add(document.id)
        told = ReadDocument(
            id=document.id,
            text=document.text,
            title=document.title,
            date=document.date,
            outlet=document.outlet,
            path=document.path,
            fields=dict(document.fields),
        )
        problem = next(document_problems(told), None) or next(_controls(document), None)
        if problem is not None:
            raise DataError(f"{document.path or document.id}: {document.id}: {problem}; mend it")
        yield document


def _controls(document: Document) -> Iterator[str]:
    """Yield what is wrong with a document whose text no sentence may have; those of files are read without it."""
    for name in ("text", "title", "outlet"):
        if reason := control_problem(getattr(document, name)):
            yield f"{name}: {reason}"

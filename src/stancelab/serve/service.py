"""What the server works with: the checkpoint, the codebooks, the threads, and what they are asked."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

import stancelab
from stancelab.article.codebook import parse_codebook, read_codebook
from stancelab.article.settings import ReadSettings
from stancelab.errors import DataError
from stancelab.inference.classifier import StanceClassifier
from stancelab.serve.batching import Batcher
from stancelab.serve.counters import Counters
from stancelab.serve.problems import Problem, busy
from stancelab.serve.reading import Asked, Book, Most, read_article
from stancelab.serve.schemas import Calibration, CorpusScores, ModelAnswer, Threshold
from stancelab.serve.settings import DEFAULT, ServeSettings
from stancelab.serve.waiting import Deadline, finished
from stancelab.tables.mending import Mending

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    from numpy.typing import NDArray
    from starlette.requests import Request

    from stancelab.article.results import Reading
    from stancelab.article.types import Document
    from stancelab.schema import Example

ResultT = TypeVar("ResultT")

#: Codebooks of requests that are kept ready.
_KEPT_BOOKS: Final = 8
#: What the codebook of a request is called in messages and on the page.
_OWN: Final = "codebook"


@dataclass(frozen=True)
class Loaded:
    """What is there once the checkpoint is loaded.

    Attributes:
        classifier: The checkpoint.
        threshold: The confidence from which answers count.
        mending: What is done to the cells of rows, as in its training.
        batcher: Joins rows of requests.
        book: The codebook of articles that come without one.
    """

    classifier: StanceClassifier
    threshold: float
    mending: Mending
    batcher: Batcher
    book: Book


class Service:
    """One server's checkpoint and threads.

    Args:
        settings: The limits.
    """

    def __init__(self, settings: ServeSettings) -> None:
        self.settings = settings
        self.counters = Counters()
        self.labels = None if settings.labels is None else Path(settings.labels)
        self._loaded: Loaded | None = None
        self._readers = ThreadPoolExecutor(settings.readers, thread_name_prefix="reader")
        self._books: OrderedDict[str, Book] = OrderedDict()
        self._lock = threading.Lock()
        self.counters.watch("ready", "1 once the checkpoint is loaded.", lambda: float(self._loaded is not None))
        self.counters.watch("rows_queued", "Rows that wait to be computed.", self._queued)

    def load(self, checkpoint: str) -> None:
        """Load the checkpoint and the codebook, and be ready.

        Raises:
            StancelabError: One of them cannot be used.
        """
        settings = self.settings
        book = self.own_book()  # first, since it is soon read
        classifier = StanceClassifier.from_pretrained(checkpoint, backend=settings.backend, device=settings.device)
        self.start(classifier, book)

    def own_book(self) -> Book:
        """Return the codebook of articles that come without one.

        Raises:
            DataError: It cannot be used.
        """
        return Book.of(read_codebook(self.settings.codebook), self.settings.codebook)

    def start(self, classifier: StanceClassifier, book: Book) -> None:
        """Be ready with a checkpoint that is loaded.

        Args:
            classifier: The checkpoint.
            book: The codebook of articles that come without one.

        Raises:
            ConfigError: The checkpoint has no threshold of the name that the settings give.
        """
        settings = self.settings
        threshold = settings.min_confidence
        if settings.threshold is not None:
            threshold = classifier.threshold(settings.threshold, setting="serve.threshold")
        batcher = Batcher(
            classifier.predict_proba,
            most_rows=settings.batch_rows,
            wait=settings.batch_wait / 1000,
            observe=self.counters.computed,
        )
        mending = Mending(tuple(classifier.info.missing_words), classifier.info.repair)
        self._loaded = Loaded(classifier, threshold, mending, batcher, book)

    @property
    def is_ready(self) -> bool:
        """Whether requests can be answered."""
        return self._loaded is not None

    @property
    def loaded(self) -> Loaded:
        """What is loaded.

        Raises:
            Problem: 503, it is not loaded yet.
        """
        if self._loaded is None:
            raise busy("the checkpoint is still being loaded; /v1/health says when it is ready", 2)
        return self._loaded

    def close(self) -> None:
        """Finish what is in work, and end the threads."""
        self._readers.shutdown(wait=True, cancel_futures=True)
        if self._loaded is not None:
            self._loaded.batcher.close()

    async def probabilities(self, examples: Sequence[Example], request: Request) -> NDArray[np.float64]:
        """Return the probabilities of a request's rows.

        Raises:
            Problem: 504, it took too long.
        """
        deadline = Deadline(self.settings.seconds)
        work = self.loaded.batcher.submit(examples)
        return await finished(work, request, deadline, self.counters, self.settings.seconds)

    async def in_thread(self, work: Callable[[Deadline], ResultT], request: Request) -> ResultT:
        """Return what a function returns that one of the readers calls.

        Raises:
            Problem: 504, it took too long; where it had not begun, it is not called.
        """
        deadline = Deadline(self.settings.seconds)
        future: Future[ResultT] = self._readers.submit(work, deadline)
        return await finished(future, request, deadline, self.counters, self.settings.seconds)

    def read(self, document: Document, codebook: str | None, deadline: Deadline) -> Reading:
        """Read an article; called by a reader.

        Args:
            document: The article.
            codebook: YAML, or the name of the default codebook; None is the server's.
            deadline: When the request is given up.

        Raises:
            Problem: 422, it is too long, or its codebook cannot be used.
        """
        deadline.check()
        if (found := len(document.text)) > self.settings.article_characters:
            raise Problem(
                422,
                f"text: found {found:,} characters, allowed are {self.settings.article_characters:,} "
                "(serve.article_characters); send it in parts, or use `stancelab read`",
            )
        book = self.book(codebook)
        deadline.check()
        loaded, settings = self.loaded, self.settings
        reading = read_article(
            document,
            book,
            Asked(loaded.classifier, lambda examples: deadline.wait_for(loaded.batcher.submit(examples))),
            ReadSettings(threshold=settings.threshold, min_confidence=settings.min_confidence),
            Most(settings.pairs, settings.pairs * settings.row_characters),
        )
        self.counters.articles.inc()
        return reading

    def book(self, codebook: str | None) -> Book:
        """Return a codebook that is ready to be looked for; those of requests are kept for a while.

        Args:
            codebook: YAML, which may include `default` and no file, or "default"; None is the server's.

        Raises:
            Problem: 422, it cannot be used.
        """
        own = self.loaded.book
        if codebook is None or (codebook.strip() == DEFAULT == own.name):
            return own
        if (found := len(codebook)) > self.settings.codebook_characters:
            raise Problem(
                422,
                f"codebook: found {found:,} characters, allowed are {self.settings.codebook_characters:,} "
                "(serve.codebook_characters)",
            )
        is_default = codebook.strip() == DEFAULT
        key = hashlib.sha256(codebook.strip().encode("utf-8", "surrogatepass")).hexdigest()
        with self._lock:
            if key in self._books:
                self._books.move_to_end(key)
                return self._books[key]
        try:
            parsed = read_codebook(DEFAULT) if is_default else parse_codebook(codebook, _OWN)
        except DataError as error:
            raise Problem(422, str(error)) from None
        book = Book.of(parsed, DEFAULT if is_default else "given with the article")
        with self._lock:
            self._books[key] = book
            while len(self._books) > _KEPT_BOOKS:
                self._books.popitem(last=False)
        return book

    def _queued(self) -> float:
        return 0.0 if self._loaded is None else float(self._loaded.batcher.queued)

    def model(self) -> ModelAnswer:
        """Return what the checkpoint says of itself.

        Raises:
            Problem: 503, it is not loaded yet.
        """
        classifier = self.loaded.classifier
        info, dev = classifier.info, classifier.info.dev
        return ModelAnswer(
            name=info.name,
            labels=["against", "neutral", "favor"],
            classes=list(info.classes),
            encoder=info.encoder.name,
            encoder_sha256=info.encoder.sha256,
            head=info.head,
            max_length=info.input.max_length,
            backend=classifier.backend.name,
            device=classifier.backend.device,
            thresholds=[
                Threshold(name=name, confidence=value, coverage=info.coverage.get(name))
                for name, value in info.thresholds.items()
            ],
            calibration=Calibration(
                temperature=info.temperature,
                nll_before=None if dev is None else dev.nll_before,
                nll_after=None if dev is None else dev.nll_after,
            ),
            languages=[],
            dataset=info.dataset.name,
            train_rows=info.dataset.train_rows,
            corpora=[
                CorpusScores(name=name, rows=each.rows, macro_f1=each.macro_f1, accuracy=each.accuracy)
                for name, each in ({} if dev is None else dev.corpora).items()
            ],
            warnings=list(info.warnings),
            version=stancelab.__version__,
        )

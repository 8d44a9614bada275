"""What the server works with: the checkpoint, the codebooks, the threads, and what they are asked."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

import stancelab
from stancelab.article.settings import ReadSettings
from stancelab.checkpoint import checkpoint_folder, load_info
from stancelab.inference.classifier import StanceClassifier
from stancelab.inference.early import check_asked
from stancelab.serve.articles import check_length
from stancelab.serve.batching import Batcher
from stancelab.serve.books import Book, Books
from stancelab.serve.counters import Counters
from stancelab.serve.problems import busy
from stancelab.serve.reading import Asked, Most, check_sentences, read_article
from stancelab.serve.schemas import Calibration, CorpusScores, ModelAnswer, Threshold
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
    from stancelab.serve.settings import ServeSettings

ResultT = TypeVar("ResultT")

#: Pages and files of readings that are made at the same time; they do not wait for articles that are being read.
_VIEWS: Final = 4


@dataclass(frozen=True)
class Loaded:
    """What is there once the checkpoint is loaded.

    Attributes:
        classifier: The checkpoint.
        threshold: The confidence from which answers count.
        mending: What is done to the cells of rows, as in its training.
        batcher: Joins rows of requests.
        books: The codebooks of articles.
    """

    classifier: StanceClassifier
    threshold: float
    mending: Mending
    batcher: Batcher
    books: Books


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
        self._views = ThreadPoolExecutor(_VIEWS, thread_name_prefix="view")
        self.counters.watch("ready", "1 once the checkpoint is loaded.", lambda: float(self._loaded is not None))
        self.counters.watch("rows_queued", "Rows that wait to be computed.", self._queued)

    def load(self, checkpoint: str) -> None:
        """Load the checkpoint and the codebooks, and be ready.

        Raises:
            StancelabError: One of them cannot be used.
        """
        settings = self.settings
        folder = checkpoint_folder(checkpoint)
        check_asked(folder, load_info(folder), settings, "serve")
        books = Books(settings)  # first, since they are soon read
        classifier = StanceClassifier.from_pretrained(folder, backend=settings.backend, device=settings.device)
        self.start(classifier, books)

    def start(self, classifier: StanceClassifier, books: Books) -> None:
        """Be ready with a checkpoint that is loaded.

        Args:
            classifier: The checkpoint.
            books: The codebooks of articles.

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
        self._loaded = Loaded(classifier, threshold, mending, batcher, books)

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
        for threads in (self._readers, self._views):
            threads.shutdown(wait=True, cancel_futures=True)
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

    async def view(self, work: Callable[[], ResultT], request: Request) -> ResultT:
        """Return what a function returns that makes a page or a file of readings that are there.

        Raises:
            Problem: 504, it took too long; where it had not begun, it is not called.
        """
        deadline = Deadline(self.settings.seconds)
        return await finished(self._views.submit(work), request, deadline, self.counters, self.settings.seconds)

    def book(
        self, documents: Sequence[Document], codebook: str | None, deadline: Deadline, *, proposes: bool = False
    ) -> Book:
        """Return the codebook that articles are read with; called by a reader.

        Args:
            documents: The articles; what they propose is one codebook for all of them.
            codebook: YAML, which may include `default` and no file, or "default"; None is the server's, and where that
                has none, what the articles propose.
            deadline: When the request is given up.
            proposes: Whether the articles propose it in any case.

        Raises:
            Problem: 422, an article is too long, names nothing that may be an entry, or the codebook cannot be used.
            DataError: An article has too long a sentence.
        """
        for document in documents:
            self._check(document, deadline)
        books = self.loaded.books
        found = None if proposes else books.server if codebook is None else books.given(codebook)
        return found or books.proposed(documents)

    def read(self, document: Document, book: Book, deadline: Deadline) -> Reading:
        """Read an article that `book` has checked; called by a reader.

        Args:
            document: The article.
            book: The codebook.
            deadline: When the request is given up.

        Raises:
            DataError: It may ask too much.
        """
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

    def _check(self, document: Document, deadline: Deadline) -> None:
        """Check that somebody waits for an article, and its lengths."""
        deadline.check()
        check_length(len(document.text), self.settings.article_characters)
        check_sentences(document)
        deadline.check()

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
            dataset=info.dataset.name,
            train_rows=info.dataset.train_rows,
            corpora=[
                CorpusScores(name=name, rows=each.rows, macro_f1=each.macro_f1, accuracy=each.accuracy)
                for name, each in ({} if dev is None else dev.corpora).items()
            ],
            warnings=list(info.warnings),
            version=stancelab.__version__,
        )

"""What every backend does, and the order in which rows are computed."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
from tqdm.auto import tqdm

from stancelab.encoding import Cut
from stancelab.errors import CheckpointError, StancelabError, is_panic, shorten
from stancelab.schema import STANCES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from stancelab.encoding import Builder, EncodedText
    from stancelab.schema import Example


#: Texts in a batch, and its tokens with padding, at most. Short texts alone fill a batch, long ones are fewer: what a
#: batch costs in memory and time depends on its tokens.
BATCH_SIZE: Final = 128
BATCH_TOKENS: Final = 2048
#: The rows of a batch are at most so many times its texts: each row takes memory in the head.
MOST_ROWS_PER_TEXT: Final = 8
#: Characters of another program's message that are shown.
LONGEST: Final = 400


class Backend(ABC):
    """Computes the logits of a checkpoint.

    Args:
        batch_size: Texts in a batch at most; with the sequence head every row is a text of its own.
        progress: Whether to show a progress bar where standard error is a terminal.

    Attributes:
        name: What it is called in settings.
        device: What it computes on, such as "cpu"; "" where that is not known.
        cut: What the encoder could not see of the examples of the last call of `logits`.
        batch_tokens: Tokens in a batch at most, with padding.
    """

    name: str = ""
    device: str = ""
    batch_tokens: int = BATCH_TOKENS

    def __init__(self, *, batch_size: int = BATCH_SIZE, progress: bool = False) -> None:
        self.batch_size = batch_size
        self.progress = progress
        self.cut = Cut()

    @abstractmethod
    def logits(self, examples: Sequence[Example]) -> NDArray[np.float64]:
        """Return the logits in fp32 precision, shape (len(examples), labels), in the order of the examples.

        The columns are in the order of the checkpoint's labels.
        """


class NetworkBackend(Backend):
    """Builds inputs as in training and runs a network over them, batch by batch.

    Args:
        builder: Builds the input.
        path: Where the network is from, for messages; "" for one that is being trained.
        batch_size: Texts in a batch at most.
        progress: Whether to show a progress bar where standard error is a terminal.
    """

    def __init__(
        self, builder: Builder, *, path: str = "", batch_size: int = BATCH_SIZE, progress: bool = False
    ) -> None:
        super().__init__(batch_size=batch_size, progress=progress)
        self.path = path
        self.builder = builder

    @abstractmethod
    def compute(self, inputs: Mapping[str, NDArray[np.int64]]) -> NDArray[np.float32]:
        """Return the logits of a batch's rows, shape (rows, labels), from what the builder's `collate` returns."""

    def logits(self, examples: Sequence[Example]) -> NDArray[np.float64]:
        """Return the logits, shape (len(examples), labels), in the order of the examples.

        Examples that are the same to the model are computed once.
        """
        distinct, rows_of = _distinct(examples)
        with self._explained():
            texts = self.builder.encode(distinct)
        self.cut = self.builder.cut_of(examples, _of_all_rows(texts, rows_of))
        own = self.logits_of(texts)
        logits = np.empty((len(examples), own.shape[1]))
        for number, rows in enumerate(rows_of):
            logits[rows] = own[number]
        if self.path and not np.isfinite(logits).all():
            raise CheckpointError(
                f"{self.path}: the network answers with numbers that are not finite; its weights are damaged, or its "
                "training led to such ones: take the folder from its run again, or train again"
            )
        return logits

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """Turn what a tokenizer raises of a text into a `CheckpointError`; its errors have no common base."""
        try:
            yield
        except (StancelabError, MemoryError):
            raise
        except BaseException as error:
            if not self.path or (not isinstance(error, Exception) and not is_panic(error)):
                raise
            raise CheckpointError(
                f"{self.path}: no input can be built of a text ({type(error).__name__}: "
                f"{shorten(error, LONGEST)}); the tokenizer or stancelab.json is damaged: take the folder from its run "
                "again"
            ) from error

    def logits_of(self, texts: Sequence[EncodedText]) -> NDArray[np.float64]:
        """Return the logits of the rows of encoded texts, shape (rows, labels), in the order of the rows.

        Args:
            texts: The encoded texts; together they hold each row from 0 on once.
        """
        rows = sum(len(text.rows) for text in texts)
        logits = np.zeros((rows, len(STANCES)), dtype=np.float64)
        off = None if self.progress else True  # None draws it on a terminal alone
        with tqdm(total=rows, unit="row", disable=off) as bar:
            for batch in batches_by_length(texts, self.batch_size, self.batch_tokens):
                own = [row for text in batch for row in text.rows]
                logits[own] = self.compute(self.builder.collate(batch))
                bar.update(len(own))
        return logits


def _distinct(examples: Sequence[Example]) -> tuple[list[Example], list[list[int]]]:
    """Return the examples that differ in what the model reads, and the places of each among all."""
    rows_of: dict[object, list[int]] = {}
    for row, example in enumerate(examples):
        read = (example.text, example.target, example.source, example.target_span, example.source_span)
        rows_of.setdefault(read, []).append(row)
    return [examples[rows[0]] for rows in rows_of.values()], list(rows_of.values())


def _of_all_rows(texts: Sequence[EncodedText], rows_of: Sequence[Sequence[int]]) -> list[EncodedText]:
    """Return the texts of distinct examples with the places of all examples that are the same."""
    return [replace(text, rows=tuple(row for number in text.rows for row in rows_of[number])) for text in texts]


def batches_by_length(
    texts: Sequence[EncodedText], batch_size: int = BATCH_SIZE, batch_tokens: int = BATCH_TOKENS
) -> Iterator[list[EncodedText]]:
    """Yield batches of texts, the longest first, so that a batch's texts need little padding.

    Args:
        texts: The encoded texts.
        batch_size: Texts in a batch at most; texts with many rows come fewer at a time.
        batch_tokens: Tokens in a batch at most, with padding; a text of more is a batch of its own.
    """
    batch: list[EncodedText] = []
    rows = 0
    for text in sorted(texts, key=len, reverse=True):
        is_full = len(batch) == batch_size or rows + len(text.rows) > MOST_ROWS_PER_TEXT * batch_size
        if batch and (is_full or (len(batch) + 1) * len(batch[0]) > batch_tokens):
            yield batch
            batch, rows = [], 0
        batch.append(text)
        rows += len(text.rows)
    if batch:
        yield batch

"""Documents that were extracted, kept on disk: a proposed codebook takes a first look at all of them."""

from __future__ import annotations

import tempfile
import weakref
from typing import TYPE_CHECKING

import msgspec

from stancelab.article.types import Document
from stancelab.inference.jobs.parts_folder import written
from stancelab.progress import progress

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path


class Extracted:
    """Documents in a file beside an output, one in memory at a time.

    The file has no name, so that nothing of it is left, whichever way the process ends.

    Args:
        output: The output folder.

    Raises:
        DataError: The file cannot be made.
    """

    def __init__(self, output: Path) -> None:
        self._output = output
        nearest = next(folder for folder in output.absolute().parents if folder.exists())
        with written(output):
            self._file = tempfile.TemporaryFile(dir=nearest)  # noqa: SIM115 - closed with the object
        weakref.finalize(self, self._file.close)

    def keep(self, documents: Iterable[Document], total: int | None = None) -> Iterator[Document]:
        """Yield documents that can be written as JSON, keep each, and show how many were taken.

        Args:
            documents: The documents.
            total: How many they are, None where that is not known.

        Raises:
            DataError: The file cannot be written, as on a full disk.
        """
        with progress("proposing a codebook", total, "document") as taken:
            for document in documents:
                with written(self._output):
                    self._file.write(msgspec.json.encode(document) + b"\n")
                yield document
                taken()

    def __iter__(self) -> Iterator[Document]:
        """Yield the documents that were kept, in their order."""
        decoder = msgspec.json.Decoder(Document)
        with written(self._output):
            self._file.seek(0)
        yield from map(decoder.decode, self._file)

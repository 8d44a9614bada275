"""Labels that people give on the page -> a table that `stancelab prepare` reads."""

from __future__ import annotations

import csv
import io
import os
from typing import TYPE_CHECKING, Final

from stancelab.article.pairs import example_of
from stancelab.article.types import Document, Pair, Sentence
from stancelab.errors import ConfigError
from stancelab.files import atomic_file, locked
from stancelab.row_ids import row_id
from stancelab.schema import SPAN_COLUMNS, STANCES
from stancelab.serve.problems import Problem
from stancelab.tables.csv_lines import Lines

if TYPE_CHECKING:
    from pathlib import Path

    from stancelab.article.results import Evidence, Reading
    from stancelab.schema import Example

#: The column with the label, as `data.corrections` calls it; `predicted` is what the checkpoint had said.
LABEL: Final = "correction"
COLUMNS: Final = ("id", "text", "source", "target", LABEL, "predicted", *SPAN_COLUMNS, "document")
#: Longer cells are more than csv reads.
_LONGEST: Final = 100_000


class LabelFile:
    """A CSV file of labels, one row for each sentence, source and target; the latest label of a row holds.

    Args:
        path: The file; it is made with the first label.

    Raises:
        ConfigError: The file has other columns, or cannot be read or written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lines = Lines(",")
        try:
            self._check()
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "is not UTF-8"
            raise ConfigError(f"serve.labels: {path}: cannot be used ({reason}); name another file") from None

    def _check(self) -> None:
        if self.path.exists():
            with self.path.open(encoding="utf-8-sig", newline="") as file:
                found = next(csv.reader(file), None)
            if found is not None and tuple(found) != COLUMNS:
                raise ConfigError(
                    f"serve.labels: {self.path}: found the columns {', '.join(found)}, expected {', '.join(COLUMNS)}; "
                    "name another file"
                )
        if not self.path.absolute().parent.is_dir():
            raise ConfigError(f"serve.labels: {self.path}: its folder is not there; make it, or name another file")
        if not os.access(self.path if self.path.exists() else self.path.absolute().parent, os.W_OK):
            raise ConfigError(f"serve.labels: {self.path}: may not be written; name another file")

    def add(self, example: Example, label: str, predicted: str) -> None:
        """Write a label; a row that is there already gets it in place of the one before.

        Args:
            example: The sentence, source and target as they were asked.
            label: The right stance.
            predicted: The stance that the checkpoint gave.

        Raises:
            Problem: 422, the sentence is too long for a cell.
        """
        if len(example.text) > _LONGEST:
            raise Problem(422, f"text: found {len(example.text):,} characters, allowed for a label are {_LONGEST:,}")
        key = row_id(example.text, example.source, example.target)
        spans = [None if span is None else edge for span in (example.target_span, example.source_span)
                 for edge in (span or (None, None))]  # fmt: skip
        cells = [key, example.text, example.source, example.target, label, predicted, *spans, example.document]
        line = self._lines.row(cells)
        with locked(self.path.with_name(f".{self.path.name}.lock")):
            rows = self._rows()
            places = [place for place, row in enumerate(rows) if row[:1] == [key]]
            if not places:
                self._append(line if rows else self._lines.header(COLUMNS) + line)
                return
            texts = [self._lines.row(row) for row in rows]
            texts[0] = self._lines.header(rows[0])
            texts[places[0]] = line
            with atomic_file(self.path) as partial:
                partial.write_text("".join(texts), encoding="utf-8", newline="\n")

    def _rows(self) -> list[list[str]]:
        if not self.path.exists():
            return []
        return list(csv.reader(io.StringIO(self.path.read_text(encoding="utf-8-sig"), newline="")))

    def _append(self, text: str) -> None:
        """Append a line with one write, so that a reader never sees a part of it."""
        handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o666)
        try:
            os.write(handle, text.encode())
        finally:
            os.close(handle)


def stance_of(given: str) -> str:
    """Return a label that somebody gave.

    Raises:
        Problem: 422, it is none.
    """
    if given not in STANCES:
        raise Problem(422, f"stance: found {given[:40]!r}, allowed are {', '.join(STANCES)}")
    return given


def evidence_at(reading: Reading, place: int) -> Evidence:
    """Return an answer of a reading by its place.

    Raises:
        Problem: 404, there is none.
    """
    if not 0 <= place < len(reading.evidence):
        raise Problem(404, f"answer: found {place}, the reading has {len(reading.evidence):,}, from 0")
    return reading.evidence[place]


def asked_of(reading: Reading, evidence: Evidence) -> Example:
    """Return what the classifier was asked, which is what the label is for.

    Its document is the article's title, where it has one.
    """
    document = next(each for each in reading.documents if each.id == evidence.document)
    place = document.sentences[evidence.sentence]
    return example_of(
        Document(id=document.title or document.id, text=document.text),
        Sentence(
            number=evidence.sentence,
            paragraph=place.paragraph,
            span=place.span,
            text=document.text[slice(*place.span)],
            kind=place.kind,
        ),
        Pair(
            sentence=evidence.sentence,
            source=evidence.source,
            target=evidence.target,
            source_span=evidence.source_span,
            target_span=evidence.target_span,
            how=evidence.how,
        ),
    )

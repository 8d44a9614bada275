"""The project's own stances for sentences of MPQA's train file, kept apart from the text, which is not in the project.

A table has for each stance the sentence's id in `train.json`, the first 16 hexadecimal digits of the SHA-256 of its
text (UTF-8), the half-open character offsets of source and target, and the stance; a source without offsets is the
author. The text comes from the user's copy of MPQA 2.0 (see `mpqa`). A sentence that is missing there, or has another
text, ends the reading: the offsets would mark other words.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from stancelab.data.labels import LabelMap
from stancelab.data.readers.batch import Batch, split_name
from stancelab.data.readers.files import expected_files, read_json_array
from stancelab.errors import DataError
from stancelab.schema import Example, Span
from stancelab.tables.batches import BATCH_ROWS
from stancelab.tables.columns import map_columns
from stancelab.tables.table_file import TableFile

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from stancelab.data.settings import CorpusSettings

WHERE: Final = (
    "data.path=FOLDER with the file train.json of MPQA 2.0, as data=mpqa reads it: the sentences of these labels are"
    " not in the project"
)
COLUMNS: Final = (
    *("id", "sent_id", "text_sha256", "source_start", "source_end", "target_start", "target_end"),
    *("stance", "kind", "split"),
)
#: How many digits of a text's hash the table holds.
DIGITS: Final = 16


def files(folder: Path) -> list[Path]:
    """Return MPQA's file of sentences; the table of labels lies elsewhere."""
    return expected_files(folder, ["train.json"], WHERE)


def text_hash(text: str) -> str:
    """Return the first digits of the SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:DIGITS]


def read(folder: Path, table: Path, settings: CorpusSettings, batch_rows: int = BATCH_ROWS) -> Iterator[Batch]:
    """Yield the rows of the table, with their text.

    Args:
        folder: MPQA's folder.
        table: The labels.
        settings: The corpus.
        batch_rows: How many rows come at a time.

    Raises:
        DataError: A file cannot be read, lacks a column or a sentence, or a sentence has another text.
    """
    (path,) = files(folder)
    texts = _texts(path)
    yield Batch(str(path), done=path.stat().st_size)
    file = TableFile(table, batch_rows=batch_rows)
    map_columns(str(table), file.columns, {name: name for name in COLUMNS}, required=COLUMNS, group="data")
    labels, done = LabelMap(settings.labels), 0
    for raw in file.text_rows(COLUMNS):
        batch = Batch(str(table), problems=list(raw.problems), done=raw.bytes_read - done)
        done = raw.bytes_read
        for number, row in raw.rows:
            _add_row(batch, number, row, _text(row, number, texts, table, path), settings, labels)
        yield batch


def _texts(path: Path) -> dict[str, str]:
    """Return the text of each sentence by its id."""
    sentences = read_json_array(path)
    return {
        each["sent_id"]: each["text"]
        for each in sentences
        if isinstance(each, dict) and isinstance(each.get("sent_id"), str) and isinstance(each.get("text"), str)
    }


def _text(row: Mapping[str, str], number: int, texts: Mapping[str, str], table: Path, path: Path) -> str:
    """Return the sentence of a row, which must be the one that was labeled."""
    sentence = row["sent_id"].strip()
    advice = (
        f"{table.name} row {number} labels it; make {path.name} from MPQA 2.0 with the scripts of the SemEval-2022"
        " structured sentiment task, and change nothing in it"
    )
    if sentence not in texts:
        raise DataError(f"{path}: has no sentence {sentence!r}; {advice}")
    found, expected = text_hash(texts[sentence]), row["text_sha256"].strip().lower()
    if found != expected:
        raise DataError(
            f"{path}: sentence {sentence!r} has another text than was labeled (SHA-256 {found}..., expected"
            f" {expected}...); {advice}"
        )
    return texts[sentence]


def _add_row(
    batch: Batch, number: int, row: Mapping[str, str], text: str, settings: CorpusSettings, labels: LabelMap
) -> None:
    before = len(batch.problems)
    stance, split = labels.stance(row["stance"]), split_name(row["split"])
    if stance is None:
        batch.reject(number, "stance", row["stance"], labels.reason(row["stance"]))
    if split is None:
        batch.reject(number, "split", row["split"], "no known split; allowed are train, validation and test")
    spans = [_span(batch, number, row, part, text) for part in ("target", "source")]
    if spans[0] is None and len(batch.problems) == before:
        batch.reject(number, "target_start, target_end", "", "empty; every row needs its target's place")
    if len(batch.problems) > before:
        return
    target, source = ("" if span is None else text[slice(*span)] for span in spans)
    sentence = row["sent_id"].strip()
    example = Example(
        id=row["id"].strip(),
        text=text,
        source=source,
        target=settings.target_names.get(target, target),
        stance=stance,
        target_span=spans[0],
        source_span=spans[1],
        document=sentence.rpartition("-")[0],  # <day>/<article>-<sentence>
        corpus=settings.name,
        split=split or "",
        extra={"kind": row["kind"]},
    )
    batch.add(number, example, {"target_span": "target_start, target_end", "source_span": "source_start, source_end"})


def _span(batch: Batch, number: int, row: Mapping[str, str], part: str, text: str) -> Span | None:
    """Return the place of source or target, None where it is empty or a problem."""
    names = (f"{part}_start", f"{part}_end")
    cells = [row[name].strip() for name in names]
    if not any(cells):
        return None
    if all(cell.isascii() and cell.isdigit() for cell in cells):
        span = Span(*map(int, cells))
        if span.start < span.end <= len(text):
            return span
    reason = f"expected two whole numbers, start < end <= {len(text)} (the characters of the text), or two empty cells"
    batch.reject(number, ", ".join(names), ":".join(cells), reason)
    return None

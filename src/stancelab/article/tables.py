"""A reading as two tables: stances.csv, a row per source, target and document, and evidence.csv, per sentence and pair.

Cells that a spreadsheet would run get an apostrophe in front, since articles are texts of strangers.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from stancelab.layout import EVIDENCE_TABLE, STANCES_TABLE
from stancelab.schema import PROBABILITY_COLUMNS
from stancelab.tables.csv_lines import Lines, Style
from stancelab.tables.writers import write_csv

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from stancelab.article.results import DocumentPair, Evidence, ReadDocument, Reading
    from stancelab.schema import Span

DOCUMENT_COLUMNS: Final = ("document", "title", "date", "outlet")
STANCES_COLUMNS: Final = (
    *DOCUMENT_COLUMNS, "path", "source", "target", "source_group", "target_group", "stance", "score", "low", "high",
    "confidence", "sentences", "favor", "against", "neutral", "left_out", "first_stance", "last_stance", "note",
)  # fmt: skip
EVIDENCE_COLUMNS: Final = (
    *DOCUMENT_COLUMNS, "sentence", "start", "end", "text", "source", "target", "how", "source_start", "source_end",
    "target_start", "target_end", "stance", *PROBABILITY_COLUMNS, "score", "confidence", "counted",
)  # fmt: skip
_SAFE: Final = Style(safe_cells=True)


def table_text(name: str, reading: Reading) -> str:
    """Return one of the tables as text.

    Args:
        name: `STANCES_TABLE` or `EVIDENCE_TABLE`.
        reading: The reading.
    """
    lines = Lines(",", _SAFE)
    columns, rows = _tables(reading)[name]
    return "".join([lines.header(columns), *map(lines.row, rows)])


def _tables(reading: Reading) -> dict[str, tuple[Sequence[str], Iterator[list[Any]]]]:
    stances = [*STANCES_COLUMNS, *further_columns(reading).values()]
    return {STANCES_TABLE: (stances, _stances(reading)), EVIDENCE_TABLE: (EVIDENCE_COLUMNS, _evidence(reading))}


def write_tables(folder: Path, reading: Reading, *, byte_order_mark: bool = False) -> None:
    """Write a folder's stances.csv and evidence.csv.

    Args:
        folder: The folder.
        reading: The reading.
        byte_order_mark: Whether they begin with one, by which Excel knows UTF-8.
    """
    style = replace(_SAFE, byte_order_mark=byte_order_mark)
    for name, (columns, rows) in _tables(reading).items():
        write_csv(folder / name, columns, rows, style)


def further_columns(reading: Reading) -> dict[str, str]:
    """Return the names of documents' further columns -> what they are called in stances.csv, where names are unique."""
    found: dict[str, str] = {}
    taken = set(STANCES_COLUMNS)
    for name in dict.fromkeys(name for document in reading.documents for name in document.fields):
        # Names keep to one line, and readers take them without the blanks around them.
        column = " ".join(name.split()) or "column"
        while column in taken:
            column = f"document_{column}"
        taken.add(column)
        found[name] = column
    return found


def _stances(reading: Reading) -> Iterator[list[Any]]:
    documents = {document.id: document for document in reading.documents}
    groups = {entry.name: entry.group for entry in reading.entries}
    further = further_columns(reading)
    for pair in reading.pairs:
        document = documents[pair.document]
        yield [
            *_document(document), document.path, pair.source, pair.target, groups.get(pair.source, ""),
            groups.get(pair.target, ""), pair.stance, *_numbers(pair), pair.sentences, pair.favor, pair.against,
            pair.neutral, pair.left_out, pair.first_stance or "", pair.last_stance or "", pair.note,
            *(document.fields.get(name, "") for name in further),
        ]  # fmt: skip


def _document(document: ReadDocument) -> tuple[str, ...]:
    return document.id, document.title, document.date, document.outlet


def _numbers(pair: DocumentPair) -> Iterable[str]:
    return map(_number, (pair.score, pair.low, pair.high, pair.confidence))


def _evidence(reading: Reading) -> Iterator[list[Any]]:
    documents = {document.id: document for document in reading.documents}
    for each in reading.evidence:
        document = documents[each.document]
        start, end = document.sentences[each.sentence].span
        yield [
            *_document(document), each.sentence, start, end, document.text[start:end], each.source, each.target,
            each.how, *_ends(each.source_span), *_ends(each.target_span), each.stance, *_answers(each),
            str(each.counted).lower(),
        ]  # fmt: skip


def _ends(span: Span | None) -> tuple[int | str, int | str]:
    return ("", "") if span is None else (span.start, span.end)


def _answers(each: Evidence) -> Iterable[str]:
    return map(_number, (each.p_against, each.p_neutral, each.p_favor, each.score, each.confidence))


def _number(value: float | None) -> str:
    # Four decimals, as the page's script writes them. Adding 0 makes a rounded -0.0 a 0.0.
    return "" if value is None else f"{round(value, 4) + 0.0:.4f}"

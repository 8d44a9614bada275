"""A table in a file, whatever its format: its columns, and its rows in batches and in constant memory.

What concerns a whole file (it is missing, of another format than its name says, not UTF-8) is a `DataError`; what
concerns one row comes back as a `RowProblem` in that row's batch. Which columns mean what is not decided here.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import IO, TYPE_CHECKING

from stancelab.errors import DataError, count_of
from stancelab.progress import BYTES, progress
from stancelab.tables.batches import BATCH_ROWS, RowBatch, in_batches
from stancelab.tables.compressed import explained_damage, unpacked
from stancelab.tables.csv_lines import original_cell
from stancelab.tables.delimited import MAX_CELL_CHARACTERS, Dialect, check_names, read_delimited, read_header
from stancelab.tables.delimiters import find_delimiter, without_sep_line
from stancelab.tables.encodings import UTF8, find_encoding
from stancelab.tables.formats import DELIMITERS, SPREADSHEETS, format_of, is_plain_text
from stancelab.tables.json_array import read_json_array
from stancelab.tables.json_lines import read_json_lines
from stancelab.tables.options import TableOptions
from stancelab.tables.parquet import check_flat, read_parquet, read_schema
from stancelab.tables.quotes import shape_of, shows_quoting
from stancelab.tables.spreadsheet import read_sheet
from stancelab.tables.text_batch import NO_FIELDS, text_batch
from stancelab.tables.text_file import TextFile, open_checked, open_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import pyarrow as pa

    from stancelab.tables.formats import Format


logger = logging.getLogger(__name__)


class TableFile:
    """A CSV, TSV, JSON Lines, JSON, Parquet or spreadsheet file.

    It is opened when it is built, and once for each pass over its rows; JSON arrays and sheets are held in memory.

    Attributes:
        path: Where it is.
        format: Its format, by its name.
        schema: The Arrow types of its columns, where it is a Parquet file; else None.
        encoding: The encoding of a text format; UTF-8 for others.
    """

    path: Path
    format: Format
    schema: pa.Schema | None
    encoding: str

    def __init__(
        self,
        path: Path,
        *,
        batch_rows: int = BATCH_ROWS,
        max_cell_characters: int = MAX_CELL_CHARACTERS,
        options: TableOptions | None = None,
        safe_cells: bool = False,
    ) -> None:
        """Open a table, and check its first bytes and its header.

        Args:
            path: The file; its name tells the format.
            batch_rows: How many rows come at a time.
            max_cell_characters: The longest cell of CSV and TSV; a longer one is taken for an unclosed quote.
            options: Its delimiter, encoding, quoting or sheet, where they are not to be found out.
            safe_cells: Whether cells of CSV and TSV that a spreadsheet would run have an apostrophe in front, as
                `stancelab inspect` writes them; it is taken off.

        Raises:
            DataError: The file is missing, empty, of another format than its name says, or names a column twice.
        """
        self.path = path
        self.format = format_of(path)
        self.schema = None
        self._batch_rows = batch_rows
        self._options = options or TableOptions()
        if self._options.sheet is not None and self.format != "excel":
            raise DataError(
                f"{path}: {self._options.advice('sheet', str(self._options.sheet)) or 'a sheet'} is of spreadsheets "
                f"({', '.join(SPREADSHEETS)}); leave it out"
            )
        self._safe_cells = safe_cells
        self._held: RowBatch | None = None
        self._warnings: list[str] = []
        self.encoding = UTF8
        self._dialect = Dialect(
            "",
            is_quoted=self._options.quoting != "none",
            max_cell_characters=max_cell_characters,
            setting=self._options.name("quoting"),
        )
        self._columns = self._header()

    @property
    def delimiter(self) -> str:
        """What separates the cells of CSV and TSV; "" for other formats."""
        return self._dialect.delimiter

    @property
    def columns(self) -> list[str]:
        """The columns in order. Those of JSON Lines, where each row has its own, are found by a pass over all rows."""
        if self._columns is None:
            self._find_columns()
        assert self._columns is not None
        return self._columns

    @property
    def has_columns(self) -> bool:
        """Whether the columns are known without a pass over the rows: JSON Lines needs one, its first pass will do."""
        return self._columns is not None

    def rows(self, columns: Sequence[str] | None = None) -> Iterator[RowBatch]:
        """Yield the rows in batches; cells have the types that the format has for them.

        Args:
            columns: The columns that are wanted, None for all; only Parquet leaves the others out.

        Raises:
            DataError: The file as a whole cannot be read.
        """
        if self.format == "parquet":
            yield from read_parquet(self.path, self._wanted(columns), self._batch_rows)
            return
        if self._held is not None:
            yield from in_batches(self._held, self._batch_rows)
            return
        with open_text(self.path, self.format, self.encoding, strict=False) as text:
            if self.format == "jsonl":
                yield from self._noting_columns(read_json_lines(text, self._batch_rows))
            else:
                if self._warnings:
                    yield RowBatch(warnings=list(self._warnings))
                batches = read_delimited(text, self.format, self._batch_rows, self._dialect)
                yield from map(_with_original_cells, batches) if self._safe_cells else batches

    def text_rows(
        self, columns: Sequence[str] | None = None, fields: Mapping[str, str] = NO_FIELDS
    ) -> Iterator[RowBatch]:
        """Yield the rows in batches; every cell is a string, "" where the file has nothing.

        Args:
            columns: The columns that are wanted, None for all. A list or an object in one of them is a problem; in
                another column such a cell is left out.
            fields: Field -> column: a cell of the wrong type for its field (`cells.wrong_type`) is a problem.

        Raises:
            DataError: The file as a whole cannot be read, or a wanted column of a Parquet file holds other than text
                or numbers.
        """
        if self.schema is not None:
            check_flat(self.path, self.schema, self._wanted(columns))
        for batch in self.rows(columns):
            yield batch if self.format in ("csv", "tsv") else text_batch(str(self.path), batch, columns, fields)

    def _find_columns(self) -> None:
        """Find the columns of a file whose rows name their own by a pass over all of them."""
        done = 0
        with progress(f"Reading {self.path.name}, columns", self.path.stat().st_size, BYTES) as step:
            for batch in TableFile.rows(self):
                step(batch.bytes_read - done)
                done = batch.bytes_read

    def _header(self) -> list[str] | None:
        if self.format == "excel":
            return self._hold_sheet()
        with open_checked(self.path, self.format, any_encoding=True) as file:
            if self.format == "parquet":
                self.schema = read_schema(self.path, file)
                return check_names(self.path, self.schema.names)
            self._find_out(file)
            self._say_how()
            if self.format == "jsonl":
                return None
            text = self._from_start(file)
            if self.format == "json":
                return self._hold_array(text)
            header = read_header(text, self.format, self._dialect)
            return [original_cell(name) for name in header] if self._safe_cells else header

    def _find_out(self, file: IO[bytes]) -> None:
        """Find the encoding, and of CSV and TSV the delimiter and the quoting, where they are not given."""
        given = self._options
        if given.encoding is not None:
            self.encoding = given.encoding
        else:
            with explained_damage(self.path):
                self.encoding = find_encoding(self.path, unpacked(self.path, file), given)
        if self.format in DELIMITERS:
            usual = DELIMITERS[self.format]
            mark = given.delimiter_mark or find_delimiter(self.path, self._from_start(file), usual, given)
            self._dialect = replace(self._dialect, delimiter=mark)
            if given.quoting == "auto" and mark == "\t":
                self._find_quoting(file)

    def _find_quoting(self, file: IO[bytes]) -> None:
        """Look through a file that tabs separate for what shows that it is quoted."""
        shape = shape_of(without_sep_line(self._from_start(file)))
        is_quoted = shows_quoting(shape, without_sep_line(self._from_start(file)))
        self._dialect = replace(self._dialect, is_quoted=is_quoted)
        if shape.enclosed and not is_quoted:
            advice = f"; {self._dialect.setting}=minimal takes them off" if self._dialect.setting else ""
            self._warnings.append(
                f"{self.path}: {count_of(shape.enclosed, 'cell')} between quotes; the quotes are read as part of the"
                f" text, since nothing else shows that the file is quoted{advice}"
            )
        elif is_quoted and not shape.is_marked:
            advice = f"; {self._dialect.setting}=none reads them as text" if self._dialect.setting else ""
            self._warnings.append(f"{self.path}: is read as a quoted file, so that quotes enclose cells{advice}")

    def _from_start(self, file: IO[bytes]) -> TextFile:
        file.seek(0)
        return TextFile(self.path, file, self.encoding, strict=self.format == "json")

    def _say_how(self) -> None:
        """Log what was found out, where it is not as usual."""
        found = []
        is_usual = self.delimiter == DELIMITERS.get(self.format, "") and not is_plain_text(self.path.name)
        if self._options.delimiter is None and not is_usual:
            found.append(f"delimiter {self.delimiter!r}")
        if self._options.encoding is None and self.encoding != UTF8:
            found.append(f"encoding {self.encoding}")
        if found:
            logger.info("%s: read with %s", self.path, " and ".join(found))

    def _hold_sheet(self) -> list[str]:
        sheet = read_sheet(self.path, self._options)
        self._held = RowBatch(sheet.rows, sheet.problems, self.path.stat().st_size)
        return check_names(self.path, sheet.columns)

    def _hold_array(self, text: TextFile) -> list[str]:
        rows, problems = read_json_array(text)
        self._held = RowBatch(rows, problems, self.path.stat().st_size)
        return list(dict.fromkeys(name for _, row in rows for name in row))

    def _noting_columns(self, batches: Iterator[RowBatch]) -> Iterator[RowBatch]:
        """Pass the batches on; after the last one the columns are known."""
        names: dict[str, None] = {}
        for batch in batches:
            for _, row in batch.rows:
                names.update(dict.fromkeys(row))
            yield batch
        self._columns = list(names)

    def _wanted(self, columns: Sequence[str] | None) -> list[str]:
        return [name for name in self.columns if columns is None or name in columns]


def _with_original_cells(batch: RowBatch) -> RowBatch:
    """Take the apostrophes off that keep a spreadsheet from running cells."""
    batch.rows = [
        (number, {original_cell(name): original_cell(cell) for name, cell in row.items()}) for number, row in batch.rows
    ]
    return batch

"""What a person can set of a corpus: where it is, how it is read, and what its columns and labels mean."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from stancelab.data.column_settings import ColumnSettings, LabelSettings
from stancelab.data.path_forms import path_problems
from stancelab.errors import did_you_mean, empty_problems, shorten
from stancelab.layout import is_word_character
from stancelab.metrics.names import PRIMARY_METRICS
from stancelab.offsets import CHARACTERS, problems_of_offsets
from stancelab.schema import EXAMPLE_COLUMNS, NEGATED_STANCE, NEGATED_TEXT
from stancelab.tables.mending import NO_REPAIR, Mending, mending_problems
from stancelab.tables.options import TableOptions
from stancelab.tables.where import condition_problems

#: The groups of settings that a prepared dataset is made by.
MADE_BY: Final = ("data", "split", "audit", "model", "output_root")
#: The names of the readers; `corpora` has the readers themselves.
READERS: Final = ("table", "newsmtsc", "semeval2016", "mpqa", "dse", "seesaw", "mpqa_stances")
#: The further columns that readers of public corpora give.
READER_COLUMNS: Final = {"seesaw": ("source_name", "target_name"), "mpqa_stances": ("kind",)}
#: Whose layout a table has; the annotation tools are those of `readers.exports`.
FORMATS: Final = ("auto", "table", "prodigy", "doccano", "label_studio", "argilla")
ON_BAD_ROWS: Final = ("fail", "drop")
REPEATS: Final = ("keep", "drop", "majority")
#: Bytes of a corpus's name.
LONGEST_NAME: Final = 80


@dataclass
class CorpusSettings:
    """A corpus: where it is, how it is read and what its columns and labels mean (group `data`).

    Attributes:
        name: What it is called in ids, split names and reports; also the prepared dataset's folder.
        reader: Which reader understands its files: table, newsmtsc, semeval2016, mpqa, dse, seesaw or mpqa_stances.
        path: A folder (of a public corpus), or of a table: a file, a pattern such as "part-*.csv", a list of files, a
            folder with train.csv, validation.csv and test.csv, the same as {train: FILE, test: FILE}, or "-" for
            standard input; null is the hub, or the project's own corpus.
        format: Whose layout a table has: "table", an annotation tool's ("prodigy", "doccano", "label_studio",
            "argilla"), or "auto", which finds it by the rows' keys and says so.
        delimiter: What separates the cells of CSV and TSV, such as ";" or "tab"; null finds it out.
        encoding: The encoding of a text file, such as "cp1252"; null finds it out.
        sheet: The sheet of a spreadsheet, by name or by number from 1; null takes the only one with cells.
        where: A condition that rows of a table have to meet, such as "annotator == 'A' and year >= 2020"; null keeps
            all.
        file_column: The name of a column to add, which holds the name of the file that a row is from; null for none.
        hub: The name of a hub dataset ("owner/name", or "owner/name:config"), used where path is null.
        columns: What a table calls its fields: the value of each key is the name of a column, null is a column called
            like the field. The public corpora's readers know their own.
        labels: The values that mean each stance.
        offsets: How the table counts its spans: "characters", "utf16" or "bytes" (of UTF-8), with "one_based" where the
            first is 1 and "inclusive" where the end is the last one itself, joined as in "utf16+inclusive". Spans that
            plainly follow another way to count are refused.
        target_names: Full names for targets that the corpus abbreviates.
        targets: A table with the columns target and canonical: names that mean the same target, such as "EU" and
            "European Union", which splits and the audit then take for one; null for none.
        aliases: A file of other names that texts use for a target or source, such as "Biden" for "Joe Biden": YAML with
            a list for each, or a table with the columns target and alias; null for none. Names of `targets` are
            looked for without it.
        extra: Further columns that travel with each row: those of a table that are named here, or what the reader of a
            public corpus gives (seesaw: source_name, target_name; mpqa_stances: kind).
        ignore: Columns of a table that are passed over, though their names are like those of fields; they are not told
            as unread either.
        quoting: How cells of CSV and TSV are quoted: "minimal", with double quotes where a cell needs them; "none", a
            quote is a character like others; "auto", CSV as "minimal", and TSV as what the file shows.
        missing_words: Words that mean nothing in the cells of a table, such as "nan" and "NULL": cells that hold one,
            in any letter case, count as empty; the stance's cells are not looked at.
        repair: "ftfy" mends mojibake and HTML entities in text, source and target; "none" leaves them as they are.
        on_bad_rows: "fail" lists what is wrong and writes nothing; "drop" leaves such rows out and lists them in
            `rejected.csv`. A row whose end nobody knows, since a quote is never closed, is not dropped.
        repeats: What becomes of rows of one split with the same text, source and target, such as those of several
            annotators: "keep"; "drop", which leaves one where their stances agree and none where they differ; or
            "majority", which leaves one with the most frequent stance, and none where two are equally frequent.
        label_file: The table of stand-off labels that the reader mpqa_stances joins with MPQA's sentences; null is the
            project's own.
        corrections: A table with the columns id and correction, as `stancelab inspect` writes it, or a list of such
            tables: labels that a person corrected, and rows to drop; null for none.
        about: Where it is from and under which terms, for the dataset card.
        metric: What a model is chosen by on dev: "macro_f1", "f_avg" (mean F1 of favor and against) or "accuracy".
    """

    name: str = "table"
    reader: str = "table"
    path: Any = None
    format: str = "auto"
    delimiter: str | None = None
    encoding: str | None = None
    sheet: str | None = None
    where: str | None = None
    file_column: str | None = None
    hub: str | None = None
    columns: ColumnSettings = field(default_factory=ColumnSettings)
    labels: LabelSettings = field(default_factory=LabelSettings)
    offsets: str = CHARACTERS
    target_names: dict[str, str] = field(default_factory=dict)
    targets: str | None = None
    aliases: str | None = None
    extra: list[str] = field(default_factory=list)
    ignore: list[str] = field(default_factory=list)
    quoting: str = "auto"
    missing_words: list[str] = field(default_factory=list)
    repair: str = NO_REPAIR
    on_bad_rows: str = "fail"
    repeats: str = "keep"
    label_file: str | None = None
    corrections: Any = None
    about: str = ""
    metric: str = "macro_f1"

    def problems(self) -> list[str]:
        """Return what is wrong with the settings, one line each."""
        lines = []
        if not isinstance(self.name, str) or not self.name or not all(map(is_word_character, self.name)):
            # It becomes part of split names and of files' names, which allow no more.
            lines.append(f"name: found {self.name!r}, allowed are letters and digits of any script, and '_'")
        elif len(self.name.encode()) > LONGEST_NAME:
            lines.append(f"name: found {shorten(self.name)!r}, allowed are {LONGEST_NAME} bytes; files' names hold it")
        lines += empty_problems({key: getattr(self, key) for key in ("hub", "targets", "aliases", "label_file")})
        lines += self._correction_problems()
        for key, allowed in (
            ("reader", READERS),
            ("format", FORMATS),
            ("on_bad_rows", ON_BAD_ROWS),
            ("repeats", REPEATS),
            ("metric", PRIMARY_METRICS),
        ):
            value = getattr(self, key)
            if value not in allowed:
                lines.append(f"{key}: found {value!r}, allowed {', '.join(allowed)}.{did_you_mean(value, allowed)}")
        lines += [f"columns.{line}" for line in self.columns.problems()]
        lines += [f"labels.{line}" for line in self.labels.problems()]
        lines += path_problems(self.path) + self.table_options().problems() + condition_problems(self.where)
        lines += problems_of_offsets(self.offsets)
        lines += self._reader_problems()
        lines += mending_problems(self.missing_words, self.repair)
        named = set(self.columns.named().values())
        lines += [
            f"ignore: found {column!r}, which columns or extra names"
            for column in self.ignore
            if column in named or column in self.extra
        ]
        for column in self.extra:
            if column in EXAMPLE_COLUMNS:
                lines.append(
                    f"extra: found {column!r}, which is a column of every prepared dataset; rename it in the file"
                )
            elif column in named:
                lines.append(f"extra: found {column!r}, which columns already names")
        if (NEGATED_TEXT in self.extra) != (NEGATED_STANCE in self.extra):
            lines.append(f"extra: {NEGATED_TEXT} and {NEGATED_STANCE} go together; name both or neither")
        lines += [f"extra: found {name!r} more than once" for name, n in Counter(self.extra).items() if n > 1]
        return lines

    def table_options(self) -> TableOptions:
        """Return how the table's file is read."""
        return TableOptions(self.delimiter, self.encoding, self.sheet, self.quoting, "data")

    @property
    def mending(self) -> Mending:
        """What is done to the cells."""
        return Mending(tuple(self.missing_words), self.repair)

    def _correction_problems(self) -> list[str]:
        """Return what is wrong with the tables of corrections that are named."""
        given = self.corrections
        files = given if isinstance(given, list | tuple) else [] if given is None else [given]
        lines = [
            f"corrections: found {each!r}, allowed is a file, a list of files, or null"
            for each in files
            if not isinstance(each, str | Path) or not str(each).strip()
        ]
        return lines + [
            f"corrections: found {each!r} more than once" for each, n in Counter(map(str, files)).items() if n > 1
        ]

    def _reader_problems(self) -> list[str]:
        """Return what does not go with the reader."""
        lines = []
        if self.reader != "table":
            if self.columns.named():
                lines.append(f"columns: are for tables; the reader {self.reader!r} knows its own columns")
            lines += [
                f"{key}: is for tables; the reader {self.reader!r} knows its own files"
                for key in ("delimiter", "encoding", "sheet", "where", "file_column")
                if getattr(self, key) is not None
            ]
            if not isinstance(self.path, str | Path | None):
                lines.append(f"path: found {self.path!r}, expected the folder that the reader {self.reader!r} reads")
            lines += [
                f"{key}: is for tables; the reader {self.reader!r} knows its own files"
                for key, value in (("ignore", self.ignore), ("missing_words", self.missing_words))
                if value
            ]
            if self.offsets != CHARACTERS:
                lines.append(f"offsets: are for tables; the reader {self.reader!r} knows how its spans are counted")
            allowed = READER_COLUMNS.get(self.reader, ())
            lines += [
                f"extra: found {name!r}, allowed for the reader {self.reader!r}: {', '.join(allowed) or 'none'}"
                for name in self.extra
                if name not in allowed
            ]
        if self.label_file is not None and self.reader != "mpqa_stances":
            lines.append("label_file: is for the reader mpqa_stances, whose labels are apart from the text")
        return lines

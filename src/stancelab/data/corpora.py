"""The corpora that can be prepared: their settings, and the reader of each."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from stancelab.data.labels import LabelSettings
from stancelab.data.readers import hub, mpqa, newsmtsc, semeval2016
from stancelab.data.readers.table import ColumnSettings, read_table
from stancelab.errors import ConfigError, DataError, did_you_mean
from stancelab.metrics.names import PRIMARY_METRICS
from stancelab.schema import EXAMPLE_COLUMNS, NEGATED_STANCE, NEGATED_TEXT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from stancelab.data.readers.batch import Batch

__all__ = ["READERS", "ColumnSettings", "CorpusSettings", "LabelSettings", "input_files", "own_corpus", "read_corpus"]

ON_BAD_ROWS: Final = ("fail", "drop")
REPEATS: Final = ("keep", "drop", "majority")


@dataclass
class CorpusSettings:
    """A corpus: where it is, how it is read and what its columns and labels mean (group `data`).

    Attributes:
        name: What it is called in ids, split names and reports; also the prepared dataset's folder.
        reader: Which reader understands its files: table, newsmtsc, semeval2016 or mpqa.
        path: A file (of a table) or a folder (of a public corpus); null is the hub, or the project's own corpus.
        hub: The name of a hub dataset ("owner/name", or "owner/name:config"), used where path is null.
        columns: What a table calls its fields; the public corpora's readers know their own.
        labels: The values that mean each stance.
        target_names: Full names for targets that the corpus abbreviates.
        extra: Further columns of a table that travel with each row.
        on_bad_rows: "fail" lists what is wrong and writes nothing; "drop" leaves such rows out and lists them in
            `rejected.csv`.
        repeats: What becomes of rows of one split with the same text, source and target, such as those of several
            annotators: "keep"; "drop", which leaves one where their stances agree and none where they differ; or
            "majority", which leaves one with the most frequent stance, and none where two are equally frequent.
        corrections: A table with the columns id and correction, as `stancelab inspect` writes it: labels that a person
            corrected, and rows to drop; null for none.
        about: Where it is from and under which terms, for the dataset card.
        metric: What a model is chosen by on dev: "macro_f1", "f_avg" (mean F1 of favor and against) or "accuracy".
    """

    name: str = "table"
    reader: str = "table"
    path: str | None = None
    hub: str | None = None
    columns: ColumnSettings = field(default_factory=ColumnSettings)
    labels: LabelSettings = field(default_factory=LabelSettings)
    target_names: dict[str, str] = field(default_factory=dict)
    extra: list[str] = field(default_factory=list)
    on_bad_rows: str = "fail"
    repeats: str = "keep"
    corrections: str | None = None
    about: str = ""
    metric: str = "macro_f1"

    def problems(self) -> list[str]:
        """Return what is wrong with the settings, one line each."""
        lines = []
        if not re.fullmatch(r"[A-Za-z0-9_]+", self.name):  # it becomes part of split names, which allow no more
            lines.append(f"name: found {self.name!r}, allowed are letters, digits and '_'")
        for key, allowed in (
            ("reader", tuple(READERS)),
            ("on_bad_rows", ON_BAD_ROWS),
            ("repeats", REPEATS),
            ("metric", PRIMARY_METRICS),
        ):
            value = getattr(self, key)
            if value not in allowed:
                lines.append(f"{key}: found {value!r}, allowed {', '.join(allowed)}.{did_you_mean(value, allowed)}")
        lines += [f"columns.{line}" for line in self.columns.problems()]
        lines += [f"labels.{line}" for line in self.labels.problems()]
        if self.reader != "table" and (self.columns.named() or self.extra):
            lines.append(f"columns, extra: are for tables; the reader {self.reader!r} knows its own columns")
        named = set(self.columns.named().values())
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


@dataclass(frozen=True)
class Reader:
    """How a corpus is read.

    Attributes:
        files: Returns the files that make up the corpus in a folder, or the one table.
        read: Yields its rows from those files.
        hub: Yields its rows from the hub; None where it is not there.
        where: Where to get it, for the error where neither path nor hub is set.
    """

    files: Callable[[Path], list[Path]]
    read: Callable[[Path, CorpusSettings], Iterator[Batch]]
    hub: Callable[[CorpusSettings], Iterator[Batch]] | None
    where: str


READERS: Final[dict[str, Reader]] = {
    "table": Reader(
        lambda path: [path],
        read_table,
        hub.read_table,
        "data.path=FILE (.csv, .tsv, .jsonl or .parquet) or data.hub=NAME",
    ),
    "newsmtsc": Reader(newsmtsc.files, newsmtsc.read, newsmtsc.read_hub, newsmtsc.WHERE),
    "semeval2016": Reader(semeval2016.files, semeval2016.read, semeval2016.read_hub, semeval2016.WHERE),
    "mpqa": Reader(mpqa.files, mpqa.read, None, mpqa.WHERE),
}


def own_corpus(name: str) -> Path | None:
    """Return the table of the project's own corpus of that name, None where there is no such corpus.

    It lies beside the package when that is installed from a wheel, and in `data/` in a clone.
    """
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "_corpora" / name, package.parents[1] / "data" / name):
        if (folder / f"{name}.csv").is_file():
            return folder / f"{name}.csv"
    return None


def input_files(settings: CorpusSettings) -> list[Path]:
    """Return the files that a corpus is read from, an empty list where it comes from the hub.

    Raises:
        ConfigError: Nothing says where the corpus is.
        DataError: Its folder lacks a file.
    """
    path = _path(settings)
    return [] if path is None else READERS[settings.reader].files(path)


def correction_files(settings: CorpusSettings) -> list[Path]:
    """Return the table of corrections, if there is one."""
    return [] if settings.corrections is None else [Path(settings.corrections).expanduser()]


def read_corpus(settings: CorpusSettings) -> Iterator[Batch]:
    """Yield a corpus's rows in batches, in the order of its files.

    Raises:
        ConfigError: Nothing says where the corpus is.
        DataError: A file as a whole cannot be read, or the hub cannot be reached.
    """
    reader, path = READERS[settings.reader], _path(settings)
    if path is not None:
        yield from reader.read(path, settings)
    else:
        assert reader.hub is not None
        yield from reader.hub(settings)


def _path(settings: CorpusSettings) -> Path | None:
    """Return the path to read from, None for the hub."""
    reader = READERS[settings.reader]
    if settings.path is not None:
        path = Path(settings.path).expanduser()
        if settings.reader != "table" and not path.is_dir():
            what = "is a file" if path.exists() else "no such folder"
            raise DataError(f"{path}: {what}; data.path of {settings.name} is the folder that holds its files")
        return path
    if settings.hub is not None and reader.hub is not None:
        return None
    own = own_corpus(settings.name) if settings.reader == "table" else None
    if own is None:
        raise ConfigError(f"data.path: not set for {settings.name!r}; expected {reader.where}")
    return own

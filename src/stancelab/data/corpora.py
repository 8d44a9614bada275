"""The reader of each corpus that can be prepared, and where its files are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from stancelab.data.readers import dse, hub, mpqa, mpqa_stances, newsmtsc, seesaw, semeval2016
from stancelab.data.readers.sources import table_sources
from stancelab.data.readers.table import read_tables
from stancelab.errors import ConfigError, DataError
from stancelab.layout import PACKAGE
from stancelab.tables.batches import BATCH_ROWS
from stancelab.tables.text_file import no_such_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from stancelab.data.readers.batch import Batch
    from stancelab.data.settings import CorpusSettings


@dataclass(frozen=True)
class Reader:
    """How a corpus is read.

    Attributes:
        files: Returns the files that make up the corpus in a folder, or the one table.
        read: Yields its rows from those files, so many at a time.
        hub: Yields its rows from the hub; None where it is not there.
        where: Where to get it, for the error where neither path nor hub is set.
    """

    files: Callable[[Any], list[Path]]
    read: Callable[[Any, CorpusSettings, int], Iterator[Batch]]
    hub: Callable[[CorpusSettings], Iterator[Batch]] | None
    where: str


READERS: Final[dict[str, Reader]] = {
    "table": Reader(
        lambda path: [source.path for source in table_sources(path)],
        read_tables,
        hub.read_table,
        "data.path=FILE (.csv, .tsv, .jsonl, .parquet or .xlsx), a folder or several files, or data.hub=NAME",
    ),
    "newsmtsc": Reader(newsmtsc.files, newsmtsc.read, newsmtsc.read_hub, newsmtsc.WHERE),
    "semeval2016": Reader(
        semeval2016.files,
        lambda folder, settings, _: semeval2016.read(folder, settings),  # its files are small
        semeval2016.read_hub,
        semeval2016.WHERE,
    ),
    "mpqa": Reader(mpqa.files, mpqa.read, None, mpqa.WHERE),
    "dse": Reader(dse.files, dse.read, None, dse.WHERE),
    "seesaw": Reader(seesaw.files, lambda folder, settings, _: seesaw.read(folder, settings), None, seesaw.WHERE),
    "mpqa_stances": Reader(
        mpqa_stances.files,
        lambda folder, settings, rows: mpqa_stances.read(folder, label_file(settings), settings, rows),
        None,
        mpqa_stances.WHERE,
    ),
}


def own_corpus(name: str, package: Path = PACKAGE) -> Path | None:
    """Return the table of the project's own corpus of that name, None where there is no such corpus.

    It lies in the package when that is installed from a wheel, and in `data/` of a clone.

    Args:
        name: The corpus.
        package: Where the package lies.
    """
    for folder in own_folders(package):
        if folder.name == name and (folder / f"{name}.csv").is_file():
            return folder / f"{name}.csv"
    return None


def own_folders(package: Path = PACKAGE) -> list[Path]:
    """Return the folders of the project's own corpora, those in the package before those of a clone."""
    roots = (package / "_corpora", package.parents[1] / "data")
    return [folder for root in roots if root.is_dir() for folder in sorted(root.iterdir()) if folder.is_dir()]


def input_files(settings: CorpusSettings) -> list[Path]:
    """Return the files that a corpus is read from, an empty list where it comes from the hub.

    Raises:
        ConfigError: Nothing says where the corpus is.
        DataError: Its folder lacks a file.
    """
    path = _path(settings)
    if path is None:
        return []
    found = READERS[settings.reader].files(path)
    return [*found, label_file(settings)] if settings.reader == "mpqa_stances" else found


def check_there(corpora: Sequence[CorpusSettings]) -> None:
    """Check that the files of corpora are there, without reading them.

    Raises:
        ConfigError: Nothing says where a corpus is.
        DataError: A file is not there, or a folder lacks one.
    """
    for corpus in corpora:
        for file in input_files(corpus):
            if not file.exists():
                raise DataError(no_such_file(file))


def label_file(settings: CorpusSettings) -> Path:
    """Return the table of stand-off labels of a corpus: the one that is named, else the project's own.

    Raises:
        ConfigError: None is named, and the project has none.
    """
    if settings.label_file is not None:
        return Path(settings.label_file).expanduser()
    own = own_corpus(settings.name)
    if own is None:
        raise ConfigError(
            f"data.label_file: not set for {settings.name!r}, and the project has no labels of that name;"
            f" expected a .csv file with the columns {', '.join(mpqa_stances.COLUMNS)}"
        )
    return own


def side_files(settings: CorpusSettings) -> list[Path]:
    """Return the files of corrections, of names of targets and of aliases, as far as there are any."""
    files = dict.fromkeys(path for path in (settings.targets, settings.aliases) if path is not None)
    return [*correction_files(settings), *(Path(path).expanduser() for path in files)]


def correction_files(settings: CorpusSettings) -> list[Path]:
    """Return the tables of corrections: none, one or several."""
    given = settings.corrections
    files = [] if given is None else list(given) if isinstance(given, list | tuple) else [given]
    return [Path(path).expanduser() for path in files]


def read_corpus(settings: CorpusSettings, batch_rows: int = BATCH_ROWS) -> Iterator[Batch]:
    """Yield a corpus's rows in batches, in the order of its files.

    Args:
        settings: The corpus.
        batch_rows: About how many rows come at a time.

    Raises:
        ConfigError: Nothing says where the corpus is.
        DataError: A file as a whole cannot be read, or the hub cannot be reached.
    """
    reader, path = READERS[settings.reader], _path(settings)
    if path is not None:
        yield from reader.read(path, settings, batch_rows)
    else:
        assert reader.hub is not None
        yield from reader.hub(settings)


def _path(settings: CorpusSettings) -> Any:
    """Return the path to read from, of a table in any of the forms of `data.path`; None for the hub."""
    reader = READERS[settings.reader]
    if settings.path is not None:
        if settings.reader == "table":
            return settings.path
        path = Path(settings.path).expanduser()
        if not path.is_dir():
            what = "is a file" if path.exists() else "no such folder"
            raise DataError(f"{path}: {what}; data.path of {settings.name} is the folder that holds its files")
        return path
    if settings.hub is not None and reader.hub is not None:
        return None
    own = own_corpus(settings.name) if settings.reader == "table" else None
    if own is None:
        raise ConfigError(f"data.path: not set for {settings.name!r}; expected {reader.where}")
    return own

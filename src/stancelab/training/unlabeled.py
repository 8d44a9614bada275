"""Texts without labels that a teacher answers, so that the model learns from more text than was labeled.

A student that learns from its teacher on unlabeled text of the task's kind comes nearer to it than on the labeled rows
alone (Buciluă et al., 2006; Turc et al., 2019, "pre-trained distillation").
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from stancelab.data.corpora import own_corpus, own_folders
from stancelab.errors import DataError, RowProblem, count_of, did_you_mean, list_problems
from stancelab.inference.jobs.rows import example_of
from stancelab.layout import UNLABELED_ROWS
from stancelab.schema import SPAN_COLUMNS
from stancelab.tables.columns import map_columns
from stancelab.tables.table_file import TableFile
from stancelab.tables.text_file import no_such_file
from stancelab.tables.unread import refuse_variants
from stancelab.text_keys import text_key

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from stancelab.schema import Example

_REQUIRED: Final = ("text", "target")
_FIELDS: Final = (*_REQUIRED, "source", *SPAN_COLUMNS)


def read_unlabeled(files: Sequence[str], held_out: Collection[str] = ()) -> list[Example]:
    """Read tables of unlabeled rows, in the order of the files.

    Args:
        files: CSV, TSV, JSON Lines or Parquet files with the columns text and target, and source and the spans where
            they are known, as `stancelab predict` reads them; or `diplomacy`, the rows that come with that corpus.
        held_out: Texts of validation and test rows, as `text_key` gives them; rows of these are left out, so that
            no model learns from them.

    Raises:
        DataError: A file cannot be read, lacks a column, or has rows that cannot be used.
    """
    found: list[Example] = []
    for file in files:
        table = TableFile(_path(file))
        names = dict.fromkeys(_FIELDS)
        refuse_variants(file, table.columns, _FIELDS)
        columns = map_columns(file, table.columns, names, required=_REQUIRED, group="training.unlabeled")
        problems: list[RowProblem] = []
        for batch in table.rows():
            problems += batch.problems
            for number, row in batch.rows:
                made = example_of(file, number, row, columns)
                if isinstance(made, RowProblem):
                    problems.append(made)
                elif text_key(made.text) not in held_out:
                    found.append(made)
        if problems:
            rows = count_of(len(problems), "row")
            raise DataError(f"training.unlabeled: {rows} of {file} cannot be used:\n{list_problems(problems)}")
    return found


def _path(file: str) -> Path:
    """Return where a table lies: that of a person's own, or the one that comes with a corpus of the project.

    Raises:
        DataError: There is neither.
    """
    corpus = own_corpus(file)
    beside = None if corpus is None else corpus.with_name(UNLABELED_ROWS)
    if beside is not None and beside.is_file():
        return beside
    path = Path(file).expanduser()
    if path.exists():
        return path
    if path.suffix:
        raise DataError(f"training.unlabeled: {no_such_file(path)}")
    names = sorted(folder.name for folder in own_folders() if (folder / UNLABELED_ROWS).is_file())
    raise DataError(
        f"training.unlabeled: {file}: no such file, and no corpus of the project that comes with unlabeled texts "
        f"({', '.join(names)}).{did_you_mean(file, names)}"
    )

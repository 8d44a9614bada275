"""The tables of `data.targets`: which names of targets mean the same."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from stancelab.errors import DataError, RowProblem, list_problems
from stancelab.tables.table_file import TableFile
from stancelab.tables.unread import check_fixed
from stancelab.targets import TargetNames, canonical_target

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stancelab.data.settings import CorpusSettings

COLUMNS: Final = ("target", "canonical")


def read_target_names(corpora: Sequence[CorpusSettings]) -> TargetNames:
    """Read the tables of all corpora, which hold for all of them together.

    A table has the columns `target` and `canonical`; other columns are passed over. Letter case, determiners and
    plurals do not matter in either.

    Raises:
        DataError: A table cannot be read, lacks a column or a value, gives one target two names, or names a target by
            one that has another name itself.
    """
    names: dict[str, str] = {}
    problems: list[RowProblem] = []
    places: dict[str, RowProblem] = {}
    for path in dict.fromkeys(Path(each.targets).expanduser() for each in corpora if each.targets is not None):
        problems += _read(path, names, places)
    for form, name in names.items():
        if names.get(name, name) != name:
            at = places[form]
            reason = f"is itself a target of the table, with the canonical name {names[name]!r}; name that one"
            problems.append(RowProblem(at.file, at.row, "canonical", at.value, reason))
    if problems:
        raise DataError(f"data.targets cannot be used\n{list_problems(problems)}")
    return TargetNames(names)


def _read(path: Path, names: dict[str, str], places: dict[str, RowProblem]) -> list[RowProblem]:
    """Put the rows of a table into `names`, note where each stands, and return what is wrong with them."""
    table = TableFile(path)
    purpose = f". data.targets takes a table with the columns {' and '.join(COLUMNS)}"
    check_fixed(table, COLUMNS, purpose=purpose)
    problems: list[RowProblem] = []
    for batch in table.text_rows(COLUMNS):
        problems += batch.problems
        for row, cells in batch.rows:
            said = {name: cells.get(name, "") for name in COLUMNS}
            empty = [name for name in COLUMNS if not said[name].strip()]
            if empty:
                reason = "is empty; every row names a target and the target that it counts as"
                problems += [RowProblem(str(path), row, name, said[name], reason) for name in empty]
                continue
            form, name = (canonical_target(said[each]) for each in COLUMNS)
            if names.setdefault(form, name) != name:
                reason = f"the target {said['target']!r} has the canonical name {names[form]!r} already"
                problems.append(RowProblem(str(path), row, "canonical", said["canonical"], reason))
            places.setdefault(form, RowProblem(str(path), row, "canonical", said["canonical"], ""))
    return problems

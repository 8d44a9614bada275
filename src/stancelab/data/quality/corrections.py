"""Corrected labels: tables of ids and stances that a person filled in, applied while a corpus is read."""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from stancelab.data.corpora import correction_files
from stancelab.data.labels import LabelMap
from stancelab.data.settings import LabelSettings
from stancelab.errors import DataError, RowProblem, count_of, list_problems, shorten
from stancelab.row_ids import COMPARED, Wording, differs, first_of, plain
from stancelab.schema import TEXT_COLUMNS
from stancelab.tables.table_file import TableFile
from stancelab.tables.unread import check_fixed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from stancelab.data.readers.batch import Batch
    from stancelab.data.settings import CorpusSettings
    from stancelab.schema import Example

logger = logging.getLogger(__name__)

DROP: Final = "drop"
#: The column a person fills in.
COLUMN: Final = "correction"
#: The columns that `stancelab inspect` writes for a person to read.
_KNOWN: Final = (*TEXT_COLUMNS, "split", "expected", "p_stance", "reasons")


@dataclass(frozen=True)
class Correction:
    """What a person says of one row.

    Attributes:
        file: The table.
        row: The number of its row.
        key: The id that it names.
        stance: The right stance, or "drop".
        was: The label that the person saw, as the table has it; None where it has none.
        cells: All of its row.
    """

    file: str
    row: int
    key: str
    stance: str
    was: str | None
    cells: dict[str, str]

    def problem(self, column: str, found: str, reason: str) -> RowProblem:
        """Return what is wrong with it."""
        return RowProblem(self.file, self.row, column, found, reason)


@dataclass
class Corrections:
    """What a person says of some rows of one corpus.

    Attributes:
        corpus: The corpus's settings.
        by_id: Id -> what is said of its row.
        earlier: Id -> the label that was changed, of the rows so far.
        dropped: How many rows were dropped so far.
        unchanged: How many rows had the label already.
    """

    corpus: CorpusSettings
    by_id: dict[str, Correction]
    earlier: dict[str, str] = field(default_factory=dict)
    dropped: int = 0
    unchanged: int = 0

    def __post_init__(self) -> None:
        self._unused = set(self.by_id)
        self._problems: list[RowProblem] = []
        self._wording = wording_of(self.corpus)
        self._labels = stance_maps(self.corpus)
        told = {key: self._wording.id_of(each.cells) for key, each in self.by_id.items()}
        counts = Counter(told.values())
        # Ids of older versions, or of other tables of the same rows: their rows are found by what they say.
        self._by_content = {
            own: self.by_id[key]
            for key, own in told.items()
            if own is not None and counts[own] == 1 and first_of(key) != own
        }

    def apply(self, batch: Batch) -> None:
        """Change the stances of a batch's rows and take out those that are to go."""
        kept = []
        for row, example in batch.rows:
            correction = self._of(example)
            if correction is None:
                kept.append((row, example))
            elif correction.stance == DROP:
                self.dropped += 1
                batch.skipped["dropped by a correction"] += 1
            else:
                kept.append((row, self._corrected(example, correction)))
        batch.rows = kept

    def check(self) -> None:
        """Raise a `DataError` where the corpus had no row for a correction, or another one than it was made for."""
        if self._problems:
            raise DataError(
                f"corrections cannot be used: {count_of(len(self._problems), 'cell')} of other content than the "
                f"rows of the ids. "
                "The corpus was changed since the table was made, or the ids are of another corpus; correct the ids or "
                "the cells, or leave out a column that is none of the row's own. Nothing is written\n"
                f"{list_problems(self._problems)}"
            )
        if self._unused:
            ids = [
                f"id {shorten(key)!r} ({each.file}: row {each.row})"
                for key, each in self.by_id.items()
                if key in self._unused
            ]
            raise DataError(
                f"{count_of(len(ids), 'correction')} for ids that the corpus lacks:\n{list_problems(ids)}\n"
                "Rows without an id of their own are called after their text, source and target; a correction with "
                "these columns finds its row by them, where only one row has them"
            )

    def _of(self, example: Example) -> Correction | None:
        """Return what is said of a row, by its id, else by what it says; None where that is nothing usable."""
        first = first_of(example.id)
        correction = self.by_id.get(example.id) or (None if first is None else self._by_content.get(first))
        if correction is None:
            return None
        if correction.key != example.id and first != example.id:
            reason = f"several rows say the same: {first!r}, {example.id!r}; name one by its id"
            self._problems.append(correction.problem("id", correction.key, reason))
            return None
        self._unused.discard(correction.key)
        before = len(self._problems)
        self._problems += [
            correction.problem(column, said, differs(example.id, here))
            for column, said, here in self._wording.contradictions(example, correction.cells)
        ]
        self._problems += self._stale(example, correction)
        return correction if len(self._problems) == before else None

    def _stale(self, example: Example, correction: Correction) -> list[RowProblem]:
        """Return that the label that the person saw is not the row's any more, unless it was corrected already."""
        was = correction.was
        if was is None or not was.strip() or correction.stance == example.stance:
            return []
        if example.stance in (labels.stance(was) for labels in self._labels):
            return []
        return [correction.problem("stance", was, differs(example.id, example.stance or ""))]

    def _corrected(self, example: Example, correction: Correction) -> Example:
        if correction.stance == example.stance:
            self.unchanged += 1
            return example
        self.earlier[example.id] = example.stance or ""
        return replace(example, stance=correction.stance)


def wording_of(corpus: CorpusSettings) -> Wording:
    """Return how a corpus says things."""
    return Wording(corpus.columns.named(), corpus.target_names, corpus.mending.cell)


def stance_maps(corpus: CorpusSettings) -> tuple[LabelMap, LabelMap]:
    """Return what values mean in tables that are joined with a corpus: the stances' own names, and the corpus's."""
    return LabelMap(LabelSettings()), LabelMap(corpus.labels)


def read_corrections(settings: CorpusSettings) -> Corrections | None:
    """Read the corrections of a corpus, None where it has none.

    A table has the columns `id` and `correction`, as `stancelab inspect` writes them: a stance, a value of the corpus
    that means one, "drop", or nothing where the label stays. Rows of other corpora, if there is a column `corpus`, are
    passed over. Where it has the columns text, source, target or stance, they are compared with the corpus's row.

    Raises:
        DataError: A table cannot be read, lacks a column, holds what is no stance, names no row of this corpus, or
            contradicts itself or another one.
    """
    files = correction_files(settings)
    if not files:
        return None
    found: dict[str, Correction] = {}
    problems: list[RowProblem] = []
    for path in files:
        _read_table(path, settings, found, problems)
    if problems:
        raise DataError(f"corrections cannot be used\n{list_problems(problems)}")
    return Corrections(settings, found)


def _read_table(path: Path, settings: CorpusSettings, found: dict[str, Correction], problems: list[RowProblem]) -> None:
    """Add what a table says of rows of the corpus, and what is wrong with it."""
    table = TableFile(path, safe_cells=True)
    named = settings.columns.named()
    read = ["corpus", *COMPARED, *(named[name] for name in COMPARED if name in named), _seen(table.columns, settings)]
    check_fixed(table, ["id", COLUMN], read, known=_KNOWN)
    maps = stance_maps(settings)
    others: Counter[str] = Counter()
    own = 0
    for batch in table.text_rows(["id", COLUMN, *read]):
        problems += batch.problems
        for line in batch.warnings:
            logger.warning("%s", line)
        for row, cells in batch.rows:
            said = cells.get(COLUMN, "").strip()
            if not said:
                continue
            if cells.get("corpus") not in (None, "", settings.name):
                others[cells["corpus"]] += 1
                continue
            own += 1
            key = cells.get("id", "").strip().removeprefix(f"{settings.name}/")
            stance = DROP if said.lower() == DROP else maps[0].stance(said) or maps[1].stance(said)
            if stance is None:
                reason = f"{maps[1].reason(said)}; or {DROP!r}, or nothing where the label stays"
                problems.append(RowProblem(str(path), row, COLUMN, said, reason))
                continue
            made = Correction(str(path), row, key, stance, cells.get(_seen(list(cells), settings)), cells)
            problem = _other(found.setdefault(key, made), made, settings)
            if problem is not None:
                problems.append(made.problem(problem, cells[problem], _elsewhere(found[key], made, problem)))
    if others and not own:
        raise DataError(
            f"{path}: none of its {count_of(sum(others.values()), 'correction')} is for the corpus "
            f"{settings.name!r}, but "
            f"for {_listed(list(others))}. Correct the column 'corpus', or leave it out"
        )


def _other(first: Correction, again: Correction, settings: CorpusSettings) -> str | None:
    """Return the column in which two corrections of one id differ, None where they say the same."""
    if first.stance != again.stance:
        return COLUMN
    both = [name for name in wording_of(settings).found(list(again.cells)).values() if name in first.cells]
    return next((name for name in both if plain(first.cells[name]) != plain(again.cells[name])), None)


def _elsewhere(first: Correction, again: Correction, column: str) -> str:
    where = "above" if first.file == again.file else f"in {first.file}"
    what = "another correction" if column == COLUMN else f"{shorten(first.cells[column])!r}"
    return f"id {again.key!r} has {what} {where}"


def _seen(columns: Sequence[str], settings: CorpusSettings) -> str:
    """Return the column of the label that the person saw."""
    named = settings.columns.stance
    return named if named is not None and named in columns else "stance"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(map(repr, names))

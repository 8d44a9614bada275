"""Corrected labels: a table of ids and stances that a person filled in, applied while a corpus is read."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from stancelab.data.labels import LabelMap
from stancelab.data.settings import LabelSettings
from stancelab.errors import DataError, RowProblem, list_problems, shorten
from stancelab.schema import TEXT_COLUMNS
from stancelab.tables.table_file import TableFile
from stancelab.tables.unread import check_fixed

if TYPE_CHECKING:
    from stancelab.data.readers.batch import Batch
    from stancelab.data.settings import CorpusSettings

logger = logging.getLogger(__name__)

DROP: Final = "drop"
#: The column a person fills in.
COLUMN: Final = "correction"
#: The columns that `stancelab inspect` writes for a person to read.
_KNOWN: Final = (*TEXT_COLUMNS, "split", "expected", "p_stance", "reasons")


@dataclass
class Corrections:
    """What a person says of some rows of one corpus.

    Attributes:
        path: The table.
        stances: Id -> the right stance, or "drop" for a row that is to go.
        earlier: Id -> the label that was changed, of the rows so far.
        dropped: How many rows were dropped so far.
    """

    path: Path
    stances: dict[str, str]
    earlier: dict[str, str] = field(default_factory=dict)
    dropped: int = 0

    def __post_init__(self) -> None:
        self._unused = set(self.stances)

    def apply(self, batch: Batch) -> None:
        """Change the stances of a batch's rows and take out those that are to go."""
        kept = []
        for row, example in batch.rows:
            correction = self.stances.get(example.id)
            self._unused.discard(example.id)
            if correction == DROP:
                self.dropped += 1
                batch.skipped["dropped by a correction"] += 1
                continue
            if correction is not None and correction != example.stance:
                self.earlier[example.id] = example.stance or ""
                example = replace(example, stance=correction)
            kept.append((row, example))
        batch.rows = kept

    def check(self) -> None:
        """Raise a `DataError` where the corpus had no row for a correction."""
        if self._unused:
            ids = [f"id {shorten(key)!r}" for key in self.stances if key in self._unused]
            raise DataError(
                f"{self.path}: {len(ids):,} corrections are for ids that the corpus lacks:\n{list_problems(ids)}"
            )


def read_corrections(settings: CorpusSettings) -> Corrections | None:
    """Read the corrections of a corpus, None where it has none.

    The table has the columns `id` and `correction`, as `stancelab inspect` writes them: a stance, a value of the corpus
    that means one, "drop", or nothing where the label stays. Rows of other corpora, if there is a column `corpus`, are
    passed over.

    Raises:
        DataError: The table cannot be read, lacks a column, holds what is no stance, or contradicts itself.
    """
    if settings.corrections is None:
        return None
    path = Path(settings.corrections).expanduser()
    table = TableFile(path, safe_cells=True)
    check_fixed(table, ["id", COLUMN], ["corpus"], known=_KNOWN)
    maps = LabelMap(LabelSettings()), LabelMap(settings.labels)
    stances: dict[str, str] = {}
    problems: list[RowProblem] = []
    for batch in table.text_rows(["id", COLUMN, "corpus"]):
        problems += batch.problems
        for line in batch.warnings:
            logger.warning("%s", line)
        for row, cells in batch.rows:
            said = cells.get(COLUMN, "").strip()
            if not said or cells.get("corpus") not in (None, "", settings.name):
                continue
            key = cells.get("id", "").removeprefix(f"{settings.name}/")
            found = DROP if said.lower() == DROP else maps[0].stance(said) or maps[1].stance(said)
            if found is None:
                reason = f"{maps[1].reason(said)}; or {DROP!r}, or nothing where the label stays"
                problems.append(RowProblem(str(path), row, COLUMN, said, reason))
            elif stances.setdefault(key, found) != found:
                problems.append(RowProblem(str(path), row, COLUMN, said, f"id {key!r} has another correction above"))
    if problems:
        raise DataError(f"corrections cannot be used\n{list_problems(problems)}")
    return Corrections(path, stances)

"""Equal problems told once: "'agaisnt' in 374 rows, such as row 5, 9, 12; nearest: 'against'"."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from stancelab.errors import SHOWN_PROBLEMS, count_of, shorten

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from stancelab.errors import RowProblem

#: Rows that are named of each value.
SHOWN_ROWS: Final = 3
#: Different values that are counted one by one; a column of free text has as many as it has rows.
KEPT_VALUES: Final = 10_000


@dataclass
class ValueGroups:
    """The rows of one file and column by the value that cannot be used in them.

    Attributes:
        counts: Value -> how many rows have it.
        rows: Value -> the first of these rows.
        others: Rows with values beyond those that are kept.
    """

    counts: dict[str, int] = field(default_factory=dict)
    rows: dict[str, list[int]] = field(default_factory=dict)
    others: int = 0

    def add(self, row: int, value: str) -> None:
        """Count a row."""
        if value not in self.counts and len(self.counts) == KEPT_VALUES:
            self.others += 1
            return
        self.counts[value] = self.counts.get(value, 0) + 1
        first = self.rows.setdefault(value, [])
        if len(first) < SHOWN_ROWS:
            first.append(row)

    @property
    def total(self) -> int:
        """How many rows there are in all."""
        return sum(self.counts.values()) + self.others

    def lines(self, allowed: Iterable[str], shown: int = SHOWN_PROBLEMS) -> list[str]:
        """Return a line for each value, the most frequent first, with the nearest value that is allowed.

        Args:
            allowed: The values that are.
            shown: How many values are listed; the last line counts the rest.
        """
        ranked = sorted(self.counts, key=lambda value: (-self.counts[value], self.rows[value]))
        known = list(allowed)
        found = [self._line(value, known) for value in ranked[:shown]]
        rest = self.total - sum(self.counts[value] for value in ranked[:shown])
        if rest:
            more = count_of(len(ranked) - shown, "other value")
            values = f"more than {KEPT_VALUES - shown:,} other values" if self.others else more
            found.append(f"... and {values} in {count_of(rest, 'row')}")
        return found

    def _line(self, value: str, allowed: Sequence[str]) -> str:
        near = nearest(value, allowed)
        return f"{shorten(value)!r} in {_where(self.counts[value], self.rows[value])}" + (
            "" if near is None else f"; nearest: {near!r}"
        )


@dataclass
class ProblemGroups:
    """Problems of rows by what they have in common: file, column, value and reason.

    Attributes:
        counts: What they have in common, as a problem without a row -> how many rows have it.
        rows: The same -> the first of these rows.
        others: Problems beyond the groups that are kept.
    """

    counts: dict[RowProblem, int] = field(default_factory=dict)
    rows: dict[RowProblem, list[int]] = field(default_factory=dict)
    others: int = 0

    def add(self, problems: Iterable[RowProblem]) -> None:
        """Count problems."""
        for problem in problems:
            key = replace(problem, row=0)
            if key not in self.counts and len(self.counts) >= KEPT_VALUES and not key.unbounded:
                self.others += 1
                continue
            self.counts[key] = self.counts.get(key, 0) + 1
            first = self.rows.setdefault(key, [])
            if len(first) < SHOWN_ROWS:
                first.append(problem.row)

    def listed(self) -> str:
        """Return the problems, one a line, and how many more there are.

        Rows whose end nobody knows come first, then the problems of the most rows, then all others as they came.
        """
        ranked = sorted(self.counts, key=lambda key: (not key.unbounded, -self.counts[key]))
        lines = [f"  {self._line(key)}" for key in ranked[:SHOWN_PROBLEMS]]
        more = self.others + sum(self.counts[key] for key in ranked[SHOWN_PROBLEMS:])
        return "\n".join([*lines, *([f"  ... and {more:,} more"] if more else [])])

    def _line(self, key: RowProblem) -> str:
        count, rows = self.counts[key], self.rows[key]
        if count == 1 or not rows[0]:
            return str(replace(key, row=rows[0]))
        where = _where(count, rows)
        column = f", column {key.column!r}" if key.column else ""
        value = f"{shorten(key.value)!r} in " if key.value or key.column else ""
        return f"{key.file}{column}: {value}{where}: {key.reason}"


def _where(count: int, rows: Sequence[int]) -> str:
    """Return in which rows a value is: "374 rows, such as row 5, 9, 12"."""
    named = ", ".join(map(str, rows))
    if count == 1:
        return f"row {named}"
    return f"{count:,} rows: {named}" if count == len(rows) else f"{count:,} rows, such as row {named}"


def nearest(value: str, allowed: Iterable[str]) -> str | None:
    """Return the allowed value that a misspelled one is nearest to in any letter case, None where none is near."""
    names = {name.lower(): name for name in allowed}
    near = difflib.get_close_matches(value.strip().lower()[:60], names, n=1, cutoff=0.6)
    return names[near[0]] if near else None

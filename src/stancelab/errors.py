"""What went wrong, where, what was found, what is allowed and what to do about it.

Every error that a user can cause derives from `StancelabError`; the command line prints its message without a
traceback and exits with code 2.
"""

from __future__ import annotations

import difflib
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

SHOWN_PROBLEMS = 20


class Settings(Protocol):
    """A dataclass of settings that checks itself."""

    def problems(self) -> list[str]:
        """Return what is wrong with the settings, one line each."""


class StancelabError(Exception):
    """Base of all errors that a user can cause and mend.

    Attributes:
        reads: The groups of settings that decide whether it comes; None where that is not known.
    """

    reads: tuple[str, ...] | None = None


class DataError(StancelabError):
    """A table, a corpus or a prepared dataset cannot be used as it is."""


class ConfigError(StancelabError):
    """A setting is unknown, of the wrong type, out of range, or contradicts another one."""


class CheckpointError(StancelabError):
    """A checkpoint folder is missing, incomplete, or not what its description says."""


@contextmanager
def depends_on(*groups: str) -> Iterator[None]:
    """Note in an error of the block that only these groups of settings decide whether it comes.

    A sweep of other settings then need not meet it again in each of its runs.
    """
    try:
        yield
    except StancelabError as error:
        error.reads = error.reads or groups
        raise


def is_panic(error: BaseException) -> bool:
    """Tell whether an exception is a panic of Rust code, such as that of tokenizers; no class of Python has it."""
    return type(error).__name__ == "PanicException"


class InterruptedTraining(KeyboardInterrupt):
    """A training was interrupted that can go on: its state, or its whole checkpoint, is kept."""


class InterruptedPrediction(KeyboardInterrupt):
    """A prediction was interrupted that can go on: a part of its output is kept."""


class InterruptedReading(KeyboardInterrupt):
    """A reading of articles was interrupted that can go on: what was answered is kept."""


class MissingPackageError(StancelabError):
    """An optional package is not installed."""


@dataclass(frozen=True, slots=True)
class RowProblem:
    """Why one row of an input file cannot be used.

    Attributes:
        file: The file as the user named it.
        row: 1-based number of the data row (a header line does not count), or 0 where the problem is the file's.
        column: The column as the file names it, or "" where no single column is to blame.
        value: What was found, shortened for display.
        reason: What is wrong and what is allowed.
        unbounded: Whether nobody knows where the row ends, so that leaving it out would leave out others with it; such
            a row is never dropped.
    """

    file: str
    row: int
    column: str
    value: str
    reason: str
    unbounded: bool = False

    def __str__(self) -> str:
        where = f"{self.file}: row {self.row}" if self.row else self.file
        column = f", column {self.column!r}" if self.column else ""
        found = f": found {shorten(self.value)!r}" if self.value or self.column else ""
        return f"{where}{column}{found}: {self.reason}"


def shorten(value: object, width: int = 60) -> str:
    """Return `value` as one line of at most `width` characters, the cut shown by an ellipsis."""
    line = " ".join(str(value).split())
    return line if len(line) <= width else line[: width - 1] + "…"


def list_problems(problems: Sequence[object], total: int | None = None) -> str:
    """Return the first problems, one a line, and how many more there are.

    Args:
        problems: What to list; each is shown by `str`.
        total: How many there are in all, where `problems` holds only the first of them.
    """
    total = len(problems) if total is None else total
    lines = [f"  {problem}" for problem in problems[:SHOWN_PROBLEMS]]
    if total > len(lines):
        lines.append(f"  ... and {total - len(lines):,} more")
    return "\n".join(lines)


def count_of(number: int, noun: str, plural: str | None = None) -> str:
    """Return a number with its noun, such as "1 row" and "2,000 rows".

    Args:
        number: How many there are.
        noun: What is counted, in the singular.
        plural: Its plural, where that is not the singular with an s.
    """
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"


def verb(number: int, one: str, more: str) -> str:
    """Return the verb that goes with a number: "1 of 20 rows has", "2 of 20 rows have"."""
    return one if number == 1 else more


def told_ending(suffix: str) -> str:
    """Return what is said of the end of a file's name, behind "the name"."""
    return f"ends in {suffix!r}" if suffix else "has no ending"


def empty_problems(given: Mapping[str, object]) -> list[str]:
    """Return the settings that are empty, where a value or null is expected, one line each.

    Args:
        given: Setting -> its value.
    """
    return [f"{name}: is empty; null is for none" for name, value in given.items() if value == ""]


def did_you_mean(found: str, allowed: Iterable[str]) -> str:
    """Return " Did you mean 'x'?" for the nearest allowed name, or "" where none is near."""
    names = {name.lower(): name for name in allowed}
    near = difflib.get_close_matches(found.lower(), names, n=1, cutoff=0.6)
    return f" Did you mean {names[near[0]]!r}?" if near else ""

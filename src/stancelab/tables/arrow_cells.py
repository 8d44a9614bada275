"""Cells of Arrow columns as Python values from which Arrow can make the same cells again.

Python's dates end with the year 9999, its times with microseconds, and its text is Unicode; Arrow's are not so bound,
nor does it check the text of a file. What no Python value holds becomes an `ExactText`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

_PER_SECOND: Final = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
#: Digits of a text such as "2020-01-01 00:00:00.123456", behind which nanoseconds are written.
_MICROSECONDS: Final = 26


class ExactText(str):
    """A cell as text in full precision.

    Attributes:
        scalar: The cell itself.
    """

    __slots__ = ("scalar",)

    scalar: pa.Scalar

    def __reduce__(self) -> tuple[Any, ...]:
        return str, (str(self),)  # Arrow pickles its cells as Python's values


@dataclass(frozen=True)
class Damage:
    """What is wrong with a cell.

    Attributes:
        column: Its column.
        value: Its text, with a sign in place of what cannot be read.
        reason: Where what cannot be read is, and what was found.
    """

    column: str
    value: str
    reason: str


def _exact_text(text: str, scalar: pa.Scalar) -> ExactText:
    """Return a text that stands for a cell."""
    made = ExactText(text)
    made.scalar = scalar
    return made


def rows_of(table: pa.RecordBatch) -> tuple[list[dict[str, Any]], dict[int, Damage]]:
    """Return the rows of a part of a table, {column: cell}, and by their places what is wrong with some of them.

    Args:
        table: The part; no two of its columns have one name.
    """
    names = table.schema.names
    try:
        return _with_columns(table, [_without_nanoseconds(column) for column in table.columns]).to_pylist(), {}
    except _unheld():
        pass
    damaged: dict[int, Damage] = {}
    rows: list[dict[str, Any]] = [{} for _ in range(len(table))]
    for name, column in zip(names, table.columns, strict=True):
        for place, cell in enumerate(_cells(name, column, damaged)):
            rows[place][name] = cell
    return rows, damaged


def _with_columns(table: pa.RecordBatch, columns: list[pa.Array]) -> pa.RecordBatch:
    import pyarrow as pa

    return pa.RecordBatch.from_arrays(columns, names=table.schema.names) if columns else table


def _unheld() -> tuple[type[Exception], ...]:
    """Return what is raised where Python does not hold a cell; an unknown time zone is a `LookupError`."""
    import pyarrow as pa

    return pa.ArrowException, ValueError, OverflowError, LookupError


def _cells(name: str, column: pa.Array, damaged: dict[int, Damage]) -> list[Any]:
    """Return the cells of a column, None for nothing and for those that are added to `damaged`."""
    try:
        return list(_without_nanoseconds(column).to_pylist())
    except _unheld():
        pass
    cells = []
    for place, scalar in enumerate(column):
        try:
            cells.append(_cell(scalar))
        except UnicodeDecodeError as error:
            found = bytes(error.object)
            reason = f"byte {error.start} of the text is 0x{found[error.start]:02X}, which is not UTF-8"
            damaged.setdefault(place, Damage(name, found.decode(errors="replace"), reason))
            cells.append(None)
    return cells


def arrow_cell(cell: Any) -> Any:
    """Return a cell of `rows_of` as Arrow takes it."""
    if isinstance(cell, ExactText):
        return cell.scalar
    if isinstance(cell, dict):
        return {name: arrow_cell(inner) for name, inner in cell.items()}
    if isinstance(cell, list | tuple):
        return type(cell)(map(arrow_cell, cell))
    return cell


def _without_nanoseconds(column: pa.Array) -> pa.Array:
    """Return a column whose times Python holds; else raise an `ArrowInvalid`.

    Pandas, where it is installed, holds some of them, and drops the nanoseconds of others without a word.
    """
    import pyarrow as pa

    kind = column.type
    if not _has_nanoseconds(kind):
        return column
    if pa.types.is_timestamp(kind):
        return column.cast(pa.timestamp("us", kind.tz))
    if pa.types.is_time(kind):
        return column.cast(pa.time64("us"))
    if pa.types.is_duration(kind):
        return column.cast(pa.duration("us"))
    raise pa.ArrowInvalid("times are parts of the cells")


def _has_nanoseconds(kind: pa.DataType) -> bool:
    import pyarrow as pa

    if _is_temporal(kind):
        return getattr(kind, "unit", "") == "ns"
    inner = [kind.field(place).type for place in range(kind.num_fields)] if pa.types.is_nested(kind) else []
    return any(map(_has_nanoseconds, inner))


def _is_temporal(kind: pa.DataType) -> bool:
    import pyarrow as pa

    return bool(pa.types.is_temporal(kind))


def _cell(scalar: pa.Scalar) -> Any:
    """Return a cell, or raise a `UnicodeDecodeError` where it holds text that is not UTF-8."""
    import pyarrow as pa

    if not scalar.is_valid:
        return None
    if isinstance(scalar, pa.MapScalar):
        keys, values = scalar.values.field(0), scalar.values.field(1)
        return [(_cell(key), _cell(value)) for key, value in zip(keys, values, strict=True)]
    if isinstance(scalar, pa.ListScalar):  # of which those of other kinds of lists are kinds
        return [_cell(inner) for inner in scalar.values]
    if isinstance(scalar, pa.StructScalar):
        pairs = list(_pairs(scalar))
        found = dict(pairs)
        # An object of Python cannot have a key twice.
        return found if len(found) == len(pairs) else _exact_text(str(pairs), scalar)
    if _is_temporal(scalar.type):
        return _time(scalar)
    return scalar.as_py()


def _pairs(scalar: pa.StructScalar) -> Iterator[tuple[str, Any]]:
    for place in range(scalar.type.num_fields):
        yield scalar.type.field(place).name, _cell(scalar[place])


def _time(scalar: pa.Scalar) -> Any:
    import pyarrow as pa

    kind = scalar.type
    if getattr(kind, "unit", "") != "ns":
        try:
            return scalar.as_py()
        except _unheld():
            pass
    if pa.types.is_duration(kind):
        return _exact_text(_duration(scalar.value, _PER_SECOND[kind.unit]), scalar)
    if pa.types.is_timestamp(kind):
        return _exact_text(_timestamp(scalar), scalar)
    return _exact_text(scalar.cast(pa.string()).as_py(), scalar)


def _timestamp(scalar: pa.Scalar) -> str:
    """Return a timestamp as Python writes one, with all digits; in UTC where Python cannot tell the local time."""
    import pyarrow as pa

    kind = scalar.type
    if kind.unit == "ns":
        whole, rest = divmod(scalar.value, 1000)
        try:
            moment = pa.scalar(whole, pa.timestamp("us", kind.tz)).as_py()
        except _unheld():
            pass
        else:
            text = str(moment.isoformat(" ", "microseconds"))
            return f"{text[:_MICROSECONDS]}{rest:03d}{text[_MICROSECONDS:]}"
    plain, _, fraction = pa.scalar(scalar.value, pa.timestamp(kind.unit)).cast(pa.string()).as_py().partition(".")
    plain += f".{fraction}" if fraction.strip("0") else ""
    return str(plain) if kind.tz is None else f"{plain}+00:00"


def _duration(value: int, per_second: int) -> str:
    """Return a duration as Python writes one, with all digits: "1 day, 2:03:04.5"."""
    seconds, fraction = divmod(value, per_second)
    days, seconds = divmod(seconds, 86_400)
    text = f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
    if fraction:
        text += f".{fraction:0{len(str(per_second)) - 1}d}"
    return f"{days} day{'' if abs(days) == 1 else 's'}, {text}" if days else text

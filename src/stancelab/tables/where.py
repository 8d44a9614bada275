"""Rows that meet a condition: numbers are compared as numbers, everything else as text."""

from __future__ import annotations

import ast
import operator
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from stancelab.errors import ConfigError, DataError, did_you_mean, shorten
from stancelab.tables.cells import flat_text
from stancelab.tables.where_parse import column_of, columns_in, parse_condition

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from stancelab.tables.batches import RowBatch

_ORDERS: Final[dict[type, Callable[[Any, Any], bool]]] = {
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le,
    ast.Gt: operator.gt, ast.GtE: operator.ge,
}  # fmt: skip
#: Values of a column that a message shows, and the characters of each.
_SHOWN: Final = 10
_WIDTH: Final = 40
_DATE: Final = re.compile(r"\d{4}(-\d{2}){1,2}")
_NUMBER: Final = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")


class Condition:
    """A condition on rows, such as "annotator == 'A' and year >= 2020".

    Attributes:
        text: As it was written.
        columns: The columns that it reads.
        left_out: How many rows did not meet it so far.
        seen: How many rows were looked at so far.
        values: Column -> values that it has in rows that do not meet it, some of them; none are added once a row does.
    """

    def __init__(self, text: str) -> None:
        """Read a condition.

        Raises:
            ConfigError: It cannot be read, or holds what is not allowed.
        """
        self.text = text
        self._tree = parse_condition(text)
        self.columns = columns_in(self._tree)
        self.left_out = 0
        self.seen = 0
        self.values: dict[str, dict[str, None]] = {name: {} for name in self.columns}

    def check(self, file: str, found: Collection[str], setting: str) -> None:
        """Raise a `DataError` where a table lacks a column that the condition reads."""
        missing = [name for name in self.columns if name not in found]
        if missing:
            near = did_you_mean(missing[0], found)
            raise DataError(
                f"{file}: no column {missing[0]!r}, which {setting} reads; the file has"
                f" {', '.join(map(repr, found)) or 'none'}.{near} A text is written in quotes: '{missing[0]}'"
            )

    def filter(self, file: str, batches: Iterable[RowBatch]) -> Iterator[RowBatch]:
        """Yield batches with the rows that meet the condition.

        Raises:
            DataError: A cell that is compared as a number, or as a date, is none.
        """
        for batch in batches:
            kept = [(number, row) for number, row in batch.rows if self.keeps(file, number, row)]
            yield replace(batch, rows=kept)

    def keeps(self, file: str, number: int, row: Mapping[str, Any]) -> bool:
        """Tell whether a row meets the condition, and count it.

        Raises:
            DataError: A cell that is compared as a number, or as a date, is none.
        """
        kept = self.holds_for(row, f"{file}: row {number}")
        self.seen += 1
        self.left_out += not kept
        if self.left_out == self.seen:
            for name, values in self.values.items():
                if len(values) <= _SHOWN:
                    values[shorten(flat_text(row.get(name)), _WIDTH)] = None
        return kept

    def excluded(self, setting: str) -> str | None:
        """Return that no row meets the condition, and which values its columns have; None where a row does.

        Args:
            setting: The setting that gives it.
        """
        if not self.seen or self.left_out < self.seen:
            return None
        all_rows = "the only row" if self.seen == 1 else f"all {self.seen:,} rows"
        found = [
            f"{name!r} has {', '.join(map(repr, list(values)[:_SHOWN]))}{', ...' if len(values) > _SHOWN else ''}"
            for name, values in self.values.items()
        ]
        return f"{setting}={self.text!r} leaves out {all_rows}{': ' if found else ''}{'; '.join(found)}"

    def holds_for(self, row: Mapping[str, Any], where: str = "row") -> bool:
        """Tell whether a row meets the condition; `where` begins the message about a cell that cannot be compared."""
        return _Row(where, row).holds(self._tree)


def condition_problems(text: str | None) -> list[str]:
    """Return what is wrong with a condition, one line each."""
    if text is None:
        return []
    try:
        Condition(text)
    except ConfigError as error:
        return [f"where: {error}"]
    return []


class _Row:
    def __init__(self, where: str, cells: Mapping[str, Any]) -> None:
        self._where = where
        self._cells = cells

    def holds(self, node: ast.expr) -> bool:
        if isinstance(node, ast.BoolOp):
            each = (self.holds(value) for value in node.values)
            return all(each) if isinstance(node.op, ast.And) else any(each)
        if isinstance(node, ast.UnaryOp):
            return not self.holds(node.operand)
        if isinstance(node, ast.Compare):
            lefts = [node.left, *node.comparators[:-1]]
            steps = zip(lefts, node.ops, node.comparators, strict=True)
            return all(self._compares(left, order, right) for left, order, right in steps)
        if isinstance(node, ast.Call):
            return self._condition(node)
        assert isinstance(node, ast.Constant)
        return bool(node.value)

    def _compares(self, left: ast.expr, order: ast.cmpop, right: ast.expr) -> bool:
        if isinstance(order, ast.In | ast.NotIn):
            assert isinstance(right, ast.List | ast.Tuple | ast.Set)
            found = any(self._compares(left, ast.Eq(), item) for item in right.elts)
            return found == isinstance(order, ast.In)
        one, other = self._value(left), self._value(right)
        exact = isinstance(order, ast.Eq | ast.NotEq)
        if any(isinstance(node, ast.Constant) and isinstance(node.value, bool) for node in (left, right)):
            return _ORDERS[type(order)](str(one).strip().lower(), str(other).strip().lower())
        by_number = isinstance(one, int | float) or isinstance(other, int | float)
        if by_number or (not exact and _is_number(one) and _is_number(other)):
            return self._by_number(one, order, other, left if isinstance(one, str) else right)
        if not exact:
            if not one or not other:  # an empty cell is neither before nor after anything
                return False
            self._check_dates(one, other, left, right)
        return _ORDERS[type(order)](one, other)

    def _by_number(self, one: Any, order: ast.cmpop, other: Any, node: ast.expr) -> bool:
        numbers = [_number(each) for each in (one, other)]
        if None not in numbers:
            return _ORDERS[type(order)](*numbers)
        if isinstance(order, ast.Eq | ast.NotEq):
            return isinstance(order, ast.NotEq)
        text = next(each for each in (one, other) if _number(each) is None)
        if not str(text).strip():
            return False
        raise DataError(
            f"{self._where}: {ast.unparse(node)} is {shorten(text)!r}, which is no number and is compared with one;"
            f" write is_number({ast.unparse(node)}) and ... to leave such rows out, or compare with a text in quotes"
        )

    def _check_dates(self, one: str, other: str, left: ast.expr, right: ast.expr) -> None:
        """Raise where one side is a date as ISO 8601 writes it, by which text is in order, and the other is not."""
        for text, partner, node in ((one, other, right), (other, one, left)):
            if _DATE.fullmatch(text) and column_of(node) is not None and not re.match(r"\d{4}(-|$)", partner):
                raise DataError(
                    f"{self._where}: {ast.unparse(node)} is {shorten(partner)!r}, which is compared with the date"
                    f" {text!r}; dates are in order only where they are written as 2020-12-31"
                )

    def _value(self, node: ast.expr) -> Any:
        """Return a text, or a number."""
        name = column_of(node)
        if name is not None:
            return flat_text(self._cells.get(name))
        if isinstance(node, ast.Constant):
            return str(node.value) if isinstance(node.value, bool) else node.value
        if isinstance(node, ast.UnaryOp):
            return -self._value(node.operand)
        assert isinstance(node, ast.Call)
        return self._result(node)

    def _result(self, node: ast.Call) -> Any:
        assert isinstance(node.func, ast.Name)
        text = str(self._value(node.args[0]))
        if node.func.id == "length":
            return len(text)
        if node.func.id == "number":
            number = _number(text)
            return "" if number is None else number
        return {"lower": text.lower, "upper": text.upper, "strip": text.strip}[node.func.id]()

    def _condition(self, node: ast.Call) -> bool:
        assert isinstance(node.func, ast.Name)
        texts = [str(self._value(argument)) for argument in node.args]
        name = node.func.id
        if name == "is_missing":
            return not texts[0].strip()
        if name == "is_number":
            return _is_number(texts[0])
        if name == "matches":
            return re.search(texts[1], texts[0]) is not None
        if name == "contains":
            return texts[1] in texts[0]
        return texts[0].startswith(texts[1]) if name == "startswith" else texts[0].endswith(texts[1])


def _is_number(value: Any) -> bool:
    return _number(value) is not None


def _number(value: Any) -> float | int | None:
    if isinstance(value, int | float):
        return value
    text = str(value).strip()
    if _NUMBER.fullmatch(text) is None:
        return None
    return int(text) if text.lstrip("+-").isdecimal() else float(text)

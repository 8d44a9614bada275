"""One dict that a caller gives, or one row of a DataFrame -> an example."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from stancelab.aliases import mark_names, split_names
from stancelab.errors import DataError, shorten
from stancelab.inference.keys import ALIASES, FIELDS, key_hint, names_of
from stancelab.inference.spans import counted_span
from stancelab.offsets import CHARACTERS, OffsetVotes, parse_reading
from stancelab.schema import PARTS, SOURCE, TARGET, Example, Span, problems_of
from stancelab.tables.mending import Mending

if TYPE_CHECKING:
    from stancelab.schema import Part


@dataclass(frozen=True)
class DictReader:
    """Makes examples of dicts.

    Attributes:
        names: The key of each field.
        mending: What is done to the cells.
        offsets: How spans are counted.
        votes: Takes note of how they seem to be counted.
    """

    names: Mapping[str, str] = field(default_factory=lambda: names_of({}))
    mending: Mending = field(default_factory=Mending)
    offsets: str = CHARACTERS
    votes: OffsetVotes = field(default_factory=OffsetVotes)

    def example(self, row: Mapping[str, Any], number: str) -> Example:
        """Return a dict as an example.

        Args:
            row: The dict.
            number: The example's id where the dict has none.

        Raises:
            DataError: A key is missing, or a value cannot be used.
        """
        if not isinstance(row, Mapping):
            raise DataError(f"found {type(row).__name__}, expected an Example or a dict with text and target")
        values = self._values(row)
        other_names = _names_in(values[ALIASES])
        spans = {part: self._span(values, part, other_names if part == TARGET else []) for part in PARTS}
        example = Example(
            id=number if values["id"] is None else str(values["id"]),
            text=values["text"] or "",
            target=values["target"] or "",
            source=values["source"] or "",
            target_span=spans[TARGET],
            source_span=spans[SOURCE],
        )
        mended = example if problems_of(example) else self.mending.repaired(example)
        if not isinstance(mended, Example):
            name, found, reason = mended
            raise DataError(f"{name} {found}: {reason}")
        return mark_names(mended, {TARGET: other_names}) if other_names else mended

    def _values(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Return the values by field, None for what is missing."""
        values = {name: (None if _is_missing(row.get(key)) else row.get(key)) for name, key in self.names.items()}
        for name in ("text", "target"):
            if self.names[name] not in row:
                found = ", ".join(map(repr, row)) or "none"
                raise DataError(f"no key {self.names[name]!r}; found {found}{key_hint(name, row)}")
        for name in ("text", "target", "source"):
            if values[name] is not None and not isinstance(values[name], str):
                raise DataError(f"{name} is {type(values[name]).__name__}, expected str")
        for name in FIELDS:
            value = values[name]
            if isinstance(value, str) and self.mending.is_missing(value):
                values[name] = None
        return values

    def _span(self, values: Mapping[str, Any], part: Part, other_names: list[str]) -> Span | None:
        offsets = _offsets(values[f"{part}_start"], values[f"{part}_end"], part)
        if offsets is None:
            return None
        names = [name for name in (values[part], *other_names) if name]
        span = counted_span(values["text"] or "", names, *offsets, parse_reading(self.offsets), self.votes)
        if span is None:
            start, end = offsets
            raise DataError(
                f"{part}_start and {part}_end are {start} and {end}: outside the text, or inside a character, as "
                f"offsets={self.offsets!r} reads them"
            )
        return span


def problems_in(example: Example) -> list[tuple[str, str]]:
    """Return what is wrong with an example as (field, reason); one that a caller built may hold anything."""
    for name in ("text", "target", "source"):
        value: object = getattr(example, name)
        if not isinstance(value, str):
            return [(name, f"found {shorten(repr(value))}, expected str")]
    return [(name, reason) for name, _, reason in problems_of(example)]


def _names_in(value: Any) -> list[str]:
    """Return the other names of a row's target: a text with "|" or ";" between them, or a list."""
    if value is None:
        return []
    if isinstance(value, str):
        return split_names(value)
    found = list(value) if isinstance(value, Iterable) and not isinstance(value, Mapping | bytes) else [value]
    wrong = [each for each in found if not isinstance(each, str)]
    if wrong:
        raise DataError(
            f"{ALIASES}: found {shorten(repr(wrong[0]))}, expected names: a text such as 'Biden|POTUS', or a list"
        )
    return [name.strip() for name in found if name.strip()]


def _offsets(start: Any, end: Any, part: str) -> tuple[int, int] | None:
    if start is None and end is None:
        return None
    found: tuple[int, int] | None
    try:
        found = int(start), int(end)
    except (TypeError, ValueError, OverflowError):
        found = None
    if found is None or found != (start, end) or _is_bool(start) or _is_bool(end):
        ends = (
            f"{part}_{name} is {'missing' if at is None else repr(at)}" for name, at in (("start", start), ("end", end))
        )
        raise DataError(f"{', '.join(ends)}; give two whole numbers or neither")
    return found


def _is_bool(value: Any) -> bool:
    # True counts as 1 for Python and for NumPy, whose own type is no subclass of bool.
    return type(value).__name__ in ("bool", "bool_")


def _is_missing(value: Any) -> bool:
    # NaN, as pandas has it, is unlike itself; pandas' own NA refuses to be compared, and so does an array.
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return True
    return not hasattr(value, "__len__") and bool(value != value)

"""Other names that texts use for a target or a source: "Biden" and "@POTUS" for "Joe Biden"."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from stancelab.schema import PARTS, TARGET, Span, find_mention
from stancelab.targets import canonical_target

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from stancelab.schema import Example, Part

#: What separates the names in a cell of a column of aliases.
_SEPARATORS: Final = "|;"


@dataclass(frozen=True)
class Aliases:
    """Other names by target (or source).

    Attributes:
        names: Canonical form of a name, as `canonical_target` gives it -> its other names as texts write them.
    """

    names: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def of(self, name: str) -> tuple[str, ...]:
        """Return the other names of a target or source."""
        return tuple(self.names.get(canonical_target(name), ())) if self.names and name else ()

    def merged(self, other: Aliases) -> Aliases:
        """Return the names of both."""
        names = {key: list(own) for key, own in self.names.items()}
        for key, more in other.names.items():
            names[key] = list(dict.fromkeys([*names.get(key, ()), *more]))
        return Aliases(names)

    def marked(self, example: Example) -> Example:
        """Return an example with the first place of another name marked, for each part that the text does not name."""
        if not self.names:
            return example
        names = {part: self.of(example.target if part == TARGET else example.source) for part in PARTS}
        return mark_names(example, names)


def mark_names(example: Example, names: Mapping[Part, Iterable[str]]) -> Example:
    """Mark the first place of one of some other names, for each part that has no span and is not named in the text.

    Args:
        example: The example.
        names: By part, its other names.
    """
    found = {
        f"{part}_span": span
        for part in PARTS
        if example.mention(part) is None and (span := find_first(example.text, names.get(part, ()))) is not None
    }
    return replace(example, **found) if found else example  # type: ignore[arg-type]


def find_first(text: str, names: Iterable[str]) -> Span | None:
    """Return the first place of one of some names in a text, of several there the longest; None where there is none."""
    spans = [span for name in names if (span := find_mention(text, name)) is not None]
    return min(spans, key=lambda span: (span.start, -span.end), default=None)


def split_names(cell: str) -> list[str]:
    """Return the names in a cell, which "|" or ";" separates."""
    for separator in _SEPARATORS:
        cell = cell.replace(separator, "\n")
    return [name.strip() for name in cell.split("\n") if name.strip()]


def grouped(pairs: Iterable[tuple[str, str]]) -> Aliases:
    """Return aliases from (name, other name) pairs."""
    names: dict[str, list[str]] = {}
    for name, other in pairs:
        own = names.setdefault(canonical_target(name), [])
        if other not in own:
            own.append(other)
    return Aliases(names)

"""What a person can set of a table's columns and labels: what the file calls them."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Final

from stancelab.schema import AGAINST, FAVOR, NEUTRAL, STANCES

#: Columns of a span, of which a table has both or neither.
SPAN_PAIRS: Final = (("target_start", "target_end"), ("source_start", "source_end"))


@dataclass
class ColumnSettings:
    """What the file calls each field; None is the field's own name, where the file has such a column.

    `text`, `target` and `stance` must be there; so must every column that is named here.

    Attributes:
        id: The row's own id; where there is none a row is called after its text, source and target.
        text: The name of the column with the sentence; null is a column called like the field, "text".
        source: Whose stance it is; an empty cell is the author.
        target: What the stance is about.
        stance: The label; `data.labels` says what its values mean.
        target_start: First character of the target's mention in the text, counted as `offsets` says.
        target_end: Character after its last.
        source_start: First character of the source's mention.
        source_end: Character after its last.
        aliases: Other names of the row's target in the text, separated by "|" or ";".
        document: The article the sentence is from; `split=grouped` keeps documents whole.
        annotator: Who labeled the row.
        split: "train", "validation" or "test" (also with a suffix, "test_2024"), for `split=given`.
    """

    id: str | None = None
    text: str | None = None
    source: str | None = None
    target: str | None = None
    stance: str | None = None
    target_start: str | None = None
    target_end: str | None = None
    source_start: str | None = None
    source_end: str | None = None
    aliases: str | None = None
    document: str | None = None
    annotator: str | None = None
    split: str | None = None

    def problems(self) -> list[str]:
        """Return what is wrong with the settings, one line each."""
        lines = []
        owner: dict[str, str] = {}
        for name, column in self.named().items():
            other = owner.setdefault(column, name)
            if other != name:
                lines.append(f"{name}: found {column!r}, which is already the column of {other!r}")
            if not column:
                lines.append(f"{name}: found an empty name; leave it out (null) where the file has no such column")
        for start, end in SPAN_PAIRS:
            if (getattr(self, start) is None) != (getattr(self, end) is None):
                lines.append(f"{start}, {end}: only one is given; a span needs both")
        return lines

    def named(self) -> dict[str, str]:
        """Return the fields whose column the user named."""
        return {f.name: value for f in fields(self) if (value := getattr(self, f.name)) is not None}

    def all_names(self) -> dict[str, str]:
        """Return what each field's column is called where there is one."""
        return {f.name: self.named().get(f.name, f.name) for f in fields(self)}


@dataclass
class LabelSettings:
    """The values that mean each stance, as the file writes them.

    Values are compared exactly first, then without regard to case and surrounding blanks, and as numbers where both
    are numbers: 6, "6.0" and 6.00 agree.

    Attributes:
        against: Values that mean "against", such as [AGAINST, contra, "0"].
        neutral: Values that mean "neutral".
        favor: Values that mean "favor".
    """

    against: list[str] = field(default_factory=lambda: [AGAINST])
    neutral: list[str] = field(default_factory=lambda: [NEUTRAL])
    favor: list[str] = field(default_factory=lambda: [FAVOR])

    def problems(self) -> list[str]:
        """Return what is wrong with the settings, one line each."""
        lines = [f"{stance}: found an empty value" for stance in STANCES if "" in map(str.strip, self._values(stance))]
        owner: dict[str, str] = {}
        for stance in STANCES:
            for value in self._values(stance):
                other = owner.setdefault(canonical_label(value), stance)
                if other != stance:
                    lines.append(f"{stance}: found {value!r}, which already means {other!r}; a value has one meaning")
        if not any(self._values(stance) for stance in STANCES):
            lines.append("against, neutral, favor: all are empty; give the values that mean each stance")
        return lines

    def _values(self, stance: str) -> list[str]:
        values: list[str] = getattr(self, stance)
        return values


def canonical_label(value: str) -> str:
    """Return what two spellings of one value have in common."""
    plain = value.strip().casefold()
    try:
        # repr of the float, so that "6", "6.0" and "6.00" agree; "nan" and "inf" are words here, not numbers.
        # "1_0" is a number for Python alone.
        is_number = any(character.isdigit() for character in plain) and "_" not in plain
        return repr(float(plain)) if is_number else plain
    except ValueError:
        return plain

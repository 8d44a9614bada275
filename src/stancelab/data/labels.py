"""Which values of a file's stance column mean which stance."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field

from stancelab.schema import AGAINST, FAVOR, NEUTRAL, STANCES


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
                other = owner.setdefault(_canonical(value), stance)
                if other != stance:
                    lines.append(f"{stance}: found {value!r}, which already means {other!r}; a value has one meaning")
        if not any(self._values(stance) for stance in STANCES):
            lines.append("against, neutral, favor: all are empty; give the values that mean each stance")
        return lines

    def _values(self, stance: str) -> list[str]:
        values: list[str] = getattr(self, stance)
        return values


class LabelMap:
    """Looks stances up; built once for a corpus."""

    def __init__(self, settings: LabelSettings) -> None:
        self._exact: dict[str, str] = {}
        self._canonical: dict[str, str] = {}
        for stance in STANCES:
            for value in getattr(settings, stance):
                self._exact[value] = stance
                self._canonical[_canonical(value)] = stance

    def stance(self, value: str) -> str | None:
        """Return the stance that a value means, None where it means none."""
        return self._exact.get(value) or self._canonical.get(_canonical(value))

    def reason(self, value: str) -> str:
        """Say what is wrong with a value that means no stance."""
        allowed = ", ".join(f"{value!r} ({stance})" for value, stance in self._exact.items())
        near = difflib.get_close_matches(value.strip().lower(), [v.lower() for v in self._exact], n=1, cutoff=0.75)
        nearest = f" Did you mean {next(v for v in self._exact if v.lower() == near[0])!r}?" if near else ""
        what = "the stance is empty" if not value.strip() else "no known stance"
        return f"{what}; allowed are {allowed}.{nearest} More values: data.labels.favor='[favor,VALUE]' and the like"


def _canonical(value: str) -> str:
    """Return what two spellings of one value have in common."""
    plain = value.strip().casefold()
    try:
        # repr of the float, so that "6", "6.0" and "6.00" agree; "nan" and "inf" are words here, not numbers.
        return repr(float(plain)) if any(character.isdigit() for character in plain) else plain
    except ValueError:
        return plain

"""Which values of a file's stance column mean which stance."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from stancelab.data.settings import canonical_label
from stancelab.schema import STANCES

if TYPE_CHECKING:
    from stancelab.data.settings import LabelSettings


class LabelMap:
    """Finds the stance that a value of the stance column means.

    Values are compared exactly first, then as `data.settings.canonical_label` writes them.
    """

    def __init__(self, settings: LabelSettings) -> None:
        self._exact: dict[str, str] = {}
        self._canonical: dict[str, str] = {}
        for stance in STANCES:
            for value in getattr(settings, stance):
                self._exact[value] = stance
                self._canonical[canonical_label(value)] = stance

    def stance(self, value: str) -> str | None:
        """Return the stance that a value means, None where it means none."""
        return self._exact.get(value) or self._canonical.get(canonical_label(value))

    def reason(self, value: str) -> str:
        """Say what is wrong with a value that means no stance."""
        allowed = ", ".join(f"{value!r} ({stance})" for value, stance in self._exact.items())
        near = difflib.get_close_matches(value.strip().lower(), [v.lower() for v in self._exact], n=1, cutoff=0.75)
        nearest = f" Did you mean {next(v for v in self._exact if v.lower() == near[0])!r}?" if near else ""
        what = "the stance is empty" if not value.strip() else "no known stance"
        return f"{what}; allowed are {allowed}.{nearest} More values: data.labels.favor='[favor,VALUE]' and the like"

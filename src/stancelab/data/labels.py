"""Which values of a file's stance column mean which stance."""

from __future__ import annotations

import difflib
import re
import shlex
from typing import TYPE_CHECKING

from stancelab.data.column_settings import canonical_label
from stancelab.schema import FAVOR, STANCES

if TYPE_CHECKING:
    from stancelab.data.column_settings import LabelSettings


class LabelMap:
    """Finds the stance that a value of the stance column means.

    Values are compared exactly first, then as `column_settings.canonical_label` writes them.
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
        nearest = next((v for v in self._exact if near and v.lower() == near[0]), None)
        hint = "" if nearest is None else f" Did you mean {nearest!r}?"
        what = "the stance is empty" if not value.strip() else "no known stance"
        more = self._with_another(FAVOR if nearest is None else self._exact[nearest])
        return f"{what}; allowed are {allowed}.{hint} More values: {more} and the like"

    def _with_another(self, stance: str) -> str:
        """Return the setting, for a command line, that adds a value to those that a stance has."""
        own = [_as_word(value) for value, meaning in self._exact.items() if meaning == stance]
        values = ",".join([*own, "VALUE"])
        return f"data.labels.{stance}={shlex.quote(f'[{values}]')}"


def _as_word(value: str) -> str:
    """Return a value as a list of Hydra's grammar takes it, in quotes where it would mean something else."""
    is_plain = re.fullmatch(r"[^\W\d]\w*|0|-?[1-9]\d*", value, re.ASCII)
    if is_plain and value.lower() not in ("null", "true", "false", "nan", "inf"):
        return value
    escaped = value.replace('"', '\\"')
    return f'"{escaped}"'

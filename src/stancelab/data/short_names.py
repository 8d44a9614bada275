"""The short names of `data.target_names`: which of them no row has, and which names the rows have."""

from __future__ import annotations

from typing import Final

from stancelab.errors import did_you_mean, shorten

#: Targets that are listed.
_SHOWN: Final = 10
#: Different targets that are kept, among which a near one is looked for.
_KEPT: Final = 20_000


class ShortNames(dict[str, str]):
    """Full names by short ones, which keeps the targets that it was asked for."""

    def __init__(self, names: dict[str, str]) -> None:
        super().__init__(names)
        self._asked: dict[str, None] = {}
        self._unused = dict.fromkeys(names)

    def get(self, name: str, default: str = "") -> str:  # type: ignore[override]
        """Return the full name of a target, `default` where it has none."""
        self._unused.pop(name, None)
        if len(self._asked) < _KEPT:
            self._asked[name] = None
        return super().get(name, default)

    def unused(self, corpus: str) -> str | None:
        """Say which short names no row has, and which targets there are; None where all are used."""
        if not self._unused or not self._asked:
            return None
        said = "; ".join(f"{shorten(name)!r}.{did_you_mean(name, self._asked)}" for name in list(self._unused)[:_SHOWN])
        listed = ", ".join(repr(shorten(name)) for name in list(self._asked)[:_SHOWN])
        more = f" and {len(self._asked) - _SHOWN:,} more" if len(self._asked) > _SHOWN else ""
        return f"{corpus}: data.target_names has names that no row has: {said} The targets are {listed}{more}"

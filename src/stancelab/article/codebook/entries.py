"""What a codebook holds: its entries, and which of them stand within others."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An actor or an issue.

    In all names, a capital matches a capital only; a small letter matches both.

    Attributes:
        name: What it is called in the results; a name like its aliases too.
        aliases: Other names of it.
        cities: Cities that stand for it, such as a capital for its government. They are no mention where a city is only
            a place ("in Moscow").
        demonyms: Adjectives and names of its people. Alone they may be a target; with an office behind them ("Russian
            officials") they may be a source too.
        exceptions: Longer names that hold one of its names and are no mention of it ("Washington Post").
        source: Whether it may be a source.
        target: Whether it may be a target. An entry that may be neither is found and passed over.
        group: A word by which results can be put together; "" if none.
        within: The entry that it is a part of; "" if none.
        persons: Whether its names are given names or family names of persons too ("Jordan").
        where: File and line, for messages.
    """

    name: str
    aliases: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()
    demonyms: tuple[str, ...] = ()
    exceptions: tuple[str, ...] = ()
    source: bool = True
    target: bool = True
    group: str = ""
    within: str = ""
    persons: bool = False
    where: str = ""


@dataclass(frozen=True, slots=True)
class Codebook:
    """Entries by their names, in the order of the files.

    Attributes:
        entries: Name -> entry.
    """

    entries: Mapping[str, Entry] = field(default_factory=dict)

    def standing_for(self, name: str) -> tuple[str, ...]:
        """Return the entries that a mention of an entry stands for: itself, what it is within, and so on upwards.

        Args:
            name: The name of an entry.

        Raises:
            KeyError: There is no such entry.
        """
        chain = []
        while name:
            chain.append(name)
            name = self.entries[name].within
        return tuple(chain)

"""Entries of several files as one codebook: a file that is included yields to the one that includes it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from stancelab.article.codebook.checks import names_of
from stancelab.mentions.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from stancelab.article.codebook.entries import Entry

_LISTS: Final = ("aliases", "cities", "demonyms", "exceptions")


@dataclass(frozen=True, slots=True)
class Layer:
    """Entries of one file and of those that it includes.

    Attributes:
        entries: The entries by name.
        given: By name, the fields of the entry that a file gives; others have their defaults.
    """

    entries: Mapping[str, Entry] = field(default_factory=dict)
    given: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def over(self, base: Layer) -> Layer:
        """Return this layer's entries with those of a base, which yield to them.

        An entry of both has the names of both, and what else this layer gives. A name of the base that this layer gives
        to another entry is that entry's. Where it is the name that an entry of the base is called, that entry becomes a
        part of the one that has taken it.
        """
        owners = {fold(name): name for name in self.entries}
        for entry in self.entries.values():
            for name in names_of(entry):
                owners.setdefault(fold(name), entry.name)
        absorbed = {name: owners[fold(name)] for name in base.entries if owners.get(fold(name), name) != name}
        merged: dict[str, Entry] = {}
        for name, entry in base.entries.items():
            kept = replace(entry, within=absorbed.get(entry.within, entry.within), **_kept(entry, owners))
            if name not in absorbed:
                merged[name] = self._on(kept) if name in self.entries else kept
        merged.update({name: entry for name, entry in self.entries.items() if name not in base.entries})
        for name, taker in absorbed.items():
            merged[taker] = _with_names(merged[taker], _kept(base.entries[name], owners))
        given = {name: base.given.get(name, frozenset()) | self.given.get(name, frozenset()) for name in merged}
        return Layer(merged, given)

    def _on(self, entry: Entry) -> Entry:
        own = self.entries[entry.name]
        single = {name: getattr(own, name) for name in self.given[entry.name] if name not in _LISTS}
        names = {name: getattr(own, name) for name in _LISTS}
        return replace(_with_names(entry, names, first=True), where=own.where, **single)


def side_by_side(layers: Iterable[Layer]) -> tuple[Layer, list[str]]:
    """Return the entries of layers none of which yields, and what is wrong where two have entries of one name."""
    together: dict[str, Entry] = {}
    given: dict[str, frozenset[str]] = {}
    problems = []
    for layer in layers:
        for name, entry in layer.entries.items():
            first = together.setdefault(name, entry)
            given.setdefault(name, layer.given[name])
            if first.where != entry.where:
                problems.append(
                    f"{entry.where}: entry {name!r} is in {first.where} too; make it one entry, or let one file "
                    "include the other"
                )
    return Layer(together, given), problems


def _kept(entry: Entry, owners: Mapping[str, str]) -> dict[str, Any]:
    return {name: tuple(each for each in getattr(entry, name) if fold(each) not in owners) for name in _LISTS}


def _with_names(entry: Entry, names: Mapping[str, tuple[str, ...]], *, first: bool = False) -> Entry:
    both = {
        name: (*more, *getattr(entry, name)) if first else (*getattr(entry, name), *more)
        for name, more in names.items()
    }
    return replace(entry, **both)  # type: ignore[arg-type]

"""What the entries of one codebook may not do together: share a name, stand within themselves, be too many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from stancelab.errors import did_you_mean
from stancelab.mentions.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from stancelab.article.codebook.entries import Entry

#: The most names that a codebook may have, of all entries together.
MOST_NAMES: Final = 200_000


def names_of(entry: Entry) -> Iterator[str]:
    """Yield all names that are looked for as mentions of an entry: its own, aliases, cities and demonyms."""
    yield entry.name
    yield from entry.aliases
    yield from entry.cities
    yield from entry.demonyms


def problems_together(entries: Mapping[str, Entry], *, whole: bool = True) -> list[str]:
    """Return what is wrong with entries beside each other, one line each.

    Args:
        entries: The entries by name.
        whole: Whether these are all that the codebook should have; without some, what they are within is not checked.
    """
    count = sum(1 + len(entry.exceptions) for entry in entries.values()) + sum(
        len(entry.aliases) + len(entry.cities) + len(entry.demonyms) for entry in entries.values()
    )
    if count > MOST_NAMES:
        return [f"the entries have {count:,} names together, allowed are {MOST_NAMES:,}; leave some out"]
    return [*_shared_names(entries), *(_wrong_within(entries) if whole else ())]


def _shared_names(entries: Mapping[str, Entry]) -> Iterator[str]:
    owners: dict[str, Entry] = {}
    for entry in entries.values():
        for name in names_of(entry):
            owner = owners.setdefault(fold(name), entry)
            if owner is not entry:
                yield (
                    f"{entry.where}: entry {entry.name!r}: {name!r} is a name of {owner.name!r} too ({owner.where}); "
                    "leave it out in one of them"
                )


def _wrong_within(entries: Mapping[str, Entry]) -> Iterator[str]:
    told: set[str] = set()
    for entry in entries.values():
        if entry.within and entry.within not in entries:
            near = did_you_mean(entry.within, entries)
            yield (
                f"{entry.where}: entry {entry.name!r}: within: there is no entry {entry.within!r}; expected the name "
                f"of an entry.{near}"
            )
        chain = [entry.name]
        while (above := entries[chain[-1]].within) in entries and above not in chain:
            chain.append(above)
        if above == entry.name and entry.name not in told:
            told.update(chain)
            circle = " within ".join(map(repr, [*chain, above]))
            yield f"{entry.where}: entry {entry.name!r}: stands within itself: {circle}; take one 'within' away"

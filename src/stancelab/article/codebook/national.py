"""Whose a parliament is that a text calls by a common noun: "Congress" is Spain's where no Americans are named.

A codebook may list such a word under the body of one state, as the default codebook does for "Congress".
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stancelab.article.codebook.entries import Codebook, Entry
    from stancelab.article.types import Mention

_NOUNS: Final = frozenset(["congress", "senate", "parliament", "assembly", "duma", "cabinet"])
#: A capital before the noun makes it the name of another body ("the Northern Congress"), but for these words.
_NO_NAME: Final = re.compile(
    r"(?:Republican|Democratic|GOP|[A-Z][a-z]+day|January|February|March|April|May|June|July|August|September|October"
    r"|November|December|The|In|If|When|While|As|But|And|That|For|Since|Until|Before|After|So|Yet|Although|Because)$"
)
_CAPITAL_BEFORE: Final = re.compile(r"(?<![.!?:\"“”]\s)(?<![^\s(\[\"“])([A-Z][\w’'-]*)\s+$")
_WIDEST: Final = 40


class NationalBodies:
    """The bodies of states that a codebook has, by the common nouns in their names."""

    def __init__(self, codebook: Codebook) -> None:
        self._codebook = codebook
        self._bare: dict[str, frozenset[str]] = {}
        self._by_noun: dict[str, dict[str, str]] = {}
        for entry in codebook.entries.values():
            if not entry.within:
                continue
            for noun in _nouns_of(entry):
                self._by_noun.setdefault(noun, {}).setdefault(self._state(entry.name), entry.name)
            if bare := _NOUNS.intersection(name.lower() for name in (entry.name, *entry.aliases)):
                self._bare[entry.name] = bare

    def settled(self, text: str, mentions: Sequence[Mention]) -> list[Mention]:
        """Return mentions with each common noun given to the state that it is of.

        It stays with its entry where the text names that entry's state, or no other one with such a body. Else it is of
        the one state with such a body that the text names, and no mention where it names several.

        Args:
            text: The text.
            mentions: Its mentions, in order.
        """
        if not any(self._is_bare(text, one) for one in mentions):
            return list(mentions)
        named = {self._state(one.entry) for one in mentions if not self._is_bare(text, one)}
        found = []
        for one in mentions:
            if not self._is_bare(text, one):
                found.append(one)
            elif not _is_named_so(text, one) and (own := self._own(text, one, named)) is not None:
                found.append(own)
        return found

    def _own(self, text: str, mention: Mention, named: set[str]) -> Mention | None:
        bodies = self._by_noun.get(text[slice(*mention.span)].lower(), {})
        fitting = named.intersection(bodies)
        if self._state(mention.entry) in named or not fitting:
            return mention
        if len(fitting) > 1:
            return None
        entry = self._codebook.entries[bodies[fitting.pop()]]
        return replace(mention, entry=entry.name, source=entry.source, target=entry.target)

    def _state(self, entry: str) -> str:
        return self._codebook.standing_for(entry)[-1]

    def _is_bare(self, text: str, mention: Mention) -> bool:
        return text[slice(*mention.span)].lower() in self._bare.get(mention.entry, ())


def _nouns_of(entry: Entry) -> set[str]:
    """Return the common nouns that end a name of an entry, or that begin it before "of" ("Congress of Deputies")."""
    found: set[str] = set()
    for name in (entry.name, *entry.aliases):
        parts = name.lower().split()
        found |= _NOUNS.intersection({parts[-1], parts[0] if parts[1:2] == ["of"] else ""})
    return found


def _is_named_so(text: str, mention: Mention) -> bool:
    """Tell whether a capital before a common noun makes it the name of another body."""
    before = _CAPITAL_BEFORE.search(text[max(mention.span.start - _WIDEST, 0) : mention.span.start])
    return before is not None and before.start() > 0 and _NO_NAME.match(before.group(1)) is None

"""Which state a body of persons is of: "Kenyan deputies" of Kenya, so that "their own government" is Kenya's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from stancelab.article.pairs import words
from stancelab.article.pairs.nouns import head_of, words_of
from stancelab.article.pairs.openings import opening_place
from stancelab.article.pairs.view import is_body, singular

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from stancelab.article.codebook.entries import Entry
    from stancelab.article.pairs.view import View

#: Nouns in the names of bodies that are of one state.
_NATIONAL: Final = words.word_set(
    """
    senator deputy lawmaker legislator mp congressman member opposition party senate congress parliament assembly
    chamber duma bundestag movement dissident critic protester governor mayor backbencher minister
    """
)
#: What a state has, by which it is called.
_OWN: Final = words.word_set(
    """
    government ministry cabinet country nation parliament army administration leadership authorities state military
    """
)
_MINISTERS: Final = frozenset(["ministers", "leaders", "rulers"])
_POSSESSIVES: Final = frozenset(words.POSSESSIVES) | {"our", "my"}
_SHORTEST: Final = 4
_LONGEST_PLACE: Final = 6


def own_government(view: View, index: int) -> int | None:
    """Return where "their own government" or "its foreign ministry" that begins at a token ends; None for others."""
    if view.lower(index) not in _POSSESSIVES:
        return None
    place = index + 1
    own = view.lower(place) == "own"
    place += own
    while view.lower(place) in words.MODIFIERS and not is_body(view.lower(place)):
        place += 1
    word = view.lower(place)
    # "His government" may be that of anybody; "their minister" is a person of theirs, their ministers the government.
    clear = own or view.lower(index) not in ("his", "her", "my")
    return place + 1 if clear and (word in _OWN or word in _MINISTERS) else None


class Homes:
    """The states of bodies, by the codebook and by what the article says so far."""

    def __init__(self, entries: Mapping[str, Entry], is_state: Callable[[str], bool]) -> None:
        self._entries = entries
        self._is_state = is_state
        self._known: dict[str, str] = {}
        self._nationals: dict[str, bool] = {}

    def of(self, entry: str) -> str:
        """Return the state that a body is of, "" where none is known."""
        return self._within(entry) or (
            self._known.get(entry, "") or self._by_name(entry) if self._national(entry) else ""
        )

    def learn(self, view: View) -> None:
        """Remember what a sentence tells: "In Helsinki, lawmakers", "deputies in Kenya"."""
        place = opening_place(view)
        for mention in view.mentions:
            if not mention.source or not self._national(mention.entry):
                continue
            home = place if place and place != mention.entry else self._behind(view, mention.span.end)
            if home and self._is_home(home):
                self._known[mention.entry] = home

    def _behind(self, view: View, end: int) -> str:
        """Return the entry that "in" or "of" ties to what ends at an offset."""
        start = next((index for index, token in enumerate(view.tokens) if token.start >= end), len(view))
        if view.lower(start) not in ("in", "of", "from"):
            return ""
        for index in range(start + 1, min(start + _LONGEST_PLACE, len(view))):
            mention = view.mention(index)
            if mention is not None:
                return mention.entry
            if not view.tokens[index].is_word:
                return ""
        return ""

    def _national(self, entry: str) -> bool:
        """Tell whether a name of an entry has a noun for persons or a body of one state."""
        if entry not in self._nationals:
            own = words_of(self._names(entry))
            self._nationals[entry] = any(singular(word) in _NATIONAL for word in own)
        return self._nationals[entry]

    def _names(self, entry: str) -> tuple[str, ...]:
        known = self._entries.get(entry)
        return (entry, *known.aliases) if known is not None else (entry,)

    def _within(self, entry: str) -> str:
        known = self._entries.get(entry)
        while known is not None and known.within:
            if self._is_home(known.within):
                return known.within
            known = self._entries.get(known.within)
        return ""

    def _by_name(self, entry: str) -> str:
        """Return the state whose name, or whose people's, a name of the entry holds: the longest such word."""
        own = words_of(self._names(entry))
        best: dict[int, set[str]] = {}
        for other, facts in self._entries.items():
            if other == entry or not self._is_home(other):
                continue
            for state in words_of((other, *facts.demonyms)):
                for word in own:
                    short, long = sorted((state, word), key=len)
                    if len(short) >= _SHORTEST and long.startswith(short):
                        best.setdefault(len(short), set()).add(other)
        longest = best.get(max(best, default=0), set())
        return next(iter(longest)) if len(longest) == 1 else ""

    def _is_home(self, entry: str) -> bool:
        known = self._entries.get(entry)
        target = known is None or (known.target and known.source)
        head = head_of(entry)
        # "United Kingdom" and "Czech Republic" are states, "State Department" is none.
        body = head is None or (is_body(head.word) and head.word not in ("kingdom", "republic"))
        return target and entry[:1].isupper() and not body and self._is_state(entry) and not self._national(entry)

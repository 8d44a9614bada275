"""Offices of parties, unions, companies and other bodies that are no state, and whom an office is tied to.

"Green party leader", "Greenpeace campaigner", "Ville Korpi of the Greens", "who leads the Greens", "chair of the
committee".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from stancelab.article.pairs import words
from stancelab.article.pairs.kinds import is_common
from stancelab.article.pairs.view import is_body, is_private, singular

if TYPE_CHECKING:
    from collections.abc import Callable

    from stancelab.article.pairs.view import View

    States = Callable[[str], bool]

#: Tokens after an office in which the entry that it is tied to is looked for.
REACH: Final = 8
DEFINITE: Final = frozenset(["the", "this", "that"])
#: What stands before the place of somebody or something.
_WHERE: Final = frozenset(["in", "at", "near", "against", "to", "by", "outside", "across"])


@dataclass(frozen=True, slots=True)
class Office:
    """An office beside a name.

    Attributes:
        noun: Its noun in lower case, with the word that tells it from others; "" after "who leads".
        owner: The entry that it is tied to, "" where a pronoun or nothing ties it.
        tie: The token of the pronoun, office or body that it is tied to; None.
        other: Whether it is that of somebody whom the codebook does not know.
    """

    noun: str
    owner: str = ""
    tie: int | None = None
    other: bool = False


def all_states(entry: str) -> bool:
    """Tell that an entry is a state, where nothing is known of entries."""
    return True


def tied_to_body(view: View, body: int, noun: str, is_state: States) -> Office:
    """Return the office of a body whose noun stands before it: "Green party leader", "the party's leader"."""
    place = body - 1
    possessive = place > 0 and view.tokens[place].is_possessive
    place -= possessive
    mention = view.mention(place)
    if mention is not None:
        other = is_state(mention.entry) or view.lower(view.first_of(place) - 1) == "former"
        return Office(noun, other=True) if other else Office(noun, mention.entry)
    if possessive:
        # "The union's board chair".
        known = is_common(view.lower(place)) and view.lower(place - 1) in DEFINITE
        return Office(noun, tie=place) if known else Office(noun, other=True)
    opens = place < 0 or not view.tokens[place].is_word or view.lower(place) in DEFINITE
    return Office(noun, tie=body) if opens and is_common(view.lower(body)) else Office(noun, other=True)


def is_body_office(view: View, index: int) -> bool:
    """Tell whether a token is an office that states do not have ("campaigner")."""
    return view.mention(index) is None and singular(view.lower(index)) in words.BODY_OFFICES


def of_body(view: View, index: int, is_state: States) -> Office | None:
    """Read an office that only bodies other than states have: "Greenpeace campaigner", "the union's organizer"."""
    place = index - 1
    while place >= 0 and (view.tokens[place].is_possessive or _is_inner(view, place)):
        place -= 1
    mention = view.mention(place)
    if mention is None or not mention.source or is_state(mention.entry):
        return None
    former = view.lower(view.first_of(place) - 1) == "former"
    return None if former else Office(singular(view.lower(index)), mention.entry)


def _is_inner(view: View, index: int) -> bool:
    word = view.lower(index)
    return view.mention(index) is None and (word in words.MODIFIERS or word in words.PRIVATE_BODIES)


def membership(view: View, start: int, end: int, is_state: States) -> Office | None:
    """Read "Ville Korpi of the Greens", "Ville Korpi (Greens)"; of states this says where somebody is from."""
    word = view.lower(end)
    if end - start < 2 or word not in ("of", "from", "("):
        return None
    mention = view.mention(end + 1 + (view.lower(end + 1) == "the"))
    if mention is None or not mention.source or is_state(mention.entry):
        return None
    return Office("member", mention.entry)


def of_leader(view: View, start: int, stop: int) -> Office | None:
    """Read whom somebody leads: the entry behind "who leads", unless it is only where that is ("a shop in Norway")."""
    for index in range(start, stop):
        word = view.lower(index)
        mention = view.mention(index)
        if mention is not None:
            return Office("", mention.entry) if mention.source else None
        if word in _WHERE or (is_private(word) and not is_body(word)):
            return None
        if is_common(word) and view.lower(index - 1) in DEFINITE:
            return Office("", tie=index)
    return None


def of_body_after(view: View, start: int, index: int, stop: int, is_state: States) -> Office | None:
    """Read an office of a body other than a state in an apposition: "a campaigner for Greenpeace", "a Green MP"."""
    before = of_body(view, index, is_state)
    if before is not None and start < index:
        return before
    entry = entry_after(view, index + 1, frozenset(["of", "for", "from", "at", "with"]), stop - index - 1)
    return Office(singular(view.lower(index)), entry) if entry and not is_state(entry) else None


def body_after(view: View, start: int, stop: int) -> int | None:
    """Return the body of "chair of the committee", which the article has named before."""
    if view.lower(start) not in ("of", "for") or view.lower(start + 1) not in DEFINITE:
        return None
    index = start + 2
    while index < stop and (view.lower(index) in words.MODIFIERS) and not is_common(view.lower(index)):
        index += 1
    last = not view.tokens[index + 1].is_word if index + 1 < len(view) else True
    return index if index < stop and last and is_common(view.lower(index)) else None


def first_entry(view: View, start: int, stop: int) -> str:
    """Return the first entry that a range of tokens names and that may be a source, "" if none."""
    for index in range(start, min(stop, len(view))):
        mention = view.mention(index)
        if mention is not None and mention.source:
            return mention.entry
    return ""


def entry_after(view: View, start: int, ties: frozenset[str], reach: int) -> str:
    """Return the first entry after a word that ties an office to it; a "to" before it ends the search."""
    tied = False
    for index in range(start, min(start + reach + 3, start + REACH, len(view))):
        word = view.lower(index)
        if word in (",", "to", "who", "that"):
            break
        mention = view.mention(index)
        if tied and mention is not None and mention.source:
            return mention.entry
        tied = tied or word in ties
        if not tied and index - start >= reach:
            break
    return ""

"""The words of an office or body: where they begin, the noun among them, and what the words before tie it to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from stancelab.article.pairs import words
from stancelab.article.pairs.body_offices import Office, tied_to_body
from stancelab.article.pairs.view import is_private, speaks

if TYPE_CHECKING:
    from stancelab.article.pairs.body_offices import States
    from stancelab.article.pairs.view import View

#: Words beside an office or body that is none of the state, or not any more.
_NO_HOLDERS: Final = words.word_set(
    "former opposition rebel regional local ousted exiled deposed dissident one-time onetime would-be late"
)


def first_of_office(view: View, last: int) -> int:
    """Return the first token of the nouns and modifiers of an office or body that ends at a token."""
    place = last
    while place >= 0:
        word = view.lower(place)
        inner = word in ("of", "for", "and") and place < last and is_office_word(view, place - 1)
        if not (is_office_word(view, place) or inner):
            break
        place -= 1
    return place + 1


def is_office_word(view: View, index: int) -> bool:
    """Tell whether a token outside of mentions is a noun of an office or body, or a modifier of one ("foreign")."""
    word = view.lower(index)
    return bool(word) and view.mention(index) is None and (word in words.MODIFIERS or speaks(word))


def noun_of(view: View, start: int, end: int) -> str:
    """Return the noun of an office or body: the last one before a preposition."""
    noun = ""
    for index in range(start, end):
        word = view.lower(index)
        if word in words.PREPOSITIONS and noun:
            break
        noun = word if speaks(word) else noun
    return noun


def is_no_holder(view: View, start: int, end: int) -> bool:
    """Tell whether an office or body is not one of the state's now ("a former minister", "the opposition leader")."""
    return any(view.lower(index) in _NO_HOLDERS for index in range(start, end))


def role_of(view: View, start: int, end: int) -> str:
    """Return the noun of an office or body with the word that tells it from others ("foreign minister")."""
    noun = noun_of(view, start, end)
    place = next((index for index in range(end - 1, start - 1, -1) if view.lower(index) == noun), start)
    before = view.lower(place - 1) if place > start else ""
    return f"{before} {noun}" if before in words.PORTFOLIOS else noun


def tied_office(view: View, first: int, noun: str, is_state: States) -> Office:
    """Return an office with what stands before it: an entry, a pronoun, or another office and a possessive."""
    body = first - 1 - (first > 1 and view.tokens[first - 1].is_possessive)
    if view.mention(body) is None and view.lower(body) in words.PRIVATE_BODIES:
        return tied_to_body(view, body, noun, is_state)
    place = first - 1 - _is_unknown_modifier(view, first - 1)
    possessive = place >= 0 and view.tokens[place].is_possessive
    if possessive:
        place -= 1
    mention = view.mention(place)
    if mention is not None and view.lower(view.first_of(place) - 1) == "former":
        return Office(noun, other=True)
    if mention is not None:
        return Office(noun, mention.entry)
    if view.lower(place) in words.POSSESSIVES or (possessive and speaks(view.lower(place))):
        return Office(noun, tie=place)
    own = view.lower(place) in words.FIRST_POSSESSIVES
    return Office(noun, other=own or is_of_other(view, first))


def _is_unknown_modifier(view: View, index: int) -> bool:
    """Tell whether a word between an entry and an office is one that no list has ("Germany's spy chief")."""
    if index < 1 or view.mention(index) is not None or not view.tokens[index].text.islower():
        return False
    word = view.lower(index)
    known = word in words.NO_NAMES or word in words.REPORTING or is_private(word) or is_private(view.lower(index + 1))
    before = index - 1 if view.tokens[index - 1].is_possessive else index
    return not known and before < index and view.mention(before - 1) is not None


def is_of_other(view: View, first: int) -> bool:
    """Tell whether the office that begins at a token is of somebody whom the codebook does not know.

    "the opposition's spokesman", "UNHCR chief".
    """
    place = first - 1
    if place >= 0 and view.tokens[place].is_possessive:
        return view.mention(place - 1) is None and not speaks(view.lower(place - 1))
    return view.name_end(place) > place if place >= 0 and view.mention(place) is None else False

"""Persons whom an article introduces with their office, and who stand for its entry from then on.

A person is introduced by apposition, before or after the name:

- "Norwegian Foreign Minister Kari Lund", "Norway's foreign minister, Kari Lund", "its spokesman, Pavel Sorokin"
- "the foreign minister of Norway, Kari Lund", "Chancellor Lena Brandt of Germany"
- "Sergei Ivanov, a spokesman for the Russian Foreign Ministry", "Olena Bondar, Ukraine's ambassador to the UN"
- "NATO's Holm said"
- "Hassan Nouri, who leads the Iranian team"

An office that an entry is only the addressee or the place of ("ambassador to NATO", "envoy in Moscow") is not the
entry's, a former office is none, and neither is an occupation ("a Norwegian analyst").
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from stancelab.article.pairs import words
from stancelab.article.pairs.body_offices import (
    REACH,
    Office,
    all_states,
    body_after,
    entry_after,
    first_entry,
    is_body_office,
    membership,
    of_body,
    of_body_after,
    of_leader,
)
from stancelab.article.pairs.office_words import first_of_office, is_office_word, noun_of, role_of, tied_office
from stancelab.article.pairs.view import is_body, is_office, is_private, speaks

if TYPE_CHECKING:
    from stancelab.article.pairs.body_offices import States
    from stancelab.article.pairs.view import View

#: Tokens of an apposition that are read.
_LONGEST_APPOSITION: Final = 16
_TIES: Final = frozenset(["of", "for", "from", "at", "in", "with", "on"])
#: Offices that are held in another country than one's own.
_ABROAD: Final = words.word_set("ambassador envoy consul attache attaché emissary")
_COMMAS: Final = frozenset([",", "("])


@dataclass(frozen=True, slots=True)
class Introduction:
    """A person with an office.

    Attributes:
        start: The first token of the name.
        end: The token after it.
        office: The noun of the office in lower case, "" after "who leads".
        owner: The entry that the office is tied to in the sentence, "" where a pronoun or nothing ties it.
        tie: The token of the pronoun or office that ties it ("its spokesman", "the ministry's spokesman"); None.
        gender: "he" or "she" where title or office say so, else "".
        known: Whether the office was named before ("Elena Markova, the spokeswoman,").
    """

    start: int
    end: int
    office: str
    owner: str
    tie: int | None
    gender: str
    known: bool = False


def introductions(view: View, is_state: States = all_states) -> list[Introduction]:
    """Return the persons whom a sentence introduces with an office, in order.

    Args:
        view: The sentence.
        is_state: Tells of an entry whether it is a state; others have members, campaigners and the like too.
    """
    found, index = [], 0
    while index < len(view):
        end = view.name_end(index)
        if end == index:
            index += 1
            continue
        start = index
        # A sentence may begin with a word that is no name ("Asked Kari Lund").
        introduced = _introduction(view, start, end, is_state)
        if introduced is not None:
            found.append(introduced)
        index = end
    return found


def _introduction(view: View, start: int, end: int, is_state: States) -> Introduction | None:
    if view.lower(start - 1) in ("in", "at", "near"):
        return None
    first, gender = _title_before(view, start)
    office = _office_before(view, first, is_state) or _office_of_place(view, first)
    after = _office_after(view, start, end, is_state) or membership(view, start, end, is_state)
    if office is None and after is not None and (after.owner or after.tie is not None or view.lower(end + 1) == "the"):
        office = after
    elif office is not None and not office.owner and office.tie is None:
        office = after or office
    if office is not None and not office.owner and office.tie is None:
        of = entry_after(view, end, frozenset(["of"]), 1)
        office = Office(office.noun, of) if of else office
    if office is None and start > 0 and view.tokens[start - 1].is_possessive and _is_spoken_of(view, start, end):
        # "NATO's Holm said".
        mention = view.mention(start - 2)
        office = None if mention is None else Office("", mention.entry)
    if office is None or (office.other and not office.owner):
        return None
    gender = gender or words.GENDERS.get(office.noun.split(" ")[-1], "")
    return Introduction(start, end, office.noun, office.owner, office.tie, gender, known=office is after)


def is_beside_office(view: View, start: int) -> bool:
    """Tell whether a mention of two words or more that begins at a token is a person's name, by an office beside it.

    "Foreign Minister Kari Lund", "its director, Pelle Holm", "the spokesman of the ministry, Guo Ping", "Kari Lund,
    Norway's foreign minister". A codebook may list the persons of an entry among its names.
    """
    end = start
    while end < len(view) and view.mention(end) is view.mention(start):
        end += 1
    words_of_name = view.tokens[start:end]
    capitals = all(one.has_capital or one.lower in words.PARTICLES or not one.is_word for one in words_of_name)
    if end - start < 2 or not capitals or any(speaks(one.lower) for one in words_of_name):
        return False
    if any(one.is_possessive for one in words_of_name) or view.lower(start - 1) in words.PREPOSITIONS:
        return False
    place = start - 1
    if view.lower(place) == ",":
        place = _office_before_body(view, place - 1)
    return is_office(view.lower(place)) or _office_after(view, start, end, all_states) is not None


def _office_before_body(view: View, last: int) -> int:
    """Return the office of "the spokesman of the foreign ministry" where that ends at a token, else the token."""
    body = first_of_office(view, last)
    body -= view.lower(body - 1) in ("the", "its", "his", "her")
    tied = is_body(view.lower(last)) and view.lower(body - 1) in _TIES
    return body - 2 if tied else last


def _is_spoken_of(view: View, start: int, end: int) -> bool:
    return view.lower(end) in words.REPORTING or (view.lower(end) == "," and end - start > 1)


def _title_before(view: View, start: int) -> tuple[int, str]:
    """Return where the title before a name begins, and the pronoun it asks for."""
    place = start - 1
    if view.lower(place) == ".":
        place -= 1
    gender = words.TITLES.get(view.lower(place))
    return (start, "") if gender is None else (place, gender)


def _office_before(view: View, start: int, is_state: States) -> Office | None:
    """Read "Norwegian Foreign Minister", "Norway's foreign minister,", "its spokesman," that end before a token."""
    place = start - 1
    if view.lower(place) == ",":
        place = _before_addressee(view, place - 1)
    named = view.mention(place)
    if named is not None and speaks(view.lower(place)) and view.first_of(place) < place:
        return _office_within(view, place, named.entry)
    if is_body_office(view, place):
        return of_body(view, place, is_state)
    first = first_of_office(view, place)
    noun = noun_of(view, first, place + 1)
    if first > place or not is_office(noun):
        return None
    if any(view.lower(index) == "former" for index in range(first, place + 1)):
        return None
    return tied_office(view, first, noun, is_state)


def _office_within(view: View, last: int, entry: str) -> Office | None:
    """Read an office that is part of its owner's mention, as a codebook with demonyms has it ("Russian officials")."""
    first = view.first_of(last)
    if view.lower(first - 1) == "former":
        return None
    return Office(noun_of(view, first, last + 1), entry)


def _before_addressee(view: View, last: int) -> int:
    """Return the token before "to the United Nations" or "in Bamako" where that ends at a token, else the token."""
    before = last
    while before >= 0 and (view.mention(before) is not None or view.name_end(before) > before):
        before -= 1
    if before == last:
        return last
    if view.lower(before) == "the":
        before -= 1
    noun = view.lower(before - 1)
    abroad = view.lower(before) in ("to", "in", "at") and noun in _ABROAD
    return before - 1 if abroad or (view.lower(before) == "to" and is_office(noun)) else last


def _office_of_place(view: View, start: int) -> Office | None:
    """Read "the foreign minister of Norway," that ends before a token."""
    place = start - 1
    if view.lower(place) == ",":
        place -= 1
    body = first_of_office(view, place)
    # "a spokesman for the Ukrainian foreign ministry, Taras Bilyk".
    place = body - 1 if body <= place and is_body(view.lower(place)) else place
    mention = view.mention(place)
    if mention is None:
        return None
    before = view.first_of(place) - 1
    if view.lower(before) == "the":
        before -= 1
    tie, last = view.lower(before), before - 1
    first = first_of_office(view, last)
    noun = noun_of(view, first, last + 1)
    if tie not in _TIES or first > last or not is_office(noun) or (noun in _ABROAD and tie != "of"):
        return None
    return Office(noun, mention.entry)


def _office_after(view: View, first: int, end: int, is_state: States) -> Office | None:
    """Read the apposition after a name: ", a spokesman for the Kremlin", ", who leads the Iranian team"."""
    if view.lower(end) not in _COMMAS:
        return None
    start = end + 1
    if view.lower(start).isdigit() and view.lower(start + 1) == ",":
        start += 2
    stop = _end_of_apposition(view, start)
    if not _begins_apposition(view, start):
        return None
    if view.lower(start) == "who" and view.lower(start + 1) in words.LEADING:
        return of_leader(view, start + 2, min(stop, start + 2 + REACH))
    for index in range(start, stop):
        word = view.lower(index)
        if is_body_office(view, index) and (office := of_body_after(view, start, index, stop, is_state)) is not None:
            return office
        if is_private(word) and not is_body(word):
            return None
        member = word == "member" and view.lower(index + 1) == "of" and end - first > 1
        if member:
            entry = entry_after(view, index + 1, frozenset(["of"]), stop - index - 1)
            return Office("member", entry) if entry else None
        if is_office(word) and view.mention(index) is None and not is_office(view.lower(index + 1)):
            return _of_apposition(view, start, index, stop, is_state)
    return None


def _begins_apposition(view: View, start: int) -> bool:
    """Tell whether a word begins a noun phrase or "who leads"; "Hassan, speaking beside the minister" has none."""
    word = view.lower(start)
    if word == "who":
        return view.lower(start + 1) in words.LEADING or view.lower(start + 1) in words.AUXILIARIES
    begins = word in ("a", "an", "the", "one", "himself", "herself") or word in words.POSSESSIVES
    return begins or is_body_office(view, start) or view.mention(start) is not None or is_office_word(view, start)


def _of_apposition(view: View, start: int, index: int, stop: int, is_state: States) -> Office:
    noun = view.lower(index)
    first = first_of_office(view, index)
    office = tied_office(view, first, role_of(view, first, index + 1), is_state)
    if office.owner or office.tie is not None:
        return office
    entry = first_entry(view, start, index)
    ties = frozenset(["of", "for", "from", "with"]) if noun in _ABROAD else _TIES
    entry = entry or entry_after(view, index + 1, ties, stop - index - 1)
    return Office(office.noun, entry, None if entry else body_after(view, index + 1, stop), office.other)


def _end_of_apposition(view: View, start: int) -> int:
    index = start
    leads = view.lower(start) == "who"
    while index < min(len(view), start + _LONGEST_APPOSITION):
        word = view.lower(index)
        reports = word in words.REPORTING and index > start + leads
        if word in (",", ";", ":", ".", ")", "—", "–") or reports:
            break
        index += 1
    return index

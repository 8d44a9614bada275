"""Cities that stand for a state where a sentence has them as a place: "the ministry in Oslo", "In Rabat, the mood".

The codebook's matcher passes such a city over, since it names no actor there. It tells whose the offices are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from stancelab.article.codebook.places import is_in_us_state
from stancelab.article.pairs import words
from stancelab.article.pairs.view import Cities
from stancelab.mentions.folding import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from stancelab.article.codebook.entries import Entry
    from stancelab.article.pairs.view import View

#: Offices and bodies in a city that are of its state; a bank, a court, an embassy or a mission there may be anybody's.
_SEATED: Final = words.word_set(
    """
    government governments ministry ministries minister premier president chancellor official officials administration
    cabinet parliament senate congress lawmaker lawmakers presidency chancellery leadership authorities regime army
    military navy king queen monarch
    """
)
#: These are so with a word for what they are in charge of ("the foreign office").
_SEATED_BY_PORTFOLIO: Final = frozenset(["office", "department", "secretary"])
#: With these words before them they may be anybody's.
_OF_ANYBODY: Final = words.word_set("european international local regional royal african asian arab western foreign")
_OFFICIALS: Final = ("official", "officials")
#: Seats of organisations -> by their names whose officials sit there, of which an article may mean any that it names.
_SEATS: Final = {
    "addis ababa": frozenset(["Ethiopia", "African Union"]),
    "brussels": frozenset(["Belgium", "European Union", "NATO"]),
    "geneva": frozenset(["Switzerland", "United Nations", "World Health Organization", "World Trade Organization"]),
    "hague": frozenset([
        "Netherlands", "International Court of Justice", "International Criminal Court", "Europol", "OPCW",
        "Organisation for the Prohibition of Chemical Weapons",
    ]),
    "vienna": frozenset([
        "Austria", "International Atomic Energy Agency", "IAEA", "OPEC", "OSCE",
        "Organization for Security and Co-operation in Europe",
    ]),
}  # fmt: skip
_LONGEST_CITY: Final = 4
#: Nouns for what comes from a place ("The reaction from Rabat was cooler").
_REACTIONS: Final = words.word_set(
    "reaction reactions response responses reply answer answers tone mood message word signal signals news"
)


def cities_of(entries: Mapping[str, Entry], is_state: Callable[[str], bool], named: Collection[str]) -> Cities:
    """Return the cities of a codebook with the entries that offices in them are of.

    Args:
        entries: The codebook.
        is_state: Tells whether an entry is a state.
        named: The entries that the article names.
    """
    found: dict[str, set[str]] = {}
    for entry in entries.values():
        for city in entry.cities if entry.source else ():
            found.setdefault(_key(city), set()).add(entry.name)
    owners = {city: own.pop() for city, own in found.items() if len(own) == 1}
    states = {city: own for city, own in owners.items() if is_state(own)}
    seats = {city: _of_officials(city, owners[city], entries, named) for city in _SEATS if city in owners}
    return Cities(states, {**states, **seats})


def _of_officials(city: str, owner: str, entries: Mapping[str, Entry], named: Collection[str]) -> str:
    """Return whose the officials in the seat of an organisation are: its owner's, "" where another one is named."""
    for entry in named:
        known = entries.get(entry)
        names = {entry, *known.aliases} if known is not None else {entry}
        if entry != owner and not names.isdisjoint(_SEATS[city]):
            return ""
    return owner


def _key(city: str) -> str:
    return fold(city).lower().removeprefix("the ")


def city_at(view: View, start: int, noun: str = "") -> tuple[str, int]:
    """Return the entry whose city begins at a token, and the token after the city; ("", start) where none does.

    Args:
        view: The sentence.
        start: The token.
        noun: The noun of the office that is in the city; other entries have officials there than have a government.
    """
    known = view.cities.officials if noun in _OFFICIALS else view.cities.states
    if not known or not 0 <= start < len(view) or not view.tokens[start].has_capital:
        return "", start
    end = min(start + _LONGEST_CITY, len(view))
    while end > start:
        low, high = view.span(start, end)
        state = known.get(_key(view.text(view.span(start, end))), "")
        if state and view.name_end(start) in (start, end) and view.mention(start) is None:
            offset = view.sentence.span.start
            us_town = is_in_us_state(view.sentence.text, high - offset)
            return ("", start) if us_town or low < offset else (state, end)
        end -= 1
    return "", start


def opening_city(view: View, start: int = 1, noun: str = "") -> str:
    """Return the entry whose city stands at a token before a comma ("In Rabat, the tone"), "" for others."""
    state, end = city_at(view, start, noun)
    return state if view.lower(end) == "," else ""


def is_seated(view: View, start: int, end: int, noun: str) -> bool:
    """Tell whether an office or body in a city is of the city's state: "the foreign office", no embassy.

    Args:
        view: The sentence.
        start: The first token of its words.
        end: The token after them.
        noun: Its noun.
    """
    before = {view.lower(index) for index in range(start, end)} - {noun}
    capital = any(view.tokens[index].has_capital and index > 0 for index in range(start, end))
    if noun in _SEATED_BY_PORTFOLIO:
        return bool(before & words.PORTFOLIOS)
    of_anybody = before & (_OF_ANYBODY if noun in _OFFICIALS else _OF_ANYBODY - {"foreign"})
    return noun in _SEATED and not of_anybody and not (capital and noun in _OFFICIALS)


def scene_of(view: View) -> str:
    """Return the state whose capital a sentence takes the reader to, or the body that it turns to; "" for none.

    "In Rabat, the tone was just as firm.", "The response from Rabat was cooler.", "The reaction from NATO was cooler."
    """
    start = view.lower(0) == "back"
    if view.lower(start) == "in":
        return opening_city(view, start + 1)
    place = 1 if view.lower(0) in words.DETERMINERS else 0
    if view.lower(place) not in _REACTIONS or view.lower(place + 1) not in ("from", "in"):
        return ""
    mention = view.mention(place + 2)
    if mention is None:
        return city_at(view, place + 2)[0]
    return mention.entry if mention.source else ""

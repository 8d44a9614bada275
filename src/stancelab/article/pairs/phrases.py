"""Noun phrases that may name a source: an entry, a pronoun, an office or body, or somebody else."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

from stancelab.article.pairs import words
from stancelab.article.pairs.kinds import is_common
from stancelab.article.pairs.office_words import first_of_office, is_no_holder, is_of_other, noun_of
from stancelab.article.pairs.places import city_at, is_seated
from stancelab.article.pairs.view import is_body, is_document, is_office, is_private, singular, speaks

if TYPE_CHECKING:
    from stancelab.article.pairs.view import View

#: `entry`: the codebook's name, with or without an office, or a person who stands for it; `pronoun`; `office`: an
#: office, body or document that the phrase ties to nothing, or to a pronoun or other office; `other`: somebody else.
PhraseKind = Literal["entry", "pronoun", "office", "other"]

#: Tokens of one phrase.
_LONGEST: Final = 14
_PLACES: Final = frozenset(["of", "for", "in", "from", "at"])
_OWNERS: Final = words.FIRST_POSSESSIVES.union(words.POSSESSIVES)


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase of a sentence.

    Attributes:
        kind: What it is.
        start: Its first token.
        end: The token after it.
        entries: The entries that it names; several where they are joined ("Japan and Brazil").
        noun: Its noun in lower case: the office, the pronoun, or the last word.
        person: Whether it is a person, None where its words do not tell.
        plural: Whether it is several.
        name: Whether it has a person's name.
        tie: The token of the pronoun or office that an office is tied to, None.
        seated: Whether a city tells whose office it is ("the ministry in Oslo"), which is no mention.
    """

    kind: PhraseKind
    start: int
    end: int
    entries: tuple[str, ...] = ()
    noun: str = ""
    person: bool | None = None
    plural: bool = False
    name: bool = False
    tie: int | None = None
    seated: bool = False


def phrase_before(view: View, end: int) -> Phrase | None:
    """Return the phrase that ends before a token, with all that is tied to its noun by prepositions.

    "residents of the port", "officials in Seoul" are one phrase each; a preposition that begins the clause belongs to
    no noun ("In Tokyo the government").
    """
    parts: list[tuple[int, int]] = []
    stop = end
    while True:
        start = _start_of_part(view, stop)
        if start < stop:
            parts.append((start, stop))
        before = view.lower(start - 1)
        if before not in words.PREPOSITIONS or end - start > _LONGEST:
            break
        stop = start - 1
        if _start_of_part(view, stop) == stop:
            # The clause begins with a preposition: its noun is a circumstance, and the last part the subject.
            parts = parts[:1]
            break
    if not parts:
        return None
    if view.lower(parts[-1][0]) in ("one", "some", "several", "both", "many", "all") and len(parts) > 1:
        # "one of the officials" is one of them.
        parts = [*parts[:-2], (parts[-1][0], parts[-2][1])]
    start, stop = parts[-1]
    phrase = read_phrase(view, start, stop)
    return _with_place(view, phrase, stop, end) if len(parts) > 1 else phrase


def _start_of_part(view: View, end: int) -> int:
    """Return where the words begin that end before a token and hold neither preposition, conjunction nor verb."""
    index = end - 1
    while index >= 0 and end - index <= _LONGEST:
        token = view.tokens[index]
        word = token.lower
        inner = view.mention(index) is not None or token.is_possessive or token.text == "."
        if token.quoted or not (inner or token.is_word):
            break
        if token.text == "." and not _is_abbreviation(view, index):
            break
        if not inner and (word in words.PREPOSITIONS or word in words.CONJUNCTIONS or word in words.AUXILIARIES):
            break
        if not inner and (word in words.REPORTING and not token.has_capital):
            break
        if word in words.DETERMINERS or word in _OWNERS or word in words.PRONOUNS:
            return index - 1 if view.lower(index - 1) in words.DETERMINERS else index
        index -= 1
    return index + 1


def _is_abbreviation(view: View, index: int) -> bool:
    return index > 0 and (view.lower(index - 1) in words.TITLES or len(view.tokens[index - 1].text) == 1)


def _with_place(view: View, phrase: Phrase, stop: int, end: int) -> Phrase:
    """Return a phrase with the entry that its noun is tied to: "officials in Seoul", "the ministry of Japan"."""
    if phrase.kind != "office" or view.lower(stop) not in _PLACES or _is_firm(view, phrase):
        return phrase
    if phrase.noun in words.PRIVATE_BODIES:
        # "The party in Norway" is not Norway's.
        return replace(phrase, kind="other")
    for index in range(stop, end):
        mention = view.mention(index)
        if mention is not None and mention.source:
            return replace(phrase, kind="entry", end=end, entries=(mention.entry,), tie=None)
        if is_common(view.lower(index)):
            return replace(phrase, end=end, tie=index)
    own = phrase if is_document(phrase.noun) else _elsewhere(view, phrase, stop + 1)
    return _seated(view, phrase, stop) or own


def _seated(view: View, phrase: Phrase, stop: int) -> Phrase | None:
    """Return an office of the entry whose city is behind it: "the ministry in Oslo"; None for others."""
    state, end = city_at(view, stop + 1, phrase.noun)
    if not state or view.lower(stop) not in ("in", "from") or not is_seated(view, phrase.start, stop, phrase.noun):
        return None
    entries: tuple[str, ...] = (state,)
    if view.lower(end) == "and":
        # "The governments in Oslo and Lisbon".
        other, behind = city_at(view, end + 1, phrase.noun)
        mention = view.mention(end + 1)
        if mention is not None and mention.source:
            other, behind = mention.entry, end + 2
        if not other or not phrase.plural:
            return None
        entries, end = (state, other), behind
    return replace(phrase, kind="entry", end=end, entries=entries, tie=None, seated=True)


def _elsewhere(view: View, phrase: Phrase, place: int) -> Phrase:
    """Return a phrase whose office is in a place as somebody else's, where the codebook has no such place."""
    # "The government in May".
    unknown = view.name_end(place) > place and view.mention(place) is None and view.lower(place) != "may"
    return replace(phrase, kind="other") if unknown else phrase


def _is_firm(view: View, phrase: Phrase) -> bool:
    """Tell whether a body may be a private one that is only in a place ("a bank in Frankfurt")."""
    return is_private(phrase.noun) and view.lower(phrase.start) != "the"


def phrase_after(view: View, start: int) -> Phrase | None:
    """Return the phrase that begins at a token, and the place or state that its office is tied to."""
    end = _end_of_part(view, start)
    if end == start:
        return None
    phrase = read_phrase(view, start, end)
    if phrase.kind == "office" and view.lower(end) in _PLACES and phrase.noun in words.PRIVATE_BODIES:
        return replace(phrase, kind="other")
    if phrase.kind == "office" and view.lower(end) in _PLACES and not _is_firm(view, phrase):
        last = end + 1
        while last < len(view) and (view.lower(last) == "the" or view.lower(last) in words.MODIFIERS):
            last += 1
        mention = view.mention(last)
        if mention is None and is_common(view.lower(last)):
            # "a diplomat at the alliance".
            return replace(phrase, end=last + 1, tie=last)
        if mention is not None and mention.source:
            while view.mention(last) is mention:
                last += 1
            joined = view.mention(last + 1) if view.lower(last) == "and" and phrase.plural else None
            if joined is None or not joined.source:
                return replace(phrase, kind="entry", end=last, entries=(mention.entry,), tie=None)
            # "the leaders of Japan and South Korea".
            last += 1
            while view.mention(last) is joined:
                last += 1
            return replace(phrase, kind="entry", end=last, entries=(mention.entry, joined.entry), tie=None)
        return _seated(view, phrase, end) or _elsewhere(view, phrase, last)
    return phrase


def _end_of_part(view: View, start: int) -> int:
    """Return where a phrase that begins at a token ends: entries, names and offices, else one noun or two."""
    index = start
    if view.lower(index) in words.PRONOUNS:
        return index + 1
    if view.lower(index) == "both" and not (index + 1 < len(view) and view.tokens[index + 1].is_word):
        return index + 1
    while view.lower(index) in words.DETERMINERS or view.lower(index) in _OWNERS:
        index += 1
        if view.lower(index) == "of" and view.lower(index - 1) in ("one", "some", "several", "both", "many"):
            index += 1
    first = index
    while index < len(view) and index - start < _LONGEST:
        token = view.tokens[index]
        known = view.mention(index) is not None or view.name_end(index) > index
        office = token.lower in words.MODIFIERS or speaks(token.lower) or token.lower in words.TITLES
        dot = token.text == "." and _is_abbreviation(view, index) and index + 1 < len(view)
        inner = token.lower in ("of", "for") and speaks(view.lower(index - 1)) and speaks(view.lower(index + 1))
        if not (known or office or dot or inner or (token.is_possessive and index > first)):
            break
        index += 1
    if index == first and index < len(view) and view.tokens[index].is_word and not _ends_phrase(view, index):
        index += 1
        acts = is_common(view.lower(first)) and view.lower(index).endswith("ed")
        while index - first < 2 and index < len(view) and _is_plain_noun(view, index) and not acts:
            index += 1
    return index if index > first else start


def _ends_phrase(view: View, index: int) -> bool:
    word = view.lower(index)
    function = word in words.PREPOSITIONS or word in words.CONJUNCTIONS or word in words.AUXILIARIES
    return function or word in words.REPORTING or view.tokens[index].quoted


def _is_plain_noun(view: View, index: int) -> bool:
    return view.tokens[index].is_word and not _ends_phrase(view, index)


def read_phrase(view: View, start: int, end: int) -> Phrase:
    """Return what the words of a range are."""
    first = view.lower(start)
    if end - start == 1 and first in words.PRONOUNS:
        person = {"he": True, "she": True, "it": False}.get(first)
        return Phrase("pronoun", start, end, noun=first, person=person, plural=first == "they")
    last = end - 1
    named = [index for index in range(start, end) if view.mention(index) is not None]
    names = [index for index in range(start, end) if view.mention(index) is None and view.name_end(index) > index]
    noun = view.lower(last) if speaks(view.lower(last)) else noun_of(view, start, end) or view.lower(last)
    plural = singular(noun) != noun or first in ("both", "two", "several", "some", "these", "those", "many", "three")
    if view.tokens[last].is_possessive:
        # "The Commission's plan": its noun is not one that speaks.
        return Phrase("other", start, end, noun=noun, person=False)
    if named:
        return _with_entry(view, start, end, named, noun, plural)
    if first in words.FIRST_POSSESSIVES:
        # "Our government" outside of a quotation is the author's.
        return Phrase("other", start, end, noun=noun, plural=plural)
    if _is_common_body(view, start, end):
        return Phrase("office", start, end, noun=noun, person=False)
    if speaks(noun) and not is_no_holder(view, start, end) and not is_of_other(view, _first_of_noun(view, start, end)):
        person = is_office(noun)
        return Phrase(
            "office", start, end, noun=noun, person=person, plural=plural, name=bool(names), tie=_tie(view, end)
        )
    if names:
        return Phrase("other", start, end, noun=noun, name=True)
    person = True if singular(noun) in words.PEOPLE else None
    return Phrase("other", start, end, noun=noun, person=person, plural=plural)


def _is_common_body(view: View, start: int, end: int) -> bool:
    """Tell whether a range is "the party" or the like, of a body that is no state's."""
    definite = view.lower(start) in ("the", "this", "that")
    return end - start == 2 and definite and is_common(view.lower(end - 1)) and not speaks(view.lower(end - 1))


def _with_entry(view: View, start: int, end: int, named: list[int], noun: str, plural: bool) -> Phrase:
    """Return a phrase with a mention in it: the entry's, unless the words after it are of somebody else."""
    mention = view.mention(named[-1])
    rest = [view.lower(index) for index in range(named[-1] + 1, end)]
    before = [view.lower(index) for index in range(start, named[0])]
    other = any(is_private(word) and not is_body(word) for word in rest) or "former" in before
    called = any(view.name_end(index) > index for index in range(named[-1] + 1, end))
    # "Its foreign minister, Estela Ríos", where the codebook has "Ríos".
    given = start < named[0] and view.name_end(named[0] - 1) == named[0]
    person = view.is_person(named[-1]) or is_office(noun) or called or given
    if mention is None or not mention.source or other:
        return Phrase(
            "other", start, end, noun=noun, person=True if singular(noun) in words.PEOPLE else None, plural=plural
        )
    several = plural and (is_office(noun) or (bool(rest) and speaks(noun)))
    return Phrase(
        "entry", start, end, (mention.entry,), noun, person or None, several, view.is_person(named[-1]) or given
    )


def _first_of_noun(view: View, start: int, end: int) -> int:
    """Return where the words of the office in a range begin: those before a name in it."""
    last = next((index for index in range(end - 1, start - 1, -1) if speaks(view.lower(index))), end - 1)
    return max(start, first_of_office(view, last))


def _tie(view: View, end: int) -> int | None:
    """Return the pronoun or office that the office before a token is tied to."""
    place = first_of_office(view, end - 1) - 1
    if place >= 0 and view.tokens[place].is_possessive and speaks(view.lower(place - 1)):
        return place - 1
    if view.lower(place) not in words.POSSESSIVES and view.lower(place - 1) in words.POSSESSIVES:
        # "Its space agency".
        place -= view.tokens[place].text.islower() and not _ends_phrase(view, place)
    return place if view.lower(place) in words.POSSESSIVES else None

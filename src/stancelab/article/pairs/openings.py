"""What a sentence begins with: its dateline, its label, its time or place, and its subject."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from stancelab.article.pairs import words
from stancelab.article.pairs.persons import is_beside_office
from stancelab.article.pairs.phrases import Phrase, phrase_after, read_phrase
from stancelab.article.pairs.places import city_at, opening_city
from stancelab.article.pairs.turns import is_label
from stancelab.article.pairs.view import is_body, is_office, singular

if TYPE_CHECKING:
    from stancelab.article.pairs.view import View

#: Tokens of a circumstance before the subject ("In her explanation of vote, Nair said").
_LONGEST_OPENING: Final = 14
_OPENINGS: Final = (
    words.PREPOSITIONS
    | words.ADVERBS
    | words.word_set("but and yet so asked speaking when while although though if because according last")
)
_LONGEST_TIME: Final = 4
#: Tokens of the label of a turn, with its colon.
_LONGEST_LABEL: Final = 8
_BEFORE_TIMES: Final = words.word_set("in on since by until during that this the same last next early late")


def sentence_subject(view: View) -> Phrase | None:
    """Return the phrase that a sentence begins with, after a circumstance before a comma."""
    start = 0
    while start < len(view) and (view.tokens[start].is_mark or view.tokens[start].quoted):
        start += 1
    start = max(start, after_dateline(view), _after_label(view))
    if view.lower(start) in ("but", "and", "yet", "so"):
        start += 1
    timed = _after_time(view, start)
    if timed > start:
        start = timed
    elif view.lower(start) in _OPENINGS and view.lower(start) not in words.PRONOUNS:
        comma = _comma_after(view, start)
        if comma is None:
            return None
        start = comma + 1
    phrase = phrase_after(view, start)
    if phrase is not None and view.lower(phrase.end) == ":":
        # "Note: The talks go on" has a label, and no subject there.
        return None
    phrase = with_holder(view, phrase)
    return None if phrase is None else _with_following(view, phrase)


def label_before(view: View, start: int) -> Phrase | None:
    """Return who is named before the colon in front of a quotation ("Hungary: “NATO is dead.”"); None without.

    Args:
        view: The sentence.
        start: The first token of the quotation.
    """
    colon = start - 1
    if view.lower(colon) != ":":
        return None
    end = (
        next((index for index in range(colon) if view.lower(index) == "("), colon)
        if view.lower(colon - 1) == ")"
        else colon
    )
    first = end
    while first > 0 and end - first < _LONGEST_LABEL and _is_of_label(view, first - 1):
        first -= 1
    first = max(first, after_dateline(view))
    if first == end or (first > 0 and view.tokens[first - 1].is_word):
        return None
    phrase = read_phrase(view, first, end)
    label = view.text(view.span(first, end))
    somebody = (phrase.name and is_label(label)) or singular(phrase.noun) in words.PEOPLE
    return phrase if phrase.kind != "other" or somebody else None


def _is_of_label(view: View, index: int) -> bool:
    """Tell whether a token may be part of the name or office of who speaks: no verb, no preposition but "of"."""
    token, word = view.tokens[index], view.lower(index)
    if view.mention(index) is not None:
        return not token.quoted
    breaks = word in words.AUXILIARIES or (word in words.REPORTING and not token.has_capital)
    other = word in words.PREPOSITIONS and word not in ("of", "for")
    return (token.is_word or token.is_possessive) and not (token.quoted or breaks or other)


def after_dateline(view: View) -> int:
    """Return where a sentence begins after its dateline; 0 without one.

    "GENEVA, March 3 (Agency) — Russia said", "Ottawa, 9 November — The Prime Minister".
    """
    if not view.tokens or not view.tokens[0].has_capital:
        return 0
    dashes = (index for index in range(min(len(view), _LONGEST_OPENING)) if view.lower(index) in ("—", "–", "-"))
    dash = next(dashes, -1)
    capitals = view.tokens[0].text.isupper() and len(view.tokens[0].text) > 1
    dated = any(view.lower(index).isdigit() for index in range(1, dash)) and "," in map(view.lower, range(1, dash))
    return dash + 1 if capitals or dated else 0


def _after_label(view: View) -> int:
    """Return where a sentence begins after the label of a turn of an interview ("Q: The minister says"), 0 without."""
    if not any(one.is_turn and one.start >= view.sentence.span.start for one in view.quotations):
        return 0
    return next((index + 1 for index in range(min(len(view), _LONGEST_LABEL)) if view.lower(index) in (":", ".")), 0)


def dateline(view: View) -> str:
    """Return the one entry whose place a sentence's dateline names, "" without one."""
    entries = {
        mention.entry
        for index in range(after_dateline(view))
        if (mention := view.mention(index)) is not None and mention.source
    }
    city = city_at(view, 0)[0] if after_dateline(view) else ""
    entries |= {city} if city else set()
    return entries.pop() if len(entries) == 1 else ""


def _comma_after(view: View, start: int) -> int | None:
    stop = min(len(view), start + _LONGEST_OPENING)
    return next((index for index in range(start, stop) if view.lower(index) == ","), None)


def opening_place(view: View, noun: str = "") -> str | None:
    """Return the entry that a sentence opens with ("In Tokyo, the government said", "Speaking for Pakistan,").

    Also "On the Armenian side,".

    "" where the codebook has no such place, None where the sentence opens with none.

    Args:
        view: The sentence.
        noun: The noun of the office that is asked for, "" where none is.
    """
    comma = _comma_after(view, 0)
    opens = view.lower(0) == "in" or (view.lower(0), view.lower(1)) in (("speaking", "for"), ("on", "behalf"))
    side = view.lower(0) == "on" and comma is not None and view.lower(comma - 1) == "side"
    if comma is None or not (opens or side):
        return None
    mention = view.mention(comma - 1 - side)
    if mention is not None:
        return mention.entry if mention.source else ""
    if state := opening_city(view, noun=noun):
        return state
    return "" if view.name_end(1) == comma else None


def _after_time(view: View, start: int) -> int:
    """Return where a clause begins after its time ("In May the", "Since August", "Last week the"); `start` without."""
    index = start
    while index - start < _LONGEST_TIME and view.lower(index) in _BEFORE_TIMES:
        index += 1
    if view.lower(index) not in words.TIME_WORDS and not (index > start and view.lower(index).isdigit()):
        return start
    index += 1
    while view.lower(index).isdigit() or view.lower(index) == ",":
        index += 1
    return index


def _with_following(view: View, phrase: Phrase) -> Phrase:
    """Return a phrase with the one that "and" joins to it after."""
    if phrase.kind != "entry" or view.lower(phrase.end) != "and":
        return phrase
    after = phrase_after(view, phrase.end + 1)
    if after is None or after.kind != "entry":
        return phrase
    return replace(phrase, end=after.end, entries=(*phrase.entries, *after.entries), plural=True, person=None)


def is_held(phrase: Phrase) -> bool:
    """Tell whether a phrase is an office that one person holds, without whose it is."""
    return phrase.kind == "office" and is_office(phrase.noun) and not phrase.plural


def with_holder(view: View, phrase: Phrase | None) -> Phrase | None:
    """Return the codebook's name of a person behind an office in place of the office.

    "Its director, Pelle Holm, met", "said the spokesman of the foreign ministry, Guo Ping".
    """
    if phrase is None or not is_held(phrase):
        return phrase
    end = phrase.end
    if view.lower(end) in ("of", "for", "at"):
        end += 1 + (view.lower(end + 1) in words.DETERMINERS)
        while view.lower(end) in words.MODIFIERS or is_body(view.lower(end)):
            end += 1
    mention = view.mention(end + 1) if view.lower(end) == "," else None
    if mention is None or not mention.source or not is_beside_office(view, end + 1):
        return phrase
    name = phrase_after(view, end + 1)
    return replace(name, person=True) if name is not None and name.kind == "entry" else phrase

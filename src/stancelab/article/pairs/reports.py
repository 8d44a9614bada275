"""Who reports in a sentence: the subjects of its verbs of speech and attitude, and who it begins with."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from stancelab.article.pairs import words
from stancelab.article.pairs.acting import is_agent
from stancelab.article.pairs.persons import is_beside_office
from stancelab.article.pairs.phrases import Phrase, phrase_after, phrase_before, read_phrase
from stancelab.article.pairs.places import city_at, opening_city
from stancelab.article.pairs.turns import is_label
from stancelab.article.pairs.view import is_body, is_office, singular

if TYPE_CHECKING:
    from stancelab.article.pairs.view import View

#: Tokens of a circumstance before the subject ("In her explanation of vote, Nair said").
_LONGEST_OPENING: Final = 14
#: Tokens of an apposition or relative clause between subject and verb.
_LONGEST_INSERTION: Final = 22
_NOUN_BEFORE: Final = words.DETERMINERS | words.PREPOSITIONS | frozenset(words.POSSESSIVES) | {"no", "further", "new"}
#: Verbs of speech after which those who are spoken to stand, never the speaker.
_WITH_ADDRESSEE: Final = words.word_set("told tells asked asks warned warns")
_OPENINGS: Final = (
    words.PREPOSITIONS
    | words.ADVERBS
    | words.word_set("but and yet so asked speaking when while although though if because according last")
)


_LONGEST_TIME: Final = 4
#: Tokens of the label of a turn, with its colon.
_LONGEST_LABEL: Final = 8
_BEFORE_TIMES: Final = words.word_set("in on since by until during that this the same last next early late")


@dataclass(frozen=True, slots=True)
class Report:
    """A verb of speech or attitude with its subject.

    Attributes:
        verb: Its token.
        subject: Who reports.
    """

    verb: int
    subject: Phrase


def reports_of(view: View) -> list[Report]:
    """Return who reports in a sentence outside of quotations, in the order of the verbs."""
    found: list[Report] = []
    for index, token in enumerate(view.tokens):
        if token.quoted or view.mention(index) is not None:
            continue
        if token.lower == "to" and view.lower(index - 1) == "according":
            _add(view, found, index, _object_pronoun(view, index + 1) or phrase_after(view, index + 1))
        elif token.lower == "of" and view.lower(index - 1) == "words" and view.lower(index - 2) == "the":
            _add(view, found, index, phrase_after(view, index + 1))
        elif token.lower == "by":
            agent = phrase_after(view, index + 1)
            if agent is not None and is_agent(view, index, agent):
                _add(view, found, index, agent)
        elif token.lower in ("words", "view", "opinion") and view.lower(index - 2) == "in":
            _add(view, found, index, _holder(view, index - 1))
        elif token.lower in words.REPORTING and not _is_noun(view, index):
            _add(view, found, index, _subject(view, index, found))
    return found


def _add(view: View, found: list[Report], verb: int, subject: Phrase | None) -> None:
    if subject is not None:
        found.append(Report(verb, joined(view, subject)))


def _holder(view: View, index: int) -> Phrase | None:
    """Return the pronoun of "in her words" as a phrase."""
    pronoun = words.POSSESSIVES.get(view.lower(index))
    if pronoun is None:
        return None
    person = {"it": False, "they": None}.get(pronoun, True)
    return Phrase("pronoun", index, index + 1, noun=pronoun, person=person, plural=pronoun == "they")


def _object_pronoun(view: View, index: int) -> Phrase | None:
    """Return "him", "her" or "them" as a phrase ("according to her"), None where a noun follows "her"."""
    after = view.tokens[index + 1] if index + 1 < len(view) else None
    pronoun = {"him": "he", "her": "she", "them": "they"}.get(view.lower(index))
    if pronoun is None or (after is not None and after.is_word):
        return None
    return Phrase("pronoun", index, index + 1, noun=pronoun, person=pronoun != "they", plural=pronoun == "they")


def _is_noun(view: View, index: int) -> bool:
    """Tell whether a form that is a noun too ("calls", "claims") is none of the verb here."""
    before = view.lower(index - 1)
    possessive = index > 0 and view.tokens[index - 1].is_possessive and not view.tokens[index - 1].quoted
    if before in ("both", "one", "some", "several") and view.lower(index).endswith(("ed", "said")):
        return False
    return possessive or before in _NOUN_BEFORE or view.tokens[index].has_capital


def _subject(view: View, verb: int, found: list[Report]) -> Phrase | None:
    place, passive = verb - 1, False
    while place >= 0 and _is_skipped(view, place):
        passive = passive or view.lower(place) in words.PASSIVE
        place -= 1
    if passive and view.lower(verb).endswith("ed"):
        return phrase_after(view, verb + 2) if view.lower(verb + 1) == "by" else None
    if place < 0 or view.tokens[place].is_mark or (view.lower(place) == "," and _opens_inverted(view, verb, place)):
        return _with_holder(view, phrase_after(view, verb + 1)) if place >= 0 else None
    word = view.lower(place)
    if word == ",":
        return _before_insertion(view, place)
    if word in ("and", "but", "or", "then"):
        # "welcomed the plan but warned": the subject is that of the verb before.
        return found[-1].subject if found else sentence_subject(view)
    phrase = phrase_before(view, place + 1)
    # "sent a short reply": a base form after a singular is a noun.
    is_noun = view.lower(verb) in words.BASES and phrase is not None and view.lower(phrase.start) in ("a", "an")
    return None if is_noun else phrase


def _is_skipped(view: View, index: int) -> bool:
    word = view.lower(index)
    if view.mention(index) is not None or view.tokens[index].quoted:
        return False
    return (
        word in words.AUXILIARIES or word in words.ADVERBS or word == "not" or (word.endswith("ly") and len(word) > 4)
    )


def _opens_inverted(view: View, verb: int, comma: int) -> bool:
    """Tell whether a verb after a comma stands before its subject ("..., said the ministry")."""
    if comma > 0 and view.tokens[comma - 1].is_mark:
        return True
    if _is_apposition(view, comma):
        return False
    if view.lower(verb) not in words.SPEECH or view.lower(verb) in _WITH_ADDRESSEE:
        return False
    after = phrase_after(view, verb + 1)
    return after is not None and (after.kind in ("entry", "office") or after.name)


def _is_apposition(view: View, comma: int) -> bool:
    """Tell whether a comma ends an apposition to the subject ("Anna Berg, an analyst in Hamburg, said")."""
    first = next((index for index in range(comma - 1, 0, -1) if view.lower(index) == ","), 0)
    before = phrase_before(view, first) if first else None
    if before is None or before.start > 0 or not (before.name or before.kind != "other"):
        return False
    inside = [view.lower(index) for index in range(first + 1, comma)]
    clause = any(word in words.AUXILIARIES or word in words.REPORTING for word in inside)
    return not clause or (bool(inside) and inside[0] in ("who", "which", "whose"))


def _before_insertion(view: View, comma: int) -> Phrase | None:
    """Return the subject before an apposition or relative clause that a comma ends."""
    for index in range(comma - 1, max(comma - _LONGEST_INSERTION, -1), -1):
        if view.lower(index) == "," and not view.tokens[index].quoted:
            phrase = phrase_before(view, index)
            # "The minister, Clara Nunes, said": the name may be known where its office is not.
            inner = None if phrase is not None and phrase.kind == "entry" else phrase_before(view, comma)
            if inner is None or inner.kind != "entry":
                return phrase
            # "Its director, Pelle Holm, said", where the codebook has the name.
            held = phrase is not None and _is_held(phrase) and inner.start == index + 1
            return replace(inner, person=True) if inner.name or held else phrase
    return None


def _is_held(phrase: Phrase) -> bool:
    return phrase.kind == "office" and is_office(phrase.noun) and not phrase.plural


def _with_holder(view: View, phrase: Phrase | None) -> Phrase | None:
    """Return the codebook's name of a person behind an office in place of the office.

    "Its director, Pelle Holm, met", "said the spokesman of the foreign ministry, Guo Ping".
    """
    if phrase is None or not _is_held(phrase):
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


def joined(view: View, phrase: Phrase) -> Phrase:
    """Return a phrase with the one that "and" joins to it before, where both name entries and begin the clause."""
    first = phrase
    entries = list(phrase.entries)
    while first.kind == "entry" and view.lower(first.start - 1) in ("and", ","):
        before = phrase_before(view, first.start - 1)
        if before is None or before.kind != "entry" or before.end != first.start - 1:
            break
        opens = before.start == 0 or not (view.tokens[before.start - 1].is_word or view.lower(before.start - 1) == ",")
        more = view.lower(before.start - 1) in (",", "that", "but")
        if not (opens or more) or (view.lower(first.start - 1) == "," and len(entries) < 2):
            break
        entries = [*before.entries, *entries]
        first = before
    if first is phrase:
        return phrase
    return replace(phrase, start=first.start, entries=tuple(entries), plural=True, person=None)


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
    phrase = _with_holder(view, phrase)
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


def opening_place(view: View) -> str | None:
    """Return the entry that a sentence opens with ("In Tokyo, the government said", "Speaking for Pakistan,").

    Also "On the Armenian side,".

    "" where the codebook has no such place, None where the sentence opens with none.
    """
    comma = _comma_after(view, 0)
    opens = view.lower(0) == "in" or (view.lower(0), view.lower(1)) in (("speaking", "for"), ("on", "behalf"))
    side = view.lower(0) == "on" and comma is not None and view.lower(comma - 1) == "side"
    if comma is None or not (opens or side):
        return None
    mention = view.mention(comma - 1 - side)
    if mention is not None:
        return mention.entry if mention.source else ""
    if state := opening_city(view):
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

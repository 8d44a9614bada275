"""Who reports in a sentence: the subjects of its verbs of speech and attitude."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from stancelab.article.pairs import words
from stancelab.article.pairs.acting import is_agent
from stancelab.article.pairs.openings import is_held, sentence_subject, with_holder
from stancelab.article.pairs.phrases import Phrase, phrase_after, phrase_before

if TYPE_CHECKING:
    from stancelab.article.pairs.view import View

#: Tokens of an apposition or relative clause between subject and verb.
_LONGEST_INSERTION: Final = 22
_NOUN_BEFORE: Final = words.DETERMINERS | words.PREPOSITIONS | frozenset(words.POSSESSIVES) | {"no", "further", "new"}
#: Verbs of speech after which those who are spoken to stand, never the speaker.
_WITH_ADDRESSEE: Final = words.word_set("told tells asked asks warned warns")


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
        return with_holder(view, phrase_after(view, verb + 1)) if place >= 0 else None
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
            held = phrase is not None and is_held(phrase) and inner.start == index + 1
            return replace(inner, person=True) if inner.name or held else phrase
    return None


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

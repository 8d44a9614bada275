"""Whether a sentence shows that who or what it names can speak or act, and so may hold a stance.

It does where the name is the subject of a verb of speech or attitude, stands behind "according to", owns an office
("the Harbor Union's spokesman", "the head of the Harbor Union"), or is that of a person: a title or an occupation
stands before it, or an apposition with an age, an office or an occupation beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from stancelab.article.pairs import words as known
from stancelab.article.pairs.kinds import NOUNS
from stancelab.article.pairs.view import singular
from stancelab.article.proposal.words import FORMS_OF_ADDRESS, PERSONAL_TITLES

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Verbs of `pairs.words.REPORTING` whose subject is often a thing or place ("the study found", "the hotel offers").
_OF_THINGS: Final = known.word_set(
    """
    see sees hold holds find finds know knows knew feel feels offer offers offered compare compares compared indicate
    indicates indicated outline outlines outlined reveal reveals revealed suggest suggests suggested describe describes
    described cite cites cited stress stresses stressed seek seeks sought sign signs signed forbid forbids forbade
    answer answers report reports expect expects
    """
)
_VERBS: Final = (known.REPORTING - _OF_THINGS) | known.word_set("vote votes voted back backs backed oppose opposes")
#: Offices that show nothing of whom or what they are tied to ("the host of the fair").
_VAGUE: Final = known.word_set("guest host agent colleague counterpart official diplomat king queen director")
_OFFICES: Final = (known.OFFICES - _VAGUE) | known.word_set("member activist campaigner organizer organiser co-founder")
_OCCUPATIONS: Final = (known.PEOPLE | known.OFFICES) | known.word_set(
    """
    nurse packer welder miner engineer chemist physicist biologist conductor composer painter sculptor pianist
    violinist owner director founder chef baker pilot captain sailor nun imam rabbi monk pensioner retiree mother
    father grandmother grandfather widow widower coach trainer teacher pupil docker electrician plumber carpenter
    mechanic shopkeeper waiter waitress cleaner therapist psychologist sociologist photographer filmmaker
    """
)
#: What ends a quotation or clause before a verb that stands before its subject.
_BEFORE_INVERTED: Final = frozenset([",", '"', "”", "’", "'", "»"])
_POSSESSIVE: Final = frozenset(["'s", "’s", "'", "’"])
#: Words of an apposition or clause between a subject and its verb.
_LONGEST_INSERTION: Final = 16
_LONGEST_APPOSITION: Final = 6
#: Words of whose an office is ("of the European Commission").
_LONGEST_OFFICE: Final = 8


def shows_agency(words: Sequence[str], start: int, end: int) -> bool:
    """Tell whether a sentence shows that a name in it is of somebody, or of a body, that can speak or act.

    Args:
        words: The words and signs of the sentence; an ending "'s" is a word of its own.
        start: The first word of the name.
        end: The word after its last.
    """
    low = [word.lower() for word in words]
    before = start - 1
    while before >= 0 and low[before] in known.DETERMINERS:
        before -= 1
    return (
        _is_subject(words, low, before, end)
        or _is_object(low, before)
        or _owns_office(low, before, end)
        or _is_person(low, (start, end), before)
    )


def _is_subject(words: Sequence[str], low: Sequence[str], before: int, end: int) -> bool:
    if before >= 0 and low[before] in known.PREPOSITIONS:
        return False
    place = end + (low[end : end + 1] != [] and low[end] in NOUNS)
    if low[place : place + 1] == ["("] and ")" in low[place : place + 4]:
        place = low.index(")", place) + 1
    if low[place : place + 1] == ["and"]:
        place += 1
        while place < len(words) and (words[place][:1].isupper() or low[place] in known.DETERMINERS):
            place += 1
    if _is_verb(low, place):
        return True
    if low[place : place + 1] == [","]:
        stop = min(place + _LONGEST_INSERTION, len(low))
        closing = next((index for index in range(place + 1, stop) if low[index] == ","), None)
        return closing is not None and _is_verb(low, closing + 1)
    return False


def _is_verb(low: Sequence[str], place: int) -> bool:
    passive = False
    while place < len(low) and (
        low[place] in known.AUXILIARIES or low[place] in known.ADVERBS or _is_adverb(low[place])
    ):
        passive = passive or low[place] in known.PASSIVE
        place += 1
    return place < len(low) and low[place] in _VERBS and not (passive and low[place].endswith("ed"))


def _is_adverb(word: str) -> bool:
    return word == "not" or (word.endswith("ly") and len(word) > 4)


def _is_object(low: Sequence[str], before: int) -> bool:
    """Tell whether a name stands behind "according to", or behind its verb ('"No," said Ilse Brandt')."""
    if before < 1:
        return False
    if low[before] == "to" and low[before - 1] == "according":
        return True
    return (low[before] in known.SPEECH or low[before] in _VERBS) and low[before - 1] in _BEFORE_INVERTED


def _owns_office(low: Sequence[str], before: int, end: int) -> bool:
    place = end + (low[end : end + 1] != [] and low[end] in _POSSESSIVE)
    while place < len(low) and (low[place] in known.MODIFIERS or low[place] in NOUNS) and place < end + 4:
        place += 1
    if place < len(low) and singular(low[place]) in _OFFICES:
        return True
    if before < 1:
        return False
    if low[before] in ("of", "for") and singular(low[before - 1]) in _OFFICES:
        return True
    lead = before - (low[before] == "for")
    return lead > 0 and low[lead] in known.LEADING and low[lead - 1] == "who"


def _is_behind_office(low: Sequence[str], start: int) -> bool:
    """Tell whether a name stands behind an office with whose it is: "A spokeswoman of the European Commission,"."""
    if start < 1 or low[start - 1] != ",":
        return False
    for index in range(start - 2, max(start - 2 - _LONGEST_OFFICE, 0), -1):
        if low[index] in known.REPORTING or not low[index][:1].isalpha():
            return False
        if low[index] in ("of", "for", "at") and low[index - 1] in _OCCUPATIONS:
            return index < 2 or low[index - 2] in known.DETERMINERS or low[index - 2] in known.MODIFIERS
    return False


def _is_person(low: Sequence[str], name: tuple[int, int], before: int) -> bool:
    start, end = name
    if before == start - 1 and before >= 0:
        word = low[before].rstrip(".")
        if word in FORMS_OF_ADDRESS or word in PERSONAL_TITLES or word in _OCCUPATIONS:
            return True
    if end - start > 1 and start > 1 and low[start - 1] == "," and singular(low[start - 2]) in _OCCUPATIONS:
        return True
    if end - start > 1 and _is_behind_office(low, start) and NOUNS.isdisjoint(low[start:end]):
        return low[end : end + 1] == [","]
    if end - start < 2 or low[end : end + 1] != [","]:
        return False
    if low[end + 1 : end + 2] != [] and low[end + 1].rstrip(",").isdigit():
        return True
    if low[end + 1 : end + 2] != [] and low[end + 1] in known.POSSESSIVES:
        return False  # "against the reform, its leader said"
    for word in low[end + 1 : end + 1 + _LONGEST_APPOSITION]:
        if word in known.PREPOSITIONS or word in known.REPORTING or not word[:1].isalpha():
            return False
        if singular(word) in _OCCUPATIONS:
            return True
    return False

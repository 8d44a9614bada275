"""Which other noun phrases of a sentence a pronoun may stand for, so that it is not clear whom or what it means."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from stancelab.article.pairs import words
from stancelab.article.pairs.nouns import ACT_ENDINGS, OF_ARTICLE, QUANTITIES, SHELLS, THINGS, TIMES
from stancelab.article.pairs.openings import sentence_subject
from stancelab.article.pairs.view import is_office

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stancelab.article.pairs.described import Description
    from stancelab.article.pairs.heard import Heard
    from stancelab.article.pairs.nouns import Noun
    from stancelab.article.pairs.objects import PronounTarget
    from stancelab.article.pairs.view import View

#: Words that begin another clause.
_SUBJECTS: Final = words.PRONOUNS | words.FIRST_PERSON | {"and", "but", "that", "who", "which", ";"}


def is_decided_on(noun: Noun) -> bool:
    """Tell whether a noun is of things that are opposed and welcomed: a policy, a document, an act."""
    return noun in THINGS or noun.word in SHELLS | OF_ARTICLE | words.DOCUMENTS or noun.word.endswith(ACT_ENDINGS)


def is_other(view: View, one: Description, target: PronounTarget, heard: Sequence[Heard]) -> bool:
    """Tell whether a pronoun may stand for a noun phrase before it that stands for no entry."""
    if is_office(one.noun.word) or view.lower(one.start) == "its" or _is_circumstance(view, one):
        return False
    low, high = view.span(one.start, one.end)
    source = any(each.span is not None and each.span.start < high and low < each.span.end for each in heard)
    return one.end <= target.index and one.noun.plural == target.plural and not source


def is_own_subject(view: View, one: Description, target: PronounTarget, heard: Sequence[Heard]) -> bool:
    """Tell whether a noun phrase is the subject of the pronoun's own verb ("A letter denounced it")."""
    phrase = sentence_subject(view)
    if phrase is None or phrase.start != one.start:
        return False
    low, high = view.tokens[one.end - 1].end, view.tokens[target.index].start
    acts = any(each.acts and each.span is not None and low <= each.span.start < high for each in heard)
    return not acts and not any(view.lower(index) in _SUBJECTS for index in range(one.end, target.index))


def _is_circumstance(view: View, one: Description) -> bool:
    """Tell whether a noun phrase is only a time, or part of what a sentence opens with ("In a radio interview,")."""
    comma = next((index for index in range(len(view)) if view.lower(index) == ","), -1)
    opens = view.lower(0) in words.PREPOSITIONS and one.end <= comma
    return opens or one.noun.word in TIMES | QUANTITIES


def is_persons(view: View, one: Heard) -> bool:
    """Tell whether the words for a source are a person's, whom "it" does not stand for."""
    inside = [token.lower for token in view.tokens if one.span and one.span.start <= token.start < one.span.end]
    return one.person or inside[0] in ("he", "she", "i") or is_office(inside[-1])

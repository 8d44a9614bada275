"""Two voices of one source in a sentence: "its labor minister welcomed the accord, its interior minister rejected it".

Each is asked by its own words, so that a source that says both is not half heard.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from stancelab.article.pairs import words
from stancelab.article.pairs.view import is_body, is_office, singular

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stancelab.article.pairs.heard import Heard
    from stancelab.schema import Span

_WORD: Final = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
#: What speaks of a target again ("its parliament condemned it").
_AGAIN: Final = re.compile(r"\b(?:it|them|this)\b")
#: Those who speak for another office or body are no voice beside it.
_FOR_OTHERS: Final = words.word_set("spokesman spokeswoman spokesperson official representative aide")


def voices_on(text: str, end: int, heard: Sequence[Heard], targets: Sequence[Span]) -> list[tuple[Heard, int]]:
    """Return the voices of one source that speak of one target, each with its words for the target, by their places.

    Each has words for the target, or a pronoun, between its own words and those of the next voice.

    Args:
        text: The document.
        end: Where the sentence ends.
        heard: The words that stand for the source in it.
        targets: The words for the target in it.

    Returns:
        Two or more; none where the source has one voice.
    """
    voices = _voices(text, heard)
    ends = [start for start, _ in voices[1:]] + [end]
    found = []
    for (_, voice), stop in zip(voices, ends, strict=True) if voices else ():
        low = 0 if voice.span is None else voice.span.end
        own = [place for place, span in enumerate(targets) if low <= span.start < stop]
        before = [place for place, span in enumerate(targets) if span.end <= low]
        if own:
            found.append((voice, own[0]))
        elif before and _AGAIN.search(text, low, stop):
            found.append((voice, before[-1]))
    return found if len(found) > 1 else []


def _voices(text: str, heard: Sequence[Heard]) -> list[tuple[int, Heard]]:
    """Return the voices among the words of a source, with where each begins: persons, else offices and bodies."""
    acting = [one for one in heard if one.acts and one.span is not None and one.how in ("named", "carried")]
    persons: dict[str, Heard] = {}
    offices: dict[tuple[str, str], Heard] = {}
    for one in acting:
        own = _WORD.findall(text[slice(*one.span)]) if one.span is not None else []
        if one.person and own:
            persons.setdefault(own[-1], one)
        elif (office := _office_of([word.lower() for word in own])) is not None:
            offices.setdefault(office, one)
    chosen = list((persons if len(persons) > 1 else _told_apart(offices)).values())
    return sorted(((one.span.start, one) for one in chosen if one.span is not None), key=lambda one: one[0])


def _office_of(own: Sequence[str]) -> tuple[str, str] | None:
    """Return the office or body that words end in, behind the word that tells it from others; None for none."""
    noun = own[-1] if own else ""
    if not (is_office(noun) or is_body(noun)) or singular(noun) in _FOR_OTHERS:
        return None
    return own[-2] if len(own) > 1 and own[-2] in words.PORTFOLIOS else "", noun


def _told_apart(offices: Mapping[tuple[str, str], Heard]) -> Mapping[tuple[str, str], Heard]:
    """Return the offices of which none may be another one, as "the minister" may be "the foreign minister"."""
    told = {noun for portfolio, noun in offices if portfolio}
    clear = {key: one for key, one in offices.items() if key[0] or key[1] not in told}
    return clear if len(clear) > 1 else {}

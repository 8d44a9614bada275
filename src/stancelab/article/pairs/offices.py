"""What stands around a mention of the codebook: the office, body or somebody else that it is tied to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stancelab.article.pairs import words
from stancelab.article.pairs.persons import first_of_office, noun_of
from stancelab.article.pairs.view import is_body, is_office, is_private, speaks

if TYPE_CHECKING:
    from stancelab.article.pairs.view import View
    from stancelab.article.types import Mention
    from stancelab.schema import Span


def entry_offices(view: View) -> list[tuple[str, str]]:
    """Return the offices and bodies that a sentence ties to entries, as (noun, entry) in order.

    "the Pakistani envoy", "Norway's foreign ministry", "the deputy premier of Russia", "the African Union" (a union).
    """
    found = []
    for mention in view.mentions:
        first, end = _tokens_of(view, mention)
        if not mention.source:
            continue
        last = view.lower(end - 1)
        if speaks(last):
            found.append((last, mention.entry))
        stop = _end_of_office(view, end)
        noun = noun_of(view, end, stop)
        if noun:
            found.append((noun, mention.entry))
        before = _office_of(view, first)
        if before:
            found.append((before, mention.entry))
    return found


def named_source(view: View, mention: Mention) -> Span | None:
    """Return the words by which a mention is a source, with its office ("Norwegian Foreign Minister").

    None where the mention only says where somebody else is from ("a Norwegian analyst", "Turkey's opposition").
    """
    first, end = _tokens_of(view, mention)
    stop = _end_of_office(view, end)
    index = stop
    if index < len(view) and view.tokens[index].is_possessive:
        index += 1
    former = any(view.lower(place) == "former" for place in (first - 1, *range(end, stop)))
    if former or (is_private(view.lower(index)) and not is_body(view.lower(index))):
        return None
    return view.span(first, stop) if noun_of(view, end, stop) else mention.span


def _tokens_of(view: View, mention: Mention) -> tuple[int, int]:
    inside = [index for index in range(len(view)) if view.mention(index) is mention]
    return inside[0], inside[-1] + 1


def _end_of_office(view: View, start: int) -> int:
    """Return where the office or body after a mention ends; `start` where none follows."""
    index = start
    if index < len(view) and view.tokens[index].is_possessive:
        index += 1
    end = start
    while index < len(view) and view.mention(index) is None:
        word = view.lower(index)
        if not (word in words.MODIFIERS or speaks(word)):
            break
        index += 1
        if speaks(word):
            end = index
    return end


def _office_of(view: View, first: int) -> str:
    """Return the noun of the office that stands before a mention ("the foreign minister of Norway")."""
    place = first - 1
    if view.lower(place) == "the":
        place -= 1
    if view.lower(place) not in ("of", "for"):
        return ""
    start = first_of_office(view, place - 1)
    noun = noun_of(view, start, place)
    return noun if is_office(noun) or is_body(noun) else ""

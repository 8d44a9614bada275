"""What stands around a mention of the codebook: the office, body or somebody else that it is tied to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from stancelab.article.pairs import words
from stancelab.article.pairs.body_offices import is_body_office
from stancelab.article.pairs.kinds import is_common
from stancelab.article.pairs.modifying import only_modifies
from stancelab.article.pairs.office_words import first_of_office, is_no_holder, is_office_word, noun_of, role_of
from stancelab.article.pairs.view import is_body, is_office, is_private, speaks

if TYPE_CHECKING:
    from stancelab.article.pairs.body_offices import States
    from stancelab.article.pairs.view import View
    from stancelab.article.types import Mention
    from stancelab.schema import Span

#: Words of an apposition or predicate in which the kind of a body is told ("a small environmental group").
_LONGEST_KIND: Final = 6
#: Words of an apposition before the noun of an occupation ("a retired naval historian").
_LONGEST_OCCUPATION: Final = 4
#: Words that begin a clause.
_CLAUSE_BEGINS: Final = words.CONJUNCTIONS | {"what", "how", "why", "once", "after", "before", "until", "since"}
#: Past tenses that end otherwise than in "ed".
_IRREGULAR: Final = words.word_set(
    """
    left took made gave went met sent withdrew broke kept began led won lost fought came brought chose drew
    drove fell got grew hit let paid ran sold spent struck won set cut shot quit vetoes signs joins leaves takes
    makes gives sends breaks keeps leads plans wants needs tries fails helps held stood saw felt put
    """
)


def entry_offices(view: View, is_state: States, is_person: States) -> list[tuple[str, str]]:
    """Return the offices and bodies that a sentence ties to entries, as (role, entry) in order.

    "the Pakistani envoy", "Norway's foreign ministry", "the deputy premier of Russia", "the African Union" (a union),
    and "President Ada Rook" where she is an entry.
    """
    found = []
    for mention in view.mentions:
        first, end = _tokens_of(view, mention)
        if not mention.source:
            continue
        if speaks(view.lower(end - 1)) or _is_demonym_with_office(view, first, end):
            found.append((role_of(view, first, end), mention.entry))
        stop = _end_of_office(view, end)
        role = role_of(view, end, stop)
        if role:
            found.append((role, mention.entry))
        before = _office_of(view, first)
        if before:
            found.append((before, mention.entry))
        if is_person(mention.entry):
            held = role_of(view, first_of_office(view, first - 1), first)
            found += [(held, mention.entry)] if is_office(held.split(" ")[-1]) else []
        elif not is_state(mention.entry):
            found += [(noun, mention.entry) for noun in _kinds_told(view, first, end)]
    return found


def _is_demonym_with_office(view: View, first: int, end: int) -> bool:
    """Tell whether a mention is an adjective with an office that ends otherwise ("Spanish minister of defence")."""
    noun = noun_of(view, first + 1, end)
    return is_office(noun) and view.tokens[end - 1].text.islower()


def named_source(view: View, mention: Mention, is_state: States) -> Span | None:
    """Return the words by which a mention is a source, with its office ("Norwegian Foreign Minister").

    None where the mention only says whose or where from somebody else is ("a Norwegian analyst", "Turkey's opposition",
    "victims of Russia").
    """
    first, end = _tokens_of(view, mention)
    stop = _end_of_office(view, end)
    index = stop
    if index < len(view) and view.tokens[index].is_possessive:
        index += 1
    former = any(view.lower(place) == "former" for place in (first - 1, *range(end, stop)))
    of_other = is_private(view.lower(index)) and not is_body(view.lower(index))
    own = not is_state(mention.entry) and (view.lower(index) in words.PRIVATE_BODIES or is_body_office(view, index))
    if former or (of_other and not own):
        return None
    office = noun_of(view, end, stop)
    if only_modifies(view, first, stop if office else end, state=is_state(mention.entry)):
        return None
    return view.span(first, stop) if office else mention.span


def named_person(view: View, person: Mention) -> Span | None:
    """Return the name of a person where it is a source; None for "critics of Lund", "Lund's critics"."""
    first, end = _tokens_of(view, person)
    after = end + 1 if end < len(view) and view.tokens[end].is_possessive else end
    if after > end and is_private(view.lower(after)) and not is_body(view.lower(after)):
        return None
    start = first
    while start > 0 and _is_before_person(view, start - 1):
        start -= 1
    return None if only_modifies(view, start, end, state=True) else person.span


def _is_before_person(view: View, index: int) -> bool:
    """Tell whether a token is of the office before a person's name, or of whose that is."""
    known = view.mention(index) is not None or view.tokens[index].is_possessive
    return known or is_office_word(view, index) or view.lower(index) in words.TITLES


def is_clause_subject(view: View, span: Span) -> bool:
    """Tell whether words begin a clause and a verb follows them ("said Norway would", "Norway rejected")."""
    inside = [index for index, token in enumerate(view.tokens) if span.start <= token.start < span.end]
    if not inside:
        # "The US-China talks": the second name begins inside of a token, and is no subject.
        return False
    before, after = inside[0] - 1, inside[-1] + 1
    if view.lower(before) == "the":
        before -= 1
    while view.lower(after) in words.ADVERBS:
        after += 1
    opens = before < 0 or not view.tokens[before].is_word or view.lower(before) in _CLAUSE_BEGINS
    begins = opens or view.lower(before) in words.REPORTING
    verb = view.lower(after)
    is_verb = verb in words.AUXILIARIES or verb in words.REPORTING or verb in _IRREGULAR or verb.endswith("ed")
    return begins and is_verb and (after >= len(view) or not view.tokens[after].has_capital)


def is_past(verb: str) -> bool:
    """Tell whether a word looks like the past tense of a verb, or like "have"."""
    return verb in _IRREGULAR or verb in ("have", "said", "told") or (verb.endswith("ed") and len(verb) > 4)


def is_named_person(view: View, start: int, end: int) -> bool:
    """Tell whether a name is shown to be a person's by an occupation behind it: "Ada Rook, a historian who"."""
    name = all(view.tokens[index].has_capital for index in range(start, end) if view.tokens[index].is_word)
    if view.lower(end) != "," or view.lower(end + 1) not in ("a", "an", "the") or end - start == 1 or not name:
        return False
    for index in range(end + 2, min(end + 2 + _LONGEST_OCCUPATION, len(view))):
        word = view.lower(index)
        if word in words.PREPOSITIONS or word in words.CONJUNCTIONS or not view.tokens[index].is_word:
            return False
        if word in words.PEOPLE:
            return True
    return False


def heading_of(view: View) -> str:
    """Return the entry that heads a paragraph of a digest ("Green Party (governing): …"), "" if none."""
    mention = view.mention(0)
    if mention is None or not mention.source:
        return ""
    end = next((index for index in range(len(view)) if view.mention(index) is not mention), len(view))
    if view.lower(end) == "(":
        end = next((index + 1 for index in range(end, len(view)) if view.lower(index) == ")"), end)
    return mention.entry if view.lower(end) == ":" else ""


def body_in(view: View, start: int, end: int) -> int | None:
    """Return the body that is part of an office's words ("a Commission spokeswoman"), which the office is of."""
    for index in range(start, end - 1):
        if is_common(view.lower(index)) and view.mention(index) is None:
            return index
    return None


def end_of_body(view: View, start: int) -> int:
    """Return where the body behind a possessive ends ("her government"), 0 where none follows."""
    index = start + 1
    while view.lower(index) in words.MODIFIERS and not is_body(view.lower(index)):
        index += 1
    return index + 1 if is_body(view.lower(index)) else 0


def _kinds_told(view: View, first: int, end: int) -> list[str]:
    """Return the common nouns that a sentence ties to a body.

    "The Green party", "the charity Harbor Aid", "Harbor Aid, a charity with a shelter", "Harbor Aid is a charity".
    """
    found = [view.lower(place) for place in (end, first - 1) if _is_kind(view, place)]
    start = end + (view.lower(end) in (",", "is", "was"))
    if start > end and view.lower(start) in ("a", "an", "the"):
        for index in range(start + 1, min(start + _LONGEST_KIND, len(view))):
            word = view.lower(index)
            if word in words.PREPOSITIONS or word in words.CONJUNCTIONS or not view.tokens[index].is_word:
                break
            if _is_kind(view, index):
                found.append(word)
    return found


def _is_kind(view: View, index: int) -> bool:
    return view.mention(index) is None and is_common(view.lower(index))


def _tokens_of(view: View, mention: Mention) -> tuple[int, int]:
    low, high = mention.span
    inside = [index for index, token in enumerate(view.tokens) if token.start < high and low < token.end]
    return (inside[0], inside[-1] + 1) if inside else (0, 0)


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
    held = (is_office(noun) or is_body(noun)) and not is_no_holder(view, max(start - 1, 0), place)
    return role_of(view, start, place) if held else ""

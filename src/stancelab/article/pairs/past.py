"""What a sentence spoke of, as the next ones may speak of it again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from stancelab.article.pairs import words
from stancelab.article.pairs.described import noun_follows
from stancelab.article.pairs.offices import is_past
from stancelab.article.pairs.openings import sentence_subject
from stancelab.article.pairs.seen import Past

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stancelab.article.pairs.described import Description
    from stancelab.article.pairs.heard import Heard
    from stancelab.article.pairs.nouns import Noun
    from stancelab.article.pairs.seen import Seen
    from stancelab.article.pairs.view import View
    from stancelab.article.types import Mention

#: What "of" may stand behind without a noun of its own.
_NO_NOUNS: Final = words.word_set(
    """
    because instead out favour favor spoke approved force adoption launch ratification introduction signing return
    suspension resumption extension implementation approval rejection start end idea
    """
)
#: What stands behind a verb in "s" and hardly behind a plural.
_BEHIND_VERBS: Final = (
    words.DETERMINERS
    | frozenset(words.POSSESSIVES)
    | words.word_set("four five six seven eight nine ten no only nobody")
)
_PLACES: Final = frozenset(["in", "at", "near", "from"])
_ARTICLES: Final = frozenset(["a", "an", "the"])


def past_of(
    view: View,
    seen: Seen,
    found: Mapping[int, Sequence[Mention]],
    others: Sequence[Description],
    heard: Sequence[Heard],
) -> Past:
    """Return what a sentence spoke of.

    Args:
        view: The sentence.
        seen: What its section has named.
        found: What its words stand for, by their first token.
        others: Its noun phrases that stand for no entry.
        heard: Its sources.
    """
    named = [(one.span.start, one.entry) for one in (*view.mentions, *view.people)]
    elsewhere = [(start, entry) for start, entry in named if not _is_place(view, start)]
    named += [(one.span.start, one.entry) for own in found.values() for one in own]
    named += [(one.span.start, one.entry) for one in heard if one.how == "carried" and one.span is not None]
    elsewhere += named[len(view.mentions) + len(view.people) :]
    entries = tuple(dict.fromkeys(entry for _, entry in sorted(named)))
    subject, other = _subject_of(view, named, others)
    ends = {one.end for one in others}
    inner = frozenset(one.entry for one in view.mentions if _is_inner(view, seen, one, ends))
    nouns = tuple(one.noun for one in others)
    fresh = tuple(one.noun for one in others if _is_fresh(view, one))
    places = frozenset(entries) - {entry for _, entry in elsewhere}
    return Past(view.sentence.number, entries, subject, inner, places, nouns, fresh, other)


def _subject_of(
    view: View, named: Sequence[tuple[int, str]], others: Sequence[Description]
) -> tuple[tuple[str, ...], Noun | None]:
    """Return the entries that a sentence begins with, and the noun of its subject where that stands for none."""
    phrase = sentence_subject(view)
    if phrase is None:
        return (), None
    low, high = view.span(phrase.start, phrase.end)
    subject = phrase.entries or tuple(dict.fromkeys(entry for start, entry in sorted(named) if low <= start < high))
    # "The fee and the registry will start": neither is the topic alone.
    subject = () if view.lower(phrase.end) == "and" else subject
    first = next((one for one in others if one.start == phrase.start), None)
    return subject, None if subject or first is None else first.noun


def _is_inner(view: View, seen: Seen, mention: Mention, ends: set[int]) -> bool:
    """Tell whether a mention is part of another noun's phrase: "the amendment to the charter", "charter rules"."""
    first = next((index for index, token in enumerate(view.tokens) if token.end > mention.span.start), 0)
    place = first - 1 - (view.lower(first - 1) in _ARTICLES)
    noun = view.lower(place) == "of" and view.lower(place - 1) not in _NO_NOUNS
    behind = noun or (view.lower(place) in words.PREPOSITIONS - {"of"} and place in ends)
    last = next((index for index, token in enumerate(view.tokens) if token.start >= mention.span.end), len(view))
    # "The plan fills four pages".
    verb = view.lower(last).endswith("s") and view.lower(last + 1) in _BEHIND_VERBS
    return behind or (not seen.is_plural(mention.entry) and not verb and noun_follows(view, last))


def _is_fresh(view: View, one: Description) -> bool:
    """Tell whether a noun phrase is a new thing that a verb brings in: "wrote a report", "has built a fence"."""
    verb = view.lower(one.start - 1)
    return view.lower(one.start) in ("a", "an") and verb not in words.AUXILIARIES and is_past(verb)


def _is_place(view: View, start: int) -> bool:
    """Tell whether a name that begins at a place of the text is where something is ("in Oslo", "in the Azores")."""
    index = next((place for place, token in enumerate(view.tokens) if token.end > start), 0)
    index -= view.lower(index - 1) == "the"
    return view.lower(index - 1) in _PLACES

"""Who speaks in the turns of an interview.

- A label that is the name of an entry, or of a person who stands for one, is that entry's; so is a person's surname in
  capitals, and the initials of one person alone. Other names are somebody else's.
- "A", and what follows questions where they alone are marked, is the interviewee's: the one person whom the article
  introduces with an office, or the one entry that it says an interview is with. Where the article has several or none,
  or nobody says "I" or "we" in the answers, nobody is heard.
- Who asks is nobody.
- The name of a state or body before a colon is a heading of a digest ("Norway: The opposition said"), unless "I" or
  "we" stands in the turn outside of quotation marks.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from stancelab.article.pairs import words
from stancelab.article.pairs.actors import Actor
from stancelab.article.pairs.openings import after_dateline
from stancelab.article.pairs.quotes import Quotation, quotations_of
from stancelab.article.pairs.turns import is_answering, plain, turns_of
from stancelab.schema import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from stancelab.article.pairs.body_offices import States
    from stancelab.article.pairs.people import People
    from stancelab.article.pairs.turns import Turn
    from stancelab.article.pairs.view import View
    from stancelab.article.types import Document, Sentence

#: "I" or "we" as a word of its own.
_FIRST_PERSON: Final = re.compile(r"(?<![\w'’])(?:I|[Ww]e|[Mm]y|[Oo]ur)(?![\w-])")
#: Words right before the name of who is interviewed, without prepositions, titles and offices.
_WITH: Final = words.word_set(
    "interview interviewed conversation spoke speaks talked talks asked met questions interviews sat discussion"
)
_BETWEEN: Final = words.word_set("with to of for the a an down by")
#: Words after the name of who is interviewed.
_AFTER: Final = words.word_set("spoke speaks talked talks answers answered explains explained sat told tells discusses")

_US: Final = frozenset(["us", "me", "this"])


def spoken_turns(
    document: Document,
    sentences: Sequence[Sentence],
    view: Callable[[int], View],
    people: People,
    is_state: States,
) -> dict[Quotation, tuple[Actor, Actor]]:
    """Return the turns of an interview as quotations, each with its speaker and with who is spoken to.

    Who is spoken to in a question is who speaks next. There is none where there is no interview.

    Args:
        document: The document.
        sentences: Its sentences, in order.
        view: Gives a sentence by its place, with its mentions and the persons who are known.
        people: The persons who stand for an entry.
        is_state: Tells of an entry whether it is a state.
    """
    turns = turns_of(document, sentences)
    if not turns:
        return {}
    views = [view(index) for index in range(len(sentences))]
    guest = _interviewee(document, turns, views, people)
    spoken: list[tuple[Quotation, Actor, bool]] = []
    for turn in turns:
        says_i = _says_i(document.text, turn.span)
        actor = Actor(())
        if not turn.asks and (is_answering(turn.label) or not turn.label):
            actor = guest
        elif not turn.asks:
            actor = _named(turn, views, people)
            if actor.entries and not (actor.person or says_i):
                continue
        # With its label, which is no subject of what is said.
        start = turn.span.start if turn.place is None else turn.place.start
        spoken.append((Quotation((Span(start, turn.span.end),), is_speech=True, is_turn=True), actor, turn.asks))
    found = {}
    for (quotation, actor, asks), after in zip(spoken, [*spoken[1:], None], strict=False):
        answers = asks and after is not None and not after[2]
        found[quotation] = actor, after[1] if answers and after is not None else Actor(())
    return found


def _says_i(text: str, span: Span) -> bool:
    """Tell whether a turn says "I" or "we" itself, not in what it quotes."""
    quoted = [stretch for quotation in quotations_of(text[span.start : span.end]) for stretch in quotation.spans]
    places = (found.start() - span.start for found in _FIRST_PERSON.finditer(text, *span))
    return any(not any(low <= place < high for low, high in quoted) for place in places)


def _named(turn: Turn, views: Sequence[View], people: People) -> Actor:
    """Return whom a label names."""
    entry = people.called(plain(turn.label))
    if entry:
        return Actor((entry,), True, gender=people.gender(plain(turn.label)))
    for view in views:
        for mention in (*view.mentions, *view.people):
            inside = turn.place is not None and turn.place.start <= mention.span.start < turn.place.end
            if inside and mention.source:
                return Actor((mention.entry,), True if mention in view.people else None)
    return Actor((), True)


def _interviewee(document: Document, turns: Sequence[Turn], views: Sequence[View], people: People) -> Actor:
    """Return the one person whom an article interviews; an actor without entries where it has several or none."""
    answers = [turn for turn in turns if not turn.asks and (not turn.label or is_answering(turn.label))]
    if not any(_FIRST_PERSON.search(document.text, *turn.span) for turn in answers):
        return Actor(())
    first = min((turn.place or turn.span).start for turn in turns)
    before = [view for view in views if view.sentence.span.end <= first]
    told = {entry for view in before for entry in _told(view)}
    if len(told) == 1:
        return Actor(tuple(told), True)
    introduced = people.introduced()
    return Actor((introduced[0],), True) if len(introduced) == 1 and not told else Actor(())


def _told(view: View) -> set[str]:
    """Return the entries that a sentence says an interview is with."""
    found = set()
    for mention in (*view.mentions, *view.people):
        inside = [
            index for index, token in enumerate(view.tokens) if mention.span.start <= token.start < mention.span.end
        ]
        if not inside or not mention.source:
            continue
        place = inside[0] - 1
        while place >= 0 and _is_between(view, place):
            place -= 1
        if (
            (view.lower(place) in _WITH and place < inside[0] - 1)
            or view.lower(inside[-1] + 1) in _AFTER
            or (inside[0] == after_dateline(view) and _speaks_to_us(view, inside[-1] + 1))
        ):
            found.add(mention.entry)
    return found


def _speaks_to_us(view: View, start: int) -> bool:
    """Tell whether a sentence says behind a token that its subject spoke to us."""
    return any(
        view.lower(index) in _AFTER and view.lower(index + 1) in ("to", "with") and view.lower(index + 2) in _US
        for index in range(start, len(view))
    )


def _is_between(view: View, index: int) -> bool:
    word = view.lower(index)
    office = word in words.OFFICES or word in words.MODIFIERS or word in words.TITLES or word in words.PRIVATE_BODIES
    return word in _BETWEEN or office or view.mention(index) is not None or view.tokens[index].text in (",", "'s", "’s")

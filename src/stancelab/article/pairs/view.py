"""A sentence as the rules of sources see it: words with their places, mentions, and what is quoted."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from stancelab.article.pairs import words
from stancelab.schema import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from stancelab.article.pairs.quotes import Quotation
    from stancelab.article.types import Mention, Sentence

_TOKEN: Final = re.compile(
    r"(?:[^\W\d_]\.){2,}"  # U.S.
    r"|['’]s\b|(?<=s)['’](?!\w)"  # possessives
    r"|[^\W_]+(?:(?:['’](?!s\b)|[-‐‑])[^\W_]+)*"  # O'Brien, Secretary-General
    r"|\S"
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word or sign of a document.

    Attributes:
        start: Where it begins in the document's text.
        end: Where it ends.
        text: The word.
        lower: The word in lower case.
        quoted: Whether it stands between quotation marks.
        spoken: Whether it stands in a quotation or in a turn of an interview.
    """

    start: int
    end: int
    text: str
    lower: str
    quoted: bool
    spoken: bool

    @property
    def is_word(self) -> bool:
        """Whether it is a word, not a sign or a possessive's ending."""
        return self.text[0].isalnum()

    @property
    def is_possessive(self) -> bool:
        """Whether it is the ending of a possessive."""
        return self.text in ("'s", "’s", "'", "’")

    @property
    def is_mark(self) -> bool:
        """Whether it is a quotation mark."""
        return self.text in ('"', "“", "”", "«", "»", "‘", "’", "'")

    @property
    def has_capital(self) -> bool:
        """Whether it begins with a capital letter."""
        return self.text[0].isupper()


class _Stretches:
    """The stretches of some quotations, which do not overlap."""

    def __init__(self, quotations: Iterable[Quotation]) -> None:
        self._spans = sorted(span for quotation in quotations for span in quotation.spans)
        self._starts = [span.start for span in self._spans]

    def has(self, place: int) -> bool:
        """Tell whether a place of the text is in one of them."""
        index = bisect_right(self._starts, place) - 1
        return index >= 0 and place < self._spans[index].end


@dataclass(frozen=True, slots=True)
class Cities:
    """The cities of a codebook, folded and in lower case, with the entry that an office in one is of.

    Attributes:
        states: City -> the state whose governments, ministries and the like are meant.
        officials: City -> the entry whose officials are meant, "" where that is not told.
    """

    states: Mapping[str, str] = field(default_factory=dict)
    officials: Mapping[str, str] = field(default_factory=dict)


class View:
    """One sentence of a document, by tokens.

    Attributes:
        sentence: The sentence.
        tokens: Its words and signs, in order.
        mentions: The codebook's mentions in it, in order.
        people: Names of persons who stand for an entry, as mentions of that entry; a mention of the codebook that
            overlaps with one gives way to it.
        cities: The cities of the codebook, as `places.cities_of` returns them.
    """

    def __init__(
        self,
        sentence: Sentence,
        mentions: Sequence[Mention],
        quotations: Sequence[Quotation],
        people: Sequence[Mention] = (),
        cities: Cities | None = None,
    ) -> None:
        self.sentence = sentence
        self.cities = cities or Cities()
        self.quotations = list(quotations)
        self.people = list(people)
        self.mentions = _apart(mentions, people)
        quoted = _Stretches(one for one in quotations if not one.is_turn)
        turns = _Stretches(one for one in quotations if one.is_turn)
        self.tokens = []
        for found in _TOKEN.finditer(sentence.text):
            start, end = found.start() + sentence.span.start, found.end() + sentence.span.start
            word, is_quoted = found.group(), quoted.has(start)
            self.tokens.append(Token(start, end, word, word.lower(), is_quoted, is_quoted or turns.has(start)))
        self._mention_at: dict[int, Mention] = {}
        ends = [token.end for token in self.tokens]
        for mention in (*self.mentions, *self.people):
            index = bisect_right(ends, mention.span.start)
            while index < len(self.tokens) and self.tokens[index].start < mention.span.end:
                self._mention_at[index] = mention
                index += 1
        self._person_ids = {id(person) for person in self.people}

    def __len__(self) -> int:
        return len(self.tokens)

    def with_people(self, people: Sequence[Mention]) -> View:
        """Return the sentence with other names of persons who stand for an entry."""
        return View(self.sentence, self.mentions, self.quotations, people, self.cities)

    def mention(self, index: int) -> Mention | None:
        """Return the mention that a token is part of."""
        return self._mention_at.get(index)

    def lower(self, index: int) -> str:
        """Return a token in lower case, "" outside of the sentence."""
        return self.tokens[index].lower if 0 <= index < len(self.tokens) else ""

    def text(self, span: Span) -> str:
        """Return the words of the sentence at a span of the document's text."""
        low = self.sentence.span.start
        return self.sentence.text[span.start - low : span.end - low]

    def span(self, start: int, end: int) -> Span:
        """Return where the tokens `start` to `end` (half-open) stand in the document's text."""
        return Span(self.tokens[start].start, self.tokens[end - 1].end)

    def is_person(self, index: int) -> bool:
        """Tell whether a token is part of the name of a person who stands for an entry."""
        return id(self.mention(index)) in self._person_ids

    def first_of(self, index: int) -> int:
        """Return the first token of the mention that a token is part of."""
        while index > 0 and self.mention(index - 1) is not None and self.mention(index - 1) is self.mention(index):
            index -= 1
        return index

    def name_end(self, start: int) -> int:
        """Return where a person's name that begins at a token ends; `start` where none does."""
        index = start
        while index < len(self.tokens) and index - start < _LONGEST_NAME:
            token = self.tokens[index]
            after_initial = index > start and len(self.tokens[index - 1].text) == 1 and token.text == "."
            after = index + 1 + (self.lower(index + 1) in words.PARTICLES)
            particle = index > start and token.lower in words.PARTICLES and self._is_name_word(after)
            if not (self._is_name_word(index) or after_initial or particle):
                break
            index += 1
        return index

    def _is_name_word(self, index: int) -> bool:
        if not 0 <= index < len(self.tokens):
            return False
        token = self.tokens[index]
        named = self.mention(index) is None or self.is_person(index)
        return (
            token.is_word
            and token.has_capital
            and named
            and "." not in token.text
            and token.lower not in words.NO_NAMES
        )


#: Tokens of a name; longer runs of capitals are headlines.
_LONGEST_NAME: Final = 7


def _apart(mentions: Sequence[Mention], people: Sequence[Mention]) -> list[Mention]:
    """Return the mentions that overlap with no person's name; the names are in order and do not overlap."""
    ends = [person.span.end for person in people]
    found = []
    for mention in mentions:
        place = bisect_right(ends, mention.span.start)
        if place == len(people) or people[place].span.start >= mention.span.end:
            found.append(mention)
    return found


def singular(noun: str) -> str:
    """Return the singular of a regular noun ("ministries" -> "ministry")."""
    if noun.endswith("ies") and len(noun) > 4:
        return noun[:-3] + "y"
    if noun.endswith("men"):
        return noun[:-3] + "man"
    return noun[:-1] if noun.endswith("s") and not noun.endswith("ss") else noun


def is_office(noun: str) -> bool:
    """Tell whether a noun, singular or plural, is an office that a person holds."""
    return noun in words.OFFICES or singular(noun) in words.OFFICES


def is_body(noun: str) -> bool:
    """Tell whether a noun, singular or plural, is a body."""
    return noun in words.BODIES or singular(noun) in words.BODIES


def is_document(noun: str) -> bool:
    """Tell whether a noun is a document that a body issues."""
    return noun in words.DOCUMENTS or singular(noun) in words.DOCUMENTS


def is_private(noun: str) -> bool:
    """Tell whether a noun is of people or things that do not speak for a state."""
    return noun in words.PRIVATE or singular(noun) in words.PRIVATE


def speaks(noun: str) -> bool:
    """Tell whether a noun is an office, body or document."""
    return is_office(noun) or is_body(noun) or is_document(noun)

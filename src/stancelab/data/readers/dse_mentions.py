"""Where the two bracketed entities of a DSE sentence stand, mended to word boundaries.

The corpus's brackets come from a named-entity tagger and are often off by some letters: "[Congre]ss", "[Kasich’]s",
"[the United State]s". Of its apostrophes many are lost: "[Britain]s" stands for "Britain's", and cannot be told from a
plural; in both cases the letter belongs to the word as it is printed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from stancelab.schema import Span

_BRACKETS: Final = re.compile(r"\[([^\[\]]*)\]")
#: Characters that begin or end no entity. A full stop is none of them: it may belong to an abbreviation.
_OUTSIDE: Final = " \t\u200b\u200e,;:-–—()“”\"'‘’/&"
#: A possessive's end, with or without its apostrophe, before the entity: "group[s Facebook]".
_POSSESSIVE: Final = re.compile(r"[’']?s\s+(?=\S)")
#: Words that follow an entity without a blank where a line break was lost; they do not continue its last word.
_RUN_ON: Final = frozenset({"the", "for"})


@dataclass(frozen=True)
class Bracketed:
    """A sentence with its brackets taken out.

    Attributes:
        text: The sentence, without blanks at its ends.
        as_bracketed: Where what the two brackets held stands in it, in their order.
        spans: The same, mended to word boundaries; an entity without a letter or digit stays as it was.
    """

    text: str
    as_bracketed: tuple[Span, Span]
    spans: tuple[Span, Span]

    @property
    def mended(self) -> int:
        """How many of the two spans were mended."""
        return sum(old != new for old, new in zip(self.as_bracketed, self.spans, strict=True))

    def words(self, which: int) -> str:
        """Return the words of the first (0) or second (1) entity."""
        return self.text[slice(*self.spans[which])]


def without_brackets(sentence: str) -> Bracketed | None:
    """Take the brackets out of a sentence, None where it has not just two pairs, side by side and filled."""
    matches = list(_BRACKETS.finditer(sentence))
    if len(matches) != 2 or sentence.count("[") != 2 or sentence.count("]") != 2:
        return None
    plain = sentence.replace("[", "").replace("]", "")
    cut = len(plain) - len(plain.lstrip())
    text = plain.strip()
    # Of the brackets before a place, one stands before the first entity and three before the second.
    first, second = (
        Span(match.start(1) - before - cut, match.end(1) - before - cut)
        for match, before in zip(matches, (1, 3), strict=True)
    )
    first, second = (_within(text, span) for span in (first, second))
    if first.start >= first.end or second.start >= second.end:
        return None
    return Bracketed(text, (first, second), (mended(text, first), mended(text, second)))


def mended(text: str, span: Span) -> Span:
    """Return a span without blanks, punctuation and possessive at its ends, and with the whole of its words.

    Args:
        text: The sentence.
        span: A range of it. One without a letter or digit is returned as it is.
    """
    start, end = span
    while start < end and text[start] in _OUTSIDE:
        if possessive := _POSSESSIVE.match(text, start, end):
            start = possessive.end()
            break
        start += 1
    else:
        after_letter = start > 0 and text[start - 1].isalpha()
        if after_letter and (possessive := _POSSESSIVE.match(text, start, end)):
            start = possessive.end()
    while end > start and text[end - 1] in _OUTSIDE and not _closes(text, start, end):
        end -= 1
    if not has_word(text[start:end]):
        return span
    return Span(_word_start(text, start), _word_end(text, end))


def has_word(words: str) -> bool:
    """Tell whether there is a letter or a digit."""
    return any(character.isalnum() for character in words)


def _within(text: str, span: Span) -> Span:
    """Cut off what a span has beyond the ends of the stripped text."""
    return Span(max(span.start, 0), min(span.end, len(text)))


def _closes(text: str, start: int, end: int) -> bool:
    """Tell whether the last character is a parenthesis that is opened within."""
    return text[end - 1] == ")" and "(" in text[start:end]


def _word_start(text: str, start: int) -> int:
    """Go back to the beginning of a word in which a span begins with a small letter, or of a word in capitals."""
    first, before = text[start], text[start - 1 : start]
    if not before.isalpha() or not (first.islower() or (first.isupper() and before.isupper())):
        return start
    while start > 0 and text[start - 1].isalpha():
        start -= 1
    return start


def _word_end(text: str, end: int) -> int:
    """Go on to the end of the word in which a span ends; a capital after small letters begins another word."""
    if not text[end - 1].isalpha():
        return end
    rest = re.match(r"[^\W\d_]*", text[end:])
    letters = rest[0] if rest else ""
    small = next((i for i, letter in enumerate(letters) if not letter.islower()), len(letters))
    if small and letters[:small] not in _RUN_ON:
        return end + small
    return end + len(letters) if len(letters) > 1 and letters.isupper() and text[end - 1].isupper() else end

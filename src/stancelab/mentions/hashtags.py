"""Words that are written as one behind "#" or "@": "#JoeBiden", "@joe_biden", "#StopTheRiverAccord"."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import regex

_TAG: Final = regex.compile(r"(?<![\w/.])[#@\uff03\uff20](\w+)")
#: The words of a tag, by capitals, digits and underscores: "BBCNews24" has BBC, News and 24.
_PARTS: Final = regex.compile(r"\p{Lu}+(?!\p{Ll})|\p{Lu}?[\p{Ll}\p{M}]+|\p{Nd}+|[\p{Lo}\p{Lm}\p{M}]+|\p{Lu}")
_WORDS: Final = regex.compile(r"[\w\p{M}]+")
#: Left out in tags as often as not.
_DETERMINERS: Final = ("the", "a", "an")


def has_tag(text: str) -> bool:
    """Return whether a text may hold a tag."""
    return "#" in text or "@" in text or "\uff03" in text or "\uff20" in text


@lru_cache(maxsize=10_000)
def words_of(words: str) -> tuple[str, ...]:
    """Return the words of a name in lower case; a name that is a tag itself is taken apart."""
    found = [part for word in words.split() for part in _own_parts(word)]
    while len(found) > 1 and found[0] in _DETERMINERS:
        del found[0]
    return tuple(found)


def _own_parts(word: str) -> list[str]:
    if word[:1] in "#@\uff03\uff20" and len(word) > 1:
        return [part.lower() for part in _PARTS.findall(word[1:])]
    return [each.lower() for each in _WORDS.findall(word)]


def find_in_tags(text: str, words: str) -> tuple[int, int] | None:
    """Return the first tag, or part of a tag, that says some words, or None.

    A tag that is written without capitals says them only as a whole ("#joebiden"). The sign before the tag is no part
    of the range.
    """
    wanted = words_of(words)
    joined = "".join(wanted)
    if not joined:
        return None
    for tag in _TAG.finditer(text):
        if tag[1].replace("_", "").lower() == joined:
            return (tag.start(1), tag.end(1))
        parts = [(part[0].lower(), *part.span()) for part in _PARTS.finditer(text, *tag.span(1))]
        for first in range(len(parts)):
            said = ""
            for part, _, end in parts[first:]:
                said += part
                if said == joined:
                    start: int = parts[first][1]
                    return start, end
                if not joined.startswith(said):
                    break
    return None

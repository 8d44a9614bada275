"""What hyphens make of the names that they join with other words.

In "US-China talks" both names are mentions. In "pro-Kremlin" and "anti-American" the name may be a target: the compound
says what it is for or against. In all others ("Moscow-based", "US-led", "Franco-German", "ex-Soviet") it is part of
another word, which is no mention; so is that of a currency ("US$40").
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final

import regex

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stancelab.article.codebook.names import Found

#: Hyphens, the minus sign and the en dash; an em dash parts words.
_HYPHENS: Final = "-\u2010\u2011\u2012\u2013\u2212"
_STANCES: Final = regex.compile(rf"(?<!\w)(?:anti|pro)[{_HYPHENS}]$", regex.IGNORECASE)


#: "US- and UK-backed": the word that the first hyphen waits for comes later.
_SUSPENDED: Final = regex.compile(rf"[{_HYPHENS}]\s+(?:and|or|to)\s")


def joined(paragraph: str, found: Sequence[Found]) -> list[tuple[Found, bool]]:
    """Return the names that no hyphen makes part of another word, each with whether it may only be a target.

    Args:
        paragraph: The text.
        found: The names in it in their order, none of which overlap.
    """
    kept: list[tuple[Found, bool]] = []
    first = 0
    for last, each in enumerate(found):
        follows = found[last + 1] if last + 1 < len(found) else None
        if follows is not None and follows.start == each.end + 1 and paragraph[each.end] in _HYPHENS:
            continue
        chain = found[first : last + 1]
        first = last + 1
        start, end = chain[0].start, chain[-1].end
        is_stance = _STANCES.search(paragraph, max(start - 6, 0), start) is not None
        if _ends_in_word(paragraph, end) or (_begins_in_word(paragraph, start) and not is_stance):
            continue
        kept += [(one, is_stance) for one in chain]
    return kept


def _begins_in_word(paragraph: str, start: int) -> bool:
    return start > 1 and paragraph[start - 1] in _HYPHENS and paragraph[start - 2].isalnum()


def _ends_in_word(paragraph: str, end: int) -> bool:
    follows = paragraph[end : end + 1]
    if follows not in tuple(_HYPHENS):
        return unicodedata.category(follows or " ") == "Sc"
    return paragraph[end + 1 : end + 2].isalnum() or _SUSPENDED.match(paragraph, end) is not None

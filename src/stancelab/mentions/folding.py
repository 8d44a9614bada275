"""Texts in the form in which they are compared, with the places of its characters in the original.

Two strings that readers take for one may differ in letter case, in their Unicode normal form, in width ("ＥＵ"), in
curly and straight apostrophes, and in characters that are drawn as nothing (soft hyphens, zero-width spaces). The
folded form is close to NFKC_Casefold of the Unicode Standard (section 3.13). It is built grapheme by grapheme (Unicode
Standard Annex 29), so that a letter and its accents or vowel signs are never taken apart.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import regex

#: Characters of one text that count as others do, each for one character.
_EQUAL: Final = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u02bc\u02b9\u00b4\u0060", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-"),
        **dict.fromkeys("\u00a0\u202f\u2007\t\n\r\v\f", " "),
        "\u0130": "i",  # Turkish: capital I with its dot, small i without
        "\u0131": "i",
    }
)
#: Those of them that are no ASCII.
STRAIGHT: Final = {code: character for code, character in _EQUAL.items() if code > 0x7F}
_UNEQUAL: Final = re.compile("[" + "".join(map(re.escape, map(chr, _EQUAL))) + "]")
#: What a text may hold for lower case to be all that folding does: letters that are one character each in Latin and
#: Cyrillic script, and common punctuation. The soft hyphen (U+00AD) is none of them.
_PLAIN: Final = re.compile(
    "[\u0000-\u00ac\u00ae-\u024f\u0400-\u0482\u048a-\u052f\u1ea0-\u1ef9\u2010-\u201f\u2026\u2032\u2033\u20ac\u2212\u202f]*"
)
#: Graphemes, but visible ASCII characters that no mark can follow come in runs, for speed.
_GRAPHEMES: Final = regex.compile(r"[!-~]+(?=[ -~]|$)|\X")
#: Drawn as nothing, or as a mere variant of the character before; short vowels of Arabic and Hebrew, which may be
#: written or not; the stroke that lengthens Arabic words.
INVISIBLE: Final = regex.compile(
    r"[\p{Cf}\p{Default_Ignorable_Code_Point}\u0640\u064b-\u0652\u0670\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7]+"
)
#: May stand between two words in place of a blank.
_BREAK: Final = "\u200b"


def is_plain(text: str) -> bool:
    """Return whether lower case is all that folding does to a text, character by character."""
    return text.isascii() or _PLAIN.fullmatch(text) is not None


def fold_plain(text: str) -> str:
    """Return the folded form of a plain text, which has as many characters; runs of blanks stay."""
    return (text.translate(_EQUAL) if _UNEQUAL.search(text) else text).lower()


def fold(text: str) -> str:
    """Return the folded form of any text; runs of blanks are one."""
    text = INVISIBLE.sub("", unicodedata.normalize("NFKC", INVISIBLE.sub("", text.translate(_EQUAL)).casefold()))
    return " ".join(text.translate(_EQUAL).casefold().replace("i\u0307", "i").split())


@dataclass(frozen=True)
class Folded:
    """A folded text.

    Attributes:
        text: The folded form; runs of blanks are one.
        starts: For each of its characters where the grapheme it is from begins in the original.
        ends: Where that ends.
        breaks: Places in `text` at which the original has a zero-width space, and so may begin a new word.
    """

    text: str
    starts: list[int]
    ends: list[int]
    breaks: frozenset[int]


@lru_cache(maxsize=64)
def fold_with_places(text: str) -> Folded:
    """Fold a text grapheme by grapheme."""
    folded: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    breaks = set()
    for match in _GRAPHEMES.finditer(text):
        grapheme = match[0]
        if grapheme == _BREAK:
            breaks.add(len(folded))
            continue
        if len(grapheme) > 1 and grapheme.isascii() and not grapheme.isspace():
            folded += grapheme.translate(_EQUAL).lower()
            starts += range(match.start(), match.end())
            ends += range(match.start() + 1, match.end() + 1)
            continue
        characters = " " if grapheme.isspace() else _fold_grapheme(grapheme)
        if characters == " " and folded and folded[-1] == " ":
            continue
        folded += characters
        starts += [match.start()] * len(characters)
        ends += [match.end()] * len(characters)
    return Folded("".join(folded), starts, ends, frozenset(breaks))


@lru_cache(maxsize=20_000)
def _fold_grapheme(grapheme: str) -> str:
    return fold(grapheme)

"""Whether words may begin or end between two characters of a folded text, by script.

Unicode Standard Annex 29 finds words by letters and digits that follow each other. Four kinds of scripts need more:

- Chinese, Japanese, Thai, Lao, Khmer, Burmese and Tibetan set no blanks: words may begin and end at each grapheme.
  A run of Katakana is one word, as in the annex.
- Korean particles follow the word they belong to: a word may end before one.
- Arabic and Hebrew set conjunctions, prepositions and the article in front of a word: it may begin after them.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import regex

#: The kinds of characters.
NONE, LETTER, UNSPACED, KATAKANA, HANGUL = range(5)

_UNSPACED: Final = regex.compile(
    r"[\p{Han}\p{Hiragana}\p{Bopomofo}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Tibetan}\p{Tai_Le}\p{New_Tai_Lue}\p{Tai_Tham}"
    r"\p{Javanese}\p{Balinese}]"
)
_KATAKANA: Final = regex.compile(r"[\p{Katakana}\u30fc\uff70]")
_HANGUL: Final = regex.compile(r"\p{Hangul}")
_LETTER: Final = regex.compile(r"[\w\p{M}]")

#: Korean particles and forms of the copula that follow a noun, and the plural; several may follow each other.
_PARTICLES: Final = regex.compile(
    "(?:"
    "들|은|는|이|가|을|를|의|에|에서|에게|에게서|께|께서|한테|한테서|와|과|랑|이랑|하고|도|만|로|으로|부터|까지|처럼|보다|만큼|같이|마다|"
    "마저|조차|밖에|대로|뿐|나|이나|든지|이든|이든지|야|이야|여|이여|라도|이라도|라고|이라고|라는|이라는|란|이란|라며|이라며|로서|으로서|"
    "로써|으로써|측|다|이다|였다|이었다|인|임|이며|이고|이자|입니다|이에요|예요|인데|이지만|더러|보고|치고|커녕|은커녕|는커녕|씩"
    "){1,4}"
)
_KOREAN_WORD: Final = regex.compile(r"\p{Hangul}+")
#: What stands in front of an Arabic word: and, so; with, to, like, will; the article.
_ARABIC_PREFIX: Final = regex.compile(r"[\u0648\u0641]?[\u0628\u0643\u0644]?(?:\u0627\u0644|\u0644)?")
#: The same in Hebrew: and, that; in, to, from, like; the article.
_HEBREW_PREFIX: Final = regex.compile(r"\u05d5?\u05e9?[\u05d1\u05db\u05dc\u05de]?\u05d4?")
_PREFIXES: Final = ((regex.compile(r"\p{Arabic}+"), _ARABIC_PREFIX), (regex.compile(r"\p{Hebrew}+"), _HEBREW_PREFIX))
#: Shorter words are too often the end of others.
_SHORTEST_PREFIXED: Final = 3


@lru_cache(maxsize=20_000)
def kind_of(character: str) -> int:
    """Return the kind of a character; all that is no letter, digit, mark or underscore is `NONE`."""
    for kind, pattern in ((UNSPACED, _UNSPACED), (KATAKANA, _KATAKANA), (HANGUL, _HANGUL), (LETTER, _LETTER)):
        if pattern.match(character):
            return kind
    return NONE


def may_begin(text: str, place: int) -> bool:
    """Return whether a word may begin at a place of a folded text."""
    return place == 0 or _apart(text[place], text[place - 1]) or _after_prefix(text, place)


def may_end(text: str, place: int) -> bool:
    """Return whether a word may end at a place of a folded text."""
    if place == len(text) or _apart(text[place - 1], text[place]):
        return True
    if kind_of(text[place]) != HANGUL:
        return False
    rest = _KOREAN_WORD.match(text, place)
    return rest is not None and _PARTICLES.fullmatch(rest[0]) is not None


def _apart(inside: str, outside: str) -> bool:
    """Return whether the character outside of a range may be of another word than the one at its edge."""
    kinds = kind_of(inside), kind_of(outside)
    if kinds[1] == NONE or UNSPACED in kinds:
        return True
    return KATAKANA in kinds and kinds[0] != kinds[1]


def _after_prefix(text: str, place: int) -> bool:
    """Return whether only what is set in front of words stands between the beginning of an Arabic word and a place."""
    for script, prefix in _PREFIXES:
        rest = script.match(text, place)
        if rest is None or len(rest[0]) < _SHORTEST_PREFIXED:
            continue
        start = place
        while start and script.match(text, start - 1):
            start -= 1
        if (start == 0 or _apart(text[start], text[start - 1])) and prefix.fullmatch(text, start, place):
            return True
    return False

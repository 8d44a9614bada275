"""Whether a document is English, by the share of English function words and verbs among its words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from stancelab.article.pairs import words

if TYPE_CHECKING:
    from stancelab.article.pairs.settings import Language

#: Function words of English that are rare in other languages of the Latin script.
_FUNCTION_WORDS: Final = words.word_set(
    """
    the of and to that with was were is are by from has have had its it he she they which will would been said
    this not be as his her their but
    """
)
#: Function words of German, French, Spanish, Italian, Portuguese, Dutch, Danish, Swedish, Polish and Czech that are no
#: English words and rare in names.
_OTHERS: Final = words.word_set(
    """
    der das und ist mit den dem ein eine nicht zu auf für sich auch wird les des du et est un une que qui dans pas aux
    sont los las y en por una es se il gli di che è e non della dei del os em não uma het een dat niet te zijn og det at
    er af på och att som är w z na się nie jest że v ve
    """
)
#: English news has 25% to 45% function words; German, French, Spanish, Dutch and Danish articles below 6%.
#: Terse English has few of them, and verbs of English forms.
_LEAST_SHARE: Final = 0.12
#: Words at the beginning that are counted.
_COUNTED: Final = 2_000
#: A text with fewer words, such as a headline, is taken for English where its letters are Latin.
_FEWEST_WORDS: Final = 12

#: Words, with the possessives behind them.
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’]s\b)?")
#: The shortest past tense in "ed": "goed", "sted" and "med" are words of other languages.
_SHORTEST_PAST: Final = 5


def is_other_language(text: str, language: Language) -> bool:
    """Tell whether the rules for English are not for a text.

    Args:
        text: The text.
        language: What is said of it: english, other, or auto, which finds out.
    """
    return language == "other" or (language == "auto" and not is_english(text))


def shows_other_language(text: str, language: Language) -> bool:
    """Tell whether a text is not taken for English and has more function words of other languages than of English.

    Lists of names and notes of a few words are not taken for English either, and show no other language.
    """
    if language != "auto":
        return language == "other"
    found = [match.group().lower() for _, match in zip(range(_COUNTED), _WORD.finditer(text), strict=False)]
    is_more = sum(word in _OTHERS for word in found) > sum(word in _FUNCTION_WORDS for word in found)
    return is_more and not is_english(text)


def is_english(text: str) -> bool:
    """Tell whether a text is English.

    Terse texts have few function words ("Norway hailed NATO"): verbs of English forms and possessives count too there,
    where words of other languages are fewer.
    """
    found = [match.group() for _, match in zip(range(_COUNTED), _WORD.finditer(text), strict=False)]
    if len(found) < _FEWEST_WORDS:
        return sum(word.isascii() for word in found) * 2 >= len(found)
    least = _LEAST_SHARE * len(found)
    function = sum(word.lower() in _FUNCTION_WORDS for word in found)
    if function >= least:
        return True
    shown = function + sum(map(_is_english_form, found))
    return shown >= least and shown > sum(word.lower() in _OTHERS for word in found)


def _is_english_form(word: str) -> bool:
    """Tell whether a word is a possessive, a past tense, or a verb of reporting in the third person."""
    if word[-2:] in ("'s", "’s"):
        return True
    verb = word in words.REPORTING and word.endswith("s")
    return verb or (word.islower() and word.endswith("ed") and len(word) >= _SHORTEST_PAST)

"""How plausible a decoded text is: letters of one alphabet, words of one script, no stray signs.

Bytes that are not UTF-8 can be decoded by nearly every older encoding; what tells them apart is whether the result is
text. The letters beyond ASCII that each language writes are those of its standard alphabet.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import Final

ALPHABETS: Final[dict[str, str]] = {
    "French": "àâæçéèêëîïôœùûüÿ",
    "German": "äöüßé",
    "Spanish": "áéíóúñü",
    "Catalan": "àèéíïòóúüç",
    "Portuguese": "áâãàçéêíóôõú",
    "Italian": "àèéìíîòóùú",
    "Dutch": "áéëèïíöóüú",
    "Nordic": "åäöæøéü",
    "Icelandic": "áéíóúýþæöð",
    "Polish": "ąćęłńóśźż",
    "Czech": "áčďéěíňóřšťúůýž",
    "Slovak": "áäčďéíĺľňóôŕšťúýž",
    "Hungarian": "áéíóöőúüű",
    "Romanian": "ăâîşţșț",
    "Croatian": "čćđšž",
    "Turkish": "çğıöşüâîû",
    "Baltic": "āčēģīķļņšūžąęėįųõäöü",
    "Russian": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
    "Ukrainian": "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
    "Serbian": "абвгдђежзијклљмнњопрстћуфхцчџш",
    "Greek": "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ",
    "Hebrew": "אבגדהוזחטיךכלםמןנסעףפץצקרשת",
    "Arabic": "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىيپچژگ",
}
#: The ten or so most frequent letters of scripts that leave no word in ASCII; they are more than half of a text.
_FREQUENT_LETTERS: Final = {
    "Russian": "оеаинтсрвл",
    "Ukrainian": "оаниітвресл",
    "Serbian": "аоиентрсву",
    "Greek": "αοιετσνηυρςάίόήέ",
    "Hebrew": "יוהלארתבשמ",
    "Arabic": "اليمونرتبةهد",
}
_LETTERS: Final = {language: frozenset(letters) for language, letters in ALPHABETS.items()}
#: Signs beyond ASCII that stand between words.
_SIGNS: Final = frozenset("“”‘’„‚‹›«»–—…•€£§°·™®©¡¿½¼¾ªº×\xa0µ¥†‡²³、。「」『』（）！？，：；《》・ー～")
#: Of those the ones that stand inside a word too.
_INSIDE: Final = frozenset("’·\xa0-–—…“”‘„«»")
#: Letters that end a word.
_FINAL: Final = frozenset("ςךםןףץ")
_WORD: Final = re.compile(r"\S+")
#: Frequent characters of written Chinese, most of which are the same in both scripts, and those that are not.
_SIMPLIFIED: Final = frozenset(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年"
)
_TRADITIONAL: Final = frozenset(
    "的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年"
)
#: What English print has: 's and n't, quotes around words, dashes between words.
_PRINTED: Final = re.compile(
    r"(?<=[A-Za-z])’(?=(?:s|t|d|m|re|ll|ve)\b)|(?<![A-Za-z])[“‘](?=\w)|(?<=[\w.,;:!?…])[”’](?![A-Za-z])"
    r"|(?<![A-Za-z])[–—](?![A-Za-z])|(?<=[A-Za-z])—(?=[A-Za-z])|…|[•€£®™©](?![A-Za-z]) ?"
)
_ENGLISH: Final = re.compile(r"[A-Za-z]’(?:s|t|d|m|re|ll|ve)\b|“[^“”]+”")
#: How much of a text has to be as expected.
_SHARE: Final = 0.97
_FREQUENT: Final = 0.08


def is_plausible(text: str, *, chinese: bool = True, japanese: bool = True) -> bool:
    """Tell whether a decoded text looks like one that a person wrote; only its characters beyond ASCII are looked at.

    Args:
        text: The text.
        chinese: Whether it may be Chinese, as its encoding has it.
        japanese: Whether it may be Japanese.
    """
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    marks = Counter(character for word in words for character in word if not character.isascii())
    total = sum(marks.values())
    if not total:
        return True
    odd = sum(_oddities(word) for word in words)
    if odd > (1 - _SHARE) * total:
        return False
    letters = Counter({each: count for each, count in marks.items() if each.isalpha() and each not in _SIGNS})
    return not letters or _is_alphabetic(letters) or _is_eastern(letters, chinese, japanese)


def is_printed_english(text: str) -> bool:
    """Tell whether the only characters beyond ASCII are those of English print: quotes, apostrophes, dashes.

    Each stands where it does in print, and at least one is an apostrophe of English or a pair of quotes.
    """
    rest = _PRINTED.sub("", text)
    return rest.isascii() and (_ENGLISH.search(text) is not None)


def _oddities(word: str) -> int:
    """Count what no word has: signs inside it, a capital after a small letter, letters of two scripts."""
    odd = 0
    for before, character, after in zip(" " + word, word, word[1:] + " ", strict=False):
        if character.isascii():
            continue
        if unicodedata.category(character).startswith("M"):
            odd += before.isascii()
        elif not character.isalpha() and character not in _SIGNS:
            odd += 1
        elif character in _SIGNS and character not in _INSIDE and before.isalpha() and after.isalpha():
            odd += 0 if is_wide(before) else 1
        elif _is_misplaced(before, character, after):
            odd += 1
    return odd


def _is_misplaced(before: str, character: str, after: str) -> bool:
    """Tell whether a letter is final and not last, a capital after a small one, or beside one of another script."""
    if character in _FINAL and after.isalpha():
        return True
    if character.isupper() and before.isalpha() and before.islower():
        return True
    return character.isalpha() and any(_mixed(character, each) for each in (before, after))


def _mixed(one: str, other: str) -> bool:
    return other.isalpha() and _script(one) != _script(other) and not (is_wide(one) and is_wide(other))


def _script(character: str) -> str:
    return "LATIN" if character.isascii() else unicodedata.name(character, "").partition(" ")[0]


def is_wide(character: str) -> bool:
    """Tell whether a character is Chinese, Japanese or Korean."""
    return _script(character).startswith(("CJK", "HIRAGANA", "KATAKANA", "HANGUL"))


def _is_alphabetic(letters: Counter[str]) -> bool:
    """Tell whether letters are those of one alphabet, and in scripts of their own the usual ones frequent."""
    small: Counter[str] = Counter()
    for letter, count in letters.items():
        small[letter.lower()] += count
    total = sum(small.values())
    for language, alphabet in _LETTERS.items():
        if sum(small[each] for each in alphabet) >= _SHARE * total:
            frequent = _FREQUENT_LETTERS.get(language)
            if frequent is None or sum(small[each] for each in frequent) >= total / 2:
                return True
    return False


def _is_eastern(letters: Counter[str], chinese: bool, japanese: bool) -> bool:
    scripts: Counter[str] = Counter()
    for letter, count in letters.items():
        scripts[_script(letter)] += count
    total = sum(scripts.values())
    if max(scripts["HANGUL"], scripts["THAI"]) >= _SHARE * total:
        return True
    kana = scripts["HIRAGANA"] + scripts["KATAKANA"]
    if kana + scripts["CJK"] < _SHARE * total:
        return False
    frequent = max(sum(letters[each] for each in common) for common in (_SIMPLIFIED, _TRADITIONAL))
    is_chinese = chinese and not kana and frequent >= _FREQUENT * total
    return is_chinese or (japanese and scripts["HIRAGANA"] >= 0.2 * total)

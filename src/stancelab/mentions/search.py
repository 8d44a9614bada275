"""The first place of some words in a text: as whole words, else in a compound, else in a tag."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from stancelab.mentions.boundaries import may_begin, may_end
from stancelab.mentions.folding import Folded, fold, fold_plain, fold_with_places, is_plain
from stancelab.mentions.hashtags import find_in_tags, has_tag, words_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: A place in a text, in its characters, half-open.
Range = tuple[int, int]

_ARABIC_ARTICLE: Final = "\u0627\u0644"


@lru_cache(maxsize=4096)
def find_words(text: str, words: str) -> Range | None:
    """Return the first place of some words in a text, or None.

    Letter case, Unicode normal form, width, blanks, the shape of apostrophes and characters that are drawn as nothing
    do not count. A place inside another word is none (`boundaries` says what a word is in each script). A place that a
    hyphen joins with another word is taken where there is no other; after it a tag ("#JoeBiden" for "Joe Biden").

    Args:
        text: The text.
        words: The words, such as the name of a target.

    Returns:
        Where the words stand in `text`, in Python's characters.
    """
    wanted, plain = _wanted(words)
    if not wanted:
        return None
    found = _find_plain(text, wanted) if plain and is_plain(text) else _find_folded(text, wanted)
    if found is None and has_tag(text):
        found = find_in_tags(text, words)
    if found is None and wanted[0] in "#@" and len(wanted) > 1:
        spoken = " ".join(words_of(words))
        found = find_words(text, spoken) if spoken and spoken != wanted else None
    return found


def is_whole(text: str, start: int, end: int) -> bool:
    """Return whether a range of a text holds whole words: it cuts none, and no blanks stand at its ends."""
    if not 0 <= start < end <= len(text) or text[start].isspace() or text[end - 1].isspace():
        return False
    if is_plain(text):
        folded = fold_plain(text)
        return may_begin(folded, start) and may_end(folded, end)
    places = fold_with_places(text)
    if start not in places.starts or end not in places.ends:
        return False
    first = places.starts.index(start)
    last = len(places.ends) - places.ends[::-1].index(end)
    return holds_words(places, first, last)


def same_words(first: str, second: str) -> bool:
    """Return whether two strings are the same words in what `find_words` compares."""
    return fold(first) == fold(second)


@lru_cache(maxsize=50_000)
def _wanted(words: str) -> tuple[str, bool]:
    folded = fold(words)
    return folded, is_plain(folded)


def _find_plain(text: str, wanted: str) -> Range | None:
    """Search a text whose folded form has its characters; blanks between words may be several."""
    folded = fold_plain(text)
    found = _best(folded, ((start, start + len(wanted)) for start in _occurrences(folded, wanted)), _is_plain_word)
    if found is None and ((" " in wanted and "  " in folded) or "\u00df" in folded):
        return _find_folded(text, wanted)
    return found


def _find_folded(text: str, wanted: str) -> Range | None:
    """Search any text by its graphemes."""
    folded = fold(text)
    if wanted.startswith(_ARABIC_ARTICLE) and wanted not in folded:
        wanted = wanted[1:]  # the article loses its first letter after the preposition li-
    if wanted not in folded:
        return None
    places = fold_with_places(text)
    folded = places.text
    ranges = ((start, start + len(wanted)) for start in _occurrences(folded, wanted))
    found = _best(folded, ranges, lambda _, start, end: holds_words(places, start, end))
    return None if found is None else (places.starts[found[0]], places.ends[found[1] - 1])


def _occurrences(folded: str, wanted: str) -> Iterator[int]:
    start = folded.find(wanted)
    while start >= 0:
        yield start
        start = folded.find(wanted, start + 1)


def _best(folded: str, ranges: Iterator[Range], is_word: Callable[[str, int, int], bool]) -> Range | None:
    """Return the first range of whole words that no hyphen joins with others, else the first of whole words."""
    joined = None
    for start, end in ranges:
        if not is_word(folded, start, end):
            continue
        if not _in_compound(folded, start, end):
            return start, end
        joined = joined or (start, end)
    return joined


def _is_plain_word(folded: str, start: int, end: int) -> bool:
    before, after = folded[start - 1 : start], folded[end : end + 1]
    return not (before.isalnum() or before == "_" or after.isalnum() or after == "_")


def holds_words(places: Folded, start: int, end: int) -> bool:
    """Return whether a range of a folded text, counted in its characters, has whole graphemes and whole words."""
    starts, ends, text = places.starts, places.ends, places.text
    if (start and starts[start - 1] == starts[start]) or (end < len(text) and ends[end] == ends[end - 1]):
        return False
    begins = start in places.breaks or may_begin(text, start)
    return begins and (end in places.breaks or may_end(text, end))


def _in_compound(folded: str, start: int, end: int) -> bool:
    before, after = folded[max(start - 2, 0) : start], folded[end : end + 2]
    return (before[-1:] == "-" and before[:1].isalnum()) or (after[:1] == "-" and after[1:].isalnum())

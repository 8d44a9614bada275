"""Candidates by rules: names with capitals, their short forms, and phrases that come again."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from stancelab.article.codebook.words import FUNCTION_WORDS, NAME_WORDS
from stancelab.article.pairs.view import singular
from stancelab.article.pairs.words import ADVERBS, OFFICES
from stancelab.article.proposal.agency import shows_agency
from stancelab.article.proposal.tokens import words_of
from stancelab.article.proposal.words import NO_NAMES, NO_TOPICS, PERSONAL_TITLES, TITLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from stancelab.schema import Span

#: What may stand inside of a name in small letters.
_JOINTS: Final = frozenset(["of", "the", "for", "de", "del", "la", "le", "von", "van", "der", "den", "al", "bin"])
_LONGEST_NAME: Final = 6
_LONGEST_TOPIC: Final = 3
_ACRONYM: Final = re.compile(r"[A-Z][A-Za-z]?[A-Z][A-Za-z]*")
#: Words in front of a noun phrase.
_DETERMINERS: Final = frozenset(
    ["the", "a", "an", "this", "that", "these", "those", "its", "their", "his", "her", "our", "any", "such", "no"]
)
_VERB_ENDING: Final = re.compile(r".+(?:ed|ing|ly)$")
_SHORTEST_TOPIC: Final = 4
#: Words with which a sentence begins, before a name that is another one.
_OPENERS: Final = NO_TOPICS | ADVERBS | frozenset(
    ["afterwards", "elsewhere", "eventually", "finally", "initially", "moreover", "nearby", "nonetheless",
     "previously", "recently", "separately", "similarly", "unlike", "critics", "opponents", "supporters"]
)  # fmt: skip
#: Adverbs that make a time or a distance of the words before: "a week ago", "a little later".
_AFTER_NOUNS: Final = frozenset(["ago", "ahead", "apart", "away", "earlier", "later", "sooner"])
_DASHES: Final = (["-"], ["–"], ["—"])


@dataclass
class Candidates:
    """Counts names and phrases over documents.

    Attributes:
        names: Name -> how often it stands inside of sentences, or in several words anywhere.
        alone: Word with a capital -> how often it stands alone, also where it begins a sentence.
        documents: Name or phrase -> in how many documents.
        short: Short form -> names -> how often it was seen for it, such as an acronym in brackets.
        acting: Names that a sentence shows to speak or act.
        topics: Phrase -> how often.
        small: Words that were seen in small letters.
    """

    names: Counter[str] = field(default_factory=Counter)
    alone: Counter[str] = field(default_factory=Counter)
    documents: Counter[str] = field(default_factory=Counter)
    short: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    acting: set[str] = field(default_factory=set)
    topics: Counter[str] = field(default_factory=Counter)
    small: set[str] = field(default_factory=set)

    def add(self, sentences: Sequence[tuple[str, Sequence[Span]]]) -> None:
        """Count the names and phrases of a document.

        Args:
            sentences: The running sentences, each with the places in it that are known names already.
        """
        seen: set[str] = set()
        for text, known in sentences:
            words = words_of(text)
            self.small.update(word for word, _ in words if word.islower())
            is_known = [any(span.start <= start < span.end for span in known) for _, start in words]
            plain = [word for word, _ in words]
            for start, end in _runs(plain):
                if not any(word[:1].isalnum() for word in (*plain[:start], *plain[end:])):
                    break  # a cell or an item that is a name alone names no source with a target
                if not all(is_known[start:end]) and not _is_agency(plain, start, end):
                    self._add_name(plain, is_known, (start, end), seen)
            for phrase in _phrases(plain, is_known):
                self.topics[phrase] += 1
                seen.add(phrase)
        self.documents.update(seen)

    def _add_name(
        self, words: Sequence[str], is_known: Sequence[bool], run_of: tuple[int, int], seen: set[str]
    ) -> None:
        start, end = run_of
        begins = start == 0 or words[start - 1] in {'"', "“", "‘", "«", ":", "—", "–"}
        office = start
        while office < end and is_known[office]:
            office += 1
        if any(word.lower() in TITLES for word in words[start:office]):
            start, begins = office, False  # "Danish Foreign Minister" before a name
        title = _title_end(words, start, end)
        if title > start:
            start, begins = title, False  # "Fisheries Minister" before a name
        if begins and (words[start].lower() in _OPENERS or words[start].lower() in self.small):
            start, begins = start + 1, False  # "Members of the Harbour Union", "Later Weber"
        while start < end and _is_no_beginning(words[start]):
            start, begins = start + 1, False
        while start < end and words[end - 1].lower().rstrip(".") in _JOINTS:
            end -= 1
        run = list(words[start:end])
        if not run or end - start > _LONGEST_NAME or all(_is_no_name(word) for word in run):
            return
        name = " ".join(run)
        if shows_agency(words, start, end):
            self.acting.add(name)
        if len(run) == 1:
            self.alone[name] += 1
            if begins:
                return  # a capital that begins a sentence tells nothing
        self.names[name] += 1
        seen.add(name)
        if len(words) > end + 2 and words[end] == "(" and words[end + 2] == ")" and _ACRONYM.fullmatch(words[end + 1]):
            self.short[words[end + 1]][name] += 1


def _runs(words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield runs of words with capitals, which may hold joints such as "of the"."""
    start = 0
    while start < len(words):
        if not _has_capital(words[start]):
            start += 1
            continue
        end = start + 1
        while end < len(words):
            ahead = end
            while ahead < len(words) and words[ahead] in _JOINTS and ahead - end < 2:
                ahead += 1
            if ahead == len(words) or not _has_capital(words[ahead]):
                break
            end = ahead + 1
        yield start, end
        start = end


def _has_capital(word: str) -> bool:
    return word[:1].isupper() and word.lower().rstrip(".") not in NO_NAMES


def _is_no_beginning(word: str) -> bool:
    low = word.lower()
    return low.rstrip(".") in TITLES or low in _JOINTS or low in FUNCTION_WORDS


def _is_agency(words: Sequence[str], start: int, end: int) -> bool:
    """Tell whether a name is that of the news agency in a dateline: "BRUSSELS (Harbor News) - The Union said"."""
    return words[start - 1 : start] == ["("] and words[end : end + 1] == [")"] and words[end + 1 : end + 2] in _DASHES


def _title_end(words: Sequence[str], start: int, end: int) -> int:
    """Return where a name begins behind an office: "Fisheries Minister Jane Roe"; the start where there is none."""
    places = [place for place in range(start, end - 1) if words[place].lower() in PERSONAL_TITLES]
    return places[-1] + 1 if places and _has_capital(words[places[-1] + 1]) else start


def _is_no_name(word: str) -> bool:
    low = word.lower().rstrip(".")
    return low in TITLES or low in FUNCTION_WORDS or low in _JOINTS or (len(low) == 1)


def _phrases(words: Sequence[str], is_known: Sequence[bool]) -> Iterator[str]:
    """Yield phrases in small letters behind a determiner: "the rent cap" -> "rent cap"."""
    for place, word in enumerate(words):
        if word.lower() not in _DETERMINERS:
            continue
        end = place + 1
        while end < len(words) and end - place <= _LONGEST_TOPIC and _is_content(words[end]) and not is_known[end]:
            end += 1
        if end == place + 1 or (end < len(words) and end - place > _LONGEST_TOPIC and _is_content(words[end])):
            continue
        phrase = list(words[place + 1 : end])
        if not _AFTER_NOUNS.isdisjoint(phrase):
            continue  # a time or a distance
        while phrase and _VERB_ENDING.fullmatch(phrase[-1]):
            phrase.pop()
        if phrase and phrase[-1] not in NO_TOPICS and (len(phrase) > 1 or _may_stand_alone(phrase[0])):
            yield " ".join(phrase)


def _may_stand_alone(word: str) -> bool:
    """Tell whether a word may be a topic: long enough, and no office, which stands for the person who holds it."""
    return len(word) >= _SHORTEST_TOPIC and singular(word) not in OFFICES


def _is_content(word: str) -> bool:
    return word.islower() and word.isalpha() and word not in FUNCTION_WORDS and word not in NAME_WORDS

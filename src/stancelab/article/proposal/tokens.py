"""The words and signs of a sentence; owners inside of a name ("the Teachers' Union") are one word of it."""

from __future__ import annotations

import re
from typing import Final

from stancelab.article.pairs import words as known
from stancelab.article.pairs.view import is_body, singular
from stancelab.article.proposal.words import NO_SOURCES

_WORD: Final = re.compile(r"[^\W\d_][\w&]*(?:['’\-‐‑.](?!s\b)[^\W_]+)*\.?(?=\W|$)|\d[\w.,]*|['’]s\b|[^\w\s]")
#: An owner with a capital, before another word with one.
_OWNER: Final = re.compile(r"(?P<owner>[^\W\d_][\w\-‐‑]*)(?P<mark>['’]s?)(?=\s+(?P<next>[^\W\d_a-z]))")
#: Plurals whose possessive ends in "'s"; before a capital it is a part of a name.
_PLURALS: Final = known.word_set(
    """
    women men people peoples children fishermen policemen policewomen businessmen businesswomen servicemen
    servicewomen seamen craftsmen tradesmen salesmen horsemen countrywomen sportswomen
    """
)
#: Nouns of those who found unions and leagues.
_MEMBERS: Final = (known.PEOPLE | known.OFFICES) | known.word_set(
    """
    worker farmer teacher grower fisher welder packer miner docker driver nurse doctor student pupil parent mother
    father grandmother veteran pensioner tenant owner shareholder employer employee trader merchant writer author
    artist actor musician player voter citizen consumer user lawyer judge engineer scientist carpenter mason baker
    butcher sailor pilot soldier officer peasant herder shepherd logger planter refugee prisoner widow villager girl boy
    builder printer publisher editor broadcaster producer manufacturer importer exporter retailer
    """
)
#: What members own, besides bodies of states.
_OWNED: Final = (
    known.PRIVATE_BODIES | NO_SOURCES | known.word_set("front club society syndicate cooperative collective")
)
_ENDING: Final = re.compile(r".{2,}(?:ers|ors|ists|ants|ents|ians|ees)")
_BEFORE: Final = re.compile(r"(?P<word>[^\W_][\w\-‐‑]*)\s+\Z")
#: The words after an owner among which the body or thing is that it owns.
_NAME_AFTER: Final = re.compile(r"\s+(?:[^\W\d_a-z][\w\-‐‑]*|of|the|and|for|\s)+")
#: A quotation mark that opens, and one that may close or be an apostrophe.
_OPENED: Final = re.compile(r"(?<!\w)['‘](?=\w)")
_CLOSED: Final = re.compile(r"(?<=\S)['’](?!\w)")


def words_of(text: str) -> list[tuple[str, int]]:
    """Return the words and signs of a text, each with its place; words without the period of their sentence.

    An apostrophe that is a part of a name stays in its word: "Teachers'" of "the Teachers' Union", "Women's" of "the
    Women's League". That of another owner is a sign of its own, or with its s: "Norway", "'s", "Labour", "Party".
    """
    inside = {match.start("mark"): match.end("mark") for match in _OWNER.finditer(text) if _is_of_name(text, match)}
    found: list[tuple[str, int]] = []
    for match in _WORD.finditer(text):
        if found and match.start() in inside:
            word, start = found[-1]
            found[-1] = (word + text[match.start() : inside[match.start()]], start)
        else:
            found.append((_without_period(match.group()), match.start()))
    return found


def _is_of_name(text: str, match: re.Match[str]) -> bool:
    owner = match["owner"].lower()
    if not match["owner"][0].isupper():
        return False
    if match["mark"] != match["mark"][0]:
        return owner in _PLURALS
    if not owner.endswith("s") or _is_quoted(text, match.start("mark")):
        return False
    after = _NAME_AFTER.match(text, match.end())
    nouns = after.group().lower().split() if after else []
    if not any(is_body(noun) or noun in _OWNED for noun in nouns):
        return False
    if singular(owner) in _MEMBERS:
        return True
    before = _BEFORE.search(text[max(0, match.start() - 40) : match.start()])
    # "the Growers' Union", "National Growers' Union"; "Sanders' Green Party" is the party of Sanders.
    return (
        _ENDING.fullmatch(owner) is not None
        and before is not None
        and (before["word"].lower() in known.DETERMINERS or before["word"][0].isupper())
    )


def _is_quoted(text: str, place: int) -> bool:
    """Tell whether an apostrophe may close a quotation in single marks that is open before it."""
    return len(_OPENED.findall(text, 0, place)) > len(_CLOSED.findall(text, 0, place))


def _without_period(word: str) -> str:
    """Return a word without the period of its sentence; initials and abbreviations such as "U.S." keep theirs."""
    bare = word.removesuffix(".")
    return word if len(bare) <= 1 or "." in bare else bare

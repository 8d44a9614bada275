"""Whether a name is only a place: "in Moscow", "flew to Geneva", "Moscow suburbs", a dateline; "Moscow, Idaho"."""

from __future__ import annotations

import re
from typing import Final

import regex

_KINDS: Final = (
    r"(?:(?:central|downtown|nearby|northern|southern|eastern|western|north|south|east|west|greater|old)\s+)?"
)
_BEFORE: Final = re.compile(
    rf"(?:\b(?:in|near|outside|around|at|across|inside|throughout|via|leave|left|leaving|visit|visited|visiting)\s+{_KINDS}"
    r"|\b(?:visits?|trips?|travel\w*|fly|flew|flies|flying|flights?|went|returned|came|drove|moved|invited|summoned)"
    r"\s+(?:back\s+)?to\s+"
    r"|\b(?:north|south|east|west|outskirts|suburbs?|streets?|city|mayor|residents|people|university)\s+of\s+"
    r"|\b(?:central|downtown)\s+)$",
    re.IGNORECASE,
)
#: "Trust in Brussels" is no place.
_ABSTRACT: Final = re.compile(
    r"\b(?:trust|mistrust|distrust|confidence|faith|belief|believe[sd]?|interest\w*|disappoint\w*)\s+(?:in|at)\s+$",
    re.IGNORECASE,
)
_AFTER: Final = re.compile(
    r"(?:['\u2019]s?)?\s+(?:region|suburbs?|districts?|mayor|mayoral|residents?|airport|metro|subway|underground|police|court"
    r"|streets?|stock\s+exchange|time|marathon|university|hospital|city|cathedral|hotel|zoo|museum|apartment"
    r"|conference|summit|bureau|correspondent|newsroom)(?![\w-])",
    re.IGNORECASE,
)
#: "MOSCOW (AP) —", "Geneva, 5 May —", "KYIV, Ukraine —".
#: What follows begins a sentence, which tells it from "Moscow — long an ally — said".
_DATELINE: Final = regex.compile(
    r"(?:,\s(?:[^\n.!?\u2014\u2013-]|(?<=\b\p{Lu}\p{Ll}{2,3})\.(?=\s\d)){2,40}\.?)?(?:\s*\([^)\n]{2,30}\))?\s*(?:\u2014|\s\u2013|\s?--|\s-\s)\s*[\"'\u201c\u2018]?(?=\p{Lu})"
)
#: "Moscow, Idaho" and "Lebanon, Ohio", not "Canada, Texas and Ohio" or "On trade, Texas sued". Georgia, New York and
#: Washington are left out: they follow others in lists ("London, New York, Tokyo").
_US_STATES: Final = """
Alabama, Alaska, Arizona, Arkansas, California, Colorado, Connecticut, Delaware, Florida, Hawaii, Idaho, Illinois,
Indiana, Iowa, Kansas, Kentucky, Louisiana, Maine, Maryland, Massachusetts, Michigan, Minnesota, Mississippi, Missouri,
Montana, Nebraska, Nevada, New Hampshire, New Jersey, New Mexico, North Carolina, North Dakota, Ohio, Oklahoma, Oregon,
Pennsylvania, Rhode Island, South Carolina, South Dakota, Tennessee, Texas, Utah, Vermont, Virginia, West Virginia,
Wisconsin, Wyoming
"""
_STATE: Final = "|".join(r"\s+".join(each.split()) for each in _US_STATES.split(","))
_IN_US_STATE: Final = re.compile(rf",\s+(?:{_STATE})(?=[,.;:)]|$)(?!,\s+(?:and|or)\b)")
_LINE_START: Final = re.compile(r"(?:^|\n)[ \t]*$")
_WIDEST: Final = 40


def is_place(paragraph: str, start: int, end: int) -> bool:
    """Return whether a city at a range of a paragraph is only where something is."""
    before = paragraph[max(start - _WIDEST, 0) : start]
    if _BEFORE.search(before) and not _ABSTRACT.search(before):
        return True
    return _AFTER.match(paragraph, end) is not None or _is_dateline(paragraph, start, end)


def is_in_us_state(paragraph: str, end: int) -> bool:
    """Return whether a name that ends at a place of a paragraph is a town of the United States: "Lebanon, Ohio"."""
    return _IN_US_STATE.match(paragraph, end) is not None


def _is_dateline(paragraph: str, start: int, end: int) -> bool:
    if not _LINE_START.search(paragraph[max(start - _WIDEST, 0) : start]):
        return False
    return _DATELINE.match(paragraph, end) is not None

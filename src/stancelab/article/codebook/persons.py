"""Whether a name that persons bear too is that of a person: "Michael Jordan", "Jordan Henderson"."""

from __future__ import annotations

from typing import Final

import regex

_GIVEN_NAMES: Final = """
Aaron Adam Alan Albert Alexander Alice Amanda Amy Andrea Andrew Angela Ann Anna Anne Anthony Arthur Ashley Barbara
Benjamin Betty Beverly Brandon Brenda Brian Bruce Bryan Carl Carol Carolyn Catherine Charles Charlotte Cheryl Chris
Christian Christina Christine Christopher Cynthia Daniel David Deborah Debra Denise Denzel Dennis Diana Diane Donald
Donna Dorothy Douglas Dylan Edward Elizabeth Emily Emma Eric Ethan Eugene Evelyn Frances Frank Gary George Gerald
Gloria Grace Gregory Hannah Harold Harry Heather Helen Henry Isabella Jack Jacob Jacqueline James Janet Janice Jason
Jean Jeffrey Jennifer Jeremy Jerry Jesse Jessica Jim Joan Joe John Johnny Jonathan Jose Joseph Joshua Joyce Juan
Judith Judy Julia Julie Justin Karen Katherine Kathleen Keith Kelly Kenneth Kevin Kimberly Kyle Larry Laura Lauren
Lawrence Linda Lisa Logan Louis Madison Margaret Maria Marie Marilyn Mark Martha Mary Matthew Megan Melissa Michael
Michelle Mike Nancy Natalie Nathan Nicholas Nicole Noah Olivia Pamela Patricia Patrick Paul Peter Philip Rachel Ralph
Randy Raymond Rebecca Richard Robert Roger Ronald Rose Roy Russell Ruth Ryan Samantha Samuel Sandra Sara Sarah Scott
Sean Sharon Shirley Sophia Stephanie Stephen Steve Steven Susan Teresa Terry Theresa Thomas Timothy Tom Tyler
Victoria Vincent Virginia Walter Wayne William Willie Zachary Mr Mrs Ms Dr Sir Lord Lady Dame Justice
"""
_BEFORE: Final = regex.compile(r"(?<![\w-])(\p{Lu}[\p{L}'\u2019-]*)\.?\s+(?:\p{Lu}\.\s+)?$")
_AFTER: Final = regex.compile(r"\s+(\p{Lu}[\p{Ll}'\u2019-]+)")
_HEADLINE_WORDS: Final = """
Ambassador Army Authorities Border Cabinet Chancellor Court Defence Defense Embassy Envoy Finance Foreign Forces
General Government Governor Interior Is Has Will King Leader Leaders Military Minister Ministry Officials Parliament
Police President Prime Prince Princess Queen Says Sees Security Senate State Supreme To Troops Urges Warns Backs
Calls Condemns Denies Rejects Wants And Or In On At For With From Against After As Over Under Signs Seeks Joins Hosts
"""
#: Given names that stand before a family name: the most frequent of the United States' Social Security records.
_GIVEN: Final = frozenset(_GIVEN_NAMES.split())
#: What follows the name of a state and is no family name, in headlines above all.
_TITLES: Final = frozenset(_HEADLINE_WORDS.split())
#: "President of Georgia Ilia Orlov": behind an office's "of" the name is that of the state, whoever follows.
_OFFICE_OF: Final = regex.compile(r"(?<!\p{L})(\p{Lu}\p{L}+)\s+of\s+(?:the\s+)?(?:\p{Lu}[\p{L}'\u2019-]*\s*){1,3}$")
_WIDEST: Final = 40


def is_person(paragraph: str, start: int, end: int) -> bool:
    """Return whether a name at a range of a paragraph is part of the name of a person.

    It is where a frequent given name or "Mr" stands before it, or a word with a capital behind it that is no office.
    """
    before = _BEFORE.search(paragraph[max(start - _WIDEST, 0) : start])
    if before is not None and before[1] in _GIVEN:
        return True
    office = _OFFICE_OF.search(paragraph[max(start - _WIDEST, 0) : end])
    if office is not None and office[1] in _TITLES:
        return False
    after = _AFTER.match(paragraph, end)
    return after is not None and after[1] not in _TITLES

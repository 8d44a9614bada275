"""Which entries a common noun for a body may stand for: "the party", "the group", "the court".

A noun fits an entry by the entry's name or by its group in the codebook; an article may tie it to another one
(`Memory.register`). A noun for many kinds ("group") fits no entry whose own name says that it is another kind of body.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from stancelab.article.pairs import words
from stancelab.article.pairs.view import is_body, is_document, is_office, is_private, singular

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from stancelab.article.codebook.entries import Entry
    from stancelab.article.types import Mention
    from stancelab.schema import Span

_CIVIL: Final = r"ngos?\b|civil society|charit|associations?\b|non-?profit|non-governmental|advocacy"
_FIRMS: Final = r"compan|firms?\b|business|corporat|industr"
_ORGANIZATIONS: Final = rf"organi|bodies|movement|{_CIVIL}"
#: Nouns for many kinds of bodies -> beginnings of words in the names, and in the groups, of the entries that it fits.
_WIDE: Final[Mapping[str, tuple[str, str]]] = {
    "group": (
        r"asean|bloc|mercosur|ecowas|brics|group|g7|g20|g77",
        rf"group|militia|rebel|lobb|campaign|activis|movement|{_CIVIL}|{_FIRMS}",
    ),
    "organization": (r"organi|nations|nato", _ORGANIZATIONS),
    "organisation": (r"organi|nations|nato", _ORGANIZATIONS),
    "body": (
        r"commission|council|committee|court|tribunal|assembly|agency|authority|organi|board|panel|chamber|federation",
        r"organi|bodies|agenc|court",
    ),
    "party": (r"party|\w*democrats|greens|\w*socialists|conservatives|liberals|republicans", r"part(?:y|ies)\b"),
    "company": (r"company|corporation|holdings", _FIRMS),
    "firm": (r"company|corporation|holdings", _FIRMS),
    "charity": (r"charity", _CIVIL),
    "ngo": (r"ngo\b", _CIVIL),
    "nonprofit": (r"non-?profit", _CIVIL),
    "foundation": (r"foundation", r"foundation"),
    "association": (r"association", rf"association|{_CIVIL}"),
    "federation": (r"federation", r"federation|union"),
    "chamber": (r"chamber", r"chamber"),
    "movement": (r"movement", r"movement|armed group|rebel|militia"),
    "militia": (r"militia", r"armed group|militia|rebel"),
    "coalition": (r"coalition", r"coalition"),
    "institute": (r"institute", r"institute|think.tank"),
    "network": (r"network", r"network"),
    "campaign": (r"campaign", r"campaign"),
    "panel": (r"panel", r"panel"),
    "board": (r"board", r"board"),
}
#: Common nouns that stand for an entry only where they fit it.
NOUNS: Final = frozenset(_WIDE) | frozenset(words.KINDS)
#: Nouns of which each stands for bodies of one kind, so that a name that has one is no "group" or "organization".
_OWN: Final = words.word_set("commission council court tribunal parliament committee ministry assembly bank department")
#: Nouns in the names of bodies.
_IN_NAMES: Final = NOUNS | words.word_set("union league watch alliance initiative forum society council trust aid")
#: What follows a name that is no part of another noun's phrase.
_BEHIND_NAMES: Final = words.AUXILIARIES | words.REPORTING | words.PREPOSITIONS | words.CONJUNCTIONS
#: Words of a person's name.
_LONGEST_PERSON: Final = 4
_WORD: Final = re.compile(r"[^\W_]+")
_STATES: Final = r"states?\b|countr|governments?\b|nations?\b|territor"


def fits(noun: str, entry: str, group: str) -> bool:
    """Tell whether a common noun may stand for an entry, by its name or its group.

    Args:
        noun: The noun in the singular and in lower case, one of `NOUNS`.
        entry: The name of the entry.
        group: Its group in the codebook, "" for none.
    """
    name, label = entry.lower(), group.lower()
    if noun not in _WIDE:
        return any(word in f"{name} {label}" for word in words.KINDS[noun])
    in_name, in_group = _WIDE[noun]
    if _begins(in_name, name):
        return True
    return _OWN.isdisjoint(_WORD.findall(name)) and _begins(in_group, label)


@cache
def _pattern(beginnings: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![^\W_])(?:{beginnings})")


def _begins(beginnings: str, text: str) -> bool:
    """Tell whether a word of a text begins in one of some ways."""
    return _pattern(beginnings).search(text) is not None


def is_state(entry: str, groups: Mapping[str, str]) -> bool:
    """Tell whether an entry is a state, by the groups of a codebook that groups its states, else by its name."""
    group = groups.get(entry, "").lower()
    if _is_of_states(group):
        return True
    if group and any(_is_of_states(each.lower()) for each in set(groups.values())):
        return False
    about = f"{entry} {group}".lower()
    return not any(word in about for word in words.NO_STATE) or entry.lower().startswith("united states")


def _is_of_states(group: str) -> bool:
    return _begins(_STATES, group) and "organi" not in group


def persons_of(entries: Mapping[str, Entry], text: str, mentions: Iterable[Mention]) -> set[str]:
    """Return the entries that are persons by their names, and that a text never calls "the ..."."""
    named = {name for name, entry in entries.items() if _names_person(entry)}
    return named - {one.entry for one in mentions if one.entry in named and _has_article(text, one.span)}


def _has_article(text: str, span: Span) -> bool:
    """Tell whether a name is "the Guild"; "the Salgueiro cabinet" is not."""
    if text[max(span.start - 4, 0) : span.start].lower() != "the ":
        return False
    after = _WORD.match(text, span.end + 1) if text[span.end : span.end + 1] == " " else None
    return after is None or after.group().lower() in _BEHIND_NAMES


def _names_person(entry: Entry) -> bool:
    """Tell whether an entry is a person: its last word alone is one of its names, as a surname is.

    "Haoua Djibrine (Djibrine)", "President Monteiro (Monteiro)"; not "Northern Congress (the Congress)".
    """
    parts = entry.name.replace(".", ". ").split()
    if not 1 < len(parts) <= _LONGEST_PERSON or parts[-1] not in entry.aliases:
        return False
    capitals = all(part[0].isupper() or part in words.PARTICLES for part in parts)
    known = is_body_name(parts) or any(is_body(part.lower()) or is_document(part.lower()) for part in parts)
    return capitals and not known and not is_private(parts[-1].lower()) and not is_office(parts[-1].lower())


def is_body_name(texts: Iterable[str]) -> bool:
    """Tell whether a name that the codebook does not have is that of a body ("Harbour Workers' Union")."""
    return any(singular(text.lower()) in _IN_NAMES for text in texts)


def is_common(noun: str) -> bool:
    """Tell whether a noun is a common one for a body that it has to fit ("the party", "the commission")."""
    return noun in NOUNS and (is_body(noun) or noun in words.PRIVATE_BODIES)

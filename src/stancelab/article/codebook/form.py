"""The tree of a codebook's file → its entries, each problem with file, line and entry."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from stancelab.article.codebook.entries import Entry
from stancelab.article.codebook.words import FUNCTION_WORDS, NAME_WORDS
from stancelab.article.codebook.yaml_text import Scalar, Sequence, Table
from stancelab.errors import did_you_mean, shorten
from stancelab.mentions.folding import fold

if TYPE_CHECKING:
    from stancelab.article.codebook.yaml_text import Node

#: The key beside the entries that names other codebooks.
INCLUDE: Final = "include"
#: The longest name, in characters.
LONGEST_NAME: Final = 200
_LISTS: Final = {"aliases": "aliases", "cities": "cities", "demonyms": "demonyms", "except": "exceptions"}
_SWITCHES: Final = ("source", "target", "persons")
_WORDS: Final = ("group", "within")
KEYS: Final = (*_LISTS, *_SWITCHES, *_WORDS)
_BOOLEANS: Final = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
_FORMS: Final = "expected a list of other names such as '[Moscow, the Kremlin]', or a table of the keys " + ", ".join(
    KEYS
)


@dataclass(slots=True)
class FileContent:
    """What one file holds.

    Attributes:
        where: What the file is called in messages.
        entries: Its entries by name, also those with problems, with what can be used of them.
        given: By name, which fields of the entry the file gives.
        includes: The codebooks that it includes, as it names them, with their lines.
        problems: What is wrong, one line each.
    """

    where: str
    entries: dict[str, Entry] = field(default_factory=dict)
    given: dict[str, frozenset[str]] = field(default_factory=dict)
    includes: list[Scalar] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def entries_of(root: Node | None, where: str) -> FileContent:
    """Return the entries of a file's tree, and what is wrong with them.

    Args:
        root: The tree; None where the file is empty.
        where: What the file is called in messages.
    """
    content = FileContent(where)
    if not isinstance(root, Table) or not root.items:
        found = "nothing" if root is None or isinstance(root, Table) else _shown(root)
        content.problems.append(f"{where}: found {found}, expected entries such as 'Russia: [Moscow, the Kremlin]'")
        return content
    lines: dict[str, int] = {}
    for key, value in root.items:
        name = _one_line(key.text)
        at = f"{where}:{key.line}"
        if not name:
            content.problems.append(f"{at}: the name of the entry is empty; give it one")
            continue
        if name in lines:
            content.problems.append(
                f"{at}: {name!r} stands there twice, first in line {lines[name]}; make it one entry"
            )
            continue
        lines[name] = key.line
        if name == INCLUDE:
            content.includes = _included(value, at, content.problems)
        else:
            _EntryReader(name, at, content).read(value)
    return content


def _included(value: Node, at: str, problems: list[str]) -> list[Scalar]:
    items = value.items if isinstance(value, Sequence) and value.items else [value]
    named = [each for each in items if isinstance(each, Scalar) and each.kind == "str" and each.text.strip()]
    others = [each for each in items if each not in named]
    problems += [
        f"{at}: {INCLUDE}: found {_shown(each)}, expected 'default', a file, or a list of them" for each in others
    ]
    return named


class _EntryReader:
    """Reads one entry into the content of its file."""

    def __init__(self, name: str, at: str, content: FileContent) -> None:
        self._name, self._at, self._content = name, at, content
        self._fields: dict[str, Any] = {}

    def read(self, value: Node) -> None:
        self._check_name(self._name, "the name")
        if isinstance(value, Table):
            self._long(value)
        elif isinstance(value, Scalar) and value.kind == "null":
            self._problem(value.line, "the entry is empty; give its other names in a list, or {} where it has none")
        else:
            self._fields["aliases"] = self._names("aliases", value)
        # An entry with problems is kept too: what is wrong with it beside others is told with them.
        self._content.entries[self._name] = Entry(name=self._name, where=self._at, **self._fields)
        self._content.given[self._name] = frozenset(self._fields)

    def _long(self, table: Table) -> None:
        seen: set[str] = set()
        for key, value in table.items:
            name = key.text.strip()
            if name in seen:
                self._problem(key.line, f"the key {name!r} stands there twice")
            elif name in _LISTS:
                self._fields[_LISTS[name]] = self._names(name, value)
            elif name in _SWITCHES:
                self._fields[name] = self._switch(name, value)
            elif name in _WORDS:
                self._fields[name] = self._word(name, value)
            else:
                allowed = ", ".join(KEYS)
                self._problem(
                    key.line, f"unknown key {shorten(name)!r}, allowed are {allowed}.{did_you_mean(name, KEYS)}"
                )
            seen.add(name)

    def _names(self, key: str, value: Node) -> tuple[str, ...]:
        items = value.items if isinstance(value, Sequence) else [value]
        names: dict[str, None] = {}
        for item in items:
            if not isinstance(item, Scalar):
                self._problem(item.line, f"{key}: found {_shown(item)}, expected a name; {_FORMS}")
            elif item.kind == "null" or not (name := _one_line(item.text)):
                self._problem(item.line, f"{key}: found an empty name; leave it out")
            elif self._check_name(name, f"{key}: the name", item.line):
                names[name] = None
        return tuple(names)

    def _check_name(self, name: str, what: str, line: int = 0) -> bool:
        """Add what is wrong with a name; return whether it can be used."""
        if len(name) > LONGEST_NAME:
            reason = f"has {len(name):,} characters, allowed are {LONGEST_NAME}"
        elif unwritable := _unwritable(name):
            reason = unwritable
        elif not any(map(str.isalnum, name)):
            reason = "has no letter and no digit"
        elif name == name.lower() and (word := fold(name)) in FUNCTION_WORDS | NAME_WORDS:
            other = f"{word.upper()!r} or {word.capitalize()!r}"
            reason = (
                f"is a common word in small letters, which match capitals too; write {other} if that is meant (a "
                "capital matches a capital only), or a longer name"
            )
        else:
            return True
        self._problem(line, f"{what} {shorten(name)!r} {reason}")
        return False

    def _switch(self, key: str, value: Node) -> bool:
        if isinstance(value, Scalar) and value.kind == "bool":
            return _BOOLEANS[value.text.lower()]
        self._problem(value.line, f"{key}: found {_shown(value)}, allowed are true and false")
        return True

    def _word(self, key: str, value: Node) -> str:
        if isinstance(value, Scalar) and value.kind != "null":
            word = _one_line(value.text)
            if reason := _unwritable(word):
                self._problem(value.line, f"{key}: {shorten(word)!r} {reason}")
                return ""
            if 0 < len(word) <= LONGEST_NAME:
                return word
        expected = "the name of an entry" if key == "within" else "a word or a short name"
        self._problem(
            value.line, f"{key}: found {_shown(value)}, expected {expected}; leave the key out if there is none"
        )
        return ""

    def _problem(self, line: int, reason: str) -> None:
        at = f"{self._content.where}:{line}" if line else self._at
        self._content.problems.append(f"{at}: entry {shorten(self._name)!r}: {reason}")


def _one_line(text: str) -> str:
    """Return a name as it is kept: a blank between its words, also where YAML has a line break there."""
    return " ".join(text.split())


def _unwritable(text: str) -> str:
    """Return why a text cannot stand in tables and pages, "" where it can."""
    if any("\ud800" <= character <= "\udfff" for character in text):
        return "holds half of a character (a lone surrogate)"
    if any(unicodedata.category(character) == "Cc" for character in text):
        return "holds a control character, which no article has; take it out"
    return ""


def _shown(node: Node) -> str:
    if isinstance(node, Scalar):
        return "nothing" if node.kind == "null" else repr(shorten(node.text))
    if isinstance(node, Sequence):
        return "a list" if node.items else "an empty list"
    return "a table"

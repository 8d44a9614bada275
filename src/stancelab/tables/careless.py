"""Traces of careless exports in texts, sources and targets, counted with examples; nothing is changed.

A program that writes "nothing" as a word ("nan", "None", "NULL") makes a person or a sentence of it; text that went
through a wrong encoding holds mojibake ("donâ€™t"); text from a web page holds HTML entities ("&amp;").
"""

from __future__ import annotations

import html
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from stancelab.errors import count_of, shorten
from stancelab.extras import require
from stancelab.tables.mending import ENTITY, repaired_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from stancelab.schema import Example

#: What programs write for "nothing", in any letter case.
ANY_CASE: Final = frozenset(
    (
        "nan",
        "-nan",
        "none",
        "null",
        "(null)",
        "n/a",
        "#n/a",
        "<na>",
        "undefined",
        "#null!",
        "#ref!",
        "#value!",
        "#name?",
    )
)
#: What they write for it in these letters alone, since other ones are names.
EXACT: Final = frozenset(("NA", "NaT", "\\N", "#DIV/0!"))
FIELDS: Final = ("text", "source", "target")
SHOWN: Final = 3
MOJIBAKE: Final = "mojibake"
ENTITIES: Final = "HTML entities"
LOST: Final = "replacement characters (U+FFFD)"


@dataclass(kw_only=True)
class Traces:
    """What was found in some rows.

    Attributes:
        missing_words: Field -> word -> rows that have it there.
        kinds: Kind of damage -> rows whose text, source or target has it.
        examples: Kind of damage, or field -> the first cells, each with the row's id.
    """

    missing_words: dict[str, dict[str, int]] = field(default_factory=dict)
    kinds: dict[str, int] = field(default_factory=dict)
    examples: dict[str, list[str]] = field(default_factory=dict)

    def add(self, examples: Iterable[Example]) -> None:
        """Look at some rows."""
        for example in examples:
            found: dict[str, None] = {}  # in the order of the cells
            for name in FIELDS:
                cell: str = getattr(example, name)
                if is_missing_word(cell):
                    words = self.missing_words.setdefault(name, {})
                    words[cell.strip()] = words.get(cell.strip(), 0) + 1
                    self._show(name, f"{example.id}: {cell.strip()!r}")
                for kind in damage(cell):
                    if kind not in found:
                        self._show(kind, f"{example.id}: {shorten(_around(cell, kind))!r}")
                    found[kind] = None
            for kind in found:
                self.kinds[kind] = self.kinds.get(kind, 0) + 1

    def lines(self, where: str, group: str | None) -> list[str]:
        """Say what was found, one line for each kind, with the setting that mends it.

        Args:
            where: Where the rows are from.
            group: The group of settings that mend them, None where there is none.
        """
        lines = []
        for name, words in self.missing_words.items():
            rows = ", ".join(f"{word!r} in {count_of(count, 'row')}" for word, count in Counter(words).most_common())
            line = f"{where}: the {name} is a word for nothing: {rows}, such as {self.examples[name][0]}"
            if group is not None:
                quoted = ",".join(f'"{word}"' for word in words)
                line += f"; '{group}.missing_words=[{quoted}]' makes such cells count as empty"
            lines.append(line)
        for kind, count in self.kinds.items():
            line = f"{where}: {count_of(count, 'row')} with {kind}, such as {'; '.join(self.examples[kind])}"
            if group is not None and kind != LOST:
                line += f"; {group}.repair=ftfy mends them"
            lines.append(line)
        return lines

    def _show(self, key: str, example: str) -> None:
        shown = self.examples.setdefault(key, [])
        if len(shown) < SHOWN:
            shown.append(example)


def is_missing_word(cell: str) -> bool:
    """Tell whether a cell holds nothing but a word that programs write for nothing."""
    plain = cell.strip()
    return len(plain) <= 10 and (plain.casefold() in ANY_CASE or plain in EXACT)


def damage(cell: str) -> list[str]:
    """Return what kinds of damage a cell shows."""
    found = []
    if not cell.isascii():
        if "\ufffd" in cell:
            found.append(LOST)
        if _is_mojibake(cell):
            found.append(MOJIBAKE)
    if "&" in cell and any(html.unescape(match[0]) != match[0] for match in ENTITY.finditer(cell)):
        found.append(ENTITIES)
    return found


def _is_mojibake(cell: str) -> bool:
    require("ftfy", "torch", "the look for mojibake")
    from ftfy.badness import is_bad

    return bool(is_bad(cell)) and repaired_text(cell) != html.unescape(cell)


def _around(cell: str, kind: str) -> str:
    """Return the part of a cell that shows its damage."""
    place = 0
    if kind == ENTITIES:
        match = ENTITY.search(cell)
        place = 0 if match is None else match.start()
    elif kind == LOST:
        place = cell.index("\ufffd")
    else:
        place = next((index for index, letter in enumerate(cell) if not letter.isascii()), 0)
    return cell[max(place - 20, 0) : place + 30]

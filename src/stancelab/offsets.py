"""How a table counts the offsets of its spans: in which unit, from which number, with or without the last character.

Python counts characters from 0, and the end is the character after the last. Tools in Java and JavaScript count UTF-16
units, of which an emoji has two; others count the bytes of UTF-8, or from 1, or give the last character itself.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from stancelab.errors import count_of, verb
from stancelab.mentions import is_whole
from stancelab.schema import Span, find_mention
from stancelab.targets import canonical_target

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

CHARACTERS: Final = "characters"
UNITS: Final = (CHARACTERS, "utf16", "bytes")
ONE_BASED: Final = "one_based"
INCLUSIVE: Final = "inclusive"
#: What a setting may name, joined by "+".
WORDS: Final = (*UNITS, ONE_BASED, INCLUSIVE)
#: So many spans are shown in a message.
_SHOWN: Final = 3
#: Another reading is taken for the true one where it fits this share of the rows on which it differs from the setting.
_SYSTEMATIC: Final = 0.1
#: How many rows may speak for the setting, for each that speaks for another reading.
_CONTRARY: Final = 0.1


@dataclass(frozen=True)
class Reading:
    """One way to count.

    Attributes:
        unit: One of `UNITS`.
        one_based: Whether the first unit is 1.
        inclusive: Whether the end is the last unit itself, not the one after it.
    """

    unit: str = CHARACTERS
    one_based: bool = False
    inclusive: bool = False

    @property
    def name(self) -> str:
        """The value of the setting, such as "utf16+inclusive"."""
        words = [self.unit] if self.unit != CHARACTERS else []
        words += [ONE_BASED] if self.one_based else []
        words += [INCLUSIVE] if self.inclusive else []
        return "+".join(words) or CHARACTERS

    def span(self, text: str, start: int, end: int) -> Span | None:
        """Return the characters that two offsets mean, None where they are outside the text or inside a character."""
        start -= self.one_based
        end += self.inclusive - self.one_based
        if self.unit == CHARACTERS or text.isascii():
            return Span(start, end) if 0 <= start < end <= len(text) else None
        edges = _edges(text, self.unit)
        found = edges.get(start), edges.get(end)
        return Span(*found) if None not in found and start < end else None  # type: ignore[arg-type]


ALL: Final = tuple(
    Reading(unit, one_based, inclusive)
    for one_based, inclusive in ((False, False), (False, True), (True, False), (True, True))
    for unit in UNITS
)


@lru_cache(maxsize=16)
def _edges(text: str, unit: str) -> dict[int, int]:
    """Return for the offset of each character's first unit, and of the end, the character's number."""
    if unit == "utf16":
        sizes = [1 if character <= "\uffff" else 2 for character in text]
    else:
        sizes = [
            1 if character < "\x80" else 2 if character < "\u0800" else 3 if character <= "\uffff" else 4
            for character in text
        ]
    return {offset: place for place, offset in enumerate(accumulate(sizes, initial=0))}


def parse_reading(setting: str) -> Reading:
    """Return the reading that a setting names; `problems_of_offsets` says whether it names one."""
    words = setting.split("+")
    unit = next((unit for unit in UNITS if unit in words), CHARACTERS)
    return Reading(unit, ONE_BASED in words, INCLUSIVE in words)


def problems_of_offsets(setting: str) -> list[str]:
    """Return what is wrong with a setting, one line each."""
    words = setting.split("+")
    known = all(word in WORDS for word in words) and len(set(words)) == len(words)
    if known and sum(word in UNITS for word in words) <= 1:
        return []
    allowed = f"one of {', '.join(UNITS)}, {ONE_BASED} and {INCLUSIVE}, or several joined as in utf16+inclusive"
    return [f"offsets: found {setting!r}, allowed {allowed}"]


def says(text: str, span: Span | None, names: Iterable[str]) -> bool:
    """Return whether a span holds one of some names and cuts no word.

    Letter case, determiners, plurals, Unicode forms and quotes do not count, nor a sign before a tag.
    """
    if span is None or not is_whole(text, *span):
        return False
    words = text[slice(*span)]
    form = canonical_target(words.strip("#@\"'“”‘’.,;:!?()[]"))
    if any(form == canonical_target(name.strip("#@\"'“”‘’.,;:!?()[]")) for name in names):
        return True
    return any(find_mention(words, name) == (0, len(words)) or _is_tag(words, name) for name in names)


def _is_tag(words: str, name: str) -> bool:
    tag = words if words[:1] in "#@" else f"#{words}"
    found = find_mention(tag, name)
    return found is not None and found[0] <= 1 and found[1] == len(tag)


@dataclass
class OffsetVotes:
    """Which readings make the marked words those of the target (or source), over many rows.

    A mention that is marked may be a pronoun, or another name: such a row fits no reading and has no vote. Rows
    whose text does not have the name have none either.

    Attributes:
        marked: Rows with a span, each for itself.
        named: Those whose text has the name that they mark.
        fitting: Those whose span, as the setting reads it, holds the name.
        gained: By another reading the rows that it fits and the setting does not.
        lost: By another reading the rows that the setting fits and it does not.
        apart: By another reading the rows where it has another span than the setting.
        examples: Some rows that the setting does not fit: what it reads, and what was to be there.
    """

    marked: int = 0
    named: int = 0
    fitting: int = 0
    gained: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)
    apart: Counter[str] = field(default_factory=Counter)
    examples: list[tuple[str, str]] = field(default_factory=list)

    def add(self, text: str, names: Sequence[str], start: int, end: int, reading: Reading) -> None:
        """Note one span.

        Args:
            text: The text.
            names: The name of the target (or source), and others that it has.
            start: The first offset, as the table has it.
            end: The second one.
            reading: How the setting reads them.
        """
        self.marked += 1
        if all(find_mention(text, name) is None for name in names):
            return
        self.named += 1
        own = reading.span(text, start, end)
        fits = says(text, own, names)
        self.fitting += fits
        if not fits and len(self.examples) < _SHOWN:
            self.examples.append(("" if own is None else text[slice(*own)], names[0]))
        for other in ALL:
            if other == reading or (text.isascii() and other.unit != reading.unit):
                continue
            span = other.span(text, start, end)
            if span == own:
                continue
            self.apart[other.name] += 1
            if fits:
                self.lost[other.name] += 1
            elif says(text, span, names):
                self.gained[other.name] += 1

    def update(self, other: OffsetVotes) -> None:
        """Add the counts of other rows."""
        self.marked += other.marked
        self.named += other.named
        self.fitting += other.fitting
        for mine, theirs in ((self.gained, other.gained), (self.lost, other.lost), (self.apart, other.apart)):
            mine.update(theirs)
        self.examples += other.examples[: _SHOWN - len(self.examples)]

    @property
    def other(self) -> int:
        """Rows whose text has the name, but whose span holds other words."""
        return self.named - self.fitting

    def better(self) -> str | None:
        """Return the reading that the spans follow in truth, None where it may well be that of the setting.

        It is another one if it fits at least a tenth of the rows on which the two differ (the others may be marked
        pronouns), and next to none of these rows fits the setting.
        """
        fitting = [
            name
            for name, rows in self.gained.items()
            if rows >= _SYSTEMATIC * self.apart[name] and self.lost[name] <= _CONTRARY * rows
        ]
        order = [reading.name for reading in ALL]
        return min(fitting, key=lambda name: (-self.gained[name], order.index(name)), default=None)

    def refusal(self, where: str, setting: str, given: str) -> str | None:
        """Return why the spans cannot be used as they are read, None where they can.

        Args:
            where: The file.
            setting: The key of the setting, such as "data.offsets".
            given: Its value.
        """
        name = self.better()
        if name is None:
            return None
        shown = "; ".join(f"{found!r} for {wanted!r}" for found, wanted in self.examples)
        return (
            f"{where}: the spans are not counted as {setting}={given} says: of {count_of(self.named, 'span')} "
            f"in texts that have "
            f"the words, {self.other:,} {verb(self.other, 'holds', 'hold')} other words ({shown}), and "
            f"{self.gained[name]:,} of these {verb(self.gained[name], 'holds', 'hold')} the right ones when "
            f"read as {name}; set {setting}={name}, or correct the spans"
        )

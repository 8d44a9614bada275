r"""Reads a regular expression of Oniguruma, as tokenizers has them, into its parts.

Only what published tokenizers use is read: groups, look-around, classes, escapes, quantifiers and options. What else
Oniguruma knows (back references, calls, conditions, absent operators, callouts, `(?x)`) is refused, so that no pattern
is read in another way than Oniguruma reads it (its documentation: doc/RE, syntax of Ruby).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

#: What a part is within another one, at most.
MOST_NESTED: Final = 50
#: Characters of a pattern at most; the longest of published tokenizers has some 1,000.
LONGEST: Final = 10_000
_ESCAPE: Final = re.compile(
    r"\\(?:[pP]\{\^?[A-Za-z0-9_ =-]+\}|x\{[0-9A-Fa-f]{1,8}\}|x[0-9A-Fa-f]{1,2}|u[0-9A-Fa-f]{4}|0[0-7]{0,2}"
    r"|(?P<zero>[bBAzZG])|[tnrfvaewWdDsShHRXNO]|(?P<literal>[^0-9A-Za-z]))",
    re.DOTALL,
)
_POSIX: Final = re.compile(
    r"\[:\^?(?:alnum|alpha|ascii|blank|cntrl|digit|graph|lower|print|punct|space|upper|xdigit|word):\]"
)
_GROUP: Final = re.compile(r"\?(?:(?P<around><?[=!])|(?P<atomic>>)|[im-]*:|<[A-Za-z_]\w*>)", re.ASCII)
_OPTIONS: Final = re.compile(r"\?[im-]+\)")
_COMMENT: Final = re.compile(r"\(\?#(?:\\.|[^\\)])*\)", re.DOTALL)
_QUANTIFIER: Final = re.compile(
    r"(?:(?P<sign>[*+?])|\{(?:(?P<exact>\d{1,6})|(?P<least>\d{1,6}),(?P<most>\d{0,6})|,(?P<at_most>\d{1,6}))\})"
    r"(?P<more>[+?]?)",
    re.ASCII,
)


class UnreadPatternError(ValueError):
    """A pattern holds what is not read; the message says what."""


@dataclass(frozen=True)
class Character:
    """A part that takes one character, or a line break or a grapheme as a whole; `literal` is "" for several."""

    literal: str = ""


@dataclass(frozen=True)
class Assertion:
    """A place in the text, such as `$`, that takes no character."""


@dataclass(frozen=True)
class Sequence:
    """Parts that follow each other; none is the empty pattern."""

    parts: tuple[Part, ...] = ()


@dataclass(frozen=True)
class Alternatives:
    """Parts of which one matches."""

    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Closed:
    """A group that is left in one way only: an atomic one, or look-around, which takes no character."""

    part: Part
    around: bool


@dataclass(frozen=True)
class Repeat:
    """A part with a quantifier; `most` is None where it has no bound, `lazy` as greedy ones in what it can match."""

    part: Part
    least: int
    most: int | None


Part = Character | Assertion | Sequence | Alternatives | Closed | Repeat


def read_pattern(pattern: str) -> Part:
    """Return the parts of a pattern.

    Raises:
        UnreadPatternError: It holds what is not read, or is no pattern.
    """
    if len(pattern) > LONGEST:
        raise UnreadPatternError(f"has {len(pattern):,} characters, allowed are {LONGEST:,}")
    reader = _Reader(pattern)
    part = reader.alternatives(0)
    if reader.place < len(pattern):
        raise UnreadPatternError("has a ')' too many")
    return part


class _Reader:
    """Reads a pattern from its start to its end."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.place = 0

    def alternatives(self, depth: int) -> Part:
        """Read up to the end of a group, or of the pattern."""
        if depth > MOST_NESTED:
            raise UnreadPatternError(f"has groups within groups {depth} times, allowed are {MOST_NESTED}")
        found = [self.sequence(depth)]
        while self._take("|"):
            found.append(self.sequence(depth))
        return found[0] if len(found) == 1 else Alternatives(tuple(found))

    def sequence(self, depth: int) -> Part:
        """Read one alternative."""
        parts: list[Part] = []
        while self.place < len(self.pattern) and self.pattern[self.place] not in "|)":
            if match := _COMMENT.match(self.pattern, self.place):
                self.place = match.end()
                continue
            if self.pattern[self.place] == "(" and (match := _OPTIONS.match(self.pattern, self.place + 1)):
                # Behind other parts, the alternatives that follow would belong to a group that the option opens.
                if parts:
                    raise UnreadPatternError(f"has the option '({match[0]}' behind the start of an alternative")
                self.place = match.end()
                continue
            parts.append(self._quantified(self._part(depth)))
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def _part(self, depth: int) -> Part:
        """Read a part without its quantifier."""
        character = self.pattern[self.place]
        if character == "(":
            return self._group(depth)
        if character == "[":
            self._class()
            return Character()
        if character == "\\":
            match = self._escape()
            return Assertion() if match["zero"] else Character(match["literal"] or "")
        if _QUANTIFIER.match(self.pattern, self.place):
            raise UnreadPatternError(f"has the quantifier '{character}' behind nothing, or behind a comment")
        self.place += 1
        if character in "^$":
            return Assertion()
        return Character("" if character == "." else character)

    def _group(self, depth: int) -> Part:
        self.place += 1
        match = _GROUP.match(self.pattern, self.place)
        if match is None and self.pattern[self.place : self.place + 1] in ("?", "*"):
            raise UnreadPatternError(f"holds '({self.pattern[self.place : self.place + 3]}', which is not read")
        if match is not None:
            self.place = match.end()
        part = self.alternatives(depth + 1)
        if not self._take(")"):
            raise UnreadPatternError("has a group that is not closed")
        closed = match is not None and (match["around"] or match["atomic"])
        return Closed(part, around=bool(match and match["around"])) if closed else part

    def _class(self) -> None:
        """Pass over a class, and those within it."""
        open_classes = 0
        while True:
            match = _POSIX.match(self.pattern, self.place) if open_classes else None
            if match is not None:
                self.place = match.end()
                continue
            character = self.pattern[self.place : self.place + 1]
            if not character:
                raise UnreadPatternError("has a class that is not closed")
            if character == "\\":
                self._escape()
                continue
            self.place += 1
            if character == "]":
                open_classes -= 1
                if not open_classes:
                    return
            elif character == "[":
                open_classes += 1
                self._take("^")
                if self.pattern[self.place : self.place + 1] == "]" or (open_classes > 1 and self._take(":")):
                    raise UnreadPatternError("has a class that begins with ']' or ':'; write '\\]' or '\\:'")

    def _escape(self) -> re.Match[str]:
        match = _ESCAPE.match(self.pattern, self.place)
        if match is None:
            raise UnreadPatternError(f"holds '{self.pattern[self.place : self.place + 2]}', which is not read")
        self.place = match.end()
        return match

    def _quantified(self, part: Part) -> Part:
        """Return a part with the quantifier that follows it, if any."""
        start = self.place
        match = _QUANTIFIER.match(self.pattern, start)
        if match is None:
            return part
        self.place = match.end()
        sign, exact, more = match["sign"], match["exact"], match["more"]
        if sign:
            part = Repeat(part, int(sign == "+"), 1 if sign == "?" else None)
        elif exact:
            part = Repeat(part, int(exact), int(exact))
        else:
            most = match["most"] or match["at_most"]
            part = Repeat(part, int(match["least"] or 0), int(most) if most else None)
        # In the syntax of Ruby what {2}? means is disputed, and the numbers of {3,2} change places.
        wrong = isinstance(part, Repeat) and part.most is not None and part.most < part.least
        following = _QUANTIFIER.match(self.pattern, self.place)
        if wrong or (exact and more == "?") or following:
            end = following.end() if following else self.place
            raise UnreadPatternError(f"has the quantifier '{self.pattern[start:end]}', which is not read")
        if more == "+":  # only behind a sign it is possessive
            return Closed(part, around=False) if sign else Repeat(part, 1, None)
        return part

    def _take(self, character: str) -> bool:
        """Pass over a character, where it is next."""
        if self.pattern[self.place : self.place + 1] != character:
            return False
        self.place += 1
        return True

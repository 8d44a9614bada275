r"""Whether a regular expression of a tokenizer may take very long: how many steps it takes from one place in a text.

Oniguruma looks for a match by backtracking. How often it comes to a part is at most the product of the ways in which
the parts before it can match: of `(a+)+$` there are 2^n for n letters, of `\w*\w*x` n^2. Here the steps are an upper
bound `fixed + growing * n`, as the numbers of ways are added and multiplied; what has a higher power of n is refused.
Parts that always match, with nothing behind them that may fail, are tried once: so `\w*\w+` is of the order of n, and
so is `\d{1,3}+`, which Oniguruma reads as `(?:\d{1,3})+`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from stancelab.encoding.pattern import (
    Alternatives,
    Assertion,
    Character,
    Closed,
    Part,
    Repeat,
    Sequence,
    UnreadPatternError,
    read_pattern,
)

#: Bounds of the two numbers; the patterns of published tokenizers have some 50 and 20. Oniguruma gives up, with a
#: panic, after 10,000,000 steps from one place: not before a text has 160,000 characters of one kind.
MOST_FIXED: Final = 20_000
MOST_GROWING: Final = 60
NESTED: Final = (
    "repeats a part that can match in several ways (a repetition, an option, alternatives), with more behind it that "
    "may fail"
)
IN_A_ROW: Final = "has an unbounded repetition within or behind another one, with more behind them that may fail"
MANY: Final = "can match the same text in too many ways"


class SlowPatternError(ValueError):
    """A pattern may take very long; the message says why."""


@dataclass(frozen=True)
class Ways:
    """`times * n ** power`, for a text of n characters."""

    times: int = 1
    power: int = 0

    def __mul__(self, other: Ways) -> Ways:
        return Ways(min(self.times * other.times, MOST_FIXED + 1), self.power + other.power)

    def __add__(self, other: Ways) -> Ways:
        return Ways(min(self.times + other.times, MOST_FIXED + 1), max(self.power, other.power))


#: 2 to the power of this is beyond the bounds.
_HIGHEST: Final = 64
#: Stands for what grows faster than any power; patterns are too short to reach it by products.
_EXPONENTIAL: Final = 10**6
ONE: Final = Ways()
GROWING: Final = Ways(power=1)


def why_slow(pattern: str) -> str:
    """Return why a pattern is not to be used, as the rest of a sentence; "" where it can be."""
    try:
        _Steps().count(read_pattern(pattern), ONE, retried=False)
    except (UnreadPatternError, SlowPatternError) as error:
        return str(error)
    return ""


class _Steps:
    """Counts the steps of a pattern."""

    def __init__(self) -> None:
        self.fixed = self.growing = 0

    def count(self, part: Part, before: Ways, *, retried: bool) -> None:
        """Add the steps of a part.

        Args:
            part: The part.
            before: In how many ways what is before it can match.
            retried: Whether what follows may fail, so that all ways of the part are tried.

        Raises:
            SlowPatternError: There are too many.
        """
        match part:
            case Character() | Assertion():
                self._add(before)
            case Alternatives(parts):
                for each in parts:
                    self.count(each, before, retried=retried)
            case Closed(inner):
                self.count(inner, before, retried=retried)
            case Sequence(parts):
                self._count_sequence(parts, before, retried=retried)
            case Repeat():
                self._count_repeat(part, before, retried=retried)

    def _count_sequence(self, parts: tuple[Part, ...], before: Ways, *, retried: bool) -> None:
        last = len(parts) if retried else max((place for place, each in enumerate(parts) if may_fail(each)), default=-1)
        for place, each in enumerate(parts):
            # What always matches is tried once, where nothing leads back into what is before it.
            self.count(each, before if place <= last else ONE, retried=place < last)
            before *= ways(each)

    def _count_repeat(self, part: Repeat, before: Ways, *, retried: bool) -> None:
        again = part.most is None or part.most > 1
        inner_retried = retried or (again and may_fail(part.part))
        if part.most is not None:
            self.count(part.part, before * _repeated(ways(part.part), 0, part.most - 1), retried=inner_retried)
            return
        entries = before * Ways(part.least + 1)
        if retried:
            self.count(part.part, entries * GROWING, retried=True)
        else:  # it ends where it no longer matches, and all is done: each way to it comes to its start alone
            self.count(part.part, entries, retried=inner_retried)
            self.count(part.part, GROWING, retried=inner_retried)

    def _add(self, found: Ways) -> None:
        if found.power > 1:
            raise SlowPatternError(NESTED if found.power >= _EXPONENTIAL else IN_A_ROW)
        if found.power:
            self.growing += found.times
        else:
            self.fixed += found.times
        if self.fixed > MOST_FIXED or self.growing > MOST_GROWING:
            raise SlowPatternError(MANY)


def ways(part: Part) -> Ways:
    """Return in how many ways a part can match at one place, at most."""
    match part:
        case Sequence(parts):
            found = ONE
            for each in parts:
                found *= ways(each)
            return found
        case Alternatives(parts):
            firsts = [_first(each) for each in parts]
            found = sum((ways(each) for each in parts), Ways(0))
            # Of alternatives that begin with different letters at most one matches.
            differ = "" not in firsts and len({*firsts}) == len(firsts)
            return Ways(max(ways(each).times for each in parts), found.power) if differ else found
        case Repeat():
            inner = ways(part.part)
            if part.most is None:
                return GROWING if inner == ONE else Ways(power=_EXPONENTIAL)
            return _repeated(inner, part.least, part.most)
        case _:
            return ONE


def may_fail(part: Part) -> bool:
    """Tell whether there are places where a part does not match."""
    match part:
        case Sequence(parts):
            return any(map(may_fail, parts))
        case Alternatives(parts):
            return all(map(may_fail, parts))
        case Repeat(inner, least):
            return least > 0 and may_fail(inner)
        case Closed(inner, around):
            return around or may_fail(inner)
        case _:
            return True


def _repeated(base: Ways, least: int, most: int) -> Ways:
    """Return the sum of the powers of a number of ways; beyond the bounds it is smaller, and stays beyond them."""
    if base == ONE:
        return Ways(min(most - least + 1, MOST_FIXED + 1))
    found = Ways(0)
    for exponent in range(least, most + 1):
        few = min(exponent, _HIGHEST)
        found += Ways(min(base.times**few, MOST_FIXED + 1), base.power * few)
        if found.times > MOST_FIXED or few == _HIGHEST:
            break
    return found


def _first(part: Part) -> str:
    """Return the letter of ASCII with which each match of a part begins, in lower case, "" where it is unknown."""
    match part:
        case Character(literal):
            return literal.lower() if literal.isascii() else ""
        case Sequence(parts) if parts:
            return _first(parts[0])
        case Repeat(inner, least) if least:
            return _first(inner)
        case _:
            return ""

"""Settings of pairs: whether the author is asked, how long a source is carried, and the language of the rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

Language = Literal["auto", "english", "other"]

#: Sentences beyond this are no window of carried sources.
_LONGEST_MEMORY: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class PairSettings:
    """Which pairs are asked.

    Attributes:
        author: Whether the author is a source too, in sentences that report nobody's words. Off: news has no stance of
            its own, and each mention in it would be one more question; on for editorials.
        memory: Sentences after its last words for which a source or target is carried to pronouns, offices and general
            words ("the measure"); 0 carries none.
        language: Whether the rules of carried sources and targets apply, which know English alone; `auto` tells by the
            words of the document.
    """

    author: bool = False
    memory: int = 3
    language: Language = "auto"

    def problems(self) -> list[str]:
        """Return what cannot be used, one line for each value."""
        found = []
        if self.author not in (True, False):
            found.append(f"author: found {self.author!r}, expected true or false")
        whole = isinstance(self.memory, int) and not isinstance(self.memory, bool)
        if not whole or not 0 <= self.memory <= _LONGEST_MEMORY:
            found.append(f"memory: found {self.memory!r}, expected a whole number from 0 to {_LONGEST_MEMORY}")
        if self.language not in get_args(Language):
            found.append(f"language: found {self.language!r}, expected one of {', '.join(get_args(Language))}")
        return found

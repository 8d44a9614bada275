"""When two spellings are one target: "the EU" and "EU", "a tariff" and "tariffs", or what a table of names says.

Whether a target is unseen depends on it. A form that puts too much together makes fewer targets unseen, never more; so
plurals are folded by plain rules. Nothing else is guessed: that "EU" and "the European Union" are one needs a table.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from stancelab.text_keys import name_key

if TYPE_CHECKING:
    from collections.abc import Mapping

#: English words that are taken off the front of a target.
DETERMINERS: Final = frozenset({"the", "a", "an", "its", "his", "her", "their", "any", "such", "that", "this"})
#: Words that end like a plural and mean something else without it.
_NO_PLURALS: Final = frozenset(
    {"news", "means", "goods", "arms", "customs", "series", "species", "politics", "economics", "ethics", "physics"}
)
#: Shorter words are names or abbreviations as often as plurals.
_SHORTEST_PLURAL: Final = 4


def canonical_target(target: str) -> str:
    """Return what the spellings of one target have in common.

    That is the target as `name_key` has it (lower case, single blanks, one Unicode normal form, straight apostrophes),
    without determiners in front, and with the regular English plural of its last word folded: "tariffs" is "tariff",
    "treaties" "treaty", "taxes" "tax". Words of fewer than four letters, words in -ss, -us and -is, and a few like
    "news" stay. A target that is a determiner and nothing else stays too.
    """
    words = name_key(target).split()
    while len(words) > 1 and words[0] in DETERMINERS:
        del words[0]
    if words:
        words[-1] = _singular(words[-1])
    return " ".join(words)


def _singular(word: str) -> str:
    if len(word) < _SHORTEST_PLURAL or not word.isalpha() or word in _NO_PLURALS:
        return word
    if word.endswith("ies") and len(word) > _SHORTEST_PLURAL:
        return word[:-3] + "y"
    if re.search(r"(ss|sh|ch|x|zz)es$", word):
        return word[:-2]
    return word if not word.endswith("s") or word.endswith(("ss", "us", "is")) else word[:-1]


@dataclass(frozen=True)
class TargetNames:
    """Which targets are one.

    Attributes:
        names: Canonical form -> the canonical form that it is another name of, as `data.targets` says.
    """

    names: Mapping[str, str] = field(default_factory=dict)

    def canonical(self, target: str) -> str:
        """Return what all spellings and names of a target have in common."""
        form = canonical_target(target)
        return self.names.get(form, form)

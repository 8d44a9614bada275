"""Names and sentences of a test file that are the same but for letter case, blanks and Unicode form.

That is what `name_key` takes for one name everywhere else: "Café" of one letter or of two, a straight or a curly
apostrophe, with or without a zero-width character.
"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING

from stancelab.text_keys import name_key

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Rows of one test file share sentences and names, which several parts of an evaluation ask for.
key_of = lru_cache(maxsize=50_000)(name_key)


def spellings(names: Iterable[str]) -> dict[str, str]:
    """Return for the key of each name the spelling that most rows have, of equally frequent ones the first by order."""
    counts: dict[str, Counter[str]] = {}
    for name in names:
        counts.setdefault(key_of(name), Counter())[name] += 1
    return {key: min(own, key=lambda name: (-own[name], name)) for key, own in counts.items()}

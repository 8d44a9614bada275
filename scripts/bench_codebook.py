"""Time and memory of a codebook's names in an invented text.

    python scripts/bench_codebook.py --names 10000
    python scripts/bench_codebook.py --names 100000

The text has a million characters; one word in twenty is a name. Another seed makes other words.
"""

from __future__ import annotations

import argparse
import random
import resource
import time
from typing import Final

from stancelab.article.codebook import Codebook, Entry, Matcher

_SYLLABLES: Final = (
    *("ka", "ro", "mi", "ten", "dul", "ver", "na", "sho", "pel"),
    *("gri", "ston", "al", "be", "or", "vik", "zan", "tu", "hel"),
)
_CHARACTERS: Final = 1_000_000


def main() -> None:
    """Print how long making the matcher and finding the mentions take."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--names", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)  # noqa: S311
    names, text = _invented(options.names, chance)
    start = time.perf_counter()
    matcher = Matcher(Codebook({name: Entry(name=name) for name in names}))
    made = time.perf_counter()
    found = len(matcher.mentions(text))
    ended = time.perf_counter()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{len(names):,} names, {len(text):,} characters: {found:,} mentions; made in {made - start:.2f} s, "
        f"found in {ended - made:.2f} s, {memory:.0f} MB"
    )


def _invented(count: int, chance: random.Random) -> tuple[list[str], str]:
    words = ["".join(chance.choices(_SYLLABLES, k=chance.choice((1, 2, 3, 4)))) for _ in range(20_000)]
    names: dict[str, None] = {}
    while len(names) < count:
        names[" ".join(chance.choice(words).capitalize() for _ in range(chance.choice((1, 2, 2, 3))))] = None
    listed = list(names)
    sentences, length = [], 0
    while length < _CHARACTERS:
        sentence = " ".join(chance.choice(listed if chance.random() < 0.05 else words) for _ in range(20))
        sentences.append(sentence + (".\n\n" if chance.random() < 0.2 else ". "))
        length += len(sentences[-1])
    return listed, "".join(sentences)


if __name__ == "__main__":
    main()

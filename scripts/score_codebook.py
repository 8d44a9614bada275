"""How well the default codebook finds the mentions in sentences that were written and labeled by hand.

    python scripts/score_codebook.py

A mention is right where its words, its entry and its roles are those of the label. Recall is the share of labeled
mentions that are found, precision the share of found mentions that are labeled.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path
from typing import Final

from stancelab.article.codebook import Matcher, read_codebook

_SENTENCES: Final = Path(__file__).parent.parent / "tests/article/codebook/news_scored.json"


def main() -> None:
    """Print precision and recall, and the mentions that are missed or wrong."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sentences", type=Path, default=_SENTENCES, help="sentences with their mentions, as JSON")
    rows = json.loads(parser.parse_args().sentences.read_text(encoding="utf-8"))
    matcher = Matcher(read_codebook("default"))
    right, wrong, missed = 0, 0, 0
    for row in rows:
        found, labeled = Counter(mentions_of(matcher, row["text"])), Counter(row["mentions"])
        right += (found & labeled).total()
        wrong += (found - labeled).total()
        missed += (labeled - found).total()
        for what, several in (("wrong", found - labeled), ("missed", labeled - found)):
            for mention in several.elements():
                print(f"{what}: {mention} in: {row['text']}")
    print(
        f"{len(rows)} sentences: {right} mentions right, {wrong} wrong, {missed} missed; precision "
        f"{100 * right / (right + wrong):.1f}, recall {100 * right / (right + missed):.1f}"
    )


def mentions_of(matcher: Matcher, text: str) -> list[str]:
    """Return the mentions in a text as the labels have them: words, "=", entry, and "*" where no source."""
    return [f"{text[slice(*each.span)]}={each.entry}{'' if each.source else '*'}" for each in matcher.mentions(text)]


if __name__ == "__main__":
    main()

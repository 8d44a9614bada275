"""On how many of several corpora the best system is better than each other one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stancelab.pages.formatting import listed

if TYPE_CHECKING:
    from stancelab.results import CorporaComparison, Results


def corpora_sentences(results: Results) -> list[str]:
    """Return one sentence for each other system; none where the test files are of one corpus."""
    return [_sentence(each) for each in results.corpora]


def _sentence(found: CorporaComparison) -> str:
    first, second = found.systems
    corpora = len(found.p)
    if not found.better and not found.worse:
        return f"{first} is not shown to be better than {second} on any of {corpora} corpora."
    if not found.better:
        return f"{second} is better than {first} on at least {found.worse} of {corpora} corpora."
    named = f": {listed(found.named)}" if found.named else ""
    worse = f", and {second} is better on at least {found.worse}" if found.worse else ""
    return f"{first} is better than {second} on at least {found.better} of {corpora} corpora{named}{worse}."

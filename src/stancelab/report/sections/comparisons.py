"""Paired comparisons: which systems of a test file are significantly different."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stancelab.pages.formatting import count, counted, listed, sentence_case
from stancelab.report.sections.cross_validation import cross_validation_sentences
from stancelab.report.sections.headline import few_seeds, leaves_range

if TYPE_CHECKING:
    from stancelab.report.view import FileView


def comparisons(test: FileView) -> list[str]:
    """Return the sentences that say which systems of a test file differ; none where there is no pair."""
    if not test.pairs:
        return []
    best, significant = test.best.name, sum(map(test.is_significant, test.pairs))
    sentences = [
        f"{significant} of {counted(len(test.pairs), 'pair')} of systems "
        f"{'is' if significant == 1 else 'are'} significantly different (Holm-corrected p < {test.level:g})."
    ]
    same = [pair.systems[1] for pair in test.pairs_of_best if not test.is_significant(pair)]
    if same:
        sentences.append(f"{best} is not significantly different from {listed(same)}.")
    else:
        sentences.append(f"{best} is significantly different from every other system.")
    sentences += [f"{sentence_case(line)}." for line in test.compared.warnings]
    return sentences + _wide_intervals(test) + _single_runs(test) + cross_validation_sentences(test)


def _wide_intervals(test: FileView) -> list[str]:
    wide = [pair for pair in test.pairs if leaves_range(pair)]
    if not wide:
        return []
    return [
        f"{count(len(wide))} of {counted(len(test.pairs), 'interval')} of differences "
        f"{'leaves' if len(wide) == 1 else 'leave'} [-100, 100] points: with {few_seeds(test, wide)} "
        f"{'it is' if len(wide) == 1 else 'they are'} not informative."
    ]


def _single_runs(test: FileView) -> list[str]:
    names = [system.name for system in test.systems if not system.is_baseline and len(system.seeds) == 1]
    if not names:
        return []
    return [
        f"{listed(names)} {'was' if len(names) == 1 else 'were'} trained with one seed: "
        "the test compares checkpoints, not training procedures."
    ]

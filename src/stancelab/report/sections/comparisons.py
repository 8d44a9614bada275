"""Paired comparisons: which systems of a test file are significantly different."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stancelab.metrics.significance import T_TEST
from stancelab.pages.formatting import count, counted, listed, sentence_case
from stancelab.report.sections.cross_validation import cross_validation_sentences
from stancelab.report.sections.differences import not_different, power_sentences
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
        f"{'is' if significant == 1 else 'are'} significantly different: p < {test.level:g} after Holm's correction "
        f"over {counted(test.compared.family, 'different pair')} on all test files."
    ]
    same = [pair for pair in test.pairs_of_best if not test.is_significant(pair)]
    if same:
        sentences += not_different(test, same)
    else:
        sentences.append(f"{best} is significantly different from every other system.")
    sentences += power_sentences(test)
    sentences += [f"{sentence_case(line)}." for line in test.compared.warnings]
    # Notes begin with the name of a system, which keeps its case.
    sentences += [f"{line}." for line in test.compared.notes]
    return sentences + _wide_intervals(test) + _single_runs(test) + _crossed(test) + cross_validation_sentences(test)


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
    borrowed = {name for pair in test.pairs for name in pair.borrowed}
    names = [
        system.name
        for system in test.systems
        if not system.is_baseline and len(system.seeds) == 1 and system.name not in borrowed
    ]
    if not names:
        return []
    return [
        f"{listed(names)} {'was' if len(names) == 1 else 'were'} trained with one seed: "
        "the test compares checkpoints, not training procedures."
    ]


def _crossed(test: FileView) -> list[str]:
    if all(pair.method != T_TEST for pair in test.pairs):
        return []
    return [
        "Rows of one document and rows of one target are taken to be dependent: single runs are compared by a t-test, "
        "not by approximate randomization, which swaps one kind of unit."
    ]

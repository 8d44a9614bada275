"""What the comparisons of a pooled cross-validation are of: some models, or ways of training."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stancelab.metrics.bootstrap import Interval
from stancelab.pages.formatting import counted, p_value, points
from stancelab.report.sections.headline import interval_words

if TYPE_CHECKING:
    from stancelab.report.view import FileView
    from stancelab.results import LearnerComparison


def cross_validation_sentences(test: FileView) -> list[str]:
    """Return the sentences on a cross-validation; none where the evaluation is of one dataset."""
    pooled = test.pooled
    if pooled is None:
        return []
    parts = "targets, each left out in turn" if pooled.kind == "leave_target_out" else "folds"
    several = "" if len(pooled.seeds) == 1 else f" in each of {len(pooled.seeds)} partitions"
    sentences = [
        f"Rows of {pooled.folds} {parts}{several} are pooled: each is answered by a model that was trained without its "
        "fold.",
        f"Scores, intervals and letters are of these {pooled.folds * len(pooled.seeds)} models of each system and "
        "seed, not of the way of training them: models of two folds share most of their training rows.",
    ]
    if several:
        sentences.append("What is called a seed here is one of a system's seeds in one of the partitions.")
    learners = test.compared.learners
    own = [each for each in learners if test.best.name in each.systems]
    return sentences + [line for each in own[:1] for line in _learner(test, each)]


def _learner(test: FileView, found: LearnerComparison) -> list[str]:
    """Say whether the best system and the next one differ as ways of training."""
    first, second = found.systems
    is_above = found.difference >= 0
    interval = found.interval if is_above else Interval(-found.interval.high, -found.interval.low)
    is_significant = found.p_holm < test.level
    tested = f"{interval_words(interval)}, p {p_value(found.p)}; corrected p {p_value(found.p_holm)}"
    pairs, number = len(test.compared.learners), sum(each.p_holm < test.level for each in test.compared.learners)
    return [
        f"As ways of training, {first} is {points(abs(found.difference))} {'above' if is_above else 'below'} {second} "
        f"over {found.folds} folds ({tested}; variance corrected for shared training rows).",
        f"{number} of {counted(pairs, 'pair')} {'differs' if 1 in (number, pairs) else 'differ'} as ways of training "
        f"(corrected p < {test.level:g})"
        + ("." if is_significant else f"; {first} and {second} are not significantly different."),
    ]

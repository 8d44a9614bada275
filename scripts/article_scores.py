"""The scores of article stances against labels: per class, with intervals over articles, and of the evidence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from stancelab.article.aggregate import ARTICLE_STANCES, ArticleStance, StanceSettings, decide, probabilities_of
from stancelab.metrics.bootstrap import Interval, percentile_interval, resample_counts
from stancelab.schema import AGAINST, FAVOR

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from article_gold import GoldArticle
    from article_systems import Questions
    from stancelab.article.aggregate import Answer

#: The classes of macro-F1; the few pairs that are "mixed" are rows of it, and wrong whatever class of it they get.
CLASSES: Final[tuple[ArticleStance, ...]] = ("favor", "against", "none")
RESAMPLES: Final = 10_000
SEED: Final = 13
_PLACES: Final = [ARTICLE_STANCES.index(name) for name in CLASSES]

#: (source, target) -> the answers for them in an article.
ByPair = dict[tuple[str, str], list["Answer"]]


def by_pair(answers: Sequence[Answer]) -> ByPair:
    """Return the answers of an article by source and target."""
    found: ByPair = {}
    for answer in answers:
        found.setdefault((answer.pair.source, answer.pair.target), []).append(answer)
    return found


def stance_of(answers: Sequence[Answer], settings: StanceSettings) -> ArticleStance:
    """Return the stance of an article from its answers for a source and a target."""
    return decide(probabilities_of([answer for answer in answers if answer.counted]), settings)


def confusion(
    article: GoldArticle, answers: ByPair, settings: StanceSettings, *, all_cells: bool = False
) -> NDArray[np.float64]:
    """Return how often each label (rows) got each stance (columns), in the order of `ARTICLE_STANCES`.

    Args:
        article: The labels.
        answers: What a system says.
        settings: How its answers become stances.
        all_cells: Whether every source with every other target is a row, "none" where it is not listed.
    """
    gold = {(pair.source, pair.target): pair.stance for pair in article.pairs}
    counts = np.zeros((len(ARTICLE_STANCES), len(ARTICLE_STANCES)))
    for cell in article.cells() if all_cells else gold:
        row = ARTICLE_STANCES.index(gold.get(cell, "none"))
        counts[row, ARTICLE_STANCES.index(stance_of(answers.get(cell, ()), settings))] += 1
    return counts


def f1_of(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the F1 of each class from confusion matrices of shape (..., classes, classes); 0 where nothing is right.

    The last axis is the stance that was found.
    """
    right = np.diagonal(counts, axis1=-2, axis2=-1)
    both = counts.sum(-1) + counts.sum(-2)
    return np.asarray(2 * right / np.maximum(both, 1))


def macro_of(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the mean F1 over `CLASSES` from confusion matrices of shape (..., classes, classes)."""
    return np.asarray(f1_of(counts)[..., _PLACES].mean(-1))


@dataclass(frozen=True)
class Scores:
    """The scores of a system on labeled articles.

    Attributes:
        macro_f1: The mean F1 over `CLASSES`.
        interval: Its 95% interval over articles.
        precision: By stance; None where no pair got it.
        recall: By stance; None where no label has it.
        f1: By stance.
        pairs: Labels by stance.
        right: Pairs whose stance is the label.
    """

    macro_f1: float
    interval: Interval
    precision: Mapping[str, float | None]
    recall: Mapping[str, float | None]
    f1: Mapping[str, float]
    pairs: Mapping[str, int]
    right: int


def scores_of(by_article: NDArray[np.float64]) -> Scores:
    """Return the scores from the confusion matrices of articles, shape (articles, classes, classes)."""
    counts = by_article.sum(0)
    right, found, labels = np.diagonal(counts), counts.sum(0), counts.sum(1)
    resampled = resample_counts(by_article, RESAMPLES, SEED)
    return Scores(
        macro_f1=float(macro_of(counts)),
        interval=percentile_interval(macro_of(resampled)),
        precision={name: _share(right[at], found[at]) for at, name in enumerate(ARTICLE_STANCES)},
        recall={name: _share(right[at], labels[at]) for at, name in enumerate(ARTICLE_STANCES)},
        f1=dict(zip(ARTICLE_STANCES, map(float, f1_of(counts)), strict=True)),
        pairs=dict(zip(ARTICLE_STANCES, map(int, labels), strict=True)),
        right=int(right.sum()),
    )


def difference(first: NDArray[np.float64], second: NDArray[np.float64]) -> tuple[float, Interval]:
    """Return how far one system's macro-F1 is above another's, with its 95% interval over the same articles."""
    both = np.stack([first, second], axis=1)
    counts, resampled = macro_of(both.sum(0)), macro_of(resample_counts(both, RESAMPLES, SEED))
    return float(counts[0] - counts[1]), percentile_interval(resampled[:, 0] - resampled[:, 1])


def _share(part: float, whole: float) -> float | None:
    return float(part / whole) if whole else None


@dataclass(frozen=True)
class EvidenceScore:
    """What became of the sentences that carry a stance by the labels.

    Attributes:
        sentences: Their number, once for each pair and side.
        asked: Those in which the pair was asked.
        found: Those that are evidence for the side of the label.
        opposite: Those that are evidence for the other side alone.
    """

    sentences: int
    asked: int
    found: int
    opposite: int

    def __add__(self, other: EvidenceScore) -> EvidenceScore:
        """Add the counts of another article."""
        return EvidenceScore(
            self.sentences + other.sentences,
            self.asked + other.asked,
            self.found + other.found,
            self.opposite + other.opposite,
        )


def evidence_of(article: GoldArticle, questions: Questions, answers: ByPair, settings: StanceSettings) -> EvidenceScore:
    """Return the recall of the evidence of an article."""
    total = EvidenceScore(0, 0, 0, 0)
    for pair in article.pairs:
        for number, side in pair.carriers:
            low, high = article.spans[number - 1]
            own = [
                answer.prediction
                for answer in answers.get((pair.source, pair.target), ())
                if questions.sentences[answer.pair.sentence].span.start < high
                and low < questions.sentences[answer.pair.sentence].span.end
                and answer.counted
            ]
            sides = {FAVOR: [one.p_favor for one in own], AGAINST: [one.p_against for one in own]}
            shown = {name for name, rows in sides.items() if any(row >= settings.evidence for row in rows)}
            total += EvidenceScore(1, bool(own), side in shown, bool(shown) and side not in shown)
    return total

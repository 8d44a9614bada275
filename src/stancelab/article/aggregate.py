"""The stance of a source toward a target in a whole article, from the answers for its sentences.

A sentence is evidence for a stance where its probability reaches `StanceSettings.evidence`; answers below the
checkpoint's confidence threshold are kept, marked, and not counted. With F and A the sums of the probabilities of
"favor" and "against" over their evidence, the article's stance is

- `none` where F + A is below `least`: no sentence, or none that is sure enough, shows a stance;
- `mixed` where the smaller of F and A is at least `mixed` of their sum: the article holds both, and both are shown;
- else `favor` or `against`, whichever sum is larger.

Sentences without a stance do not pull toward "none": most sentences that name two actors show no stance between them,
and one that does is not made weaker by them.

The interval of the mean score comes from resamples of the sentences (Efron and Tibshirani, "An Introduction to the
Bootstrap", 1993), in each of which the stance of each sentence is drawn from its probabilities. A bootstrap of few
sentences alone would be too narrow, and of one sentence a point; with the draws the interval of one sentence is that of
its own answer, and only a sure answer has a short one.
"""

from __future__ import annotations

import math
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from stancelab.errors import ConfigError, list_problems
from stancelab.metrics.bootstrap import Interval, percentile_interval
from stancelab.schema import AGAINST, FAVOR, NEUTRAL

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from stancelab.article.types import Pair
    from stancelab.schema import Prediction

#: The stance of an article: `none` is "no stance", `mixed` both.
ArticleStance = Literal["against", "none", "favor", "mixed"]
ARTICLE_STANCES: Final[tuple[ArticleStance, ...]] = ("against", "none", "favor", "mixed")
#: As of evaluations; the scores of all of them are in memory.
_MOST_RESAMPLES: Final = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class StanceSettings:
    """How the answers for sentences become the stance of an article.

    Attributes:
        evidence: The probability from which a sentence is evidence for a stance, 0 to 1.
        least: The sum of such probabilities below which an article shows no stance.
        mixed: The share of the smaller side from which it shows both, 0 to 0.5.
        resamples: Resamples for the interval of the mean score.
        seed: Their seed.
    """

    evidence: float = 0.5
    least: float = 0.5
    mixed: float = 0.45
    resamples: int = 2000
    seed: int = 13

    def problems(self) -> list[str]:
        """Return what cannot be used, one line for each value."""
        found = []
        if not 0 <= self.evidence <= 1:
            found.append(f"evidence: found {self.evidence!r}, expected a probability from 0 to 1")
        if not 0 <= self.least < math.inf:
            found.append(f"least: found {self.least!r}, expected a finite number from 0")
        if not 0 <= self.mixed <= 0.5:
            found.append(f"mixed: found {self.mixed!r}, expected a share from 0 to 0.5")
        if not 1 <= self.resamples <= _MOST_RESAMPLES:
            found.append(f"resamples: found {self.resamples!r}, expected a whole number from 1 to {_MOST_RESAMPLES}")
        if self.seed < 0:
            found.append(f"seed: found {self.seed!r}, expected a whole number from 0")
        return found


@dataclass(frozen=True, slots=True)
class Answer:
    """A pair with what the classifier says of it.

    Attributes:
        pair: The pair.
        prediction: Calibrated probabilities; `abstained` where the confidence is below the checkpoint's threshold.
    """

    pair: Pair
    prediction: Prediction

    @property
    def counted(self) -> bool:
        """Whether the answer is part of the article's stance."""
        return not self.prediction.abstained


@dataclass(frozen=True, slots=True)
class PairStance:
    """The stance of a source toward a target in an article.

    Attributes:
        source: The source's entry; "" is the author.
        target: The target's entry.
        stance: The article's stance.
        score: The mean of the counted sentences' scores, -1 (against) to 1 (favor); None where none is counted.
        interval: Its 95% interval, None where none is counted.
        favor: The counted sentences whose answer is "favor".
        against: Those whose answer is "against".
        neutral: Those whose answer is "neutral".
        uncounted: The answers below the confidence threshold.
    """

    source: str
    target: str
    stance: ArticleStance
    score: float | None
    interval: Interval | None
    favor: tuple[Answer, ...]
    against: tuple[Answer, ...]
    neutral: tuple[Answer, ...]
    uncounted: tuple[Answer, ...]

    @property
    def sentences(self) -> int:
        """The number of counted sentences."""
        return len(self.favor) + len(self.against) + len(self.neutral)

    @property
    def contradicts(self) -> bool:
        """Whether counted sentences say both "favor" and "against", whatever the article's stance is."""
        return bool(self.favor and self.against)


def stances_of(answers: Iterable[Answer], settings: StanceSettings | None = None) -> list[PairStance]:
    """Return the stances of one article, by source and target in the order in which they come first.

    Args:
        answers: The answers for its pairs, in the order of the text.
        settings: The method's parameters.

    Raises:
        ConfigError: A setting cannot be used.
    """
    settings = settings or StanceSettings()
    if problems := settings.problems():
        raise ConfigError("cannot find the stances of articles:\n" + list_problems(problems))
    groups: dict[tuple[str, str], list[Answer]] = {}
    for answer in answers:
        groups.setdefault((answer.pair.source, answer.pair.target), []).append(answer)
    return [_stance_of(source, target, own, settings) for (source, target), own in groups.items()]


def _stance_of(source: str, target: str, answers: Sequence[Answer], settings: StanceSettings) -> PairStance:
    counted = [answer for answer in answers if answer.counted]
    by_label = {
        label: tuple(answer for answer in counted if answer.prediction.predicted == label)
        for label in (FAVOR, AGAINST, NEUTRAL)
    }
    probabilities = probabilities_of(counted)
    # The same pair has the same interval, whatever other pairs an article has.
    key = zlib.crc32(f"{source}\0{target}".encode())
    return PairStance(
        source=source,
        target=target,
        stance=decide(probabilities, settings),
        score=float(np.mean(probabilities[:, 2] - probabilities[:, 0])) if counted else None,
        interval=score_interval(probabilities, settings.resamples, [settings.seed, key]) if counted else None,
        favor=by_label[FAVOR],
        against=by_label[AGAINST],
        neutral=by_label[NEUTRAL],
        uncounted=tuple(answer for answer in answers if not answer.counted),
    )


def probabilities_of(answers: Sequence[Answer]) -> NDArray[np.float64]:
    """Return the probabilities of answers, shape (answers, 3), in the order of `STANCES`."""
    rows = [(one.prediction.p_against, one.prediction.p_neutral, one.prediction.p_favor) for one in answers]
    return np.array(rows, dtype=np.float64).reshape(-1, 3)


def decide(probabilities: NDArray[np.float64], settings: StanceSettings) -> ArticleStance:
    """Return the stance of an article from the probabilities of its counted sentences.

    Args:
        probabilities: Shape (sentences, 3), in the order of `STANCES`.
        settings: The method's parameters.
    """
    against, favor = probabilities[:, 0], probabilities[:, 2]
    for_it = float(favor[favor >= settings.evidence].sum())
    against_it = float(against[against >= settings.evidence].sum())
    total = for_it + against_it
    if total == 0 or total < settings.least:
        return "none"
    smaller = min(for_it, against_it)
    if smaller > 0 and smaller >= settings.mixed * total:
        return "mixed"
    return "favor" if for_it > against_it else "against"


def score_interval(probabilities: NDArray[np.float64], resamples: int, seed: int | Sequence[int]) -> Interval:
    """Return the 95% interval of the mean score of some sentences.

    Args:
        probabilities: Shape (sentences, 3), in the order of `STANCES`; at least one sentence.
        resamples: Number of resamples.
        seed: Their seed.
    """
    return percentile_interval(score_samples(probabilities, resamples, seed))


def score_samples(probabilities: NDArray[np.float64], resamples: int, seed: int | Sequence[int]) -> NDArray[np.float64]:
    """Return the mean scores of resamples of some sentences, shape (resamples,).

    Args:
        probabilities: Shape (sentences, 3), in the order of `STANCES`; at least one sentence.
        resamples: Number of resamples.
        seed: Their seed.
    """
    random = np.random.default_rng(seed)
    sentences = len(probabilities)
    bounds = probabilities.cumsum(axis=1)
    bounds /= bounds[:, -1:]
    means = np.empty(resamples)
    # One resample at a time would be slow, all at once large for an article of many sentences.
    chunk = max(1, 1_000_000 // sentences)
    for start in range(0, resamples, chunk):
        size = min(chunk, resamples - start)
        picks = random.integers(sentences, size=(size, sentences))
        draws = random.random((size, sentences))
        stances = (draws >= bounds[picks, 0]).astype(np.int8) + (draws >= bounds[picks, 1])
        means[start : start + size] = stances.mean(axis=1) - 1
    return means

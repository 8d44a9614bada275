"""Measures how often a step of a learning curve is called a difference where more training rows change nothing.

    python scripts/simulate_curves.py 400

Each simulation makes a test file of documents with one to eight rows, and the runs of one system at three sizes of
train. A run is better or worse by chance, with a spread that may be larger at the smaller sizes, and its expected score
is the same at all sizes, so that every step that is found is a false positive.

Before: the rule of version 0.2, that the 95% bootstrap intervals of the means of the last two sizes do not overlap.
After: the function of the package, `compare_steps`.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

import numpy as np
from scipy.special import expit
from scipy.stats import norm

from stancelab.evaluation.gold_rows import GoldRows
from stancelab.evaluation.resampling import Resamples
from stancelab.evaluation.runs.curve_steps import compare_steps
from stancelab.evaluation.runs.external import ExternalPredictions
from stancelab.evaluation.runs.learning_curve import Size
from stancelab.evaluation.runs.read import Gathered
from stancelab.evaluation.settings import EvaluationSettings
from stancelab.metrics.bootstrap import percentile_interval
from stancelab.results import Provenance
from stancelab.schema import STANCES, Example

SEED = 13
LEVEL = 0.05
SETTINGS = EvaluationSettings(bootstrap_resamples=300, randomization_rounds=300)


@dataclass(frozen=True)
class Setting:
    """What is simulated.

    Attributes:
        documents: In the test file.
        runs: At each size.
        spreads: Standard deviation of the log-odds of a right answer between runs, at each size.
    """

    documents: int
    runs: int
    spreads: tuple[float, float, float]


CASES = (
    Setting(60, 3, (0.05, 0.05, 0.05)), Setting(60, 3, (0.2, 0.2, 0.2)), Setting(60, 3, (0.4, 0.2, 0.1)),
    Setting(200, 3, (0.4, 0.2, 0.1)), Setting(200, 5, (0.4, 0.2, 0.1)), Setting(800, 3, (0.3, 0.3, 0.3)),
)  # fmt: skip


def make_sizes(setting: Setting, random: np.random.Generator) -> list[Size]:
    """Return three sizes of one system on one test file."""
    documents = np.repeat(np.arange(setting.documents), random.integers(1, 9, setting.documents))
    rows = len(documents)
    gold = random.integers(0, 3, rows)
    examples = [
        Example(id=str(k), text=f"Text {k}.", target="x", stance=STANCES[label], document=f"d{document}")
        for k, (label, document) in enumerate(zip(gold, documents, strict=True))
    ]
    ease = 0.8 + random.normal(0, 1.0, setting.documents)[documents] + random.normal(0, 1.0, rows)
    common, sizes = random.normal(0, 1, rows), []
    for number, spread in enumerate(setting.spreads):
        systems = []
        for seed in range(setting.runs):
            noise = np.sqrt(0.5) * (common + random.normal(0, 1, rows))
            right = norm.cdf(noise) < expit(ease + random.normal(0, spread))
            predicted = np.where(right, gold, (gold + random.integers(1, 3, rows)) % 3)
            answers = {str(k): np.eye(3)[each] for k, each in enumerate(predicted)}
            systems.append(ExternalPredictions("net", seed, answers, has_probabilities=False))
        gathered = Gathered(systems, {"test": examples}, Provenance(), "macro_f1")
        sizes.append(Size(str(number), str(number), 100.0 * (number + 1), gathered))
    return sizes


def apart_before(sizes: list[Size]) -> bool:
    """Tell whether the former rule says that the last step helps or harms."""
    gold = GoldRows.of(sizes[0].gathered.tests["test"], SETTINGS.unit)
    low, high = (
        percentile_interval(
            Resamples.of(gold, [each.predict_proba(gold.examples) for each in size.gathered.systems], SETTINGS)
            .scores["macro_f1"]
            .mean(axis=1)
        )
        for size in sizes[-2:]
    )
    return low.high < high.low or high.high < low.low


def main() -> None:
    """Print for each setting the share of false claims before and after, and the coverage of intervals."""
    simulations = int(sys.argv[1]) if len(sys.argv) > 1 else 400
    print(f"{simulations:,} simulations each, seed {SEED}, macro-F1, two steps of one system")
    print(
        "| documents | runs | std of runs by size | last step, before | single steps p < 0.05 | any step, Holm "
        "| coverage |"
    )
    print("|" + "---:|" * 7)
    for setting in CASES:
        random = np.random.default_rng(SEED)
        before = single = claims = covered = 0
        for _ in range(simulations):
            sizes = make_sizes(setting, random)
            before += apart_before(sizes)
            steps = compare_steps(sizes, SETTINGS)
            single += sum(step.p < LEVEL for step in steps)
            claims += any(step.p_holm < LEVEL for step in steps)
            covered += sum(step.interval.low <= 0 <= step.interval.high for step in steps)
        spreads = ", ".join(f"{each:g}" for each in setting.spreads)
        print(
            f"| {setting.documents} | {setting.runs} | {spreads} | {before / simulations:.1%} "
            f"| {single / simulations / 2:.1%} | {claims / simulations:.1%} | {covered / simulations / 2:.1%} |",
            flush=True,
        )


if __name__ == "__main__":
    main()

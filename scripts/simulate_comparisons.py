"""Measures how often a comparison finds a difference between equally good systems; at the 5% level it should be 5%.

    python scripts/simulate_comparisons.py 1000

Each simulation makes a test file of sentences with one to four rows and two systems of the same training: a run gets a
row right with a probability that depends on the sentence, the row and the run, and its errors are partly those that
other runs make too. The systems' runs differ by chance alone, so each difference that is found is a false positive.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

import numpy as np
from scipy.special import expit
from scipy.stats import norm

from stancelab.metrics.bootstrap import resample_counts
from stancelab.metrics.classification import confusions_by, scores_of_confusions
from stancelab.metrics.significance import Runs, compare

SEED = 13
LEVEL = 0.05
RESAMPLES = 500


@dataclass(frozen=True)
class Setting:
    """What is simulated.

    Attributes:
        sentences: In the test file.
        seeds: Runs of each system.
        spread: How far runs of one training differ in skill: the standard deviation of the log-odds of a right answer.
        shared: Share of the randomness of an answer that all runs share.
    """

    sentences: int
    seeds: int
    spread: float
    shared: float


SETTINGS = (
    Setting(300, 1, 0.0, 0.5), Setting(300, 1, 0.0, 0.9), Setting(60, 1, 0.0, 0.5),
    Setting(300, 3, 0.0, 0.5), Setting(300, 3, 0.05, 0.5), Setting(300, 3, 0.15, 0.5), Setting(300, 3, 0.4, 0.5),
    Setting(300, 3, 0.15, 0.9), Setting(300, 3, 0.15, 0.0), Setting(60, 3, 0.15, 0.5), Setting(300, 5, 0.15, 0.5),
)  # fmt: skip


def simulate(setting: Setting, random: np.random.Generator) -> np.ndarray:
    """Return confusion matrices of shape (sentences, runs, 3, 3); the first half of the runs is of the one system."""
    rows_of = random.integers(1, 5, setting.sentences)
    groups = np.repeat(np.arange(setting.sentences), rows_of)
    rows = len(groups)
    gold = random.integers(0, 3, rows)
    ease = random.normal(0.8, 1.0, setting.sentences)[groups] + random.normal(0, 1.0, rows)
    common = random.normal(0, 1, rows)
    counts = []
    for _ in range(2 * setting.seeds):
        skill = random.normal(0, setting.spread)
        noise = np.sqrt(setting.shared) * common + np.sqrt(1 - setting.shared) * random.normal(0, 1, rows)
        right = norm.cdf(noise) < expit(ease + skill)
        predicted = np.where(right, gold, (gold + random.integers(1, 3, rows)) % 3)
        counts.append(confusions_by(groups, setting.sentences, gold, predicted))
    return np.stack(counts, axis=1)


def false_positives(setting: Setting, simulations: int) -> tuple[float, float]:
    """Return the share of simulations in which the systems are found to differ, and the mean deviation over seeds."""
    random = np.random.default_rng(SEED)
    members = {"one": range(setting.seeds), "other": range(setting.seeds, 2 * setting.seeds)}
    found, deviations = 0, []
    for number in range(simulations):
        counts = simulate(setting, random)
        resampled = scores_of_confusions(resample_counts(counts, RESAMPLES, number)).macro_f1
        found += compare(Runs(counts, resampled, members), "macro_f1", RESAMPLES, number)[0].p < LEVEL
        if setting.seeds > 1:
            scores = scores_of_confusions(counts.sum(axis=0)).macro_f1[: setting.seeds]
            deviations.append(scores.std(ddof=1))
    return found / simulations, float(np.mean(deviations)) if deviations else 0.0


def main() -> None:
    """Print the share of false positives of each setting, with its own 95% margin."""
    simulations = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    margin = 1.96 * (LEVEL * (1 - LEVEL) / simulations) ** 0.5
    print(f"{simulations:,} simulations each, macro-F1; by chance 5% ± {100 * margin:.1f}")
    print("| sentences | seeds | shared errors | std over seeds | found to differ |\n|---:|---:|---:|---:|---:|")
    for setting in SETTINGS:
        share, deviation = false_positives(setting, simulations)
        std = f"{100 * deviation:.1f}" if setting.seeds > 1 else "–"
        print(
            f"| {setting.sentences} | {setting.seeds} | {setting.shared:.0%} | {std} | {100 * share:.1f}% |", flush=True
        )


if __name__ == "__main__":
    main()

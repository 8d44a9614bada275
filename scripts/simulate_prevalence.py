"""Measures how often intervals hold the score that a system has on the texts it is meant for.

    python scripts/simulate_prevalence.py 1000

Each simulation draws a test file of documents in which stances are as frequent as in a labeled sample (30, 40, 30%)
and a system that answers each stance rightly with its own rate. The texts it is meant for have other shares (10, 70,
20%). How often does the 95% interval of macro-F1 hold the score there: that of the plain scores, and that of the scores
at the stated prevalence? And where rows of one stance are sampled three times as often, how often does the interval of
the scores by design weights hold the score of the whole population? The last column is the share of wrong directions at
the file's own prevalence.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from stancelab.evaluation.error_kinds import error_kinds
from stancelab.evaluation.gold_rows import GoldRows
from stancelab.evaluation.reweighting import Weighing, reweighted
from stancelab.evaluation.settings import EvaluationSettings
from stancelab.metrics.classification import confusions_by, scores_of_confusions
from stancelab.schema import STANCES, Example

SEED = 13
SAMPLE = np.array([0.3, 0.4, 0.3])
MEANT_FOR = np.array([0.1, 0.7, 0.2])
RATES = np.array([3.0, 1.0, 1.0])  # how often a row of each stance is sampled, beside the others
SETTINGS = EvaluationSettings(bootstrap_resamples=500)


@dataclass(frozen=True)
class Setting:
    """What is simulated.

    Attributes:
        documents: Of the test file.
        rows: Rows of a document, at the mean.
        seeds: Runs of the system.
        together: How far documents differ in ease: the standard deviation of the log-odds of a right answer.
        spread: How far runs differ in skill, likewise.
    """

    documents: int
    rows: int
    seeds: int
    together: float
    spread: float


ALL = (
    Setting(300, 1, 1, 0.0, 0.0), Setting(100, 5, 1, 0.5, 0.0), Setting(30, 10, 1, 0.5, 0.0),
    Setting(15, 20, 1, 0.5, 0.0), Setting(100, 5, 3, 0.5, 0.3), Setting(100, 5, 5, 0.5, 0.3),
)  # fmt: skip


def draw(setting: Setting, documents: int, shares: np.ndarray, random: np.random.Generator) -> tuple[np.ndarray, ...]:
    """Return documents, gold stances and predictions of shapes (rows,), (rows,) and (seeds, rows)."""
    units = np.repeat(np.arange(documents), 1 + random.poisson(setting.rows - 1, documents))
    gold = random.choice(3, size=len(units), p=shares)
    ease = np.array([0.6, 1.4, 0.9])[gold] + setting.together * random.normal(size=documents)[units]
    skill = setting.spread * random.normal(size=(setting.seeds, 1))
    right = random.random((setting.seeds, len(units))) < expit(ease + skill)
    wrong = (gold + random.choice([1, 2], size=(setting.seeds, len(units)), p=[0.6, 0.4])) % 3
    return units, gold, np.where(right, gold, wrong)


def scores(setting: Setting, shares: np.ndarray) -> tuple[float, float]:
    """Return the true macro-F1 and share of wrong directions, of a mean over many runs."""
    random = np.random.default_rng(SEED + 1)
    many = Setting(setting.documents, setting.rows, 200 if setting.spread else 5, setting.together, setting.spread)
    _, gold, predicted = draw(many, 60_000 // setting.rows, shares, random)
    counts = np.stack([confusions_by(np.zeros_like(gold), 1, gold, each)[0] for each in predicted])
    directions = (counts[:, 0, 2] + counts[:, 2, 0]) / len(gold)
    return float(scores_of_confusions(counts).macro_f1.mean()), float(directions.mean())


def gold_rows(units: np.ndarray, gold: np.ndarray) -> GoldRows:
    """Return the rows as the evaluation has them."""
    return GoldRows.of(
        [
            Example(id=str(row), text=str(row), target="t", stance=STANCES[stance], document=str(unit))
            for row, (unit, stance) in enumerate(zip(units, gold, strict=True))
        ],
        "document",
    )


def simulate(setting: Setting, simulations: int) -> np.ndarray:
    """Return how often each of the four intervals holds its true score."""
    random = np.random.default_rng(SEED)
    meant_for, _ = scores(setting, MEANT_FOR)
    whole, directions = scores(setting, SAMPLE)
    held = np.zeros(4)
    members = {"net": range(setting.seeds)}
    for _ in range(simulations):
        units, gold, predicted = draw(setting, setting.documents, SAMPLE, random)
        test, runs = gold_rows(units, gold), list(np.eye(3)[predicted])
        labels = [True] * setting.seeds
        plain = reweighted(test, runs, members, labels, Weighing(np.ones(len(gold))), SETTINGS)["net"]
        stated = reweighted(test, runs, members, labels, Weighing(np.ones(len(gold)), MEANT_FOR), SETTINGS)["net"]
        kept = random.random(len(gold)) < RATES[gold] / RATES.max()
        sampled = gold_rows(units[kept], gold[kept])
        weights = Weighing(1 / RATES[gold[kept]])
        by_weights = reweighted(sampled, [run[kept] for run in runs], members, labels, weights, SETTINGS)["net"]
        kinds = error_kinds(test, runs, members, SETTINGS)["net"].direction_interval
        assert kinds is not None
        for place, (interval, truth) in enumerate(
            [
                (plain.intervals["macro_f1"], meant_for), (stated.intervals["macro_f1"], meant_for),
                (by_weights.intervals["macro_f1"], whole), (kinds, directions),
            ]
        ):  # fmt: skip
            held[place] += interval.low <= truth <= interval.high
    return held / simulations


def main() -> None:
    """Print how often each interval holds its true score."""
    simulations = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    margin = 1.96 * (0.95 * 0.05 / simulations) ** 0.5
    print(f"{simulations:,} simulations each; a share of 95% is known to ± {100 * margin:.1f} points")
    print("| documents | rows each | seeds | spread | plain | at the prevalence | by weights | wrong directions |")
    print("|---:|---:|---:|---:|---:|---:|---:|---:|")
    for setting in ALL:
        cells = " | ".join(f"{each:.1%}" for each in simulate(setting, simulations))
        print(f"| {setting.documents} | {setting.rows} | {setting.seeds} | {setting.spread} | {cells} |", flush=True)


if __name__ == "__main__":
    main()

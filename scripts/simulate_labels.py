"""Measures two rules on labels: the interval of Krippendorff's alpha, and what corrected test labels do to scores.

    python scripts/simulate_labels.py 1000

Agreement: items have a true stance, an annotator gives it or, with some probability, a stance by chance. The interval
should cover the alpha of very many such items in 95% of the simulations.

Corrections: two equally good systems answer test rows of which a tenth have a wrong label; their errors are
independent. A person who makes no mistakes corrects the rows on which the first system disagrees with the label, or
labels a random sample of rows again. The systems should differ (exact McNemar test, 5%) in 5% of the simulations.
"""

from __future__ import annotations

import sys

import numpy as np
from scipy.stats import binomtest

from stancelab.data.quality.agreement import Agreement, agreement
from stancelab.data.quality.label_issues import blind_sample
from stancelab.schema import STANCES, Example

SEED = 13
SHARES = (0.3, 0.5, 0.2)
MANY = 200_000
#: Items, share of labels by chance, annotators.
AGREEMENTS = ((30, 0.2, 2), (30, 0.2, 3), (100, 0.2, 2), (100, 0.05, 2), (300, 0.05, 2), (1000, 0.02, 2))
ROWS, SAMPLE, RIGHT, NOISE = 1000, 200, 0.7, 0.1


def annotate(items: int, noise: float, people: int, random: np.random.Generator) -> Agreement | None:
    """Return how far annotators agree on made-up items."""
    truth = random.choice(3, items, p=SHARES)
    chance = random.choice(3, (people, items), p=SHARES)
    labels = np.where(random.random((people, items)) < noise, chance, truth)
    return agreement(np.tile(np.arange(items), people), np.repeat(np.arange(people), items), labels.ravel())


def coverage(items: int, noise: float, people: int, simulations: int) -> tuple[float, float, float]:
    """Return alpha of very many items, and the share of intervals and of point ranges ± 0.05 that hold it."""
    random = np.random.default_rng(SEED)
    whole = annotate(MANY, noise, people, random)
    assert whole is not None
    assert whole.alpha is not None
    covered = near = known = 0
    for _ in range(simulations):
        found = annotate(items, noise, people, random)
        if found is None or found.alpha is None or found.interval is None:
            continue
        known += 1
        covered += found.interval[0] <= whole.alpha <= found.interval[1]
        near += abs(found.alpha - whole.alpha) <= 0.05
    return whole.alpha, covered / known, near / known


def wrong_of(truth: np.ndarray, share: float, random: np.random.Generator) -> np.ndarray:
    """Return stances of which a share is not the true one."""
    other = (truth + random.integers(1, 3, len(truth))) % 3
    return np.where(random.random(len(truth)) < share, other, truth)


def corrections(simulations: int) -> dict[str, tuple[float, float, float]]:
    """Return for each set of labels the mean accuracies of both systems and the share of significant differences."""
    random = np.random.default_rng(SEED)
    found: dict[str, list[tuple[float, float, float]]] = {}
    for number in range(simulations):
        truth = random.integers(0, 3, ROWS)
        labels = wrong_of(truth, NOISE, random)
        first, other = wrong_of(truth, 1 - RIGHT, random), wrong_of(truth, 1 - RIGHT, random)
        rows = [Example(id=str(row), text="", target="", stance=STANCES[label]) for row, label in enumerate(labels)]
        sample = np.array([int(row.id) for row in blind_sample(rows, SAMPLE, number)])
        everything = np.arange(ROWS)
        for name, gold, rows_scored in (
            ("labels as they are", labels, everything),
            ("corrected where the first system disagrees", np.where(first != labels, truth, labels), everything),
            (f"a random sample of {SAMPLE} rows labeled again", truth, sample),
            ("the truth", truth, everything),
        ):
            right, right_other = (first == gold)[rows_scored], (other == gold)[rows_scored]
            alone, alone_other = int((right & ~right_other).sum()), int((right_other & ~right).sum())
            p = binomtest(alone, alone + alone_other).pvalue if alone + alone_other else 1.0
            found.setdefault(name, []).append((float(right.mean()), float(right_other.mean()), float(p < 0.05)))
    means = {name: np.mean(each, axis=0) for name, each in found.items()}
    return {name: (float(mean[0]), float(mean[1]), float(mean[2])) for name, mean in means.items()}


def main() -> None:
    """Print both tables."""
    simulations = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    margin = 196 * (0.95 * 0.05 / simulations) ** 0.5
    print(f"{simulations:,} simulations each; shares of 95% and of 5% are known to ± {margin:.1f}")
    print("| items | labels by chance | annotators | alpha | within 0.05 of it | interval covers |")
    print("|---:|---:|---:|---:|---:|---:|")
    for items, noise, people in AGREEMENTS:
        alpha, covered, near = coverage(items, noise, people, simulations)
        print(f"| {items} | {noise:.0%} | {people} | {alpha:.3f} | {near:.1%} | {covered:.1%} |", flush=True)
    print("\n| test labels | accuracy of the first system | of the other | found to differ |\n|---|---:|---:|---:|")
    for name, (right, right_other, differ) in corrections(simulations).items():
        print(f"| {name} | {right:.1%} | {right_other:.1%} | {differ:.1%} |")


if __name__ == "__main__":
    main()

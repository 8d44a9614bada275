"""Measures claims about ways of training from a cross-validation: how often they are false, and how often found.

    python scripts/simulate_cross_validation.py 300

Each simulation draws a corpus and trains two linear classifiers, each on features of its own, on the folds. In the
first settings both sets of features are equally informative, so that over corpora neither way of training is better
and each difference that is found is a false positive; in the last one the second set is worse, and the difference is
there to be found. Compared are the test of these models on the pooled rows (the rule before), an ordinary t-test over
the folds, and the corrected t-test of the project over one partition and over three.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

import numpy as np
from scipy import stats

from stancelab.metrics.classification import confusions_by, scores_of_confusions
from stancelab.metrics.cross_validation import corrected_t
from stancelab.metrics.randomization import randomization

SEED = 10
LEVEL = 0.05
FOLDS = 5
PARTITIONS = 3
ROUNDS = 300
METRIC = "macro_f1"
COLUMNS = ("swap test of the pooled rows", "t-test over folds", "corrected, 1 x 5 folds", "corrected, 3 x 5 folds")


@dataclass(frozen=True)
class Setting:
    """What is simulated.

    Attributes:
        rows: Of the corpus.
        features: Of each classifier, of which three are informative.
        second: How informative those of the second classifier are; those of the first are at `FIRST`.
    """

    rows: int
    features: int
    second: float


FIRST = 0.45
SETTINGS = (
    Setting(150, 20, FIRST), Setting(300, 40, FIRST), Setting(600, 40, FIRST), Setting(150, 60, FIRST),
    Setting(600, 40, 0.25),
)  # fmt: skip


def simulate(setting: Setting, random: np.random.Generator) -> tuple[np.ndarray, list[np.ndarray], list[np.ndarray]]:
    """Return gold labels, and for each partition the fold of each row and both classifiers' answers, (2, rows)."""
    values = random.normal(size=(setting.rows, 2 * setting.features))
    weights = np.zeros(2 * setting.features)
    weights[:3], weights[setting.features : setting.features + 3] = FIRST, setting.second
    gold = (values @ weights + random.normal(size=setting.rows) > 0).astype(np.int64)
    folds, answers = [], []
    for _ in range(PARTITIONS):
        fold = random.permutation(np.arange(setting.rows) % FOLDS)
        folds.append(fold)
        answers.append(np.stack([_cross_validated(values[:, own], gold, fold) for own in _columns(setting)]))
    return gold, folds, answers


def _columns(setting: Setting) -> tuple[slice, slice]:
    return slice(0, setting.features), slice(setting.features, 2 * setting.features)


def _cross_validated(values: np.ndarray, gold: np.ndarray, fold: np.ndarray) -> np.ndarray:
    """Return the answers of ridge regressions, each to the fold that it was trained without."""
    answers = np.zeros_like(gold)
    for held_out in range(FOLDS):
        train, test = fold != held_out, fold == held_out
        gram = values[train].T @ values[train] + np.eye(values.shape[1])
        answers[test] = values[test] @ np.linalg.solve(gram, values[train].T @ (2 * gold[train] - 1)) > 0
    return answers


def found(setting: Setting, seed: int) -> list[bool]:
    """Return for each of `COLUMNS` whether it finds a difference in one simulated corpus."""
    gold, folds, answers = simulate(setting, np.random.default_rng([SEED, seed]))
    counts = np.stack([confusions_by(np.arange(len(gold)), len(gold), gold, each) for each in answers[0]], axis=1)
    differences = [
        [_score(gold, first, fold == held_out) - _score(gold, second, fold == held_out) for held_out in range(FOLDS)]
        for fold, (first, second) in zip(folds, answers, strict=True)
    ]
    ratio = 1 / (FOLDS - 1)
    p_values = [
        float(randomization(counts, [(0, 1)], METRIC, ROUNDS, seed)[0]),
        float(stats.ttest_1samp(differences[0], 0).pvalue),
        corrected_t(differences[0], ratio)[1],
        corrected_t(np.concatenate(differences).tolist(), ratio)[1],
    ]
    return [p < LEVEL for p in p_values]


def _score(gold: np.ndarray, answers: np.ndarray, rows: np.ndarray) -> float:
    counts = confusions_by(np.zeros(int(rows.sum()), dtype=np.int64), 1, gold[rows], answers[rows])
    return float(getattr(scores_of_confusions(counts), METRIC)[0])


def main() -> None:
    """Print the table; the first word of the command line is the number of simulations of each setting."""
    simulations = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    print(f"| rows | features | second system | {' | '.join(COLUMNS)} |")
    print("|---:|---:|---|---:|---:|---:|---:|")
    for setting in SETTINGS:
        shares = np.mean([found(setting, seed) for seed in range(simulations)], axis=0)
        what = "as good" if setting.second == FIRST else "worse"
        cells = " | ".join(f"{100 * share:.1f}%" for share in shares)
        print(f"| {setting.rows} | {setting.features} | {what} | {cells} |", flush=True)


if __name__ == "__main__":
    main()

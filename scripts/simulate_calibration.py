"""Measures what an expected calibration error, and a difference in Brier score, show.

    python scripts/simulate_calibration.py 900
    python scripts/simulate_calibration.py different 3000    # one table: calibrated, different or equal

The first table: answers are perfectly calibrated, and those of one document are right and wrong together. How large is
their ECE, and how often is it called too large at the 5% level: against labels drawn from the probabilities, each row
alone, and against the noise floor of the report, which keeps documents together?

The second table: two systems whose Brier scores truly differ. How often does the 95% interval of the difference hold
the true one: by the percentiles of a bootstrap over documents, the seeds taken as given, and by the report's interval?

The third table: two systems whose trainings have the same Brier score on average. How often are they said to differ at
the 5% level: by the variance between seeds of each system's own runs alone, and by the test of the report, in which a
system with one run borrows that of the other?
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from scipy.stats import norm

from stancelab.metrics.bootstrap import percentile_interval, resample_counts
from stancelab.metrics.calibration import bin_of, expected_calibration_error, reliability_bins
from stancelab.metrics.calibration_noise import calibration_noise
from stancelab.metrics.classification import proper_losses
from stancelab.metrics.randomization import mean_randomization
from stancelab.metrics.run_means import mean_over_runs
from stancelab.metrics.significance import Runs, compare_points, seeds_and_data

SEED = 13
LEVEL = 0.05
BINS = 15
RESAMPLES = 500
DRAWS = 200
ROUNDS = 1000


@dataclass(frozen=True)
class Setting:
    """What is simulated.

    Attributes:
        documents: Of the test file.
        rows: Rows of a document, at the mean.
        together: Correlation of the (probit) errors within a document.
        seeds: Runs of each system.
        others: Runs of the second system of the third table, None for as many.
        apart: How far the confidences of two runs are apart on a document, in probits.
        spread: How far runs of one training differ: the standard deviation of the probit of their confidence.
        sure: How much too sure the first system of the second table is, in probits; the second one is by 0.3 more.
    """

    documents: int
    rows: int
    together: float
    seeds: int = 1
    spread: float = 0.0
    sure: float = 0.3
    others: int | None = None
    apart: float = 0.0


CALIBRATED = (
    Setting(944, 1, 0.0), Setting(94, 10, 0.0), Setting(94, 10, 0.1), Setting(94, 10, 0.3), Setting(30, 30, 0.1),
    Setting(15, 30, 0.3), Setting(300, 10, 0.1), Setting(94, 10, 0.1, 3),
)  # fmt: skip
DIFFERENT = (
    Setting(300, 3, 0.0), Setting(94, 10, 0.3), Setting(30, 30, 0.1), Setting(15, 30, 0.3),
    Setting(94, 10, 0.1, 3, 0.05), Setting(94, 10, 0.1, 3, 0.2), Setting(94, 10, 0.1, 5, 0.2),
    Setting(94, 10, 0.1, 5, 0.2, 0.0),
)  # fmt: skip
EQUAL = (
    Setting(94, 10, 0.1, apart=0.5), Setting(12, 30, 0.1, apart=0.5), Setting(8, 30, 0.1, apart=0.5),
    Setting(94, 10, 0.1, 3, 0.1, apart=0.5), Setting(94, 10, 0.1, 3, 0.3, others=1, apart=0.5),
    Setting(94, 10, 0.1, 5, 0.3, others=1, apart=0.5), Setting(30, 30, 0.1, 5, 0.2, others=1, apart=0.5),
)  # fmt: skip


def draw(setting: Setting, random: np.random.Generator, runs: int, skills: np.ndarray) -> tuple[np.ndarray, ...]:
    """Return probabilities of shape (runs, rows, 3), labels (rows,) and documents (rows,); all is calibrated.

    The labels follow the probabilities of the first run, which all runs have where `skills` are equal.
    """
    units = np.repeat(np.arange(setting.documents), 1 + random.poisson(setting.rows - 1, setting.documents))
    rows = len(units)
    ease = 0.6 + 0.4 * random.normal(size=setting.documents)[units] + 0.7 * random.normal(size=rows)
    latent = np.sqrt(setting.together) * random.normal(size=setting.documents)[units]
    latent += np.sqrt(1 - setting.together) * random.normal(size=rows)
    skill = skills[:, None] + np.zeros(rows)
    if setting.apart:
        skill += setting.apart * random.normal(size=(runs, setting.documents))[:, units]
    confidence = 1 / 3 + 2 / 3 * norm.cdf(ease + skill)
    right = latent < norm.ppf(1 / 3 + 2 / 3 * norm.cdf(ease))
    labels = np.where(right, 0, random.integers(1, 3, rows))
    return np.stack([confidence, (1 - confidence) / 2, (1 - confidence) / 2], axis=2), labels, units


def drawn_alone(probabilities: np.ndarray, found: float, random: np.random.Generator) -> float:
    """Return the p-value of an ECE against labels that are drawn from the probabilities, each row alone."""
    confidence = probabilities.max(axis=1)
    residuals = (random.random((DRAWS, len(confidence))) < confidence) - confidence
    errors = np.abs(residuals @ np.eye(BINS)[bin_of(confidence, BINS)]).sum(axis=1) / len(confidence)
    return float((1 + (errors >= found).sum()) / (1 + DRAWS))


def calibrated(setting: Setting, simulations: int) -> tuple[float, ...]:
    """Return mean ECE, mean of the floor, and how often both rules call the ECE too large."""
    random = np.random.default_rng(SEED)
    errors, floors, alone, together = [], [], 0, 0
    for number in range(simulations):
        runs, labels, units = draw(setting, random, setting.seeds, np.zeros(setting.seeds))
        error = float(np.mean([expected_calibration_error(reliability_bins(labels, run, BINS)) for run in runs]))
        noise = calibration_noise(labels, list(runs), units, BINS, number, rounds=500)
        errors.append(error)
        floors.append(noise.mean)
        alone += drawn_alone(runs[0], error, random) < LEVEL
        together += noise.p < LEVEL
    return float(np.mean(errors)), float(np.mean(floors)), alone / simulations, together / simulations


def _differences(setting: Setting, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return Brier losses by document and run of the difference, shape (documents, runs), and rows by document."""
    skills = setting.sure + random.normal(0, setting.spread, 2 * setting.seeds)
    skills[setting.seeds :] += 0.3
    runs, labels, units = draw(setting, random, 2 * setting.seeds, skills)
    losses = np.stack([proper_losses(labels, run)[0] for run in runs], axis=1)
    difference = losses[:, : setting.seeds] - losses[:, setting.seeds :]
    sums = np.stack([np.bincount(units, weights=each, minlength=setting.documents) for each in difference.T], axis=1)
    return sums, np.bincount(units, minlength=setting.documents)


def different(setting: Setting, simulations: int) -> tuple[float, float]:
    """Return how often the percentile interval and the report's hold the true difference."""
    random = np.random.default_rng(SEED)
    # With seeds, many of them are needed for the truth: an error of it would count in all simulations alike.
    documents, repeats = (300, 600) if setting.spread else (max(2_000, 60_000 // setting.rows), 5)
    many = replace(setting, documents=documents)
    truth = float(np.mean([_mean(*_differences(many, random)).mean() for _ in range(repeats)]))
    held = np.zeros(2)
    for number in range(simulations):
        sums, rows = _differences(setting, random)
        resampled = resample_counts(np.column_stack([sums, rows]), RESAMPLES, number)
        resampled = resampled[:, :-1] / resampled[:, -1:]
        old = percentile_interval(resampled.mean(axis=1))
        new = mean_over_runs(_mean(sums, rows), resampled, setting.documents).interval
        held += [old.low <= truth <= old.high, new.low <= truth <= new.high]
    return float(held[0] / simulations), float(held[1] / simulations)


def equal(setting: Setting, simulations: int) -> tuple[float, float]:
    """Return how often two systems of equal trainings are said to differ: without and with a borrowed variance."""
    random = np.random.default_rng(SEED)
    own = setting.seeds
    runs_of = own + (own if setting.others is None else setting.others)
    members = {"a": range(own), "b": range(own, runs_of)}
    found = np.zeros(2)
    for number in range(simulations):
        skills = setting.sure + random.normal(0, setting.spread, runs_of)
        runs, labels, units = draw(setting, random, runs_of, skills)
        losses = np.stack([proper_losses(labels, run)[0] for run in runs], axis=1)
        counted = [np.bincount(units, weights=each, minlength=setting.documents) for each in losses.T]
        sums = np.stack(counted, axis=1).astype(np.float64)
        rows = np.bincount(units, minlength=setting.documents)
        resampled = resample_counts(np.column_stack([sums, rows]), RESAMPLES, number)
        resampled, points = resampled[:, :-1] / resampled[:, -1:], _mean(sums, rows)
        sides = [list(each) for each in members.values()]
        alone = seeds_and_data(
            (points[sides[0]], points[sides[1]]), (resampled[:, sides[0]], resampled[:, sides[1]]), setting.documents
        )
        seeds = {name: list(own_runs) for name, own_runs in members.items()}
        [tested] = compare_points(
            Runs(sums, resampled, members, seeds), points, partial(mean_randomization, sums, rounds=ROUNDS, seed=number)
        )
        found += [alone.p < LEVEL, tested.p < LEVEL]
    return float(found[0] / simulations), float(found[1] / simulations)


def _mean(sums: np.ndarray, rows: np.ndarray) -> np.ndarray:
    return np.asarray(sums.sum(axis=0) / rows.sum())


def print_calibrated(simulations: int) -> None:
    """Print how often the calibration error of calibrated answers is called too large."""
    print("| documents | rows each | correlation | seeds | mean ECE | mean floor | rows drawn alone | noise floor |")
    print("|---:|---:|---:|---:|---:|---:|---:|---:|")
    for setting in CALIBRATED:
        error, floor, alone, together = calibrated(setting, simulations)
        print(
            f"| {setting.documents} | {setting.rows} | {setting.together} | {setting.seeds} | {100 * error:.1f} | "
            f"{100 * floor:.1f} | {alone:.1%} | {together:.1%} |", flush=True,
        )  # fmt: skip


def print_different(simulations: int) -> None:
    """Print how often intervals hold a true difference."""
    print("| documents | rows each | correlation | seeds | spread | too sure | percentiles | report's interval |")
    print("|---:|---:|---:|---:|---:|---:|---:|---:|")
    for setting in DIFFERENT:
        old, new = different(setting, simulations)
        print(
            f"| {setting.documents} | {setting.rows} | {setting.together} | {setting.seeds} | "
            f"{setting.spread} | {setting.sure} | {old:.1%} | {new:.1%} |", flush=True,
        )  # fmt: skip


def print_equal(simulations: int) -> None:
    """Print how often two systems of equal trainings are said to differ."""
    print("| documents | rows each | correlation | runs | spread | own seeds alone | report's test |")
    print("|---:|---:|---:|---:|---:|---:|---:|")
    for setting in EQUAL:
        old, new = equal(setting, simulations)
        runs = f"{setting.seeds} and {setting.seeds if setting.others is None else setting.others}"
        print(
            f"| {setting.documents} | {setting.rows} | {setting.together} | {runs} | {setting.spread} | {old:.1%} | "
            f"{new:.1%} |", flush=True,
        )  # fmt: skip


TABLES = {"calibrated": print_calibrated, "different": print_different, "equal": print_equal}


def main() -> None:
    """Print the tables."""
    asked = [word for word in sys.argv[1:] if word in TABLES]
    simulations = next((int(word) for word in sys.argv[1:] if word.isdigit()), 900)
    margin = 1.96 * (LEVEL * (1 - LEVEL) / simulations) ** 0.5
    print(f"{simulations:,} simulations each; a share of 5% is known to ± {100 * margin:.1f} points")
    for name in asked or TABLES:
        print()
        TABLES[name](simulations)


if __name__ == "__main__":
    main()

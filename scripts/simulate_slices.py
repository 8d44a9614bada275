"""Measures how often slices are found to differ where a system is equally good on all rows, and what intervals cover.

    python scripts/simulate_slices.py 1000
    python scripts/simulate_slices.py 1000 1 2 3    # the first three settings alone

Each simulation makes a test file of documents with one to eight rows and the runs of one system. A run gets a row right
with a probability that depends on the document, the row and the run, but not on the slice; on each slice a run is
better or worse by chance. Slices are of whole documents (topics of unequal size), of rows of all documents (lengths,
kinds) and of single targets. Every slice that is found to differ is a false positive.

Where a setting has a gap, rows of one kind are harder by it, in log-odds, and the last column says how often that slice
is found; claims on other slices are then not counted, since some of them do differ.

Before: the rule of version 0.2, that the 95% interval of a slice with at least 30 rows, a percentile bootstrap over its
units, is below the accuracy on all rows. Alone: the variance between runs of each slice from that slice alone. Now: the
functions of the package, in which the other slices count too.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

import numpy as np
from scipy.special import expit
from scipy.stats import norm

from stancelab.evaluation.gold_rows import GoldRows
from stancelab.evaluation.slice_tests import compare_contrasts, different, measure_slices
from stancelab.evaluation.slices import SliceRows
from stancelab.metrics.bootstrap import percentile_interval, resample_counts
from stancelab.metrics.jackknife import Variances, differences
from stancelab.metrics.significance import holm
from stancelab.schema import STANCES, Example

SEED = 13
LEVEL = 0.05
RESAMPLES = 300


@dataclass(frozen=True)
class Setting:
    """What is simulated.

    Attributes:
        documents: In the test file.
        runs: Of the system.
        ease: The log-odds of a right answer to a row of medium difficulty.
        spread: Standard deviation of the log-odds between runs, and twice that between a run's slices.
        alike: Standard deviation of the log-odds between documents.
        uneven: Whether runs differ more on slices of some attributes than of others, see `UNEVEN`.
        gap: By how much rows of the second kind are harder, in log-odds.
    """

    documents: int
    runs: int
    ease: float
    spread: float
    alike: float
    uneven: bool = False
    gap: float = 0.0


SETTINGS = (
    Setting(60, 1, 0.8, 0.0, 1.0), Setting(60, 3, 0.8, 0.15, 1.0), Setting(60, 3, 0.8, 0.4, 2.0),
    Setting(300, 1, 0.8, 0.0, 1.0), Setting(300, 3, 0.8, 0.15, 1.0), Setting(300, 3, 0.8, 0.4, 1.0),
    Setting(300, 3, 0.8, 0.4, 1.0, uneven=True), Setting(300, 2, 0.8, 0.4, 1.0), Setting(300, 5, 0.8, 0.15, 0.0),
    Setting(300, 1, 2.5, 0.0, 1.0), Setting(300, 3, 2.5, 0.15, 1.0),
)  # fmt: skip
WITH_GAP = (
    Setting(300, 3, 0.8, 0.15, 1.0, gap=0.6), Setting(300, 3, 0.8, 0.4, 1.0, gap=0.9),
    Setting(300, 3, 0.8, 0.4, 1.0, uneven=True, gap=0.9),
)  # fmt: skip

#: Attributes by rows and by documents, and how many values each has; the first value is the most frequent.
OF_ROWS = {"words": 3, "kind": 8, "target": 20}
OF_DOCUMENTS = {"topic": 10, "document_in_train": 2}
#: By attribute how far runs differ on its slices, where they do so unevenly, beside `spread` / 2.
UNEVEN = {"words": 0.0, "kind": 1.0, "target": 2.0, "topic": 1.0, "document_in_train": 0.5}
#: The slice that is harder where there is a gap.
HARDER = ("kind", "1")


def make_file(documents: int, random: np.random.Generator) -> tuple[GoldRows, list[SliceRows]]:
    """Return a test file and its slices."""
    of = np.repeat(np.arange(documents), random.integers(1, 9, documents))
    examples = [
        Example(id=str(k), text=f"Text {k}.", target="x", stance=STANCES[k % 3], document=f"d{each}")
        for k, each in enumerate(of)
    ]
    values = {name: _draw(count, len(of), random) for name, count in OF_ROWS.items()}
    values |= {name: _draw(count, documents, random)[of] for name, count in OF_DOCUMENTS.items()}
    slices = [
        SliceRows(name, _value(name, value), np.flatnonzero(own == value), np.flatnonzero(own != value))
        for name, own in values.items()
        for value in np.unique(own)
    ]
    return GoldRows.of(examples, "document"), slices


def _draw(count: int, size: int, random: np.random.Generator) -> np.ndarray:
    shares = 1 / np.arange(1, count + 1)
    return random.choice(count, size, p=shares / shares.sum())


def _value(attribute: str, value: int) -> str:
    return ("yes", "no")[value] if attribute == "document_in_train" else str(value)


def answer(setting: Setting, test: GoldRows, slices: list[SliceRows], random: np.random.Generator) -> list[np.ndarray]:
    """Return what each run predicts."""
    rows = len(test.gold)
    ease = setting.ease + random.normal(0, setting.alike, test.n_units)[test.units] + random.normal(0, 1.0, rows)
    for each in slices:
        if (each.attribute, each.value) == HARDER:
            ease[each.rows] -= setting.gap
    common, predicted = random.normal(0, 1, rows), []
    for _ in range(setting.runs):
        skill = np.full(rows, random.normal(0, setting.spread))
        for each in slices:
            much = UNEVEN[each.attribute] if setting.uneven else 1.0
            skill[each.rows] += random.normal(0, much * setting.spread / 2)
        right = norm.cdf(np.sqrt(0.5) * (common + random.normal(0, 1, rows))) < expit(ease + skill)
        predicted.append(np.where(right, test.gold, (test.gold + random.integers(1, 3, rows)) % 3))
    return predicted


def below_before(test: GoldRows, slices: list[SliceRows], predicted: list[np.ndarray], seed: int) -> bool:
    """Tell whether the former rule calls a slice weak."""
    right = np.mean([run == test.gold for run in predicted], axis=0)
    for each in slices:
        units = np.unique(test.units[each.rows], return_inverse=True)[1]
        if len(each.rows) < 30 or units.max() == 0:
            continue
        counts = np.stack([np.bincount(units, right[each.rows]), np.bincount(units)], axis=1)
        resampled = resample_counts(counts, RESAMPLES, seed)
        if percentile_interval(resampled[:, 0] / resampled[:, 1]).high < right.mean():
            return True
    return False


@dataclass
class Found:
    """What the simulations of one setting found."""

    before: int = 0
    alone: int = 0
    claims: int = 0
    tested: int = 0
    significant: int = 0
    covered: int = 0
    contrasts: int = 0
    contrasts_covered: int = 0


def simulate(setting: Setting, simulations: int) -> Found:
    """Return how often slices were found to differ, and how often intervals of differences hold 0."""
    random, found = np.random.default_rng(SEED), Found()
    members = {"net": range(setting.runs)}
    for number in range(simulations):
        test, slices = make_file(setting.documents, random)
        predicted = answer(setting, test, slices, random)
        found.before += below_before(test, slices, predicted, number)
        family = list(different(slices, measure_slices(slices, test, predicted)).values())
        found.alone += min(alone(family), default=1.0) < LEVEL
        tested = differences(family)
        found.claims += any(each.p_holm < LEVEL for each in tested)
        found.tested += len(tested)
        found.significant += sum(each.p < LEVEL for each in tested)
        found.covered += sum(each.interval.low <= 0 <= each.interval.high for each in tested)
        for each in compare_contrasts(slices, test, predicted, members, "macro_f1")["net"]:
            if each.tested is not None:
                found.contrasts += 1
                found.contrasts_covered += each.tested.interval.low <= 0 <= each.tested.interval.high
    return found


def alone(family: list[Variances]) -> list[float]:
    """Return corrected p-values where the variance between runs of each slice is from that slice alone."""
    return holm([each.tested(each.runs - 1)[1] for each in family]) if family else []


def power(setting: Setting, simulations: int) -> tuple[float, float]:
    """Return how often the harder slice is found, by the variance of each slice alone and now."""
    random, found = np.random.default_rng(SEED), np.zeros(2)
    for _ in range(simulations):
        test, slices = make_file(setting.documents, random)
        measured = measure_slices(slices, test, answer(setting, test, slices, random))
        family = list(different(slices, measured).values())
        harder = [each for part, each in zip(slices, measured, strict=True) if (part.attribute, part.value) == HARDER]
        place = [each in harder for each in family].index(True)
        found += [alone(family)[place] < LEVEL, differences(family)[place].p_holm < LEVEL]
    return float(found[0] / simulations), float(found[1] / simulations)


def main() -> None:
    """Print for each setting the share of files with a false claim, of false single tests, and of intervals."""
    numbers = [int(word) for word in sys.argv[1:]] or [1000]
    simulations, chosen = numbers[0], numbers[1:]
    asked = [each for place, each in enumerate((*SETTINGS, *WITH_GAP), start=1) if place in chosen or not chosen]
    margin = 196 * (LEVEL * (1 - LEVEL) / simulations) ** 0.5
    print(f"{simulations:,} simulations each, seed {SEED}; a share of 5% is known to ± {margin:.1f} points")
    print(
        "| documents | runs | ease | std of runs | std of documents | files with a claim, before | alone | now "
        "| single tests p < 0.05 | coverage | coverage, macro-F1 of a contrast |"
    )
    print("|" + "---:|" * 11)
    for setting in (each for each in asked if not each.gap):
        found = simulate(setting, simulations)
        tested, contrasts = max(found.tested, 1), max(found.contrasts, 1)
        print(
            f"| {setting.documents} | {setting.runs} | {setting.ease:g} | {_spread(setting)} | {setting.alike:g} "
            f"| {found.before / simulations:.1%} | {found.alone / simulations:.1%} | {found.claims / simulations:.1%} "
            f"| {found.significant / tested:.1%} | {found.covered / tested:.1%} "
            f"| {found.contrasts_covered / contrasts:.1%} |",
            flush=True,
        )
    print("\n| documents | runs | std of runs | gap | found, alone | found, now |\n|---:|---:|---:|---:|---:|---:|")
    for setting in (each for each in asked if each.gap):
        shares = " | ".join(f"{share:.1%}" for share in power(setting, simulations))
        print(f"| {setting.documents} | {setting.runs} | {_spread(setting)} | {setting.gap:g} | {shares} |", flush=True)


def _spread(setting: Setting) -> str:
    return f"{setting.spread:g}{', uneven' if setting.uneven else ''}"


if __name__ == "__main__":
    main()

"""Measures what the comparisons and intervals of an evaluation do where the truth is known.

    python scripts/simulate_comparisons.py seeds       # one part, 1,000 simulations of each setting
    python scripts/simulate_comparisons.py seeds 300 7 # 300 simulations of each, at seed 7 (13 where none is given)
    python scripts/simulate_comparisons.py             # every part

Each simulation makes a test file of documents and the answers of some trainings: a run gets a row right with a
probability that depends on the document, the row, the run, and the document in the eyes of the system; its errors are
partly those that other runs make too. "Before" is the earlier rule, written here; "now" is the project's own.

    seeds        two systems that are equally good, with several seeds: how often are they found to differ?
    one_run      the same for a system with one run beside systems with several
    documents    the same with few documents, whose rows depend on each other
    targets      the same where rows of one document and rows of one target depend on each other
    paired       the same where seeds of both systems share what chance does
    equivalence  two systems whose difference is just the margin: how often are they called equivalent?
    power        two systems that differ by what `detectable` says: how often is the difference found?
    freedom      sums of a well known variance and of variances between seeds, normal: what does the correction of
                 Satterthwaite's formula for few seeds do?
    intervals    how often does the interval of a score hold the true score?

At the 5% level, 5% of false differences and 95% of covered scores are right.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import expit, ndtr
from scipy.stats import t as student

from stancelab.metrics.bootstrap import percentile_interval, resample_counts
from stancelab.metrics.classification import confusions_by, scores_of_confusions
from stancelab.metrics.intervals import Component, CrossedUnits, error_and_freedom, mean_interval, t_tail
from stancelab.metrics.power import with_equivalence, with_power
from stancelab.metrics.randomization import randomization, smallest_p
from stancelab.metrics.significance import Comparison, Runs, compare

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SEED = 13
LEVEL = 0.05
RESAMPLES = 300
ROUNDS = 500


@dataclass(frozen=True)
class Setting:
    """What is simulated.

    Attributes:
        documents: In the test file.
        rows: The fewest and the most rows of a document.
        seeds: Runs of each system.
        spread: For each system how far its runs differ in skill: standard deviation of the log-odds of a right answer.
        shared: Share of the randomness of an answer that all runs share.
        eyes: How far documents differ for one system and not for another, in log-odds: rows of a document depend.
        targets: Targets, whose rows depend as those of documents do; 0 for none.
        together: Share of the variance of skill that runs of the same seed share over systems.
        classes: Shares of the stances.
        gap: How much more often the first system is right, as a share of the rows.
    """

    documents: int = 300
    rows: tuple[int, int] = (1, 4)
    seeds: tuple[int, ...] = (1, 1)
    spread: tuple[float, ...] = (0.0, 0.0)
    shared: float = 0.5
    eyes: float = 0.0
    targets: int = 0
    together: float = 0.0
    classes: tuple[float, float, float] = (1 / 3, 1 / 3, 1 / 3)
    gap: float = 0.0


@dataclass(frozen=True)
class Answers:
    """One simulated test file: arrays of shape (rows,), and what all runs answer, shape (runs, rows)."""

    document: np.ndarray
    target: np.ndarray
    gold: np.ndarray
    predicted: np.ndarray

    def counts(self, groups: np.ndarray) -> np.ndarray:
        """Return confusion matrices by group and run, shape (groups, runs, 3, 3)."""
        groups = np.unique(groups, return_inverse=True)[1]
        number = int(groups.max()) + 1
        return np.stack([confusions_by(groups, number, self.gold, run) for run in self.predicted], axis=1)


def simulate(setting: Setting, random: np.random.Generator) -> Answers:
    """Return a test file with the answers of all runs, those of the first system first."""
    rows_of = random.integers(setting.rows[0], setting.rows[1] + 1, setting.documents)
    document = np.repeat(np.arange(setting.documents), rows_of)
    rows = len(document)
    # Some targets are much more frequent than others.
    frequency = 1 / np.arange(3, setting.targets + 3)
    target = random.choice(max(setting.targets, 1), rows, p=frequency / frequency.sum() if setting.targets else None)
    gold = random.choice(3, rows, p=setting.classes)
    ease = random.normal(0.8, 1.0, setting.documents)[document] + random.normal(0, 1.0, rows)
    common = random.normal(0, 1, rows)
    chance_of_seed = random.normal(0, 1, max(setting.seeds))
    predicted = []
    for place, (seeds, spread) in enumerate(zip(setting.seeds, setting.spread, strict=True)):
        eyes = random.normal(0, setting.eyes, setting.documents)[document]
        if setting.targets:
            eyes = eyes + random.normal(0, setting.eyes, setting.targets)[target]
        for seed in range(seeds):
            own = np.sqrt(1 - setting.together) * random.normal() + np.sqrt(setting.together) * chance_of_seed[seed]
            noise = np.sqrt(setting.shared) * common + np.sqrt(1 - setting.shared) * random.normal(0, 1, rows)
            chance = expit(ease + spread * own + eyes)
            # What is right with at most this probability less than 1 can be made more often right by the gap.
            chance = 0.8 * chance + (setting.gap if place == 0 else 0.0) if setting.gap else chance
            right = ndtr(noise) < chance
            predicted.append(np.where(right, gold, (gold + random.integers(1, 3, rows)) % 3))
    return Answers(document, target, gold, np.stack(predicted))


def runs_of(setting: Setting, counts: np.ndarray, number: int, metric: str = "macro_f1") -> Runs:
    """Return the runs of a simulation as comparisons take them; systems are called 0, 1, ..."""
    ends = np.cumsum((0, *setting.seeds))
    members = {str(place): range(ends[place], ends[place + 1]) for place in range(len(setting.seeds))}
    resampled = getattr(scores_of_confusions(resample_counts(counts, RESAMPLES, number)), metric)
    return Runs(counts, resampled, members, {name: range(len(own)) for name, own in members.items()})


def pair_of(found: list[Comparison], first: str, second: str) -> Comparison:
    """Return the comparison of two systems."""
    return next(each for each in found if each.systems == (first, second))


def pooled_p(runs: Runs, first: str, second: str) -> float:
    """Return the p-value of the earlier rule: one degree of freedom for each seed of both, no factor."""
    points = scores_of_confusions(runs.counts.sum(axis=0)).macro_f1
    members = [list(runs.members[name]) for name in (first, second)]
    resampled = [runs.resampled[:, own] for own in members]

    def of_rows(own: np.ndarray) -> float:
        size = own.shape[1]
        if size == 1:
            return 0.0
        return float(np.var(own - own.mean(axis=1, keepdims=True), axis=0, ddof=1).sum() / (size - 1) / size)

    difference = points[members[0]].mean() - points[members[1]].mean()
    both = np.var(resampled[0].mean(axis=1) - resampled[1].mean(axis=1), ddof=1)
    of_data = max(0.0, float(both) - sum(map(of_rows, resampled)))
    of_seeds = sum(float(np.var(points[own], ddof=1)) / len(own) for own in members if len(own) > 1)
    freedom_of_seeds = max(1, sum(len(own) - 1 for own in members))
    variance = of_data + of_seeds
    freedom = variance**2 / (of_data**2 / (len(runs.counts) - 1) + of_seeds**2 / freedom_of_seeds)
    return float(2 * student.sf(abs(difference) / variance**0.5, freedom))


def found_share(
    setting: Setting, simulations: int, p_values: Callable[[Answers, int], Sequence[float]], seed: int
) -> list[str]:
    """Return for each p-value of a simulation in what share of simulations it is below the level."""
    random = np.random.default_rng(seed)
    found = np.array([np.array(p_values(simulate(setting, random), number)) < LEVEL for number in range(simulations)])
    return [f"{100 * share:.1f}%" for share in found.mean(axis=0)]


def seeds(simulations: int, seed: int) -> None:
    """Print the share of false differences between systems with several seeds."""
    table("sentences", "seeds", "shared errors", "spread of skill", "before", "now")
    for setting in (
        Setting(seeds=(3, 3)),
        Setting(seeds=(3, 3), spread=(0.15, 0.15)),
        Setting(seeds=(3, 3), spread=(0.4, 0.4)),
        Setting(seeds=(3, 3), spread=(0.15, 0.15), shared=0.9),
        Setting(seeds=(3, 3), spread=(0.15, 0.15), shared=0.0),
        Setting(documents=60, seeds=(3, 3), spread=(0.15, 0.15)),
        Setting(seeds=(5, 5), spread=(0.15, 0.15)),
        Setting(seeds=(3, 3), spread=(0.4, 0.05)),
        Setting(documents=1000, seeds=(3, 3), spread=(0.4, 0.0)),
        Setting(seeds=(3, 10), spread=(0.15, 0.15)),
        Setting(seeds=(3, 10), spread=(0.4, 0.05)),
        Setting(seeds=(10, 3), spread=(0.4, 0.05)),
        Setting(seeds=(5, 5), spread=(0.4, 0.1)),
        Setting(seeds=(2, 2), spread=(0.15, 0.15)),
        Setting(seeds=(2, 10), spread=(0.4, 0.05)),
    ):

        def both(answers: Answers, number: int, of: Setting = setting) -> Sequence[float]:
            runs = runs_of(of, answers.counts(answers.document), number)
            return pooled_p(runs, "0", "1"), compare(runs, "macro_f1", ROUNDS, number)[0].p

        shares = found_share(setting, simulations, both, seed)
        row(setting.documents, words(setting.seeds), f"{setting.shared:.0%}", words(setting.spread), *shares)


def one_run(simulations: int, seed: int) -> None:
    """Print the share of false differences where one of the systems has one run."""
    table("seeds", "compared", "spread of skill", "before", "now")
    for seeds_of, compared in (
        ((3, 1), "01"),
        ((5, 1), "01"),
        ((3, 3, 1), "02"),
        ((3, 1, 1), "12"),
        ((5, 5, 1, 1), "23"),
    ):
        for spread in (0.05, 0.15, 0.4):
            setting = Setting(seeds=seeds_of, spread=(spread,) * len(seeds_of))
            first, second = compared[0], compared[1]

            def both(answers: Answers, number: int, of: Setting = setting, pair: str = compared) -> Sequence[float]:
                runs = runs_of(of, answers.counts(answers.document), number)
                now = pair_of(compare(runs, "macro_f1", ROUNDS, number), pair[0], pair[1]).p
                if len(runs.members[pair[0]]) > 1:
                    return pooled_p(runs, pair[0], pair[1]), now
                places = runs.members[pair[0]][0], runs.members[pair[1]][0]
                return randomization(runs.counts, [places], "macro_f1", ROUNDS, number)[0], now

            shares = found_share(setting, simulations, both, seed)
            pair = f"{seeds_of[int(first)]} and {seeds_of[int(second)]}"
            row(words(seeds_of), pair, spread, *shares)


def documents(simulations: int, seed: int) -> None:
    """Print the share of false differences with few documents, whose rows depend on each other."""
    table("documents", "seeds", "spread of documents", "before", "now")
    for number_of in (5, 8, 12, 30):
        for seeds_of in ((1, 1), (3, 3)):
            for eyes in (0.0, 0.4, 0.8):
                spread = 0.0 if seeds_of == (1, 1) else 0.1
                setting = Setting(number_of, (10, 60), seeds_of, (spread, spread), eyes=eyes)

                def both(answers: Answers, number: int, of: Setting = setting) -> Sequence[float]:
                    runs = replace(runs_of(of, answers.counts(answers.document), number), seeds={})
                    now = compare(runs, "macro_f1", 5000 if of.documents < 13 else ROUNDS, number)[0].p
                    if of.documents < 10:
                        runs = runs_of(of, answers.counts(np.arange(len(answers.gold))), number)
                    if of.seeds == (1, 1):
                        return randomization(runs.counts, [(0, 1)], "macro_f1", ROUNDS, number)[0], now
                    return pooled_p(runs, "0", "1"), now

                row(number_of, words(seeds_of), eyes, *found_share(setting, simulations, both, seed))


def pigeonhole(answers: Answers, number: int) -> np.ndarray:
    """Return macro-F1 by resample and run of the pigeonhole bootstrap (Owen, 2007): products of both weights."""
    random = np.random.default_rng(number)
    weights = np.ones((RESAMPLES, len(answers.gold)))
    for groups in (answers.document, answers.target):
        units = int(groups.max()) + 1
        weights *= random.multinomial(units, [1 / units] * units, size=RESAMPLES)[:, groups]
    counts = answers.counts(np.arange(len(answers.gold)))
    flat = counts.reshape(len(counts), -1).astype(np.float64)
    return np.asarray(scores_of_confusions((weights @ flat).reshape(RESAMPLES, *counts.shape[1:])).macro_f1)


def targets(simulations: int, seed: int) -> None:
    """Print the share of false differences where rows depend by document and by target."""
    table("documents", "targets", "rows a document", "spread of both", "documents alone", "pigeonhole", "now")
    for number_of, targets_of, rows in ((60, 15, (1, 4)), (60, 30, (4, 12)), (200, 40, (1, 4)), (200, 12, (2, 6))):
        for eyes in (0.0, 0.6):
            setting = Setting(number_of, rows, eyes=eyes, targets=targets_of)

            def three(answers: Answers, number: int, of: Setting = setting) -> Sequence[float]:
                cells = answers.document * (of.targets + 1) + answers.target
                counts = [answers.counts(groups) for groups in (answers.document, answers.target, cells)]
                parts = [
                    replace(runs_of(of, each, number + place * simulations), seeds={})
                    for place, each in enumerate(counts)
                ]
                resampled, units = np.stack([part.resampled for part in parts]), CrossedUnits(*map(len, counts))
                alone = compare(parts[0], "macro_f1", ROUNDS, number)[0]
                now = compare(replace(parts[0], resampled=resampled, crossed=units), "macro_f1", ROUNDS, number)[0]
                product = pigeonhole(answers, number)
                error = float((product[:, 0] - product[:, 1]).std(ddof=1))
                by_product = 2 * student.sf(abs(now.difference) / error, min(units.documents, units.targets) - 1)
                return alone.p, float(by_product), now.p

            shares = found_share(setting, simulations, three, seed)
            row(number_of, targets_of, f"{rows[0]} to {rows[1]}", eyes, *shares)


def paired(simulations: int, seed: int) -> None:
    """Print the share of false differences where seeds share what chance does, and how wide intervals are."""
    table("seeds", "shared by a seed", "unpaired", "paired", "width of paired to unpaired intervals")
    for number_of in (3, 5, 10):
        for together in (0.0, 0.8):
            setting = Setting(seeds=(number_of, number_of), spread=(0.3, 0.3), together=together)
            widths: list[tuple[float, float]] = []

            def both(
                answers: Answers, number: int, of: Setting = setting, wide: list[tuple[float, float]] = widths
            ) -> Sequence[float]:
                runs = runs_of(of, answers.counts(answers.document), number)
                found = [compare(runs, "macro_f1", ROUNDS, number, paired_seeds=asked)[0] for asked in (False, True)]
                ends = [each.interval for each in found if each.interval is not None]
                wide.append((ends[1].high - ends[1].low, ends[0].high - ends[0].low))
                return [each.p for each in found]

            shares = found_share(setting, simulations, both, seed)
            ratio = np.median([own / other for own, other in widths])
            row(number_of, f"{together:.0%}", *shares, f"{ratio:.2f}")


def equivalence(simulations: int, seed: int) -> None:
    """Print how often systems whose difference is the margin, or none, are called equivalent."""
    table("documents", "seeds", "margin", "difference", "called equivalent")
    for setting, margin in (
        (Setting(1000, seeds=(1, 1)), 0.04),
        (Setting(40, (10, 60), seeds=(1, 1), eyes=0.2), 0.06),
        (Setting(1000, seeds=(5, 5), spread=(0.1, 0.1)), 0.05),
    ):
        for gap in (margin, margin / 2, 1e-9):

            def called(answers: Answers, number: int, of: Setting = setting, most: float = margin) -> Sequence[float]:
                runs = replace(runs_of(of, answers.counts(answers.document), number, "accuracy"), seeds={})
                found = with_equivalence(compare(runs, "accuracy", 100, number)[0], most).equivalence_p
                return [1.0 if found is None else found]

            (share,) = found_share(replace(setting, gap=gap), simulations, called, seed)
            shown = f"{100 * gap:.1f}"
            row(setting.documents, words(setting.seeds), f"{100 * margin:.1f}", shown, share)


def power(simulations: int, seed: int) -> None:
    """Print how often a difference is found that is as large as what a comparison says that it finds in 80%."""
    table("documents", "seeds", "difference", "found")
    for setting in (
        Setting(300, seeds=(1, 1), gap=1e-9),
        Setting(40, (10, 60), seeds=(1, 1), eyes=0.2, gap=1e-9),
        Setting(300, seeds=(3, 3), spread=(0.15, 0.15), gap=1e-9),
        Setting(300, seeds=(5, 5), spread=(0.15, 0.15), gap=1e-9),
    ):

        def comparison(answers: Answers, number: int, of: Setting = setting) -> Comparison:
            runs = replace(runs_of(of, answers.counts(answers.document), number, "accuracy"), seeds={})
            found = compare(runs, "accuracy", ROUNDS, number)[0]
            return with_power(found, LEVEL, 1, smallest_p(of.documents, ROUNDS))

        def p(answers: Answers, number: int, of: Setting = setting) -> Sequence[float]:
            return [comparison(answers, number, of).p]

        random = np.random.default_rng(seed)
        stated = [
            found.precision.detectable
            for number in range(100)
            if (found := comparison(simulate(setting, random), number)).precision is not None
        ]
        gap = float(np.median([each for each in stated if each is not None]))
        (share,) = found_share(replace(setting, gap=gap), simulations, p, seed)
        row(setting.documents, words(setting.seeds), f"{100 * gap:.1f}", share)


def freedom(simulations: int, seed: int) -> None:
    """Print false positives of sums of variances by the plain formula of Satterthwaite and by the corrected one."""
    table("seeds", "error of seeds to that of data", "plain", "now")
    # Number of seeds and the share of their variance that the difference has, of each system.
    sums = {
        "3": [(3, 1 / 3)], "5": [(5, 1 / 5)], "3, 3": [(3, 1 / 3), (3, 1 / 3)], "3, 10": [(3, 1 / 3), (10, 1 / 10)],
        "3, 1": [(3, 4 / 3)], "2": [(2, 1 / 2)], "2, 2": [(2, 1 / 2), (2, 1 / 2)], "2, 10": [(2, 1 / 2), (10, 1 / 10)],
    }  # fmt: skip
    for name, systems in sums.items():
        for ratio in (0.5, 1.5, 3.0, 6.0):
            random, found = np.random.default_rng(seed), np.zeros(2)
            spread = ratio / sum(share for _, share in systems) ** 0.5
            for _ in range(20 * simulations):
                known = random.chisquare(99) / 99
                parts = [Component(known, 99)]
                difference = random.normal()
                for number, share in systems:
                    difference += random.normal(0, spread * share**0.5)
                    parts.append(Component(share * spread**2 * random.chisquare(number - 1) / (number - 1), number - 1))
                error, corrected = error_and_freedom(parts)
                plain = error**4 / sum(part.variance**2 / part.freedom for part in parts)
                found += [2 * t_tail(abs(difference) / error, each) < LEVEL for each in (plain, corrected)]
            row(name, ratio, *(f"{100 * share:.1f}%" for share in found / (20 * simulations)))


def intervals(simulations: int, seed: int) -> None:
    """Print how often the interval of macro-F1 holds the true value: one run, and means over seeds."""
    table("documents", "seeds", "stances", "spread of documents", "spread of skill", "percentiles", "now")
    skewed = (0.7, 0.2, 0.1)
    for setting in (
        Setting(10, (4, 30)), Setting(10, (4, 30), eyes=0.5), Setting(10, (4, 30), eyes=0.5, classes=skewed),
        Setting(17, (4, 30), eyes=0.5), Setting(30, (4, 30), eyes=0.5), Setting(30, (4, 30), eyes=0.5, classes=skewed),
        Setting(100, (4, 30), eyes=0.5), Setting(300, (1, 4)),
        Setting(300, (1, 4), (3,), (0.15,)), Setting(300, (1, 4), (3,), (0.4,)), Setting(300, (1, 4), (5,), (0.15,)),
        Setting(30, (4, 30), (3,), (0.15,), eyes=0.5), Setting(300, (1, 4), (2,), (0.15,)),
        Setting(1000, (1, 4), (3,), (0.3,)),
    ):  # fmt: skip
        of_one = replace(setting, seeds=setting.seeds[:1], spread=setting.spread[:1])
        truth = true_macro_f1(of_one)
        random, covered = np.random.default_rng(seed), np.zeros(2)
        for number in range(simulations):
            answers = simulate(of_one, random)
            counts = answers.counts(answers.document)
            points = scores_of_confusions(counts.sum(axis=0)).macro_f1
            resampled = scores_of_confusions(resample_counts(counts, RESAMPLES, number)).macro_f1
            before = percentile_interval(resampled.mean(axis=1))
            now = mean_interval(points, resampled, len(counts))
            covered += [each is not None and each.low <= truth <= each.high for each in (before, now)]
        stances = "balanced" if of_one.classes[0] < 0.5 else "70, 20, 10%"
        shares = [f"{100 * share:.1f}%" for share in covered / simulations]
        row(of_one.documents, words(of_one.seeds), stances, of_one.eyes, words(of_one.spread), *shares)


def true_macro_f1(setting: Setting) -> float:
    """Return the macro-F1 of such trainings on all documents of their kind, from 400 trainings on 1,000 each."""
    random = np.random.default_rng(1)
    many = replace(setting, documents=1000, seeds=(1,), spread=setting.spread)
    counts = [simulate(many, random) for _ in range(400)]
    scores = [scores_of_confusions(each.counts(np.zeros_like(each.gold))[0]).macro_f1[0] for each in counts]
    return float(np.mean(scores))


def words(values: tuple[float, ...]) -> str:
    """Return numbers as a table has them, one where all are the same."""
    return f"{values[0]:g}" if len(set(values)) == 1 else ", ".join(f"{value:g}" for value in values)


def table(*heads: str) -> None:
    """Print the head of a table."""
    print(f"| {' | '.join(heads)} |\n|{'---:|' * len(heads)}")


def row(*cells: object) -> None:
    """Print a row of a table."""
    print(f"| {' | '.join(str(cell) for cell in cells)} |", flush=True)


PARTS = {
    each.__name__: each for each in (seeds, one_run, documents, targets, paired, equivalence, power, freedom, intervals)
}  # fmt: skip


def main() -> None:
    """Print the tables."""
    asked = [word for word in sys.argv[1:] if word in PARTS]
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    simulations, seed = (*numbers, *(1000, SEED)[len(numbers) :])[:2]
    for name in asked or PARTS:
        margin = 1.96 * (LEVEL * (1 - LEVEL) / simulations) ** 0.5
        print(f"\n{name}: {simulations:,} simulations each; a rate of 5% is known to ± {100 * margin:.1f}\n")
        PARTS[name](simulations, seed)


if __name__ == "__main__":
    main()

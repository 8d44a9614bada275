"""Measures how often "better on at least k of n corpora" is too high; at the 5% level it should be at most 5%.

    python scripts/simulate_corpora.py 10000

Each simulation draws the one-sided p-values of n corpora of which the first system is truly better on some. Three
counts are compared with the truth: the number of p-values below 0.05, as one reads a list of files, and the two of
metrics.json, Bonferroni's and Fisher's. Where seeds are shared, the corpora are not independent.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

import numpy as np
from scipy.stats import norm

from stancelab.metrics.replicability import corpora_with_effect

SEED = 13
LEVEL = 0.05


@dataclass(frozen=True)
class Setting:
    """What is simulated.

    Attributes:
        corpora: How many.
        better: On how many of them the first system is truly better; on the others the two are equal.
        effect: By how many standard errors it is better.
        shared: Correlation of the corpora's test statistics, such as shared seeds bring.
    """

    corpora: int
    better: int
    effect: float
    shared: float


SETTINGS = (
    Setting(6, 0, 0.0, 0.0), Setting(6, 2, 4.0, 0.0), Setting(6, 4, 4.0, 0.0), Setting(6, 5, 3.0, 0.0),
    Setting(20, 0, 0.0, 0.0), Setting(6, 0, 0.0, 0.5), Setting(6, 2, 4.0, 0.5), Setting(6, 4, 4.0, 0.5),
)  # fmt: skip


def simulate(setting: Setting, simulations: int) -> np.ndarray:
    """Return the three counts of each simulation, shape (simulations, 3): below 0.05, Bonferroni, Fisher."""
    random = np.random.default_rng(SEED)
    shared = np.sqrt(setting.shared) * random.normal(size=(simulations, 1))
    own = np.sqrt(1 - setting.shared) * random.normal(size=(simulations, setting.corpora))
    z = shared + own + setting.effect * (np.arange(setting.corpora) < setting.better)
    return np.array(
        [
            [
                (p < LEVEL).sum(),
                corpora_with_effect(p, LEVEL, independent=False),
                corpora_with_effect(p, LEVEL, independent=True),
            ]
            for p in norm.sf(z)
        ]
    )


def main() -> None:
    """Print for each setting how often each count is too high, and its mean."""
    simulations = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    margin = 1.96 * (LEVEL * (1 - LEVEL) / simulations) ** 0.5
    print(f"{simulations:,} simulations each; a share of 5% is known to ± {100 * margin:.1f} points")
    print("cells: too high / mean count")
    print("| corpora | truly better | effect | correlation | p < 0.05 | Bonferroni | Fisher |")
    print("|---:|---:|---:|---:|---:|---:|---:|")
    for setting in SETTINGS:
        counts = simulate(setting, simulations)
        cells = [f"{(each > setting.better).mean():.1%} / {each.mean():.1f}" for each in counts.T]
        print(
            f"| {setting.corpora} | {setting.better} | {setting.effect} | {setting.shared} | {' | '.join(cells)} |",
            flush=True,
        )


if __name__ == "__main__":
    main()

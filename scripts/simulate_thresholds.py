"""Measures how often the true accuracy from a confidence threshold on is below the one that it was chosen for.

    python scripts/simulate_thresholds.py 1000

Each simulation draws validation rows in documents: confidences, and whether the answers are right, together within a
document. The raw confidences are too high; the temperature is fitted on the same rows, as after a training. Thresholds
are chosen there by the estimate (`accuracy_90`), by the best of all thresholds whose own Clopper-Pearson bound, of
independent rows, is high enough, and by the guarantee (`guaranteed_90`). The true accuracy from each is looked up in
100,000 other rows. A guarantee of 95% may fail in 5% of the simulations.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

import numpy as np
from scipy.stats import beta, norm

from stancelab.metrics.guarantees import DELTA, guaranteed_thresholds
from stancelab.metrics.temperature import FEWEST_ANSWERED, confidence_thresholds, fit_temperature, softmax

SEED = 13
POPULATION = 100_000
TOO_SURE = 1.6  # what the raw logits are multiplied by


@dataclass(frozen=True)
class Setting:
    """What is simulated.

    Attributes:
        documents: Of the validation rows.
        rows: Rows of a document, at the mean.
        together: Correlation of the (probit) errors within a document.
        skill: Mean of the probit of the confidence.
        stated: The accuracy that is stated.
    """

    documents: int
    rows: int
    together: float
    skill: float
    stated: float


SETTINGS = (
    Setting(625, 1, 0.0, 0.8, 0.9), Setting(60, 10, 0.0, 0.8, 0.9), Setting(60, 10, 0.2, 0.8, 0.9),
    Setting(60, 10, 0.5, 0.8, 0.9), Setting(30, 20, 0.2, 0.8, 0.9), Setting(15, 20, 0.2, 0.8, 0.9),
    Setting(15, 20, 0.5, 0.8, 0.9),
    Setting(120, 10, 0.2, 0.8, 0.95), Setting(60, 10, 0.2, 0.4, 0.8), Setting(60, 10, 0.2, 0.4, 0.9),
)  # fmt: skip


def draw(setting: Setting, documents: int, random: np.random.Generator) -> tuple[np.ndarray, ...]:
    """Return raw logits (n, 3), labels (n,) and documents (n,); half of the rows' ease is their document's."""
    units = np.repeat(np.arange(documents), 1 + random.poisson(setting.rows - 1, documents))
    rows = len(units)
    ease = setting.skill + 0.5 * random.normal(size=documents)[units] + 0.7 * random.normal(size=rows)
    confidence = 1 / 3 + (2 / 3 - 1e-6) * norm.cdf(ease)
    latent = np.sqrt(setting.together) * random.normal(size=documents)[units]
    latent += np.sqrt(1 - setting.together) * random.normal(size=rows)
    right = latent < norm.ppf(confidence)
    logits = np.log(np.stack([confidence, (1 - confidence) / 2, (1 - confidence) / 2], axis=1))
    return TOO_SURE * logits, np.where(right, 0, random.integers(1, 3, rows)), units


@dataclass(frozen=True)
class Others:
    """Other rows, the most confident first.

    Attributes:
        margins: By how much the highest raw logit is above the two others, which are equal, falling.
        right: How many of the first rows are right, for each number of rows.
    """

    margins: np.ndarray
    right: np.ndarray

    @classmethod
    def of(cls, logits: np.ndarray, labels: np.ndarray) -> Others:
        """Sort rows; the first class has the highest logit in all of them."""
        margins = logits[:, 0] - logits[:, 1]
        order = np.argsort(-margins)
        return cls(margins[order], np.cumsum(labels[order] == 0))

    def from_threshold(self, threshold: float, temperature: float) -> tuple[float, float]:
        """Return the true accuracy and coverage from a confidence on."""
        margin = temperature * np.log(2 * threshold / (1 - threshold))
        answered = max(1, int(np.searchsorted(-self.margins, -margin, side="right")))
        return float(self.right[answered - 1] / answered), answered / len(self.margins)


def pointwise(confidence: np.ndarray, right: np.ndarray, stated: float) -> float | None:
    """Return the threshold of highest coverage whose own Clopper-Pearson bound, of independent rows, is high enough."""
    order = np.argsort(-confidence, kind="stable")
    answered, hits = np.arange(1, len(right) + 1), np.cumsum(right[order])
    bound = beta.ppf(DELTA, hits, answered - hits + 1)
    passed = np.flatnonzero((bound >= stated) & (answered >= FEWEST_ANSWERED))
    return float(confidence[order][passed[-1]]) if len(passed) else None


def simulate(setting: Setting, simulations: int) -> dict[str, list[tuple[float, float] | None]]:
    """Return by rule, for each simulation, true accuracy and coverage of its threshold, None where there is none."""
    random = np.random.default_rng(SEED)
    others = Others.of(*draw(setting, POPULATION // setting.rows, random)[:2])
    found: dict[str, list[tuple[float, float] | None]] = {"estimate": [], "pointwise": [], "guarantee": []}
    name = f"{setting.stated:.0%}".removesuffix("%")
    for _ in range(simulations):
        logits, labels, units = draw(setting, setting.documents, random)
        temperature = fit_temperature(logits, labels)
        probabilities = softmax(logits / temperature)
        right = probabilities.argmax(axis=1) == labels
        chosen = {
            "estimate": confidence_thresholds(probabilities, labels)[f"accuracy_{name}"],
            "pointwise": pointwise(probabilities.max(axis=1), right, setting.stated),
            "guarantee": guaranteed_thresholds(probabilities, labels, units)[f"guaranteed_{name}"],
        }
        for rule, threshold in chosen.items():
            found[rule].append(None if threshold is None else others.from_threshold(threshold, temperature))
    return found


def main() -> None:
    """Print for each setting how often each rule's threshold falls short, is reached, and what it answers."""
    simulations = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    print(f"{simulations:,} simulations each; cells: falls short of the stated accuracy / not reached / mean coverage")
    print("| documents | rows each | correlation | stated | estimate | pointwise bound | guarantee |")
    print("|---:|---:|---:|---:|---:|---:|---:|")
    for setting in SETTINGS:
        cells = []
        for results in simulate(setting, simulations).values():
            known = [each for each in results if each is not None]
            short = sum(accuracy < setting.stated for accuracy, _ in known) / simulations
            coverage = float(np.mean([each for _, each in known])) if known else 0.0
            cells.append(f"{short:.1%} / {1 - len(known) / simulations:.0%} / {coverage:.0%}")
        print(
            f"| {setting.documents} | {setting.rows} | {setting.together} | {setting.stated:.0%} | "
            f"{' | '.join(cells)} |", flush=True,
        )  # fmt: skip


if __name__ == "__main__":
    main()

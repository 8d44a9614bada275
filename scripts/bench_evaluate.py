"""Measures time and peak memory of evaluating large test files, with few and with many resamples and rounds.

    python scripts/bench_evaluate.py 100000 8 10000

The arguments are rows, systems and bootstrap resamples (and as many randomization rounds). Rows come in sentences of
one to four, sentences in documents of one to ten; systems answer at random. Peak memory is that of the process,
libraries included.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from stancelab.evaluation.evaluate import evaluate
from stancelab.evaluation.settings import EvaluationSettings
from stancelab.report import write_report
from stancelab.schema import STANCES, Example, System

if TYPE_CHECKING:
    from collections.abc import Sequence

SEED = 13


class RandomSystem(System):
    """Right with a probability of its own, with random confidence."""

    def __init__(self, number: int) -> None:
        self.name = f"system_{number}"
        self._random = np.random.default_rng([SEED, number])
        self._accuracy = 0.6 + 0.03 * number

    def predict_proba(self, examples: Sequence[Example]) -> np.ndarray:
        """Return probabilities, shape (len(examples), 3)."""
        gold = np.array([STANCES.index(example.stance or "") for example in examples])
        weights = self._random.dirichlet(np.ones(3), len(gold))
        weights.sort(axis=1)
        wrong = (gold + self._random.integers(1, 3, len(gold))) % 3
        predicted = np.where(self._random.random(len(gold)) < self._accuracy, gold, wrong)
        # The highest of each row's weights goes to the predicted stance.
        rows = np.arange(len(gold))
        weights[rows, 2], weights[rows, predicted] = weights[rows, predicted], weights[rows, 2]
        return weights


def make_rows(rows: int) -> list[Example]:
    """Return a test file of so many rows."""
    random = np.random.default_rng(SEED)
    examples: list[Example] = []
    document, sentences_left = 0, 0
    while len(examples) < rows:
        if not sentences_left:
            document, sentences_left = document + 1, int(random.integers(1, 11))
        sentences_left -= 1
        text = f"Sentence {len(examples)} names a ministry, a treaty and an embassy."
        for part in range(int(random.integers(1, 5))):
            stance = STANCES[int(random.integers(3))]
            target = ("a ministry", "a treaty", "an embassy", "the sentence")[part]
            examples.append(
                Example(id=f"{len(examples)}", text=text, target=target, stance=stance, document=f"article {document}")
            )
    return examples[:rows]


def main() -> None:
    """Evaluate with few and with many resamples, and print time and memory of each."""
    parser = argparse.ArgumentParser()
    parser.add_argument("rows", type=int, nargs="?", default=100_000)
    parser.add_argument("systems", type=int, nargs="?", default=8)
    parser.add_argument("resamples", type=int, nargs="?", default=10_000)
    given = parser.parse_args()
    rows, systems, resamples = given.rows, given.systems, given.resamples
    examples = make_rows(rows)
    print(f"{rows:,} rows, {len({e.document for e in examples}):,} documents, {systems} systems")
    for unit in ("document", "text"):
        for repeats in (100, resamples):
            settings = EvaluationSettings(bootstrap_resamples=repeats, randomization_rounds=repeats, unit=unit)
            with tempfile.TemporaryDirectory() as folder:
                start = time.perf_counter()
                evaluate([RandomSystem(n) for n in range(systems)], {"test": examples}, Path(folder), settings)
                scored = time.perf_counter()
                size = write_report(Path(folder)).html.stat().st_size
                done = time.perf_counter()
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(
                f"unit={unit}, {repeats:,} resamples and rounds: evaluation {scored - start:,.0f} s, report "
                f"{done - scored:,.0f} s ({size / 1e6:.1f} MB), peak memory so far {peak:,.0f} MB",
                flush=True,
            )


if __name__ == "__main__":
    main()

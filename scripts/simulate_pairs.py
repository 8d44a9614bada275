"""Measures what the intervals of pairs of rows cover, and what the former test said of a reader of the text alone.

    python scripts/simulate_pairs.py 200

Each simulation makes a test file of documents with one to six sentences, each with two or three targets, and the runs
of a system. Ease differs by document, sentence, row and run. The true share of pairs with both rows right is the mean
over all simulations. The second system answers by a hash of the text: "before" is its accuracy before and after the
target is exchanged for another one of the sentence (version 0.2: a system that reads its target keeps it), "after" are
the functions of the package, `pairs_of` and `score_pairs`.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import expit

from stancelab.evaluation.gold_rows import GoldRows
from stancelab.evaluation.pairs import PairRows, pairs_of, score_pairs
from stancelab.schema import STANCES, Example

if TYPE_CHECKING:
    from stancelab.results import PairScores

SEED = 13
#: Documents, runs, and the standard deviation of the log-odds of a right answer between runs.
SETTINGS = ((15, 1, 0.0), (15, 3, 0.15), (60, 1, 0.0), (60, 3, 0.15))


def make_file(documents: int, random: np.random.Generator) -> tuple[GoldRows, np.ndarray, np.ndarray]:
    """Return a test file, and for each row its sentence and the log-odds of a right answer."""
    examples: list[Example] = []
    sentences, ease, count = [], [], 0
    for document in range(documents):
        of_document = random.normal(0.8, 0.7)
        for _ in range(random.integers(1, 7)):
            count, of_sentence = count + 1, random.normal(0, 0.7)
            for target in range(random.integers(2, 4)):
                stance = STANCES[random.integers(3)]
                number, text = str(len(examples)), f"Text {count}."
                examples.append(
                    Example(id=number, text=text, target=f"t{target}", stance=stance, document=f"d{document}")
                )
                sentences.append(count)
                ease.append(of_document + of_sentence + random.normal(0, 0.7))
    return GoldRows.of(examples, "document"), np.array(sentences), np.array(ease)


def swapped(pairs: PairRows, gold: np.ndarray, predicted: np.ndarray) -> tuple[float, float]:
    """Return accuracy before and after each target is exchanged for the other one of its pair."""
    both = np.concatenate([pairs.rows, pairs.rows[:, ::-1]])
    right = predicted == gold
    return float(right[both[:, 0]].mean()), float(right[both[:, 1]].mean())


def simulate(documents: int, runs: int, spread: float, simulations: int) -> tuple[list[PairScores], np.ndarray]:
    """Return the system's scores in each simulation, and means of the hash: accuracy before and after, both right."""
    random, found, by_hash = np.random.default_rng(SEED), [], []
    for _ in range(simulations):
        test, sentences, ease = make_file(documents, random)
        (pairs,) = pairs_of(test)
        predicted = []
        for _ in range(runs):
            right = random.random(len(ease)) < expit(ease + random.normal(0, spread))
            predicted.append(np.where(right, test.gold, (test.gold + random.integers(1, 3, len(ease))) % 3))
        found += score_pairs([pairs], test, predicted)
        hashed = random.integers(0, 3, sentences.max() + 1)[sentences]
        (own,) = score_pairs([pairs], test, [hashed])
        by_hash.append((*swapped(pairs, test.gold, hashed), own.both_right or 0.0))
    return found, np.mean(by_hash, axis=0)


def main() -> None:
    """Print for each setting what intervals cover, and what is said of the hash of the text."""
    simulations = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    print(f"{simulations:,} simulations each, seed {SEED}")
    print(
        "| documents | runs | std of runs | both right | coverage | hash of the text: before → after exchange "
        "| both right |"
    )
    print("|" + "---:|" * 7)
    for documents, runs, spread in SETTINGS:
        found, by_hash = simulate(documents, runs, spread, simulations)
        truth = float(np.mean([each.both_right for each in found if each.both_right is not None]))
        intervals = [each.intervals["both_right"] for each in found if "both_right" in each.intervals]
        covered = np.mean([each.low <= truth <= each.high for each in intervals])
        before, after, both = by_hash
        print(
            f"| {documents} | {runs} | {spread:g} | {truth:.1%} | {covered:.1%} | {before:.1%} → {after:.1%} "
            f"| {both:.1%} |",
            flush=True,
        )


if __name__ == "__main__":
    main()

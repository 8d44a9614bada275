"""Measures what splits keep apart: targets by all of their names, documents, and validation from train.

    python scripts/simulate_splits.py 200

The rule before took targets in random order as long as they fitted into the share of test, knew a target by its
spelling alone, left documents out of account, and took validation by text.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from stancelab.data.split_settings import SplitSettings
from stancelab.data.splits import assign, carve_validation
from stancelab.data.store.codes import DROPPED, SPLITS, TEST, TRAIN, VALIDATION
from stancelab.data.store.hashing import key_of, seeded
from stancelab.data.store.rows import Keys
from stancelab.schema import STANCE_ID, normal_text
from stancelab.targets import TargetNames

CORPUS = Path(__file__).resolve().parents[1] / "data" / "diplomacy" / "diplomacy.csv"
EU = ["EU", "the EU", "European Union", "the European Union", "Brussels"]
NAMES = TargetNames({"eu": "european union", "brussel": "european union"})
SIZES = [300, 150, 100] + [50] * 4 + [10] * 30 + [2] * 75


def keys_of(texts: list[str], targets: list[str], documents: list[str], stances: list[int], names: TargetNames) -> Keys:
    """Return rows as splits know them."""
    n = len(texts)
    zeros = np.zeros(n, dtype=np.uint64)
    columns = {"text": [key_of(text) for text in texts], "target": [key_of(names.canonical(each)) for each in targets]}
    columns |= {"spelling": [key_of(normal_text(target)) for target in targets]}
    columns |= {"document": [key_of(document) if document else 0 for document in documents]}
    return Keys(
        corpus=np.zeros(n, np.int16),
        file=np.zeros(n, np.int32),
        row=np.arange(n),
        stance=np.array(stances, np.int8),
        split=np.zeros(n, np.int16),
        id=np.arange(n).astype(np.uint64),
        pair=zeros,
        annotator=zeros,
        tokens=np.zeros(n, np.int32),
        absent=np.zeros(n, np.int8),
        has_source=np.zeros(n, np.int8),
        splits=SPLITS,
        files=("table",),
        **{name: np.array(values, dtype=np.uint64) for name, values in columns.items()},
    )


def made_up(targets: list[str], names: TargetNames) -> Keys:
    """Return rows of different texts without documents."""
    n = len(targets)
    return keys_of([f"text {i}" for i in range(n)], targets, [""] * n, [i % 3 for i in range(n)], names)


def split_before(keys: Keys, settings: SplitSettings) -> np.ndarray:
    """Return the splits of the rule before."""
    if settings.kind == "unseen_targets":
        targets, inverse, sizes = np.unique(keys.spelling, return_inverse=True, return_counts=True)
        quota, taken, chosen = settings.test * len(keys), 0, []
        for index in np.argsort(seeded(targets, settings.seed), kind="stable").tolist():
            if taken + sizes[index] <= quota:
                chosen.append(index)
                taken += int(sizes[index])
        test = np.isin(inverse, chosen)
        codes = np.where(test, TEST, TRAIN).astype(np.int16)
        codes[~test & np.isin(keys.text, keys.text[test])] = DROPPED
    else:
        codes = assign("before", keys, np.arange(len(keys)), keys.text, settings)
    by_text = SplitSettings(kind="given", seed=settings.seed, validation=settings.validation)
    without = replace(keys, document=np.zeros(len(keys), dtype=np.uint64))
    return carve_validation("before", without, np.arange(len(keys)), codes, keys.text, by_text)


def split_after(keys: Keys, settings: SplitSettings) -> np.ndarray:
    """Return the splits of the project."""
    rows = np.arange(len(keys))
    codes = assign("after", keys, rows, keys.text, settings)
    return carve_validation("after", keys, rows, codes, keys.text, settings)


RULES = {"before": split_before, "after": split_after}


def spellings(simulations: int) -> None:
    """Print how often names of one target are on both sides, and how often each size of target is drawn."""
    eu = made_up(EU * 20 + [f"target {i}" for i in range(35) for _ in range(20)], NAMES)
    of_eu = np.arange(len(eu)) < 5 * 20
    sized = made_up([f"aim {i}x" for i, size in enumerate(SIZES) for _ in range(size)], NAMES)
    number = np.repeat(np.arange(len(SIZES)), SIZES)
    print("| rule | the EU in test and in train | test share | drawn: 300 rows | 150 | 100 | 50 | 10 | 2 |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|---:|")
    for name, rule in RULES.items():
        apart, share, drawn = 0, 0.0, np.zeros(len(SIZES))
        for seed in range(simulations):
            settings = SplitSettings(kind="unseen_targets", seed=seed)
            codes = rule(eu, settings)[of_eu]
            apart += bool((codes == TEST).any() and (codes == TRAIN).any())
            codes = rule(sized, settings)
            share += (codes == TEST).mean()
            drawn[np.unique(number[codes == TEST])] += 1
        sizes = np.array(SIZES)
        shown = " | ".join(f"{drawn[sizes == size].mean() / simulations:.0%}" for size in (300, 150, 100, 50, 10, 2))
        print(f"| {name} | {apart / simulations:.0%} | {share / simulations:.1%} | {shown} |", flush=True)


def share_in(keys: Keys, column: str, here: np.ndarray, there: np.ndarray) -> float:
    """Return the share of some rows whose key other rows have too."""
    values = getattr(keys, column)
    return float(np.isin(values[here], values[there]).mean())


def corpus(seeds: int) -> None:
    """Print what test and validation share with train on the project's corpus."""
    table = pd.read_csv(CORPUS, keep_default_na=False)
    text, target, document = (table[name].tolist() for name in ("text", "target", "document"))
    keys = keys_of(text, target, document, [STANCE_ID[stance] for stance in table["stance"]], TargetNames())
    head = ["split", "rule", "rows of test", "of validation", "left out"]
    head += [f"{part}: {what} in train" for part in ("test", "validation") for what in ("target", "document")]
    print(f"\n| {' | '.join(head)} |")
    print("|---|---|---:|---:|---:|---:|---:|---:|---:|")
    for kind in ("unseen_targets", "kfold"):
        for name, rule in RULES.items():
            found = []
            for seed in range(seeds):
                codes = rule(keys, SplitSettings(kind=kind, seed=seed))
                train, validation, test = (codes == code for code in (TRAIN, VALIDATION, TEST))
                shared = [
                    share_in(keys, column, here, train)
                    for here in (test, validation)
                    for column in ("target", "document")
                ]
                found.append([test.mean(), validation.mean(), (codes == DROPPED).mean(), *shared])
            shown = " | ".join(f"{share:.1%}" for share in np.mean(found, axis=0))
            print(f"| `{kind}` | {name} | {shown} |", flush=True)


def main() -> None:
    """Print both tables."""
    simulations = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    print(f"{simulations:,} seeds")
    spellings(simulations)
    corpus(max(2, simulations // 20))


if __name__ == "__main__":
    main()

"""A dataset does not depend on the order of its rows: what decides on a row is its content and its id."""

from __future__ import annotations

import csv
import random
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from stancelab.data.build import build
from stancelab.data.prepared import load_prepared
from stancelab.data.settings import CorpusSettings
from stancelab.data.split_settings import AuditSettings, SplitSettings
from stancelab.errors import DataError

STANCES = ("against", "neutral", "favor")
KINDS = [
    {"kind": "random"},
    {"kind": "grouped"},
    {"kind": "kfold", "fold": 1},
    {"kind": "leave_target_out", "target": "thing 3"},
    {"kind": "random", "train_rows": 30},
    {"kind": "random", "shots": 5},
]


def table() -> list[dict[str, str]]:
    """Rows with repeats, contradictions, near duplicates and texts of several targets, each with its own id."""
    rows = []
    for i in range(90):
        verb = ("welcomed", "rejected", "noted")[i % 3]
        text = f"On day {i * 37 % 101} the {'abcde'[i % 5] * 7} round number {i * 7919 % 10007} {verb} pact {i % 8}."
        target, stance = f"thing {i % 8}", STANCES[i % 3]
        rows.append({"id": f"r{i}", "text": text, "target": target, "stance": stance, "document": f"doc-{i // 4}"})
    changes = {
        "again": lambda row: row,
        "other": lambda row: {**row, "stance": STANCES[STANCES.index(row["stance"]) - 1]},
        "nearly": lambda row: {**row, "text": row["text"] + " x"},
        "about": lambda row: {**row, "target": "another"},
    }
    for step, (name, change) in enumerate(changes.items(), start=3):
        rows += [change({**row, "id": f"{name}-{row['id']}"}) for row in rows[step:80:step]]
    return rows


def splits(folder: Path, rows: list[dict[str, str]], split: SplitSettings, repeats: str) -> dict[str, set[str]]:
    folder.mkdir()
    with (folder / "mine.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    corpus = CorpusSettings(name="mine", path=str(folder / "mine.csv"), repeats=repeats)
    # Sentences of one template are near duplicates by default.
    audit = AuditSettings(near_duplicates=0.8, ngram=5)
    try:
        dataset = load_prepared(build([corpus], split, audit, folder / "out"))
    except DataError as error:  # such as a stance that train is left without
        return {"refused": {str(error)}}
    parts = {"train": dataset.train, "validation": dataset.validation, **dataset.tests}
    return {name: {f"{row.id} {row.stance} {row.text}" for row in part} for name, part in parts.items()}


@settings(max_examples=12, deadline=None, database=None)
@given(
    seed=st.integers(0, 10**6),
    kind=st.sampled_from(KINDS),
    repeats=st.sampled_from(["keep", "drop", "majority"]),
)
def test_a_shuffled_file_gives_the_same_splits(seed: int, kind: dict, repeats: str) -> None:
    rows, split = table(), SplitSettings(**kind, seed=seed % 7)
    shuffled = random.Random(seed).sample(rows, len(rows))
    with TemporaryDirectory() as folder:
        one = splits(Path(folder) / "one", rows, split, repeats)
        assert splits(Path(folder) / "two", shuffled, split, repeats) == one

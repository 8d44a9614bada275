"""Processes that prepare at the same time, under one name: each reads its own rows."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import stancelab
from stancelab.data.prepare import prepare
from stancelab.data.prepared import read_examples
from stancelab.data.settings import CorpusSettings
from stancelab.data.split_settings import SplitSettings
from stancelab.files import sha256_of

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

Rows = list[dict[str, str]]
ROUNDS = 4

#: Waits for the other process, then prepares in turn with another seed, and tells the test rows that it reads then.
PREPARING = """
import json, sys, time
from pathlib import Path
from stancelab.data.prepare import prepare
from stancelab.data.settings import CorpusSettings
from stancelab.data.split_settings import SplitSettings

path, root, own, other = sys.argv[1:]
Path(own).touch()
while not Path(other).exists():
    time.sleep(0.01)
made = []
for seed in range(4):
    made.append(prepare(CorpusSettings(path=path), split=SplitSettings(kind="random", seed=seed), root=root))
print(json.dumps([[str(each.folder), [row.text for row in each.tests["test"]]] for each in made]))
"""

#: Prepares one dataset again and again.
AGAIN = """
import sys
from pathlib import Path
from stancelab.data.prepare import prepare
from stancelab.data.settings import CorpusSettings
from stancelab.data.split_settings import SplitSettings

path, root, stop = sys.argv[1:]
while not Path(stop).exists():
    prepare(CorpusSettings(path=path), split=SplitSettings(kind="random"), root=root, reuse=False)
    print("made", flush=True)
"""


def started(script: str, *words: object) -> subprocess.Popen[str]:
    environment = os.environ | {"PYTHONPATH": str(Path(stancelab.__file__).parents[1])}
    command = [sys.executable, "-c", script, *map(str, words)]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def two_files(rows: Rows, write_csv: Callable[..., Path], tmp_path: Path) -> tuple[Path, Path]:
    """Two files of one name: the rows of the one are those of no other."""
    for year in ("2023", "2024"):
        (tmp_path / year).mkdir()
    return write_csv(rows[:50], "2023/data.csv"), write_csv(rows[50:], "2024/data.csv")


def test_different_data_of_one_name(rows: Rows, write_csv: Callable[..., Path], tmp_path: Path) -> None:
    files = two_files(rows, write_csv, tmp_path)
    flags = tmp_path / "a", tmp_path / "b"
    root = tmp_path / "outputs"
    processes = [
        started(PREPARING, path, root, own, other)
        for path, own, other in zip(files, flags, reversed(flags), strict=True)
    ]
    found: list[Any] = []
    for process in processes:
        out, error = process.communicate(timeout=300)
        assert process.returncode == 0, error
        found.append(json.loads(out))
    own = [{row["text"] for row in part} for part in (rows[:50], rows[50:])]
    for made, texts in zip(found, own, strict=True):
        assert len(made) == ROUNDS
        assert all(tests and set(tests) <= texts for _, tests in made)
    assert len({folder for made in found for folder, _ in made}) == 2 * ROUNDS
    assert sorted(path.name for path in root.iterdir()) == ["datasets"]  # no lock, nothing half-written
    assert not list((root / "datasets").glob(".*"))


def test_the_same_data_is_made_once(rows: Rows, write_csv: Callable[..., Path], tmp_path: Path) -> None:
    path, flags = write_csv(rows), (tmp_path / "a", tmp_path / "b")
    processes = [
        started(PREPARING, path, tmp_path / "outputs", own, other)
        for own, other in zip(flags, reversed(flags), strict=True)
    ]
    [first, second] = [process.communicate(timeout=300)[0] for process in processes]
    assert json.loads(first) == json.loads(second)


def test_rows_are_read_while_another_process_prepares_them_again(
    rows: Rows, write_csv: Callable[..., Path], tmp_path: Path
) -> None:
    path, stop, root = write_csv(rows), tmp_path / "stop", tmp_path / "outputs"
    split = SplitSettings(kind="random")
    first = prepare(CorpusSettings(path=str(path)), split=split, root=root)
    expected = [row.id for row in first.tests["test"]]
    process = started(AGAIN, path, root, stop)
    try:
        assert process.stdout is not None
        for _ in range(20):
            assert process.stdout.readline() == "made\n"
            # Opened before it is replaced, read after.
            dataset = prepare(CorpusSettings(path=str(path)), split=split, root=root)
            time.sleep(0.02)
            assert [row.id for row in dataset.tests["test"]] == expected
    finally:
        stop.touch()
        _, error = process.communicate(timeout=300)
    assert process.returncode == 0, error


def test_a_file_that_is_away_for_a_moment_is_read(
    rows: Rows, write_csv: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = prepare(CorpusSettings(path=str(write_csv(rows))), split=SplitSettings(kind="random"), root=tmp_path)
    path = dataset.folder / "test.parquet"
    expected, sha256 = dataset.tests["test"], sha256_of(path)
    away = path.rename(path.with_name("away"))
    waits: list[float] = []

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 2:
            away.rename(path)

    monkeypatch.setattr("stancelab.data.prepared.time", SimpleNamespace(sleep=sleep))
    assert read_examples(path, sha256) == expected
    assert len(waits) == 2

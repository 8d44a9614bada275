"""One run on the toy corpus that several tests read."""

from __future__ import annotations

import io
from contextlib import redirect_stdout
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from stancelab.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@dataclass(frozen=True)
class ToyRun:
    """A finished `stancelab run` on the toy corpus, which no test may change.

    Attributes:
        folder: The run folder.
        table: The corpus.
        words: What its command line says of corpus and encoder.
        shown: What it printed.
    """

    folder: Path
    table: Path
    words: list[str]
    shown: str


@pytest.fixture(scope="session")
def toy_run(toy, tmp_path_factory: pytest.TempPathFactory) -> ToyRun:
    """One run of all steps, shared by the tests that read it."""
    folder = tmp_path_factory.mktemp("toy_run")
    table = toy.write_table(folder / "mine.csv")
    words = toy.data(table)
    few = ["baselines.names=[majority,ngram_logreg]", "evaluation.bootstrap_resamples=100"]
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(io.StringIO()) as shown:
        patch.chdir(folder)
        assert main(["run", *words, *toy.training, "training.epochs=15", *few]) == 0
    return ToyRun(next((folder / "outputs" / "run" / "toy-tiny").iterdir()), table, words, shown.getvalue())


@pytest.fixture
def only() -> Callable[[Path], Path]:
    """A function that returns what alone lies in a folder."""

    def only_in(folder: Path) -> Path:
        [path] = folder.iterdir()
        return path

    return only_in

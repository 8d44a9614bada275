"""A toy corpus in the user's own words, a working directory, and one run that several tests read."""

from __future__ import annotations

import io
import itertools
from contextlib import redirect_stdout
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from stancelab.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ACTORS = ("Norway", "Iran", "Kenya", "Somalia", "China")
VERBS = {"favor": ("welcomed", "backed"), "against": ("condemned", "rejected"), "neutral": ("discussed", "met")}
TARGETS = ("treaty", "ceasefire", "pact", "summit")
#: The user's own names for the stances, and the order in which the config lists them.
NAMES = {"favor": "FAVOR", "against": "0", "neutral": "6.0"}


@dataclass(frozen=True)
class Toy:
    """How the toy corpus is given on the command line.

    Attributes:
        encoder: The encoder of two small layers.
    """

    encoder: Path
    names = NAMES
    training = ("training.learning_rate=1e-3", "training.batch_size=8", "training.precision=fp32")
    columns = ("predict.columns.text=Tweet", "predict.columns.source=Who", "predict.columns.target=About")

    def write_table(self, path: Path, names: dict[str, str] = NAMES) -> Path:
        """Write the corpus with the user's names for the stances."""
        rows: list[dict[str, str]] = []
        verbs = [(stance, verb) for stance, words in VERBS.items() for verb in words]
        for actor, (stance, verb), target in itertools.product(ACTORS, verbs, TARGETS):
            rows.append(
                {
                    "Tweet": f"{actor} {verb} the {target} .",
                    "Who": actor,
                    "About": f"the {target}",
                    "Label": names[stance],
                    "split": ("train", "train", "train", "validation", "test")[len(rows) % 5],
                }
            )
        pd.DataFrame(rows).to_csv(path, index=False)
        return path

    def data(self, table: Path, names: dict[str, str] = NAMES) -> list[str]:
        """Return the words that name the corpus and the encoder."""
        return [
            "data=table", f"data.path={table}", "data.name=toy",
            "data.columns.text=Tweet", "data.columns.source=Who", "data.columns.target=About",
            "data.columns.stance=Label", *(f"data.labels.{stance}=[{name}]" for stance, name in names.items()),
            "audit.leakage=keep", *self.model,
        ]  # fmt: skip

    @property
    def model(self) -> list[str]:
        """The words that name the encoder."""
        path = f"model.name_or_path={self.encoder}"
        return [path, "model.sha256=null", "model.name=tiny", "model.input.max_length=32"]


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


@pytest.fixture
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("STANCELAB_CONFIG_DIR", raising=False)
    return tmp_path


@pytest.fixture(scope="session")
def toy(tiny_encoder: Path) -> Toy:
    return Toy(tiny_encoder)


@pytest.fixture(scope="session")
def toy_run(toy: Toy, tmp_path_factory: pytest.TempPathFactory) -> ToyRun:
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

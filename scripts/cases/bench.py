"""What a check works with: the folder of inputs, tiny encoders, and commands that run in a folder of their own."""

from __future__ import annotations

import io
import os
import shlex
import subprocess
import sys
import traceback
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from stancelab.cli import main
from stancelab.data.prepared import PreparedDataset, load_prepared

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from stancelab.schema import Example

#: The exit code that stands for a traceback.
CRASHED = 1
USER_ERROR = 2
#: 300 sound rows: text, source, target, stance.
BASE = "42-resume-patience/base.csv"
#: One epoch and few draws: the checks ask what is said and kept, not how good a model is.
SHORT = (
    "training.epochs=1 baselines=none evaluation.bootstrap_resamples=100 evaluation.randomization_rounds=100 "
    "training.precision=fp32"
)


@dataclass(frozen=True)
class Finding:
    """What a check found.

    Attributes:
        found: It in a few words.
        right: Whether that is right; None where the check cannot be made here, whose reason `found` says.
    """

    found: str
    right: bool | None


@dataclass(frozen=True)
class Case:
    """One kind of fault.

    Attributes:
        number: As in the folder's table.
        fault: What kind of fault it was.
        check: Returns what is found now.
    """

    number: str
    fault: str
    check: Callable[[Bench], Finding]


@dataclass(frozen=True)
class Outcome:
    """How a command ended.

    Attributes:
        code: Its exit code; `CRASHED` for a traceback.
        told: Standard output and error, one after the other.
        folder: Where it ran.
    """

    code: int
    told: str
    folder: Path

    def says(self, *words: str) -> bool:
        """Whether all these words are in what it told."""
        return all(word in self.told for word in words)

    def refused(self, *words: str) -> Finding:
        """Return whether it was refused with exit code 2, in a message with these words, before any training."""
        right = self.code == USER_ERROR and self.says("stancelab: ", *words) and "epoch 1" not in self.told
        return Finding(f"exit code {self.code}: {self.reason()}", right)

    def accepted(self, *words: str) -> Finding:
        """Return whether the command was done and told these words."""
        missing = [word for word in words if word not in self.told]
        found = f"exit code {self.code}" + (f", not told: {', '.join(missing)}" if missing else ", told")
        return Finding(found if self.code == 0 else f"{found}: {self.reason()}", self.code == 0 and not missing)

    def trained(self) -> Finding:
        """Return whether `run` came to its end."""
        found = f"exit code {self.code}" + (f": {self.reason()}" if self.code else ", trained")
        return Finding(found, self.code == 0 and bool(list(self.folder.glob("outputs/run/*/*/report.html"))))

    def reason(self) -> str:
        """Return the line of the error, shortened."""
        lines = [line for line in self.told.splitlines() if line.startswith("stancelab: ") and "warning" not in line]
        line = lines[-1].removeprefix("stancelab: ") if lines else self.told.strip().rpartition("\n")[2]
        return line if len(line) <= 100 else f"{line[:97]}..."

    def dataset(self) -> PreparedDataset:
        """Return the dataset that `prepare` made."""
        [line] = [line for line in self.told.splitlines() if line.startswith("prepared dataset: ")]
        return load_prepared(self.folder / line.removeprefix("prepared dataset: "))

    def answers(self, system: str) -> pd.DataFrame:
        """Return a system's rows of the test file, as `evaluate` or `run` keeps them."""
        [path] = self.folder.glob(f"outputs/*/*/*/predictions/{system}*.test.parquet")
        return pd.read_parquet(path)


@dataclass
class Bench:
    """Where the checks run.

    Attributes:
        inputs: The folder of the cases.
        work: A temporary folder for everything that is written.
    """

    inputs: Path
    work: Path
    _folders: int = field(default=0, init=False)

    @cached_property
    def encoders(self) -> Path:
        """The folder of the tiny encoders, made when they are first needed."""
        command = [sys.executable, str((self.inputs / "make_encoders.py").resolve())]
        subprocess.run(command, cwd=self.work, check=True, capture_output=True)  # noqa: S603
        return self.work / "enc"

    @cached_property
    def checkpoint(self) -> Path:
        """A checkpoint of the usual head, of a short training."""
        return self._trained("")

    @cached_property
    def sequence_checkpoint(self) -> Path:
        """A checkpoint whose input is the text alone, without a second segment."""
        return self._trained("model.head=sequence model.input.pair=false")

    def folder(self) -> Path:
        """Return a new empty folder."""
        self._folders += 1
        folder = self.work / f"case{self._folders}"
        folder.mkdir()
        return folder

    def encoder(self, name: str = "tiny") -> str:
        """Return the settings of one of the tiny encoders."""
        return f"model.name_or_path={shlex.quote(str(self.encoders / name))} model.sha256=null model.name={name}"

    def prepare(self, path: str | Path, words: str = "", *, folder: Path | None = None) -> Outcome:
        """Prepare a file of the inputs, or any other by its full path."""
        return self.command(f"prepare {self.table(path)} {words}", folder)

    def evaluate(self, path: str | Path, predictions: str, words: str = "") -> Outcome:
        """Evaluate a table of predictions on the test split of a file."""
        return self.command(
            f"evaluate {self.table(path)} baselines=none 'checkpoint=[]' predictions={predictions} "
            f"evaluation.bootstrap_resamples=100 evaluation.randomization_rounds=100 {words}"
        )

    def run(self, path: str | Path, words: str = "", *, encoder: str = "tiny", folder: Path | None = None) -> Outcome:
        """Train shortly on a file and evaluate."""
        return self.command(self.short_run(path, words, self.encoder(encoder)), folder)

    def short_run(self, path: str | Path, words: str, encoder: str) -> str:
        """Return the command line of a short training and its evaluation; `encoder` is its settings."""
        return f"run {self.corpus(path)} {encoder} {SHORT} {words}"

    def predict(self, path: str | Path, words: str = "output=o.csv", *, sequence: bool = False) -> Outcome:
        """Predict a file of the inputs."""
        checkpoint = self.sequence_checkpoint if sequence else self.checkpoint
        return self.command(f"predict checkpoint={shlex.quote(str(checkpoint))} input={self.quoted(path)} {words}")

    def table(self, path: str | Path, encoder: str = "tiny") -> str:
        """Return the settings of a corpus in one file, divided at random, and of an encoder."""
        return f"{self.corpus(path)} {self.encoder(encoder)}"

    def corpus(self, path: str | Path) -> str:
        """Return the settings of a corpus in one file, divided at random."""
        return f"data=table data.path={self.quoted(path)} split=random"

    def quoted(self, path: str | Path) -> str:
        """Return the full path of an input as one word of the command line."""
        return shlex.quote(str(self.inputs / path))

    def command(self, line: str, folder: Path | None = None) -> Outcome:
        """Run one command line in a folder, a new one by default."""
        where = folder or self.folder()
        out, error = io.StringIO(), io.StringIO()
        with chdir(where), redirect_stdout(out), redirect_stderr(error):
            try:
                code = main(shlex.split(line))
            except SystemExit as end:
                code = end.code if isinstance(end.code, int) else CRASHED
            except Exception as failure:  # noqa: BLE001 - a traceback is what the checks look for
                code = CRASHED
                error.write("".join(traceback.format_exception_only(failure)))
        return Outcome(code, f"{out.getvalue()}\n{error.getvalue()}", where)

    def process(self, line: str, folder: Path | None = None, **environment: str) -> Outcome:
        """Run one command line in a process of its own, which reads other variables of the environment."""
        where = folder or self.folder()
        words = [sys.executable, "-m", "stancelab", *shlex.split(line)]
        done = subprocess.run(  # noqa: S603 - the words are those of the checks
            words, cwd=where, env=os.environ | environment, capture_output=True, check=False
        )
        told = "\n".join(each.decode(errors="replace") for each in (done.stdout, done.stderr))
        return Outcome(done.returncode, told, where)

    def _trained(self, words: str) -> Path:
        done = self.run("42-resume-patience/base.csv", words)
        [path] = done.folder.glob("outputs/run/*/*/checkpoint")
        return path


def together(findings: Sequence[Finding], fine: str) -> Finding:
    """Return several findings as one: those that are wrong, or in a few words that all are right."""
    wrong = [each.found for each in findings if not each.right]
    return Finding("; ".join(wrong) or fine, not wrong)


def rows_of(dataset: PreparedDataset) -> list[Example]:
    """Return the rows of all splits."""
    return [*dataset.train, *dataset.validation, *(row for test in dataset.tests.values() for row in test)]


def lines_of(path: Path, **options: Any) -> pd.DataFrame:
    """Return a table of texts, as it stands in the file."""
    table: pd.DataFrame = pd.read_csv(path, dtype=str, keep_default_na=False, **options)
    return table

"""Two processes that share a training, as torchrun starts them, on the CPU."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file

from stancelab.cli import main
from stancelab.heads.pair import PairHead

if TYPE_CHECKING:
    from collections.abc import Callable

SOURCE = Path(__file__).resolve().parents[2] / "src"

#: `-m stancelab` without the dropout of the pair head, which no setting changes.
COMMAND = """
import sys

from stancelab.cli import main
from stancelab.heads.pair import PairHead

PairHead.__init__.__defaults__ = (0.0,)
sys.exit(main())
"""


@pytest.fixture
def without_dropout(tiny_encoder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The tiny encoder, but for dropout, whose random numbers two processes draw apart; the pair head has none too."""
    monkeypatch.setattr(PairHead.__init__, "__defaults__", (0.0,))
    folder = tmp_path / "encoder"
    folder.mkdir()
    for path in tiny_encoder.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    config = json.loads((folder / "config.json").read_text())
    config |= {"hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0}
    (folder / "config.json").write_text(json.dumps(config))
    return folder


def torchrun(head: str, words: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    command = ["-m", "stancelab"]
    if head == "pair":
        (folder / "command.py").write_text(COMMAND)
        command = [str(folder / "command.py")]
    line = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc_per_node", "2", *command]
    environment = {**os.environ, "PYTHONPATH": str(SOURCE), "TMPDIR": str(folder)}
    return subprocess.run([*line, *words], env=environment, capture_output=True, text=True, timeout=600, check=False)


@pytest.mark.slow
@pytest.mark.skipif(
    not (torch.distributed.is_available() and torch.distributed.is_gloo_available()), reason="needs gloo"
)
@pytest.mark.parametrize("head", ["pair", "sequence"])
def test_two_processes_train_as_one_does(
    workplace: Path, toy: Any, without_dropout: Path, only: Callable[[Path], Path], head: str
) -> None:
    table = toy.write_table(workplace / "mine.csv")
    with table.open("r+", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
        # A third of the texts have a second row, the author's: the processes have different numbers of rows.
        csv.DictWriter(file, rows[0]).writerows({**row, "Who": "", "Label": toy.names["neutral"]} for row in rows[::3])
    words = [
        "train",
        *toy.data(table),
        *toy.training,
        f"model.name_or_path={without_dropout}",
        f"model.head={head}",
        "training.epochs=2",
    ]
    aside = workplace / "aside"
    aside.mkdir()
    assert main([*words, "name=one"]) == 0
    done = torchrun(head, [*words, "name=two"], aside)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("checkpoint: outputs/train/two/") == 1
    one, two = (only(workplace / "outputs" / "train" / name) for name in ("one", "two"))
    losses = [
        [each["loss"] for each in json.loads((run / "training.json").read_text())["history"] if "loss" in each]
        for run in (one, two)
    ]
    assert losses[1] == pytest.approx(losses[0], abs=1e-4)
    weights = [load_file(run / "checkpoint" / "model.safetensors") for run in (one, two)]
    assert weights[0].keys() == weights[1].keys()
    # What is added to all keys changes no attention: such a bias has no gradient but what is rounded, of either sign.
    compared = [name for name in weights[0] if not name.endswith("key.bias")]
    assert max(float(np.abs(weights[0][name] - weights[1][name]).max()) for name in compared) < 1e-3
    # The second process has written nothing that stays.
    assert {path.name for path in two.iterdir()} == {path.name for path in one.iterdir()}
    assert len(list((two / "tensorboard").iterdir())) == 1
    assert list((workplace / "outputs" / "interrupted").iterdir()) == []
    assert list(aside.glob("stancelab-*")) == []

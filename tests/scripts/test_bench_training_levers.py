"""The levers on the speed of a training compute what they should, on the same rows, and are told by ratios."""

from __future__ import annotations

import importlib
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import torch
from torch import nn

from stancelab.schema import Example

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stancelab.data.prepared import PreparedDataset

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"


@pytest.fixture
def levers(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.syspath_prepend(str(SCRIPTS))
    before = {*sys.modules}
    module = importlib.import_module("bench_training_levers")
    module.pulled = importlib.import_module("bench_training_pulled")  # type: ignore[attr-defined]
    yield module
    for name in {*sys.modules} - before:
        if name.startswith("bench_"):
            del sys.modules[name]


def trained(layer: nn.Linear, states: torch.Tensor, optimizer: torch.optim.Optimizer, *, autocast: bool) -> float:
    optimizer.zero_grad()
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=autocast):
        loss = layer(states).float().square().sum()
    loss.backward()
    optimizer.step()
    return loss.item()


def test_copies_of_weights_give_the_numbers_of_autocast(levers: Any) -> None:
    layers = [nn.Linear(8, 4), nn.Linear(8, 4)]
    layers[1].load_state_dict(layers[0].state_dict())
    optimizers = [torch.optim.AdamW(layer.parameters(), lr=0.1) for layer in layers]
    levers.pulled.keep_copies(nn.Sequential(layers[1]), optimizers[1])
    states = torch.randn(3, 8)
    losses = []
    for _ in range(3):
        expected = trained(layers[0], states, optimizers[0], autocast=True)
        assert trained(layers[1], states.bfloat16(), optimizers[1], autocast=False) == expected
        losses.append(expected)
    assert losses[0] > losses[-1]
    assert torch.equal(layers[0].weight, layers[1].weight) and torch.equal(layers[0].bias, layers[1].bias)
    assert layers[1].weight.dtype == torch.float32


def test_weights_in_bf16_follow_fp32_weights_by_steps_that_they_are_too_coarse_for(levers: Any) -> None:
    layer = nn.Linear(1, 1, bias=False)
    nn.init.ones_(layer.weight)
    optimizer = torch.optim.SGD(layer.parameters(), lr=1e-3)
    levers.pulled.keep_in_bf16(optimizer)
    for _ in range(100):
        optimizer.zero_grad()
        layer.zero_grad()
        layer(torch.ones(1, 1, dtype=torch.bfloat16)).sum().backward()  # the gradient is 1
        optimizer.step()
    assert layer.weight.dtype == torch.bfloat16
    assert layer.weight.item() == torch.tensor(0.9).bfloat16().item()


def test_a_pass_takes_all_rows_in_batches_of_the_lever(
    levers: Any, tiny_encoder: Path, export_dataset: PreparedDataset
) -> None:
    rates = {"learning_rate": 1e-4, "head_learning_rate": 1e-3}
    job = {"encoder": str(tiny_encoder), "head": "sequence", "rates": rates, "seed": 0}
    rows = [row for row in export_dataset.train for _ in range(10)]
    assert len(rows) == 60
    with ExitStack() as open_until:
        found = {
            size: levers.pulled.Pulled(
                levers.pulled.Lever(batch_size=size), job, export_dataset, rows, open_until
            ).turn()
            for size in (16, 64)
        }
    assert {size: each["updates"] for size, each in found.items()} == {16: 4, 64: 1}
    assert all(0 <= each["padding"] < 0.9 and 0 < each["loss"] < 5 and each["seconds"] > 0 for each in found.values())


def test_a_sample_has_groups_of_rows_of_like_length(levers: Any) -> None:
    rows = [Example(id=str(size), text="a" * size, source="", target="b", stance="favor") for size in range(1, 641)]

    def lengths_of(given: list[Example]) -> list[int]:
        return [len(row.text) for row in given]

    sample = levers.sample_of(rows, 130, 0, lengths_of)
    lengths = [len(row.text) for row in sample]
    # Two groups of 64 of the ten that there are: those at a quarter and at three quarters.
    assert lengths == [*range(129, 193), *range(449, 513)]
    assert len(levers.sample_of(rows[:50], 130, 0, lengths_of)) == 50


def test_figures_are_those_worked_by_hand(levers: Any) -> None:
    def took(seconds: float, updates: int, compiling: float = 0.0) -> dict[str, float]:
        return {"seconds": seconds, "compiling": compiling, "updates": updates, "padding": 0.05, "loss": seconds}

    taken = {
        levers.AS_IT_IS: [took(9.0, 4), took(2.0, 4), took(4.0, 4), took(3.0, 4)],
        "compiled": [took(9.0, 4, 20.0), took(1.0, 4), took(1.0, 4), took(2.0, 4)],
    }
    base, compiled = levers.figures(taken, 60)
    assert base == ["as it is", "750", "20.0", "1.00", "1.00 to 1.00", "5.0%", "3.0000", "9.0"]
    assert compiled == ["compiled", "250", "60.0", "2.00", "1.50 to 4.00", "5.0%", "2.0000", "29.0"]


@pytest.mark.parametrize(
    ("words", "reason"), [(["nowhere"], "found nowhere"), (["nowhere", "--only", "magic"], "invalid choice: 'magic'")]
)
def test_wrong_arguments_are_one_line_and_exit_code_2(tmp_path: Path, words: list[str], reason: str) -> None:
    command = [sys.executable, str(SCRIPTS / "bench_training_levers.py"), *words]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1 and reason in done.stderr

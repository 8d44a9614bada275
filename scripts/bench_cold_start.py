"""Time from the shell to the answer for one sentence: `stancelab predict` beside `transformers.pipeline`.

    python scripts/bench_cold_start.py CHECKPOINT [--repeats 5]

Each is started in a fresh process, in turn, so that what else runs on the machine meets both alike. CHECKPOINT is an
exported checkpoint. A pipeline does not know the pair head and then answers from random weights: the time is the same.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final, NamedTuple

from stancelab.extras import is_installed
from stancelab.files import hardware, versions

TEXT: Final = "Kenya hailed the pact, Somalia recalled its envoy over it."
_PIPELINE: Final = (
    "import sys; from transformers import pipeline; "
    "print(pipeline('text-classification', model=sys.argv[1])(sys.argv[2]))"
)


class Seconds(NamedTuple):
    """What one process took: by the clock, and of the processor."""

    wall: float
    cpu: float


def main() -> int:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path, help="an exported checkpoint")
    parser.add_argument("--repeats", type=int, default=5, help="how often each is started")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        commands = _commands(given.checkpoint.resolve(), Path(folder))
        found: dict[str, list[Seconds]] = {name: [] for name in commands}
        for _ in range(given.repeats + 1):
            for name, command in commands.items():
                found[name].append(_run(command, folder))
    print(f"{hardware()}; " + ", ".join(f"{name} {version}" for name, version in versions().items()))
    print("seconds from start to end, median (smallest); the first start of each is not counted")
    base = found["transformers.pipeline"][1:]
    for name, all_runs in found.items():
        runs = all_runs[1:]
        ratios = [_median(runs, kind) / _median(base, kind) for kind in ("wall", "cpu")]
        print(
            f"{name:32} wall {_median(runs, 'wall'):6.2f} ({min(run.wall for run in runs):.2f})   "
            f"cpu {_median(runs, 'cpu'):6.2f} ({min(run.cpu for run in runs):.2f})   "
            f"of pipeline {ratios[0]:.2f} wall, {ratios[1]:.2f} cpu"
        )
    return 0


def _commands(checkpoint: Path, folder: Path) -> dict[str, list[str]]:
    (folder / "one.csv").write_text(f'text,source,target\n"{TEXT}",Somalia,the pact\n', encoding="utf-8")
    predict = [sys.executable, "-m", "stancelab", "predict", f"checkpoint={checkpoint}", "input=one.csv"]
    predict += ["output=out.csv", "predict.overwrite=true"]
    return {
        "transformers.pipeline": [sys.executable, "-c", _PIPELINE, str(checkpoint), TEXT],
        **{f"predict, backend {name}": [*predict, f"predict.backend={name}"] for name in _backends(checkpoint)},
    }


def _backends(checkpoint: Path) -> list[str]:
    has_int8 = (checkpoint / "onnx" / "model.int8.onnx").is_file()
    has_static = (checkpoint / "onnx" / "model.static-int8.onnx").is_file()
    by_openvino = ["openvino-bf16", *(["openvino-int8"] * has_static)] * is_installed("openvino")
    return ["torch", "onnx", *(["onnx-int8"] * has_int8), *by_openvino]


def _run(command: list[str], folder: str) -> Seconds:
    before, start = os.times(), time.perf_counter()
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
    wall, after = time.perf_counter() - start, os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return Seconds(wall, cpu)


def _median(runs: list[Seconds], kind: str) -> float:
    return float(statistics.median(getattr(run, kind) for run in runs))


if __name__ == "__main__":
    raise SystemExit(main())

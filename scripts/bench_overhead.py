"""Where the processor's time of `stancelab predict` goes: the network, the building of its input, and the rest.

    OMP_NUM_THREADS=1 python scripts/bench_overhead.py CHECKPOINT TABLE [--backend NAME ...]

The table is predicted as the command does it, three times with each backend; the shares are those of the run with the
median time around the network. "encode" is tokenization and the search for mentions, "collate" the padding to batches,
"rest" the reading, checking and writing of the table. The loading of the checkpoint is not counted.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import logging
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stancelab.cli.main import main as stancelab
from stancelab.inference.backends import BACKENDS, FP32, OPENVINO_INT8
from stancelab.inference.engines import local

if TYPE_CHECKING:
    from collections.abc import Callable

RUNS = 3
LOAD, PARTS = "load", ("encode", "collate", "compute")


def timed(spent: dict[str, float], part: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that adds the processor's time that it takes to a part."""

    def call(*arguments: Any, **named: Any) -> Any:
        start = time.process_time()
        try:
            return function(*arguments, **named)
        finally:
            spent[part] = spent.get(part, 0.0) + time.process_time() - start

    return call


def shares(spent: dict[str, float], total: float) -> dict[str, float]:
    """Return what each part takes of the time without loading."""
    whole = total - spent[LOAD]
    found = {part: spent[part] / whole for part in PARTS}
    return {**found, "rest": 1 - sum(found.values())}


def measure(words: list[str]) -> tuple[dict[str, float], float]:
    """Predict once, and return the shares and the seconds of the processor without loading.

    Args:
        words: The words of the command.
    """
    spent: dict[str, float] = {}
    load = local.load_classifier

    def loaded(*arguments: Any, **named: Any) -> Any:
        classifier = timed(spent, LOAD, load)(*arguments, **named)
        backend = classifier.backend
        # Builders share their functions with each other, so that these are set on the one object.
        for owner, part in ((backend.builder, "encode"), (backend.builder, "collate"), (backend, "compute")):
            object.__setattr__(owner, part, timed(spent, part, getattr(owner, part)))
        return classifier

    local.load_classifier = loaded
    try:
        start = time.process_time()
        with contextlib.redirect_stdout(io.StringIO()):
            code = stancelab(words)
        total = time.process_time() - start
    finally:
        local.load_classifier = load
    if code:
        raise SystemExit(code)
    return shares(spent, total), total - spent[LOAD]


def main() -> None:
    """Measure each backend."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint")
    parser.add_argument("table", type=Path)
    parser.add_argument("--backend", nargs="+", choices=BACKENDS, default=[FP32, OPENVINO_INT8])
    given = parser.parse_args()
    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory() as folder:
        words = [
            "predict", f"checkpoint={given.checkpoint}", f"input={given.table}", f"output={folder}/out.csv",
            f"output_root={folder}", "predict.overwrite=true", "predict.device=cpu", "predict.threads=1",
        ]  # fmt: skip
        for backend in given.backend:
            runs = [measure([*words, f"predict.backend={backend}"]) for _ in range(RUNS)]
            found, seconds = sorted(runs, key=lambda run: (1 - run[0]["compute"]) * run[1])[RUNS // 2]
            told = ", ".join(f"{part} {100 * share:.1f}%" for part, share in found.items())
            print(f"{backend}: {told}; {seconds:.2f} s", flush=True)


if __name__ == "__main__":
    main()

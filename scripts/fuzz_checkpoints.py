"""Damages checkpoints at random and tells which damage ends in something else than a clear error or an answer.

    OMP_NUM_THREADS=1 python scripts/fuzz_checkpoints.py CHECKPOINT... [--cases 1000] [--seconds 600] [--seed 13]

Each case is a copy of a checkpoint folder with one or two damaged files, which a process of its own loads with one
backend and lets answer a few rows. Allowed are a `CheckpointError` of one short line, and an answer of probabilities.
Told are other exceptions, crashes, panics, more than one printed line, more than 30 seconds, and
more memory than is allowed beyond what was in use: eight times the size of the folder, and 512 MB. OpenVINO has no
bound of its own: an error that says that there is no memory is what it can give. The last line counts how the cases
ended; the exit code is 1 where one was told.
"""

from __future__ import annotations

import argparse
import collections
import os
import resource
import shutil
import signal
import sys
import tempfile
import time
import traceback
from pathlib import Path
from random import Random
from typing import Final

import numpy as np

from damage import damage
from stancelab import StanceClassifier
from stancelab.errors import CheckpointError
from stancelab.inference.backends import OPENVINO_INT8
from stancelab.layout import ONNX, ONNX_STATIC_INT8

SECONDS: Final = 30
_MORE_BYTES: Final = 512 * 2**20
_TIMES_THE_FILES: Final = 8
#: What libraries say where the process may take no more.
_NO_MEMORY: Final = ("can.t allocate", "can't allocate", "allocate memory", "MemoryError", "bad_alloc", "bad alloc")
_LONGEST_LINE: Final = 1500
#: How a panic of Rust code begins on standard error.
_PANIC: Final = "panicked at"
_SHARE: Final = 1e-6
ROWS: Final = [
    {"text": "Norway welcomed the ceasefire, Iran did not.", "source": "Norway", "target": "the ceasefire"},
    {"text": "Norway welcomed the ceasefire, Iran did not.", "source": "Iran", "target": "the ceasefire"},
    {"text": "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab is a word. " * 9, "target": "the treaty"},
    {"text": "卢旺达 and [T] Kenya [SEP] met.", "source": "", "target": "Kenya"},
]


def outcome(folder: Path, backend: str) -> str:
    """Load a checkpoint, let it answer, and return how that ended: "answered", "refused: ..." or "FAULT: ..."."""
    try:
        classifier = StanceClassifier.from_pretrained(folder, backend=backend, device="cpu")
        found = classifier.predict_proba(ROWS)
    except CheckpointError as error:
        line = str(error)
        if "\n" in line or len(line) > _LONGEST_LINE:
            return f"FAULT: a message of {len(line)} characters: {line[:300]!r}"
        chain, cause = [line], error.__cause__ or error.__context__
        while cause is not None:
            chain.append(f"{type(cause).__name__} {cause}")
            cause = cause.__cause__ or cause.__context__
        out = next((each for each in chain if any(word in each for word in _NO_MEMORY)), None)
        if backend == OPENVINO_INT8:
            out = None
        return f"FAULT: out of memory: {out[:300]}" if out else f"refused: {line}"
    except BaseException as error:  # noqa: BLE001 - what is raised is what is looked for
        frames = traceback.extract_tb(error.__traceback__)
        at = " ".join(f"{Path(each.filename).name}:{each.lineno}" for each in frames[-4:])
        return f"FAULT: {type(error).__name__}: {str(error)[:200]!r} at {at}"
    if found.shape != (len(ROWS), 3) or not np.isfinite(found).all() or np.abs(found.sum(axis=1) - 1).max() > _SHARE:
        return f"FAULT: answers {found.tolist()}"
    return "answered"


def limit_memory(more: int) -> None:
    """Let the process take so many bytes more than it has."""
    used = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + more, resource.RLIM_INFINITY))


def with_printed(told: str, printed: str) -> str:
    """Return an outcome, or that too much was printed.

    Args:
        told: What `outcome` returned.
        printed: What the process wrote to standard output and standard error.
    """
    if told.startswith("FAULT"):
        return told
    lines = [line for line in printed.splitlines() if line.strip()]
    if panic := next((line for line in lines if _PANIC in line), None):
        return f"FAULT: a panic on standard error, then {told[:200]}: {panic[:300]!r}"
    return f"FAULT: {len(lines)} printed lines, then {told[:200]}: {lines[:3]!r}" if len(lines) > 1 else told


def in_process(folder: Path, backend: str) -> str:
    """Return the outcome in a process of its own, which has limits."""
    with tempfile.TemporaryFile() as printed:
        told = _in_process(folder, backend, printed.fileno())
        printed.seek(0)
        return with_printed(told, printed.read().decode(errors="replace"))


def _in_process(folder: Path, backend: str, printed: int) -> str:
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    inner, outer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(inner)
        limit_memory(_MORE_BYTES + _TIMES_THE_FILES * size)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        signal.alarm(SECONDS)
        os.dup2(printed, 1)
        os.dup2(printed, 2)
        told = outcome(folder, backend)
        sys.stdout.flush()
        sys.stderr.flush()
        os.write(outer, told.encode(errors="replace")[:4000])
        os._exit(0)
    os.close(outer)
    with os.fdopen(inner, "rb") as file:
        told = file.read().decode(errors="replace")
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        return f"FAULT: {'took more than 30 seconds' if number == signal.SIGALRM else signal.Signals(number).name}"
    return told or f"FAULT: exit code {os.waitstatus_to_exitcode(status)}"


def backend_of(done: str, random: Random) -> str:
    """Return which backend loads a checkpoint: one that reads what was damaged.

    Args:
        done: What was damaged, as `damage` tells it.
        random: Decides where several do.
    """
    if ONNX_STATIC_INT8 in done:
        return OPENVINO_INT8
    return "onnx" if "onnx/" in done else random.choice(("torch", "torch", "onnx"))


def main() -> int:
    """Damage and load until there are enough cases, or the time is over."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoints", nargs="+", type=Path)
    parser.add_argument("--cases", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=13)
    parser.add_argument("--first", type=int, default=0, help="the number of the first case")
    parser.add_argument("--all", action="store_true", help="tell each case")
    given = parser.parse_args()
    for checkpoint in given.checkpoints:  # what is loaded once is not counted
        has_static = (checkpoint / ONNX / ONNX_STATIC_INT8).is_file()
        for backend in ("torch", "onnx", *([OPENVINO_INT8] * has_static)):
            told = outcome(checkpoint, backend)
            if told != "answered":
                print(f"{checkpoint} {backend}: {told}")
                return 2
    limit_memory(_MORE_BYTES)  # damage is not to grow without end either
    counts: collections.Counter[str] = collections.Counter()
    start, number = time.monotonic(), given.first
    while number < given.first + given.cases and time.monotonic() - start < given.seconds:
        random = Random(f"{given.seed} {number}")  # noqa: S311 - no secret
        with tempfile.TemporaryDirectory() as partial:
            folder = Path(partial) / "checkpoint"
            checkpoint = random.choice(given.checkpoints)
            shutil.copytree(checkpoint, folder)
            done = damage(folder, random)
            backend = backend_of(done, random)
            told = in_process(folder, backend)
        kind = told.partition(":")[0]
        counts[kind] += 1
        if kind == "FAULT" or given.all:
            print(f"{number} {checkpoint.name} {backend} [{done}] {told}", flush=True)
        number += 1
    print(", ".join(f"{count} {kind}" for kind, count in sorted(counts.items())))
    return int(counts["FAULT"] > 0)


if __name__ == "__main__":
    sys.exit(main())

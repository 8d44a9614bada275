"""What the benchmarks of speed share: clocks, the machine's matmul peak, an encoder's FLOPs, processes that take turns.

Each system is measured in a process of its own, so that its peak memory is its own, and all processes take turns, so
that what else runs on the machine meets all of them. A process that waits for its turn reads a pipe and uses no core.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, NoReturn

from stancelab.inference.backends.threads import use_threads, wait_briefly

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

#: Size of the square matrices whose product tells the peak: large enough that all else costs nothing.
_SIZE: Final = 1024
_PEAK_SECONDS: Final = 0.5
#: What is asked of a process in its turn, and what it says where it cannot run.
TURN, END, REFUSED = "turn", "end", "refused"


class Taken(NamedTuple):
    """What some work took, in seconds: by the clock, and of the processor, all threads together."""

    wall: float
    cpu: float


class Clock:
    """Measures from when it is made."""

    def __init__(self) -> None:
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    def taken(self) -> Taken:
        """Return what this process has taken since then."""
        return Taken(time.perf_counter() - self._wall, time.process_time() - self._cpu)


class OneLineParser(argparse.ArgumentParser):
    """A parser of arguments that says what is wrong in one line."""

    def error(self, message: str) -> NoReturn:
        """End with exit code 2."""
        self.exit(2, f"{self.prog}: {message}\n")


def count(text: str) -> int:
    """Return a whole number of 1 or more, as `argparse` takes its types."""
    if not text.isascii() or not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"found {text!r}, allowed is a whole number of 1 or more")
    return int(text)


def rate(text: str) -> float:
    """Return a learning rate, as `argparse` takes its types."""
    try:
        found = float(text)
    except ValueError:
        found = 0.0
    if not 0 < found <= 1:
        raise argparse.ArgumentTypeError(f"found {text!r}, allowed is a number above 0, at most 1")
    return found


def timed(work: Callable[[], object]) -> Taken:
    """Return what some work takes in this process."""
    clock = Clock()
    work()
    return clock.taken()


def peak_megabytes() -> float:
    """Return the most memory that this process has had, libraries included."""
    status = Path("/proc/self/status")
    if status.is_file():  # what getrusage says, a process takes over from the one that started it
        for line in status.read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024**2 if sys.platform == "darwin" else 1024)


def matmul_peak(precision: str, seconds: float = _PEAK_SECONDS) -> Taken:
    """Return the most GFLOP a second of a product of large matrices: by the clock, and by the processor's time.

    Args:
        precision: "fp32" or "bf16". For fp32 the fastest of the libraries that PyTorch has is taken: on processors that
            are not Intel's, MKL is slower than oneDNN.
        seconds: How long each library is measured, at least.
    """
    import torch

    with torch.inference_mode():
        left, right = torch.randn(_SIZE, _SIZE), torch.randn(_SIZE, _SIZE)
        if precision == "bf16":
            left, right = left.bfloat16(), right.bfloat16()
        works: list[Callable[[], object]] = [lambda: left @ right]
        if precision == "fp32" and torch.backends.mkldnn.is_available():
            one, other = left.to_mkldnn(), right.to_mkldnn()
            works.append(lambda: torch._C._nn.mkldnn_linear(one, other, None))
        best = Taken(0.0, 0.0)
        for work in works:
            work()
            end = time.perf_counter() + seconds
            while time.perf_counter() < end:
                taken = timed(work)
                best = Taken(*(max(known, 2e-9 * _SIZE**3 / new) for known, new in zip(best, taken, strict=True)))
    return best


class EncoderFlops(NamedTuple):
    """The floating-point operations of an encoder's pass, those of its linear layers and of attention.

    Attributes:
        of_token: Those of a token in all linear layers.
        of_two: Those of two tokens that attend to each other.
    """

    of_token: float
    of_two: float

    @classmethod
    def of_config(cls, config: Any) -> EncoderFlops:
        """Return those of an encoder of the families of BERT, RoBERTa, MPNet and, too few, DeBERTa, by its config."""
        size, inner, layers = config.hidden_size, config.intermediate_size, config.num_hidden_layers
        return cls(2.0 * layers * (4 * size**2 + 2 * size * inner), 4.0 * layers * size)

    def of(self, lengths: Sequence[int]) -> float:
        """Return those of texts of these lengths in tokens, without padding."""
        return sum(self.of_token * length + self.of_two * length**2 for length in lengths)


class Turns:
    """A process that runs one system and waits for its turns.

    Args:
        command: The script and its arguments.
        threads: How many threads it computes with.
    """

    def __init__(self, command: Sequence[str], threads: int) -> None:
        environment = {**os.environ, "RAYON_NUM_THREADS": str(threads), "TOKENIZERS_PARALLELISM": "true"}
        self._process = subprocess.Popen(  # noqa: S603 (our own files)
            [sys.executable, *command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, text=True
        )

    def ask(self, what: str) -> dict[str, Any]:
        """Return what it answers, `REFUSED` with a reason where it cannot run or has ended."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline() if self.tell(what) else ""
        found: dict[str, Any] = json.loads(line) if line else {REFUSED: "its process ended; see above"}
        return found

    def tell(self, what: str) -> bool:
        """Tell it something, and return whether it was there to hear it."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(f"{what}\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            return False
        return True

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None and self._process.stdout is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


def own_pipe() -> Callable[[Mapping[str, Any]], None]:
    """Return what answers the process that gives the turns; whatever else is printed goes to standard error."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)

    def answer(content: Mapping[str, Any]) -> None:
        answers.write(json.dumps(content) + "\n")
        answers.flush()

    return answer


def next_turn() -> str:
    """Return what is asked next, `END` where nothing is."""
    return sys.stdin.readline().strip() or END


def fix_threads(number: int, *, brief_waits: bool = False) -> None:
    """Let this process, and those that it starts, compute with so many threads.

    Args:
        number: How many.
        brief_waits: Whether they spin for a moment before they sleep, as those of `stancelab train`; those of
            `stancelab predict` sleep at once.
    """
    if brief_waits:
        wait_briefly()
    use_threads(number)


def ratio_of(base: Sequence[float], own: Sequence[float]) -> float:
    """Return how many times as fast a system is as another one: the median over rounds of what they took in it."""
    return statistics.median(one / other for one, other in zip(base, own, strict=True))


def print_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table in Markdown, its first column of words, the others of numbers."""
    widths = [max(map(len, cells)) for cells in zip(columns, *rows, strict=True)]
    marks = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    for cells in (columns, marks, *rows):
        padded = [
            cell.rjust(width) if number else cell.ljust(width)
            for number, (cell, width) in enumerate(zip(cells, widths, strict=True))
        ]
        print(f"| {' | '.join(padded)} |")

"""Where the time of our training goes: the shares of kinds of operations in the time of some updates.

    python scripts/profile_training.py data=diplomacy
    OMP_NUM_THREADS=1 python scripts/profile_training.py data=newsmtsc data.path=FOLDER --head sequence --updates 40

The training is that of `bench_training.py`, on the CPU. After the first updates some are measured, and as many more are
profiled. The profiler itself takes time for each operation, so that many small ones count for more than without it.
"""

from __future__ import annotations

import logging
import sys
import tempfile
import time
from collections import defaultdict
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from torch.profiler import ProfilerActivity, profile
from transformers import TrainerCallback

from bench_machine import count, fix_threads, print_table
from bench_training import dataset_of, job_of, training_parser
from bench_training_systems import our_trainer
from stancelab.cores import fitting_threads
from stancelab.data.prepared import load_prepared
from stancelab.errors import StancelabError
from stancelab.files import hardware

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Mapping

#: Kinds of operations, by what their names contain; the first that fits counts.
KINDS: Final = {
    "optimizer": ("adam", "foreach", "Optimizer", "clip_grad", "linalg_vector_norm"),
    "attention": ("scaled_dot_product", "flash_attention", "softmax", "::bmm", "baddbmm"),
    "products of weights": ("::mm", "addmm", "linear", "matmul", "mkldnn"),
    "casts and copies": ("copy", "::to", "contiguous", "clone"),
    "normalization, activation, dropout": ("layer_norm", "gelu", "dropout", "bernoulli", "relu", "tanh"),
    "embeddings and places of mentions": ("embedding", "index", "gather", "scatter", "select", "slice"),
    "sums of gradients, other arithmetic": ("::add", "::sum", "::mul", "::div", "::fill", "::zero", "::empty"),
}
OTHER: Final = "other operations"
OUTSIDE: Final = "outside of operations: Python, tokenization, batches"


class Profiled(TrainerCallback):
    """Measures some updates of a training after others, profiles as many, and ends it.

    Args:
        first: Updates before that.
        updates: Updates that are measured, and updates that are profiled.

    Attributes:
        cpu: Seconds of the processor of the updates that were measured.
        wall: Seconds by the clock of those that were profiled.
    """

    def __init__(self, first: int, updates: int) -> None:
        self.first, self.updates = first, updates
        self.profiler = profile(activities=[ProfilerActivity.CPU])
        self.cpu = self.wall = 0.0

    def on_step_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """Begin after the first updates, and stop after the last."""
        if state.global_step == self.first:
            self.cpu = time.process_time()
        elif state.global_step == self.first + self.updates:
            self.cpu = time.process_time() - self.cpu
            self.profiler.start()
            self.wall = time.perf_counter()
        elif state.global_step == self.first + 2 * self.updates:
            self.wall = time.perf_counter() - self.wall
            self.profiler.stop()
            control.should_training_stop = True
            control.should_evaluate = control.should_save = False


def main() -> int:
    """Profile, and print the shares."""
    given = arguments()
    threads = given.threads or fitting_threads()
    fix_threads(threads, brief_waits=True)
    try:
        folder = dataset_of(given.dataset)
        dataset = load_prepared(folder)
    except StancelabError as error:
        print(f"profile_training.py: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    logging.disable(logging.WARNING)
    callback = Profiled(given.first, given.updates)
    with tempfile.TemporaryDirectory() as scratch:
        trainer = our_trainer({**job_of(given, folder), "epochs": None}, dataset, Path(scratch))
        trainer.add_callback(callback)
        trainer.train()
    print(f"{given.encoder}, {given.head} head; {dataset.name}; {hardware()}; threads: {threads}")
    print(f"{callback.cpu / given.updates:.3f} s of the processor an update, in {given.updates} updates\n")
    seconds = {event.key: event.self_cpu_time_total / 1e6 for event in callback.profiler.key_averages()}
    print_table(["kind", "share"], shares(seconds, callback.wall))
    print()
    most = sorted(seconds.items(), key=itemgetter(1), reverse=True)[:12]
    print_table(["operation", "share"], [[name, _percent(own, callback.wall)] for name, own in most])
    return 0


def arguments() -> Namespace:
    """Return the arguments, with those of `bench_training.job_of`."""
    parser = training_parser(__doc__)
    parser.add_argument("--first", type=count, default=10, help="updates before those (default 10)")
    parser.add_argument(
        "--updates", type=count, default=20, help="updates that are measured, and profiled (default 20)"
    )
    parser.set_defaults(block=0, learning_rate=0.0, our_learning_rate=None, our_batch=None, epochs=None)
    return parser.parse_args()


def shares(seconds: Mapping[str, float], wall: float) -> list[list[str]]:
    """Return the shares of all kinds in the time that was profiled, largest first.

    Args:
        seconds: Those of each operation itself, by the clock, without the operations that it calls.
        wall: Those of all updates.
    """
    found: dict[str, float] = defaultdict(float)
    for name, own in seconds.items():
        found[kind_of(name)] += own
    found[OUTSIDE] = max(0.0, wall - sum(seconds.values()))
    return [[kind, _percent(own, wall)] for kind, own in sorted(found.items(), key=itemgetter(1), reverse=True)]


def kind_of(name: str) -> str:
    """Return the kind of an operation."""
    return next((kind for kind, parts in KINDS.items() if any(part in name for part in parts)), OTHER)


def _percent(own: float, wall: float) -> str:
    return f"{100 * own / wall:.1f}%"


if __name__ == "__main__":
    raise SystemExit(main())

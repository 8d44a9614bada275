"""What levers on the speed of our training pay, by the processor's time, in turn on the same rows.

    OMP_NUM_THREADS=1 python scripts/bench_training_levers.py data=newsmtsc data.path=FOLDER --head sequence

The training is that of `bench_training.py`, on the CPU, as it is and with one lever each (`LEVERS`). All begin with the
same weights and take turns, a pass over the same rows each, in batches of their own; the first pass is not counted. The
rows are groups of like length, since a small sample would be padded more in large batches than a training is. Times
are those of the processor in this process, which other processes disturb less than the clock; that of the first pass
includes compilers that it started. The mean loss of the last pass tells whether a lever changes the numbers. No dev
score is measured. Levers on weights in bf16 are left out where training is in fp32, for want of the processor's
instructions.
"""

from __future__ import annotations

import logging
import random
import statistics
import sys
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from transformers import AutoTokenizer
from transformers.utils import logging as transformers_logging

from bench_machine import count, fix_threads, print_table, ratio_of
from bench_training import dataset_of, job_of, training_parser
from bench_training_pulled import AS_IT_IS, LEVERS, Pulled
from stancelab.cores import fitting_threads
from stancelab.data.prepared import load_prepared
from stancelab.encoders import resolve_encoder
from stancelab.errors import StancelabError
from stancelab.files import hardware, versions, write_json
from stancelab.inference.backends.torch import computes_bf16
from stancelab.training.sampling import BLOCK_BATCHES

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Sequence

    from stancelab.data.prepared import PreparedDataset
    from stancelab.schema import Example


def sample_of(
    rows: Sequence[Example], size: int, seed: int, lengths_of: Callable[[Sequence[Example]], Sequence[int]]
) -> list[Example]:
    """Return rows whose batches are padded as little as those of a training: groups of rows of like length.

    Args:
        rows: All training rows.
        size: How many are returned, at most, in groups of the largest batch.
        seed: The seed.
        lengths_of: Tells how long rows are, in tokens.
    """
    largest = max(lever.batch_size for lever in LEVERS.values())
    chance = random.Random(seed)  # noqa: S311 (no secrets here)
    block = chance.sample(rows, min(len(rows), BLOCK_BATCHES * largest))
    order = np.argsort(lengths_of(block), kind="stable")
    groups = [[block[place] for place in order[start : start + largest]] for start in range(0, len(block), largest)]
    number = min(len(groups), max(1, size // largest))
    chosen = [groups[(2 * place + 1) * len(groups) // (2 * number)] for place in range(number)]
    return [row for group in chosen for row in group]


def token_counter(encoder: str) -> Callable[[Sequence[Example]], Sequence[int]]:
    """Return what counts the tokens of rows, of text, source and target, by an encoder's tokenizer."""
    tokenizer = AutoTokenizer.from_pretrained(resolve_encoder(encoder))

    def lengths_of(rows: Sequence[Example]) -> list[int]:
        found = tokenizer([f"{row.text} {row.source} {row.target}" for row in rows])
        return [len(ids) for ids in found["input_ids"]]

    return lengths_of


def in_turn(
    names: Sequence[str], rounds: int, job: dict[str, Any], dataset: PreparedDataset, rows: Sequence[Example]
) -> dict[str, list[dict[str, float]]]:
    """Return what each lever took in each round, in a first one besides that has the warm-up."""
    found: dict[str, list[dict[str, float]]] = {name: [] for name in names}
    with ExitStack() as open_until:
        pulled = {name: Pulled(LEVERS[name], job, dataset, rows, open_until) for name in names}
        for number in range(rounds + 1):
            for name in [*found]:
                try:
                    found[name].append(pulled[name].turn())
                except Exception as error:
                    if number or not LEVERS[name].compiled:
                        raise
                    del found[name]  # where there is no C++ compiler
                    print(f"{name}: left out, {type(error).__name__}: {error}", file=sys.stderr, flush=True)
                else:
                    print(f"round {number}, {name}: {found[name][-1]}", file=sys.stderr, flush=True)
    return found


def figures(taken: dict[str, list[dict[str, float]]], rows: int) -> list[list[str]]:
    """Return a line of the table for each lever.

    Args:
        taken: What each took in each round, the warm-up first.
        rows: The rows of a pass.
    """
    base = [each["seconds"] for each in taken[AS_IT_IS][1:]]
    lines = []
    for name, (first, *rounds) in taken.items():
        own = [each["seconds"] for each in rounds]
        ratios = [one / other for one, other in zip(base, own, strict=True)]
        lines.append(
            [
                name,
                f"{1000 * statistics.median(own) / first['updates']:,.0f}",
                f"{rows / statistics.median(own):,.1f}",
                f"{ratio_of(base, own):.2f}",
                f"{min(ratios):.2f} to {max(ratios):.2f}",
                f"{100 * first['padding']:.1f}%",
                f"{rounds[-1]['loss']:.4f}",
                f"{first['seconds'] + first['compiling']:,.1f}",
            ]
        )
    return lines


def main() -> int:
    """Measure, and print the table."""
    given = arguments()
    threads = given.threads or fitting_threads()
    fix_threads(threads, brief_waits=True)
    try:
        folder = dataset_of(given.dataset)
        dataset = load_prepared(folder)
    except StancelabError as error:
        print(f"bench_training_levers.py: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    logging.disable(logging.WARNING)
    transformers_logging.set_verbosity_error()
    rows = sample_of(dataset.train, given.rows, given.seed, token_counter(given.encoder))
    names = list(dict.fromkeys([AS_IT_IS, *(given.only or LEVERS)]))
    if not computes_bf16():  # training is in fp32 then
        names = [name for name in names if not LEVERS[name].weights]
    taken = in_turn(names, given.rounds, job_of(given, folder), dataset, rows)
    lines = [
        f"{given.encoder}, {given.head} head; {dataset.name}: {len(rows)} training rows, seed {given.seed}",
        f"{hardware()}; threads: {threads}; rounds: {given.rounds}; {datetime.now(UTC):%Y-%m-%d}",
        ", ".join(f"{name} {version}" for name, version in versions().items()),
    ]
    print("\n".join(lines) + "\n")
    columns = ["lever", "ms an update", "rows/s", "ratio", "in the rounds", "padding", "last loss", "first pass (s)"]
    print_table(columns, figures(taken, len(rows)))
    if given.json is not None:
        write_json(given.json, {"setup": lines, "rounds": taken})
    return 0


def arguments() -> Namespace:
    """Return the arguments, with those of `bench_training.job_of`."""
    parser = training_parser(__doc__)
    parser.add_argument("--only", nargs="+", choices=list(LEVERS), help="levers that are measured (default all)")
    parser.add_argument("--rows", type=count, default=256, help="training rows of a pass (default 256)")
    parser.add_argument("--rounds", type=count, default=5, help="rounds (default 5)")
    parser.add_argument("--json", type=Path, help="write the figures of all rounds to this file as well")
    parser.set_defaults(block=0, learning_rate=0.0, our_learning_rate=None, our_batch=None, epochs=None)
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())

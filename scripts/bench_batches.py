"""How fast a checkpoint answers at several sizes of a batch, and how far its answers depend on them.

    OMP_NUM_THREADS=1 python scripts/bench_batches.py CHECKPOINT TABLE [ROWS [TOKENS]] [--backend NAME]

The table has the columns text and target, and maybe source. Rows a second are told by the time of the processor, which
other processes on the machine disturb less, and by the clock; differences are the largest of any probability, compared
with the first size. TOKENS measures batches of so many tokens alone. The first line is the building of the input alone:
what a thread beside the computation could save.
"""

from __future__ import annotations

import argparse
import time
from itertools import islice
from pathlib import Path

import numpy as np

from stancelab.inference.backends import AUTO, BACKENDS
from stancelab.inference.classifier import StanceClassifier
from stancelab.schema import Example
from stancelab.tables.table_file import TableFile

#: (texts, tokens) in a batch at most.
SIZES = ((8, 10**9), (32, 10**9), (64, 10**9), *((10**9, 2**power) for power in range(8, 14)))


def read(path: Path, rows: int) -> list[Example]:
    """Return the first rows of a table."""
    cells = (row for batch in TableFile(path).text_rows() for _, row in batch.rows)
    return [
        Example(id=str(number), text=row["text"], target=row["target"], source=row.get("source", ""))
        for number, row in enumerate(islice(cells, rows))
    ]


def arguments() -> argparse.Namespace:
    """Return the arguments."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint")
    parser.add_argument("table", type=Path)
    parser.add_argument("rows", nargs="?", type=int, default=800)
    parser.add_argument("tokens", nargs="?", type=int)
    parser.add_argument("--backend", choices=BACKENDS, default=AUTO)
    return parser.parse_args()


def main() -> None:
    """Measure each size."""
    given = arguments()
    classifier = StanceClassifier.from_pretrained(given.checkpoint, backend=given.backend, device="cpu")
    examples = read(given.table, given.rows)
    backend = classifier.backend
    start = time.process_time()
    texts = backend.builder.encode(examples)  # type: ignore[attr-defined]
    speed = len(examples) / (time.process_time() - start)
    print(f"{len(examples):,} rows, {np.mean([len(text) for text in texts]):.0f} tokens on average")
    print(f"input alone: {speed:,.0f} rows/s")
    first = None
    for size, tokens in SIZES if given.tokens is None else [(10**9, given.tokens)]:
        backend.batch_size, backend.batch_tokens = size, tokens
        start, clock = time.process_time(), time.perf_counter()
        found = classifier.predict_proba(examples)
        speed, by_clock = (len(examples) / each for each in (time.process_time() - start, time.perf_counter() - clock))
        first = found if first is None else first
        limit = f"{size} texts" if size < tokens else f"{tokens:,} tokens"
        difference = np.abs(found - first).max()
        print(
            f"{limit:>12} at most: {speed:,.0f} rows/s of the processor, {by_clock:,.0f} by the clock, "
            f"difference {difference:.1e}",
            flush=True,
        )


if __name__ == "__main__":
    main()

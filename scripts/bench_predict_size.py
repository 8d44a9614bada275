"""Time and peak memory of predicting large tables, each size in a process of its own.

    python scripts/bench_predict_size.py 1000000 10000000
    python scripts/bench_predict_size.py --format parquet 1000000
    python scripts/bench_predict_size.py --workers 2 1000000

Rows are sentences of random words. A stand-in answers in place of a checkpoint, by the lengths of text and target, so
that what is measured is all that prediction does around the model: reading and checking the table twice, writing parts
and joining them. With --workers it answers in workers of a Ray cluster that is started on this machine, and what is
measured is the process that hands out the rows. Peak memory is the resident set of the process, libraries included.
"""

from __future__ import annotations

import argparse
import random
import resource
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from stancelab.aliases import Aliases
from stancelab.checkpoint import CheckpointInfo
from stancelab.encoding import Cut
from stancelab.files import sha256_of
from stancelab.inference.engines.base import Answer
from stancelab.inference.engines.local import LocalEngine
from stancelab.inference.engines.worker import Place, Task, Worker
from stancelab.inference.jobs.plan import check_table
from stancelab.inference.jobs.table import predict_table
from stancelab.inference.settings import PredictSettings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from stancelab.inference.engines.base import Engine
    from stancelab.schema import Example


class StandIn:
    """Answers at once."""

    info = CheckpointInfo()
    cut = Cut()

    def predict_proba(self, examples: Sequence[Example]) -> np.ndarray:
        """Return probabilities that are told by the lengths of text and target."""
        sizes = np.array([[len(each.text), len(each.target), 7] for each in examples], dtype=float).reshape(-1, 3)
        return np.asarray(sizes / sizes.sum(axis=1, keepdims=True))


@contextmanager
def open_engine(workers: int) -> Iterator[Engine]:
    """Give an engine that answers at once, here or in so many workers of a cluster."""
    if not workers:
        yield LocalEngine(StandIn())  # type: ignore[arg-type]
        return
    from stancelab.inference.engines.cluster import connected
    from stancelab.inference.engines.pool import Pool
    from stancelab.inference.engines.ray_engine import RayEngine

    class StandInWorker(Worker):
        def load(self, task: Task) -> Place:
            return Place("", 0, "", "")

        def answer(self, examples: Sequence[Example]) -> Answer:
            return Answer(StandIn().predict_proba(examples), StandIn.cut)

    task = Task("", "", "", Aliases(), "", None, 1, 1, 1)
    with connected(None, workers):
        pool = Pool(task, workers, {"num_cpus": 1}, StandInWorker)
        try:
            pool.start()
            yield RayEngine(StandIn.info, pool, 1)
        finally:
            pool.close()


def rows_of(count: int) -> Iterator[tuple[str, str, int]]:
    """Yield so many rows: text, target, number."""
    chance = random.Random(13)  # noqa: S311 (no secrets here)
    words = ["".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=chance.randint(2, 10))) for _ in range(20_000)]
    sentences = [" ".join(chance.choices(words, k=chance.randint(12, 30))) for _ in range(50_000)]
    for row in range(count):
        yield f"{sentences[row % 50_000]} {words[row % 19_997]}", words[row % 5_000], row


def write_table(path: Path, count: int) -> None:
    """Write a CSV or a Parquet file of so many rows."""
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8") as file:
            file.write("text,target,n\n")
            file.writelines(f"{text},{target},{row}\n" for text, target, row in rows_of(count))
        return
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([("text", pa.string()), ("target", pa.string()), ("n", pa.int64())])
    with pq.ParquetWriter(path, schema) as writer:
        held: list[tuple[str, str, int]] = []
        for row in rows_of(count):
            held.append(row)
            if len(held) == 100_000 or row[2] == count - 1:
                columns = [list(cells) for cells in zip(*held, strict=True)]
                writer.write_table(pa.table(columns, schema=schema))
                held.clear()


def measure(count: int, ending: str, workers: int) -> None:
    """Predict a table of so many rows and print what it took."""
    with tempfile.TemporaryDirectory() as folder, open_engine(workers) as engine:
        source, output = Path(folder) / f"in.{ending}", Path(folder) / f"out.{ending}"
        subprocess.run([sys.executable, __file__, "--write", str(source), str(count)], check=True)  # noqa: S603 (our own file)
        start = time.perf_counter(), time.process_time()
        sha256_of(source)
        hashed = time.process_time()
        job = check_table(source, output, PredictSettings())
        checked = time.process_time()
        predict_table(engine, job)
        ended = time.perf_counter(), time.process_time()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"{count:>10,} rows, {source.stat().st_size / 1e6:,.0f} MB in, {output.stat().st_size / 1e6:,.0f} MB out: "
            f"peak {peak:,.0f} MB, {ended[0] - start[0]:,.0f} s; processor: {hashed - start[1]:,.0f} s hash, "
            f"{checked - hashed:,.0f} s check, {ended[1] - checked:,.0f} s all else",
            flush=True,
        )


def main() -> None:
    """Measure each size in a fresh process, since a process's peak never falls."""
    parser = argparse.ArgumentParser()
    parser.add_argument("rows", nargs="*", type=int, default=[100_000, 1_000_000])
    parser.add_argument("--format", default="csv", choices=["csv", "parquet"])
    parser.add_argument("--workers", type=int, default=0, help="workers of a Ray cluster; 0 is this process alone")
    parser.add_argument("--write", type=Path, help="write a table of so many rows, and no more")
    parser.add_argument("--one", action="store_true", help="measure in this process")
    given = parser.parse_args()
    for rows in given.rows:
        if given.write is not None:
            write_table(given.write, rows)
        elif given.one:
            measure(rows, given.format, given.workers)
        else:
            command = [sys.executable, __file__, "--one", "--format", given.format, "--workers", str(given.workers)]
            subprocess.run([*command, str(rows)], check=True)  # noqa: S603 (our own file)


if __name__ == "__main__":
    main()

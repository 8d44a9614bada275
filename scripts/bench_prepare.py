"""Time and peak memory of preparing synthetic tables, each size in a process of its own.

    python scripts/bench_prepare.py 100000 1000000

Rows are sentences of random words, every fourth text with a second target, one in fifty a near duplicate of another.
Peak memory is the process's resident set, libraries included. The Arrow file of the rows is memory-mapped, so
part of it counts as resident though the system may take it back at any time; "own" is the peak without such pages
(RssAnon, which Linux alone tells, looked at ten times a second).
"""

from __future__ import annotations

import csv
import random
import resource
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path


def write_table(path: Path, rows: int) -> None:
    """Write a CSV of so many rows."""
    chance = random.Random(13)  # noqa: S311 (no secrets here)
    words = ["".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=chance.randint(2, 10))) for _ in range(20_000)]
    targets = [" ".join(chance.choices(words, k=2)) for _ in range(5_000)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["text", "target", "stance"])
        sentence: list[str] = []
        for row in range(rows):
            if row % 50 == 49:
                sentence = [*sentence[:-1], chance.choice(words)]
            elif row % 4 != 3:
                sentence = chance.choices(words, k=chance.randint(12, 30))
            stance = chance.choice(["against", "neutral", "favor"])
            writer.writerow([" ".join(sentence), chance.choice(targets), stance])


class OwnMemory(threading.Thread):
    """Looks how much memory the process has that no file stands behind.

    Attributes:
        peak: The most that was seen, in bytes; 0 where the system does not tell.
    """

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak = 0
        self._done = threading.Event()

    def run(self) -> None:
        """Look until the process says stop."""
        status = Path("/proc/self/status")
        while status.exists() and not self._done.wait(0.1):
            line = next(line for line in status.read_text(encoding="utf-8").splitlines() if line.startswith("RssAnon"))
            self.peak = max(self.peak, int(line.split()[1]) * 1024)

    def stop(self) -> int:
        """Stop looking and return the peak."""
        self._done.set()
        self.join()
        return self.peak


def measure(rows: int) -> None:
    """Prepare a table of so many rows and print what it took."""
    from stancelab.data.build import build
    from stancelab.data.settings import CorpusSettings
    from stancelab.data.split_settings import AuditSettings, SplitSettings

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "synthetic.csv"
        write_table(path, rows)
        own = OwnMemory()
        own.start()
        start = time.perf_counter()
        build([CorpusSettings(path=str(path))], SplitSettings(kind="random"), AuditSettings(), Path(folder) / "out")
        seconds = time.perf_counter() - start
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        size = path.stat().st_size / 1e6
        print(
            f"{rows:>9,} rows, {size:,.0f} MB: {seconds:,.0f} s, peak {peak / 1024:,.0f} MB, "
            f"own {own.stop() / 2**20:,.0f} MB"
        )


def main() -> None:
    """Measure each size in a fresh process, since a process's peak never falls."""
    if sys.argv[1:2] == ["--one"]:
        measure(int(sys.argv[2]))
        return
    for rows in sys.argv[1:] or ["100000", "1000000"]:
        subprocess.run([sys.executable, __file__, "--one", rows], check=True)  # noqa: S603 (our own file)


if __name__ == "__main__":
    main()

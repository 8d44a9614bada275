"""Ask a running server with 1, 8 and 64 clients at a time: requests a second, times, errors.

Each client asks, waits for the answer, and asks again. A request has the rows of a sentence (`--rows`), of sentences
made from a list of names and verbs, so that no two requests are the same. `--article FILE` asks `/v1/read` in place of
`/v1/predict`, each time with another first line. The clients run in this process: on a machine with few cores they take
part of what the server could compute with.

    stancelab serve checkpoint=RUN &
    python scripts/bench_serve.py http://127.0.0.1:8765 --seconds 20
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import numpy as np

from stancelab.files import hardware

_NAMES = ("Norway", "Iran", "Kenya", "Somalia", "China", "Latvia", "Peru", "Chad", "Spain", "Belarus")
_VERBS = ("condemned", "praised", "met", "warned", "backed", "rejected")
_THINGS = ("the ceasefire", "the sanctions", "the grain treaty", "the court's statute", "the border talks")


@dataclass
class Measured:
    """What clients have seen.

    Attributes:
        seconds: The time of each answer.
        statuses: How often each status came.
    """

    seconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)


def bodies(rows: int, article: str | None) -> Any:
    """Yield requests without end, no two the same."""
    for number in itertools.count():
        if article is not None:
            yield {"text": f"Report number {number}.\n\n{article}"}
            continue
        source, target = _NAMES[number % 10], _NAMES[(number // 10 + number + 1) % 10]
        verb, thing = _VERBS[number % 6], _THINGS[number % 5]
        text = f"{source} {verb} {target} in report {number}, and spoke of {thing} at length on Monday."
        yield {"rows": [{"text": text, "source": source, "target": each} for each in (target, thing, source)[:rows]]}


async def _client(client: httpx2.AsyncClient, path: str, asked: Any, end: float, measured: Measured) -> None:
    while (started := time.perf_counter()) < end:
        answer = await client.post(path, content=json.dumps(next(asked)), headers={"content-type": "application/json"})
        measured.statuses[answer.status_code] += 1
        measured.seconds.append(time.perf_counter() - started)


async def measure(address: str, clients: int, seconds: float, rows: int, article: str | None) -> Measured:
    """Return what some clients see within some seconds."""
    path, asked, measured = "/v1/read" if article else "/v1/predict", bodies(rows, article), Measured()
    limits = httpx2.Limits(max_connections=clients, max_keepalive_connections=clients)
    async with httpx2.AsyncClient(base_url=address, timeout=120, limits=limits) as client:
        await client.get("/v1/health")
        end = time.perf_counter() + seconds
        await asyncio.gather(*(_client(client, path, asked, end, measured) for _ in range(clients)))
    return measured


def main() -> None:
    """Ask, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("address")
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 8, 64])
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--rows", type=int, default=1, choices=(1, 2, 3))
    parser.add_argument("--article", type=Path)
    given = parser.parse_args()
    article = None if given.article is None else given.article.read_text(encoding="utf-8")
    asyncio.run(measure(given.address, 1, 1, given.rows, article))  # the first requests warm caches
    print(f"{hardware()}, {time.strftime('%Y-%m-%d')}, {given.seconds:g} s each")
    print("| clients | requests/s | p50 | p95 | p99 | errors |\n|---|---|---|---|---|---|")
    for clients in given.clients:
        started = time.perf_counter()
        measured = asyncio.run(measure(given.address, clients, given.seconds, given.rows, article))
        rate = len(measured.seconds) / (time.perf_counter() - started)
        p50, p95, p99 = (f"{1000 * value:.0f} ms" for value in np.percentile(measured.seconds, (50, 95, 99)))
        errors = measured.statuses.total() - measured.statuses[200]
        print(f"| {clients} | {rate:.0f} | {p50} | {p95} | {p99} | {errors} |", flush=True)


if __name__ == "__main__":
    main()

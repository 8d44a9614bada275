"""Ask a running server with 1, 8 and 64 clients at a time: requests a second, times, errors.

Each client asks, waits for the answer, and asks again. Of `/v1/predict` a request has the rows of a sentence
(`--rows`), of sentences made from a list of names and verbs, so that no two requests are the same. With
`--article FILE` the article is asked of `/v1/read` too, each time with another line at its end; its codebook is
`--codebook`, and without it what the server takes for articles that come without one. The clients run in this process:
on a machine with few cores they take part of what the server could compute with.

    stancelab serve checkpoint=RUN &
    python scripts/bench_serve.py http://127.0.0.1:8765 --seconds 20 --article article.txt --codebook mine.yaml
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
from typing import TYPE_CHECKING, Any

import httpx2
import numpy as np

from stancelab.files import hardware

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Body = dict[str, Any]

_NAMES = ("Norway", "Iran", "Kenya", "Somalia", "China", "Latvia", "Peru", "Chad", "Spain", "Belarus")
_VERBS = ("condemned", "praised", "met", "warned", "backed", "rejected")
_THINGS = ("the ceasefire", "the sanctions", "the grain treaty", "the court's statute", "the border talks")
#: Seconds for which a client waits at most.
_TIMEOUT = 120


@dataclass
class Measured:
    """What clients have seen.

    Attributes:
        seconds: The time of each answer.
        statuses: How often each status came, 0 for no answer.
    """

    seconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)


def rows_asked(rows: int) -> Iterator[Body]:
    """Yield requests of `/v1/predict` without end, no two the same."""
    for number in itertools.count():
        source, target = _NAMES[number % 10], _NAMES[(number // 10 + number + 1) % 10]
        verb, thing = _VERBS[number % 6], _THINGS[number % 5]
        text = f"{source} {verb} {target} in report {number}, and spoke of {thing} at length on Monday."
        yield {"rows": [{"text": text, "source": source, "target": each} for each in (target, thing, source)[:rows]]}


def articles_asked(article: str, codebook: str | None) -> Iterator[Body]:
    """Yield requests of `/v1/read` without end, no two the same."""
    for number in itertools.count():
        yield {"text": f"{article.rstrip()}\n\nThis is report number {number}.\n", "codebook": codebook}


async def _client(client: httpx2.AsyncClient, path: str, asked: Iterator[Body], end: float, measured: Measured) -> None:
    while (started := time.perf_counter()) < end:
        headers = {"content-type": "application/json"}
        try:
            status = (await client.post(path, content=json.dumps(next(asked)), headers=headers)).status_code
        except httpx2.TransportError:
            status = 0
        measured.statuses[status] += 1
        measured.seconds.append(time.perf_counter() - started)


async def measure(address: str, path: str, asked: Iterator[Body], clients: int, seconds: float) -> Measured:
    """Return what some clients see who begin requests for some seconds."""
    measured = Measured()
    limits = httpx2.Limits(max_connections=clients, max_keepalive_connections=clients)
    async with httpx2.AsyncClient(base_url=address, timeout=_TIMEOUT, limits=limits) as client:
        await client.get("/v1/health")
        end = time.perf_counter() + seconds
        await asyncio.gather(*(_client(client, path, asked, end, measured) for _ in range(clients)))
    return measured


def line_of(path: str, clients: int, measured: Measured, seconds: float) -> str:
    """Return the line of a table for what clients have seen within some seconds."""
    rate = len(measured.seconds) / seconds
    times = " | ".join(f"{1000 * value:,.0f}" for value in np.percentile(measured.seconds, (50, 95, 99)))
    errors = measured.statuses.total() - measured.statuses[200]
    return f"| {path} | {clients} | {rate:.{0 if rate >= 10 else 1}f} | {times} | {errors} |"


def main() -> None:
    """Ask, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("address")
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 8, 64])
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--rows", type=int, default=1, choices=(1, 2, 3))
    parser.add_argument("--article", type=Path)
    parser.add_argument("--codebook", help='a YAML file, or "default"')
    given = parser.parse_args()
    asked: dict[str, Callable[[], Iterator[Body]]] = {"/v1/predict": lambda: rows_asked(given.rows)}
    if given.article is not None:
        article, codebook = given.article.read_text(encoding="utf-8"), given.codebook
        if codebook not in (None, "default"):
            codebook = Path(codebook).read_text(encoding="utf-8")
        asked["/v1/read"] = lambda: articles_asked(article, codebook)
    print(f"{hardware()}, {time.strftime('%Y-%m-%d')}, {given.seconds:g} s each")
    print("| path | clients | requests/s | p50 (ms) | p95 (ms) | p99 (ms) | errors |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for path, bodies in asked.items():
        asyncio.run(measure(given.address, path, bodies(), 1, 1))  # the first requests warm caches
        for clients in given.clients:
            started = time.perf_counter()
            measured = asyncio.run(measure(given.address, path, bodies(), clients, given.seconds))
            print(line_of(path, clients, measured, time.perf_counter() - started), flush=True)


if __name__ == "__main__":
    main()

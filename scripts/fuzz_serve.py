"""Ask a running server what nobody thought of, made by schemathesis from the server's own description.

Requests that the description allows and requests that it does not are asked in turn. An answer with a status of 500 and
above, one that the description does not have, or one of another layout ends the run with the request that caused it.

    stancelab serve checkpoint=RUN &
    python scripts/fuzz_serve.py http://127.0.0.1:8765 --requests 10000
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.strategies import booleans
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

#: Paths with a body have nearly all requests: the others take nothing that could be varied.
_OTHERS = 20
#: Seconds for which an answer is waited for: longer than the server takes before it gives a request up.
_PATIENCE = 90
#: Characters of a failure that are shown: a request may have a thousand rows.
_SHOWN = 3_000
#: Keys whose values have rules that a schema does not hold.
_RULED = ("offsets", "threshold", "date", "codebook", "target_start", "target_end", "source_start", "source_end")


def fuzz(address: str, requests: int, number: int = 0) -> Counter[tuple[str, int]]:
    """Return how often each path answered with which status.

    Args:
        address: Where the server is, such as "http://127.0.0.1:8765".
        requests: How many requests are made, about.
        number: The seed.

    Raises:
        Exception: An answer is not as described, or a server error; the message has the request.
    """
    schema: Any = schemathesis.openapi.from_url(f"{address}/openapi.json")
    operations = [each.ok() for each in schema.get_all_operations()]
    large = [each for each in operations if each.method.upper() == "POST"]
    share = max(1, (requests - _OTHERS * (len(operations) - len(large))) // (2 * len(large)))
    counts: Counter[tuple[str, int]] = Counter()
    for operation in operations:
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            _ask(operation, mode, share if operation in large else _OTHERS // 2, number, counts)
    return counts


def _ask(operation: Any, mode: GenerationMode, requests: int, number: int, counts: Counter[tuple[str, int]]) -> None:
    @seed(number)
    @settings(
        max_examples=requests,
        deadline=None,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), plain=booleans())
    def ask(case: Any, plain: bool) -> None:
        if plain and mode is GenerationMode.POSITIVE and isinstance(case.body, dict):
            case.body = _plain(case.body)
        answer = case.call(timeout=_PATIENCE)
        counts[operation.path, answer.status_code] += 1
        # Spans, dates and codebooks have rules that a schema does not hold: such requests may be refused.
        case.validate_response(answer, excluded_checks=[positive_data_acceptance])

    try:
        ask()
    except Exception as error:
        if type(error).__name__ != "Unsatisfiable":  # there is nothing to get wrong
            raise


def _plain(body: dict[str, Any]) -> dict[str, Any]:
    """Return a request without what is mostly refused, so that its texts reach the classifier."""
    left = {key: value for key, value in body.items() if key not in _RULED}
    if "rows" in left:
        left["rows"] = [{key: value for key, value in row.items() if key not in _RULED} for row in left["rows"]]
    if "text" in left:
        left["text"] += "\n\nNorway condemned Iran" + left["text"]
    return left


def main() -> None:
    """Ask, and print how often each path answered with which status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("address")
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    given_words = parser.parse_args()
    started = time.perf_counter()
    try:
        counts = fuzz(given_words.address, given_words.requests, given_words.seed)
    except Exception as error:  # noqa: BLE001 - of whatever kind, it has the request
        sys.exit("\n".join(str(each)[:_SHOWN] for each in (error, *getattr(error, "exceptions", ()))))
    for (path, status), count in sorted(counts.items()):
        print(f"{path:12} {status}  {count:6,}")
    errors = sum(count for (_, status), count in counts.items() if status >= 500)
    print(f"{counts.total():,} requests in {time.perf_counter() - started:.0f} s, {errors:,} server errors")


if __name__ == "__main__":
    main()

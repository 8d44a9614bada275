"""What the server counts of itself, as Prometheus reads it; nothing of what people send."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

if TYPE_CHECKING:
    from collections.abc import Callable

#: What paths that the server does not have are counted under, so that strangers cannot add series.
UNKNOWN: Final = "other"
#: Methods that are counted under their names.
_METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
_ROWS: Final = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)


class Counters:
    """The server's counts, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "stancelab_requests", "Requests that were answered.", ["method", "path", "status"], registry=self.registry
        )
        self._seconds = Histogram(
            "stancelab_request_seconds",
            "Seconds from a request's head to the end of its answer.",
            ["path"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._rows = Counter("stancelab_rows", "Rows that were computed.", registry=self.registry)
        self._batches = Histogram(
            "stancelab_batch_rows", "Rows that were computed at once.", buckets=_ROWS, registry=self.registry
        )
        self.articles = Counter("stancelab_articles", "Articles that were read.", registry=self.registry)
        self.labels = Counter("stancelab_labels", "Labels that people gave.", registry=self.registry)
        self.given_up = Counter(
            "stancelab_given_up",
            "Requests that took too long, or whose caller had gone.",
            ["reason"],
            registry=self.registry,
        )

    def watch(self, name: str, what: str, value: Callable[[], float]) -> None:
        """Add a gauge whose value is asked for when the counts are read."""
        Gauge(f"stancelab_{name}", what, registry=self.registry).set_function(value)

    def answered(self, method: str, path: str, status: int, seconds: float) -> None:
        """Count a request."""
        self._requests.labels(method if method in _METHODS else UNKNOWN, path, str(status)).inc()
        self._seconds.labels(path).observe(seconds)

    def computed(self, rows: int) -> None:
        """Count a batch."""
        self._rows.inc(rows)
        self._batches.observe(rows)

    def text(self) -> bytes:
        """Return the counts in Prometheus's text format, version 0.0.4."""
        return generate_latest(self.registry)

"""The connection to a Ray cluster, and how many workers fit it."""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from stancelab.cores import available_cores
from stancelab.errors import ConfigError, count_of

# Read when Ray is imported. Statistics of use are not sent unasked; what Ray prints of workers that ended goes to
# standard output, where a table may go, and is logged by the pool.
os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
os.environ.setdefault("RAY_DEDUP_LOGS_SKIP_REGEX", ".")

import ray

if TYPE_CHECKING:
    from collections.abc import Iterator

logger = logging.getLogger(__name__)

#: Starts a cluster of this machine alone, as in `ray.init`.
HERE: Final = "local"
#: Seconds in which a machine has to take a connection: Ray itself tries for many minutes.
_PATIENCE: Final = 10.0
#: The port of Ray's client server, where an address names none.
_CLIENT_PORT: Final = 10001


@contextmanager
def connected(address: str | None, cores: int | None) -> Iterator[None]:
    """Connect to a Ray cluster while the block runs; one that was started for it is stopped at its end.

    A connection that the process has already is used and kept.

    Args:
        address: The cluster, as `ray.init` takes it; None for RAY_ADDRESS, or a new one here. One that happens to run
            on this machine is not taken unasked: it may be that of another prediction, and end with it.
        cores: How many cores a new one offers, None for those that the process may use.

    Raises:
        ConfigError: There is no such cluster, or it cannot be used.
    """
    if ray.is_initialized():
        yield
        return
    given = address or os.environ.get("RAY_ADDRESS") or HERE
    try:
        with _own_signals():
            _connect(given, cores or available_cores())
        yield
    finally:
        ray.shutdown()


def fitting_workers(cores: int, *, on_gpu: bool) -> int:
    """Return how many workers the nodes of the cluster hold.

    Args:
        cores: How many cores each of them needs.
        on_gpu: Whether each needs a GPU.

    Raises:
        ConfigError: No node holds one.
    """
    nodes = [node["Resources"] for node in ray.nodes() if node["Alive"]]
    count = sum(_fitting(node, cores, on_gpu=on_gpu) for node in nodes)
    if count:
        return count
    most = max((int(node.get("CPU", 0)) for node in nodes), default=0)
    gpus = sum(int(node.get("GPU", 0)) for node in nodes)
    wanted = f"{count_of(cores, 'core')}{' and a GPU' if on_gpu else ''}"
    raise ConfigError(
        f"predict.threads: a worker needs {wanted}, and no node of the Ray cluster has that: the largest has "
        f"{count_of(most, 'core')}, all have {count_of(gpus, 'GPU')}. Ask for less, or say with predict.workers how "
        "many workers are to wait for such nodes"
    )


def has_gpus() -> bool:
    """Tell whether a node of the cluster has a GPU."""
    return any(node["Resources"].get("GPU", 0) >= 1 for node in ray.nodes() if node["Alive"])


def _fitting(node: dict[str, float], cores: int, *, on_gpu: bool) -> int:
    fitting = int(node.get("CPU", 0)) // cores
    return min(fitting, int(node.get("GPU", 0))) if on_gpu else fitting


def _connect(address: str, cores: int) -> None:
    quiet: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR}
    if address == HERE:
        _start(cores, quiet)
        return
    _check_answers(address)
    try:
        ray.init(address, **quiet)
    except Exception as error:  # Ray raises errors of many kinds for it
        raise ConfigError(
            f"predict.address: the Ray cluster at {address} cannot be used: {_first_line(error)}; where it asks for a "
            "token, set RAY_AUTH_MODE=token here as well"
        ) from error
    logger.info("Ray cluster of %s", count_of(sum(node["Alive"] for node in ray.nodes()), "node"))


def _start(cores: int, quiet: dict[str, Any]) -> None:
    try:
        ray.init(HERE, num_cpus=cores, include_dashboard=False, **quiet)
    except Exception as error:  # as above
        raise ConfigError(
            f"predict.engine: Ray cannot be started on this machine: {_first_line(error)}; its files go to RAY_TMPDIR, "
            "which has to be a short path"
        ) from error
    logger.info(
        "Ray was started on this machine with %s, and is stopped at the end; predict.address=auto takes a cluster that "
        "was started here before",
        count_of(cores, "core"),
    )


def _check_answers(address: str) -> None:
    """Raise a `ConfigError` where an address names a machine that takes no connection."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    is_client = address.startswith("ray://")
    if is_client and not host:
        host, port = port, str(_CLIENT_PORT)
    if not host or not port.isdecimal():
        return  # such as "auto"
    try:
        socket.create_connection((host.strip("[]"), int(port)), timeout=_PATIENCE).close()
    except (OSError, OverflowError) as error:
        why = getattr(error, "strerror", None) or error
        raise ConfigError(
            f"predict.address: no Ray cluster answers at {address} ({why}); 'ray start --head' tells "
            "the address on the head node"
        ) from None


@contextmanager
def _own_signals() -> Iterator[None]:
    """Keep the handler of SIGTERM, which Ray replaces by one of its own."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.getsignal(signal.SIGTERM)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before or signal.SIG_DFL)


def _first_line(error: BaseException) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0] if lines else type(error).__name__

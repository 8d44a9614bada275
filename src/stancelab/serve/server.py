"""Listens, answers until it is told to end, and finishes what is in work."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import socket
import sys
import threading
from typing import TYPE_CHECKING, Final

import uvicorn

from stancelab.errors import ConfigError
from stancelab.serve.app import make_app
from stancelab.serve.service import Service

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

    from stancelab.serve.settings import ServeSettings

logger = logging.getLogger(__name__)

#: Seconds beyond those of a request for which an end waits.
_GRACE: Final = 5
#: What a process returns that a second signal has ended.
_INTERRUPTED: Final = 130
_BACKLOG: Final = 512


def serve(checkpoint: str, settings: ServeSettings, tell: Callable[[str], None]) -> None:
    """Serve a checkpoint until SIGTERM or Ctrl-C; requests in work are finished, further ones refused.

    A second signal ends it at once.

    Args:
        checkpoint: Its folder, or its name on the hub.
        settings: Where it listens, and its limits.
        tell: Is told where the server is.

    Raises:
        StancelabError: The port is taken, or token, codebook or checkpoint cannot be used.
    """
    token = settings.read_token()
    with listening(settings) as listener, _log_of_ours():
        service = Service(settings)
        server = _Server(config_of(service, token))
        loading = _Loading(service, checkpoint, server)
        loading.start()
        with _ended_by_signals(server):
            tell(f"serving: {address_of(listener)}")
            asyncio.run(server.serve(sockets=[listener]))
        service.close()
    loading.check()


def listening(settings: ServeSettings) -> socket.socket:
    """Return a socket that listens where the settings say.

    Raises:
        ConfigError: The host is unknown, or the port is taken or not allowed.
    """
    try:
        family, *_, address = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[0]
    except OSError as error:
        raise ConfigError(
            f"serve.host: {settings.host!r} is no name or address of this machine ({error.strerror}); 127.0.0.1 is"
        ) from None
    # asyncio lets small packets go at once (TCP_NODELAY) where the protocol is told; else an answer takes 40 ms more.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(_BACKLOG)
    except OSError as error:
        listener.close()
        raise ConfigError(
            f"serve.port: cannot listen on {settings.host}, port {settings.port} ({error.strerror}); name another with "
            "serve.port=NUMBER, or 0 for a free one"
        ) from None
    return listener


def address_of(listener: socket.socket) -> str:
    """Return where a socket is reached."""
    host, port, *_ = listener.getsockname()
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def config_of(service: Service, token: str | None) -> uvicorn.Config:
    """Return how uvicorn runs the application of a service."""
    return uvicorn.Config(
        make_app(service, token),
        loop="asyncio",
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=int(service.settings.seconds) + _GRACE,
    )


class _Server(uvicorn.Server):
    """Leaves the signals to `_ended_by_signals`, so that the process ends with 0."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class _Loading(threading.Thread):
    """Loads the checkpoint while the server says that it does; ends the server where that fails."""

    def __init__(self, service: Service, checkpoint: str, server: uvicorn.Server) -> None:
        super().__init__(name="loading", daemon=True)
        self._service = service
        self._checkpoint = checkpoint
        self._server = server
        self._error: BaseException | None = None

    def run(self) -> None:
        try:
            self._service.load(self._checkpoint)
            logger.info("ready")
        except BaseException as error:  # noqa: BLE001 - raised by `check`, in the main thread
            self._error = error
            self._server.should_exit = True

    def check(self) -> None:
        """Raise what the loading has failed with."""
        if self._error is not None:
            raise self._error


@contextlib.contextmanager
def _ended_by_signals(server: uvicorn.Server) -> Iterator[None]:
    """End the server by SIGTERM and Ctrl-C while the block runs."""

    def end(number: int, frame: FrameType | None) -> None:
        if server.should_exit:
            os._exit(_INTERRUPTED)  # threads in work would hold up any other end
        server.should_exit = True

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextlib.contextmanager
def _log_of_ours() -> Iterator[None]:
    """Write the server's own messages to standard error, and those of no other package: they may quote texts."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    handler.addFilter(lambda record: record.name.startswith("stancelab.serve"))
    root = logging.getLogger()
    level = root.level
    root.setLevel(logging.INFO)
    root.addHandler(handler)
    logging.captureWarnings(capture=True)
    try:
        yield
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
        logging.captureWarnings(capture=False)

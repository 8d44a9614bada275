"""What the tests of the server share: a stand-in for a checkpoint, the application, a server that listens."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from starlette.testclient import TestClient

from stancelab.checkpoint import CheckpointInfo
from stancelab.inference.classifier import named_threshold
from stancelab.schema import System
from stancelab.serve.app import make_app
from stancelab.serve.books import Books
from stancelab.serve.server import address_of, config_of, listening
from stancelab.serve.service import Service
from stancelab.serve.settings import ServeSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from stancelab.schema import Example

#: Seconds for which an answer that is held up waits to be let go.
WAIT = 60
#: Words that decide the stand-in's answer.
SIGNS = {"condemned": (0.9, 0.08, 0.02), "warned": (0.8, 0.15, 0.05), "praised": (0.02, 0.08, 0.9)}
ARTICLE = (
    "Norway condemned Iran on Monday over the seizure of a tanker.\n\n"
    "Kenya praised China for the loan, and China praised Kenya in turn.\n\n"
    "Somalia met Kenya for talks on Tuesday."
)


@dataclass
class FixedClassifier(System):
    """Answers by single words; remembers how many rows each call had, and can be held up.

    Attributes:
        calls: The rows of each call that was answered.
        begun: How many calls there were.
        gate: Answers wait until it is set.
    """

    name: str = "fixed"
    seed: int | None = 0
    calls: list[int] = field(default_factory=list)
    begun: int = 0
    gate: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.gate.set()
        self.info = CheckpointInfo(name="fixed", thresholds={"accuracy_90": 0.85, "accuracy_95": None})
        self.temperature = 1.0
        self.thresholds = {"accuracy_90": 0.85}
        self.unreached = ["accuracy_95"]
        self.backend = type("Backend", (), {"name": "none", "device": "cpu"})()

    def threshold(self, name: str, *, setting: str = "threshold") -> float:
        return named_threshold(self.info.thresholds, name, setting=setting)

    def predict_proba(self, examples: Sequence[Example]) -> np.ndarray:
        self.begun += 1
        self.gate.wait(WAIT)
        self.calls.append(len(examples))
        if any("fails" in example.text for example in examples):
            raise ValueError(f"secret: {examples[0].text}")
        rows = [next((p for word, p in SIGNS.items() if word in each.text), (0.1, 0.8, 0.1)) for each in examples]
        return np.array(rows, dtype=float)


@pytest.fixture
def article() -> str:
    return ARTICLE


@pytest.fixture
def classifier() -> FixedClassifier:
    return FixedClassifier()


@pytest.fixture
def service_of(classifier: FixedClassifier) -> Iterator[Callable[..., Service]]:
    """A function from settings to a service that is ready."""
    made: list[Service] = []

    def make(*, ready: bool = True, **settings: Any) -> Service:
        service = Service(ServeSettings(**settings))
        if ready:
            service.start(classifier, Books(service.settings))  # type: ignore[arg-type]
        made.append(service)
        return service

    yield make
    classifier.gate.set()
    for service in made:
        service.close()


@pytest.fixture
def client_of(service_of: Callable[..., Service]) -> Callable[..., TestClient]:
    """A function from settings to a client of the application."""

    def make(*, token: str | None = None, ready: bool = True, **settings: Any) -> TestClient:
        app = make_app(service_of(ready=ready, **settings), token)
        return TestClient(app, base_url="http://127.0.0.1:8765", follow_redirects=False)

    return make


@pytest.fixture
def client(client_of: Callable[..., TestClient]) -> TestClient:
    return client_of()


@pytest.fixture
def running(service_of: Callable[..., Service]) -> Iterator[Callable[..., str]]:
    """A function from settings to the address of a server that listens, in a thread of this process."""
    import uvicorn

    servers: list[tuple[uvicorn.Server, threading.Thread]] = []

    def start(*, token: str | None = None, **settings: Any) -> str:
        service = service_of(port=0, **settings)
        listener = listening(service.settings)
        server = uvicorn.Server(config_of(service, token))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        servers.append((server, thread))
        while not server.started:
            assert thread.is_alive(), "the server has ended"
            time.sleep(0.01)
        return address_of(listener)

    yield start
    for server, thread in servers:
        server.should_exit = True
        thread.join()

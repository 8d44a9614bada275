"""What runs in a worker of a cluster: a checkpoint that is loaded once and answers batches of examples."""

from __future__ import annotations

import os
import platform
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from stancelab.checkpoint import checkpoint_folder, is_hub_name
from stancelab.errors import CheckpointError, ConfigError, StancelabError
from stancelab.files import sha256_of, versions
from stancelab.inference.backends.threads import use_threads
from stancelab.inference.engines.base import Answer
from stancelab.inference.engines.local import load_classifier
from stancelab.layout import MANIFEST

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from stancelab.aliases import Aliases
    from stancelab.inference.classifier import StanceClassifier
    from stancelab.schema import Example


@dataclass(frozen=True)
class Task:
    """What every worker loads, so that all answer the same.

    Attributes:
        checkpoint: The checkpoint's absolute path, the same on every node, or its name on the hub.
        manifest: The SHA-256 of its manifest, which has those of its files.
        version: The version of stancelab.
        aliases: Other names of targets and sources, besides those that the checkpoint knows.
        backend: What computes, by its name.
        device: Such as "cpu" or "cuda"; None takes a GPU where there is one.
        batch_size: Texts in a batch at most.
        batch_tokens: Tokens in a batch at most, with padding.
        threads: Threads that compute on the CPU.
    """

    checkpoint: str
    manifest: str
    version: str
    aliases: Aliases
    backend: str
    device: str | None
    batch_size: int
    batch_tokens: int
    threads: int


class Place(NamedTuple):
    """Where a worker is and what it computes with.

    Attributes:
        node: The name of its machine.
        process: The id of its process there.
        backend: What computes.
        device: What it computes on.
    """

    node: str
    process: int
    backend: str
    device: str


class Worker:
    """Answers batches of examples, in a process of its own on some machine."""

    _classifier: StanceClassifier

    def load(self, task: Task) -> Place:
        """Load the checkpoint.

        Raises:
            StancelabError: It cannot be loaded, or is another one here; the message names the machine.
        """
        with _on_this_node():
            if (found := versions().get("stancelab", "")) != task.version:
                raise ConfigError(f"stancelab {found} is installed, and {task.version} reads the table; install that")
            use_threads(task.threads)
            _check_is_same(task)
            self._classifier = load_classifier(
                task.checkpoint,
                task.aliases,
                backend=task.backend,
                device=task.device,
                batch_size=task.batch_size,
                batch_tokens=task.batch_tokens,
            )
        backend = self._classifier.backend
        return Place(platform.node(), os.getpid(), backend.name, backend.device)

    def answer(self, examples: Sequence[Example]) -> Answer:
        """Return what the checkpoint says of some examples.

        Raises:
            StancelabError: It cannot compute them; the message names the machine.
        """
        with _on_this_node():
            return Answer(self._classifier.predict_proba(examples), self._classifier.cut)


def _check_is_same(task: Task) -> None:
    """Raise a `CheckpointError` where the checkpoint is not there, or is another one."""
    if not is_hub_name(task.checkpoint) and not Path(task.checkpoint).is_dir():
        raise CheckpointError(
            f"{task.checkpoint}: no such folder; every node needs the checkpoint at this path: put it on a file system "
            "that all nodes share, or copy it there"
        )
    manifest = checkpoint_folder(task.checkpoint) / MANIFEST
    if not manifest.is_file() or sha256_of(manifest) != task.manifest:
        raise CheckpointError(
            f"{task.checkpoint}: is another checkpoint than where the table is read; copy that one to this path"
        )


@contextmanager
def _on_this_node() -> Iterator[None]:
    """Name the machine in errors that a user can mend."""
    try:
        yield
    except StancelabError as error:
        raise type(error)(f"node {platform.node()}: {error}") from None

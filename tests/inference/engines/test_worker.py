"""What a worker of a cluster loads is the checkpoint of the process that reads the table, or an error with its node."""

from __future__ import annotations

import dataclasses
import platform
import shutil
from typing import TYPE_CHECKING

import numpy as np
import pytest

from stancelab.aliases import Aliases
from stancelab.errors import CheckpointError, ConfigError
from stancelab.files import sha256_of, versions
from stancelab.inference.classifier import StanceClassifier
from stancelab.inference.engines.worker import Task, Worker
from stancelab.schema import Example

if TYPE_CHECKING:
    from pathlib import Path

NODE = f"node {platform.node()}: "


def task_of(checkpoint: Path, **changes) -> Task:
    task = Task(
        checkpoint=str(checkpoint),
        manifest=sha256_of(checkpoint / "manifest.json"),
        version=versions().get("stancelab", ""),
        aliases=Aliases({"pact": ["deal"]}),
        backend="torch",
        device="cpu",
        batch_size=7,
        batch_tokens=99,
        threads=1,
    )
    return dataclasses.replace(task, **changes)


def test_a_worker_answers_as_the_checkpoint_does(checkpoint: Path) -> None:
    worker = Worker()
    place = worker.load(task_of(checkpoint))
    assert (place.node, place.backend, place.device) == (platform.node(), "torch", "cpu")
    examples = [
        Example(id="1", text="iran hailed the deal", target="pact"),
        Example(id="2", text="kenya met china", target="treaty"),
    ]
    classifier = StanceClassifier.from_pretrained(checkpoint, device="cpu")
    classifier.aliases = Aliases({"pact": ["deal"]})
    answer = worker.answer(examples)
    np.testing.assert_array_equal(answer.probabilities, classifier.predict_proba(examples))
    assert (answer.cut, answer.cut.unmarked) == (classifier.cut, 1)


def test_a_checkpoint_that_is_not_on_the_node_is_named_with_it(checkpoint_copy: Path) -> None:
    task = task_of(checkpoint_copy)
    shutil.rmtree(checkpoint_copy)
    with pytest.raises(CheckpointError) as error:
        Worker().load(task)
    assert str(error.value) == (
        f"{NODE}{checkpoint_copy}: no such folder; every node needs the checkpoint at this path: put it on a file "
        "system that all nodes share, or copy it there"
    )


def test_another_checkpoint_or_version_on_the_node_is_refused(checkpoint: Path) -> None:
    with pytest.raises(CheckpointError, match="is another checkpoint than where the table is read; copy that one"):
        Worker().load(task_of(checkpoint, manifest="0" * 64))
    with pytest.raises(ConfigError, match=r"is installed, and 0\.0 reads the table; install that") as error:
        Worker().load(task_of(checkpoint, version="0.0"))
    assert str(error.value).startswith(NODE)


def test_a_damaged_file_is_told_with_the_node(checkpoint_copy: Path) -> None:
    with (checkpoint_copy / "model.safetensors").open("r+b") as file:
        file.truncate(100)
    with pytest.raises(CheckpointError) as error:
        Worker().load(task_of(checkpoint_copy))
    assert str(error.value).startswith(NODE)

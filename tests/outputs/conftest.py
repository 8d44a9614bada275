"""Folders of runs as the commands leave them, written by hand."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def make_run(
    root: Path,
    place: str,
    *,
    config: dict[str, Any] | None = None,
    dev: float | None = None,
    tests: dict[str, float] | None = None,
    finished: bool = True,
    checkpoint: int = 0,
    dataset: str = "0a1b",
) -> Path:
    """Write the folder of a run, with a checkpoint of so many bytes."""
    folder = root / place
    folder.mkdir(parents=True)
    (folder / "run.log").write_text("log")
    if checkpoint:
        (folder / "checkpoint").mkdir()
        (folder / "checkpoint" / "model.safetensors").write_bytes(b"x" * checkpoint)
        (folder / "checkpoint" / "stancelab.json").write_text(json.dumps({"dataset": {"fingerprint": dataset}}))
        (folder / "tensorboard").mkdir()
        (folder / "tensorboard" / "events").write_text("events")
    if dev is not None:
        (folder / "training.json").write_text(json.dumps({"dev": {"metric": "macro_f1", "macro_f1": dev}}))
    if tests is not None:
        systems = [
            {
                "name": name,
                "is_baseline": name == "majority",
                "tests": {test: {"mean": {"macro_f1": value, "ece": None}} for test, value in tests.items()},
            }
            for name in ("majority", "tiny")
        ]
        (folder / "metrics.json").write_text(
            json.dumps({"format": 4, "primary_metric": "macro_f1", "systems": systems})
        )
        (folder / "predictions").mkdir()
        (folder / "predictions" / "tiny.test.parquet").write_bytes(b"p")
    if finished:
        manifest = {"config": config or {}, "dataset": dataset, "created": "2026-01-01T00:00:00+00:00"}
        (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


@pytest.fixture
def run_maker() -> Callable[..., Path]:
    """The function that writes the folder of a run."""
    return make_run

"""Requests that nobody thought of, made from the server's description: no server error, and answers as described."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture(scope="module")
def script() -> Any:
    path = Path(__file__).resolve().parents[2] / "scripts" / "fuzz_serve.py"
    spec = importlib.util.spec_from_file_location("fuzz_serve", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_server_answers_as_it_is_described(script: Any, running: Callable[..., str]) -> None:
    counts = script.fuzz(running(seconds=60), 400)
    assert counts.total() > 300
    assert max(status for _, status in counts) < 500
    for path in ("/v1/predict", "/v1/read"):
        assert counts[path, 200] > 10
        assert counts[path, 422] > 20

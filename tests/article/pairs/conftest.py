"""The passages and their codebook, read by the script that scores them."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[3] / "scripts" / "bench_sources.py"


@pytest.fixture(scope="session")
def bench():
    spec = importlib.util.spec_from_file_location("bench_sources", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["bench_sources"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def codebook(bench):
    return bench.Codebook()

"""The passages and their codebook, read by the script that scores them."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from types import ModuleType

SCRIPTS = Path(__file__).resolve().parents[3] / "scripts"


def load_script(name: str) -> ModuleType:
    """Load a script of the project as a module."""
    spec = importlib.util.spec_from_file_location(name, SCRIPTS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def bench():
    return load_script("bench_sources")


@pytest.fixture(scope="session")
def codebook(bench):
    return bench.Codebook()


@pytest.fixture(scope="session")
def targets(bench):
    # The script imports `bench_sources`, which `bench` has put among the modules.
    return load_script("bench_targets")


@pytest.fixture(scope="session")
def book(targets):
    return targets.TargetCodebook()

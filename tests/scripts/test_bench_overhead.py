"""The shares of the benchmark of what surrounds the network."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "bench_overhead.py"


@pytest.fixture(scope="module")
def bench_overhead() -> Any:
    spec = importlib.util.spec_from_file_location("bench_overhead", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_shares_are_of_the_time_without_loading(bench_overhead: Any) -> None:
    found = bench_overhead.shares({"load": 2.0, "encode": 1.0, "collate": 0.5, "compute": 7.0}, 12.0)
    assert found == pytest.approx({"encode": 0.1, "collate": 0.05, "compute": 0.7, "rest": 0.15})


def test_a_prediction_is_measured_in_all_its_parts(
    bench_overhead: Any, checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    table = tmp_path / "rows.csv"
    table.write_text("text,source,target\nNorway welcomed the treaty .,Norway,the treaty\n")
    words = ["predict", f"checkpoint={checkpoint}", f"input={table}", "output=out.csv", "predict.backend=torch"]
    found, seconds = bench_overhead.measure(words)
    assert list(found) == ["encode", "collate", "compute", "rest"]
    assert sum(found.values()) == pytest.approx(1)
    assert min(found.values()) > 0
    assert seconds > 0
    assert (tmp_path / "out.csv").is_file()

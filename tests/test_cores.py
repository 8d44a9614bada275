"""Threads and processes fit the cores that the process may use."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from stancelab.cores import available_cores, fitting_threads

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def cores(monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight cores by affinity."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)), raising=False)


@pytest.mark.parametrize(
    ("files", "own", "expected"),
    [
        ({}, "0::/\n", 8),
        ({"cpu.max": "max 100000\n"}, "0::/\n", 8),
        ({"cpu.max": "150000 100000\n"}, "0::/\n", 2),
        ({"job/cpu.max": "300000 100000\n", "job/step/cpu.max": "max 100000\n"}, "0::/job/step\n", 3),
        ({"cpu.max": "1600000 100000\n"}, "0::/\n", 8),
        ({"cpu/pod/cpu.cfs_quota_us": "400000", "cpu/pod/cpu.cfs_period_us": "100000"}, "4:cpu,cpuacct:/pod\n", 4),
        ({"cpu/pod/cpu.cfs_quota_us": "-1", "cpu/pod/cpu.cfs_period_us": "100000"}, "4:cpu,cpuacct:/pod\n", 8),
        ({"cpu.max": "nonsense"}, "nonsense\n", 8),
    ],
)
def test_a_quota_of_a_control_group_counts(
    tmp_path: Path, cores: None, files: dict[str, str], own: str, expected: int
) -> None:
    for name, content in {**files, "own": own}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    assert available_cores(tmp_path, tmp_path / "own") == expected


@pytest.mark.parametrize(("given", "expected"), [("3", 3), ("2,1", 2), ("0", 8), ("", 8), ("many", 8)])
def test_threads_are_those_that_are_given_or_the_cores(
    cores: None, monkeypatch: pytest.MonkeyPatch, given: str, expected: int
) -> None:
    monkeypatch.setattr("stancelab.cores.control_groups", lambda *_: [])
    monkeypatch.setenv("OMP_NUM_THREADS", given)
    assert fitting_threads() == expected

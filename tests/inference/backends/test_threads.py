"""Threads fit the cores that the process may use."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from stancelab.inference.backends.threads import (
    available_cores,
    fitting_threads,
    use_threads,
    wait_briefly,
    wait_passively,
)

if TYPE_CHECKING:
    from pathlib import Path

POLICIES = ("OMP_WAIT_POLICY", "GOMP_SPINCOUNT", "KMP_BLOCKTIME")


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


def test_what_is_asked_for_goes_before_the_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OMP_NUM_THREADS", *POLICIES):
        monkeypatch.setenv(name, "")
    use_threads(5)
    assert fitting_threads() == 5
    monkeypatch.setenv("OMP_NUM_THREADS", "3,2")
    use_threads(None)
    assert fitting_threads() == 3
    monkeypatch.setenv("OMP_NUM_THREADS", "0")
    assert fitting_threads() == available_cores()


def test_a_policy_that_is_given_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in POLICIES:
        monkeypatch.setenv(name, "x")
        monkeypatch.delenv(name)
    wait_passively()
    assert [os.environ[name] for name in POLICIES] == ["PASSIVE", "0", "0"]
    for name in POLICIES[:2]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("KMP_BLOCKTIME", "200")
    wait_passively()
    assert [os.environ.get(name) for name in POLICIES] == [None, None, "200"]


def test_threads_of_a_training_wait_briefly_unless_the_environment_says_how(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in POLICIES:
        monkeypatch.setenv(name, "x")
        monkeypatch.delenv(name)
    wait_briefly()
    assert [os.environ.get(name) for name in POLICIES] == [None, "20000", "1"]
    wait_passively()
    assert [os.environ.get(name) for name in POLICIES] == [None, "20000", "1"]
    monkeypatch.setenv("GOMP_SPINCOUNT", "0")
    wait_briefly()
    assert os.environ["GOMP_SPINCOUNT"] == "0"

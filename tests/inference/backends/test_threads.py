"""Threads fit the cores that the process may use."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from stancelab.cores import available_cores, fitting_threads
from stancelab.inference.backends.threads import use_threads, wait_briefly, wait_passively

if TYPE_CHECKING:
    import pytest

POLICIES = ("OMP_WAIT_POLICY", "GOMP_SPINCOUNT", "KMP_BLOCKTIME")


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

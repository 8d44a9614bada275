"""Fits in several processes give what fits in one do."""

from __future__ import annotations

import os

import numpy as np
import pytest

from stancelab.baselines import parallel
from stancelab.baselines.classifiers import NAIVE_BAYES_SVM
from stancelab.baselines.linear import Part, Selection, select
from stancelab.baselines.parallel import in_parallel


def process_of(value: int) -> tuple[int, int]:
    return value, os.getpid()


@pytest.fixture
def two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "2")
    monkeypatch.setattr(parallel, "_ENOUGH_ROWS", 30)


@pytest.mark.parametrize(("rows", "here"), [(29, True), (30, False)])
def test_many_rows_are_fitted_in_other_processes_in_the_order_of_the_calls(
    two_cores: None, rows: int, here: bool
) -> None:
    found = list(in_parallel(process_of, [(3,), (1,), (2,)], rows))
    assert [value for value, _ in found] == [3, 1, 2]
    assert {process == os.getpid() for _, process in found} == {here}


def test_the_choice_is_that_of_one_process(two_cores: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from scipy.sparse import csr_array

    random = np.random.default_rng(0)
    labels = random.integers(0, 3, 90)
    features = csr_array((random.random((90, 12)) + np.eye(3)[labels].repeat(4, axis=1) > 0.9).astype(np.float32))
    parts = [Part(np.arange(50), np.arange(50) // 2), Part(np.arange(50, 90), np.arange(40))]
    several = select(NAIVE_BAYES_SVM, features, labels, parts, Selection(3, 1, "macro_f1"))
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    assert several == select(NAIVE_BAYES_SVM, features, labels, parts, Selection(3, 1, "macro_f1"))
    assert several.fits.models == 2 * 3 * len(NAIVE_BAYES_SVM.grid)
    assert several.score is not None and several.score > 0.5

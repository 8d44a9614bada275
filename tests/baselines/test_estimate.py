"""How long baselines take is told by fits on some of the rows."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from stancelab.baselines.estimate import FEW, ROWS, estimated_seconds
from stancelab.baselines.ngrams import NgramBaseline
from stancelab.baselines.settings import BaselineSettings
from stancelab.schema import STANCES, Example


@dataclass
class Rows:
    train: list[Example]
    validation: list[Example] = field(default_factory=list)


def rows(count: int) -> Rows:
    # Rows of one stance stand together, as in some files.
    return Rows(
        [Example(id=str(n), text=f"Sentence {n}.", target="it", stance=STANCES[3 * n // count]) for n in range(count)]
    )


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [0.0]
    monkeypatch.setattr("stancelab.baselines.estimate.perf_counter", lambda: now[0])
    return now


def test_seconds_grow_with_the_rows(
    clock: list[float], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    fitted: list[list[Example]] = []

    def fit(self: NgramBaseline, train: list[Example], *_: object) -> NgramBaseline:
        fitted.append(list(train))
        # What is loaded by the first fit does not count.
        clock[0] += 100.0 if len(fitted) == 1 else 1.0 + 0.01 * len(train)
        logging.getLogger("stancelab.baselines.ngrams").info("of some rows alone")
        return self

    def predict_proba(self: NgramBaseline, examples: list[Example]) -> np.ndarray:
        clock[0] += 0.002 * len(examples)
        return np.zeros((len(examples), 3))

    monkeypatch.setattr(NgramBaseline, "fit", fit)
    monkeypatch.setattr(NgramBaseline, "predict_proba", predict_proba)
    with caplog.at_level(logging.INFO):
        found = estimated_seconds(BaselineSettings(names=["ngram_svm"]), rows(20 * ROWS), 4 * ROWS)
    assert found == pytest.approx(1.0 + 0.01 * 20 * ROWS + 0.002 * 4 * ROWS)
    assert [record.message for record in caplog.records] == [
        f"fitting the baselines on {ROWS} of {20 * ROWS} rows, to tell how long they take"
    ]
    assert [len(each) for each in fitted] == [FEW, FEW, ROWS]
    assert not {row.id for row in fitted[0]} & {row.id for row in fitted[1]}
    assert all({row.stance for row in each} == set(STANCES) for each in fitted)


def test_texts_come_with_all_of_their_rows(clock: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    """An encoder reads each text once: its time grows with the texts, which are fewer than the rows."""

    def seconds(examples: list[Example]) -> float:
        return 0.5 + 0.02 * len({row.text for row in examples}) + 0.003 * len(examples)

    def fit(self: NgramBaseline, train: list[Example], *_: object) -> NgramBaseline:
        clock[0] += seconds(train)
        return self

    monkeypatch.setattr(NgramBaseline, "fit", fit)
    monkeypatch.setattr(NgramBaseline, "predict_proba", lambda self, examples: np.zeros((len(examples), 3)))
    few_texts = rows(20 * ROWS)
    few_texts.train = [replace(row, text=few_texts.train[n // 4].text) for n, row in enumerate(few_texts.train)]
    found = estimated_seconds(BaselineSettings(names=["ngram_svm"]), few_texts, 0)
    assert found == pytest.approx(seconds(few_texts.train))
    assert found == pytest.approx(0.5 + 0.02 * 5 * ROWS + 0.003 * 20 * ROWS)


def test_the_measured_fits_have_one_thread_for_small_matrices(
    clock: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[set[int]] = []

    def blas() -> set[int]:
        return {each["num_threads"] for each in threadpool_info() if each["user_api"] == "blas"}

    def fit(self: NgramBaseline, *_: object) -> NgramBaseline:
        threads.append(blas())
        return self

    monkeypatch.setattr(NgramBaseline, "fit", fit)
    monkeypatch.setattr(NgramBaseline, "predict_proba", lambda self, examples: np.zeros((len(examples), 3)))
    with threadpool_limits(2, "blas"):
        estimated_seconds(BaselineSettings(names=["ngram_svm"]), rows(20 * ROWS), 0)
        assert threads == [{1}, {1}, {1}]
        assert blas() == {2}


def test_two_texts_tell_nothing(clock: list[float]) -> None:
    one = rows(20 * ROWS)
    one.train = [replace(row, text="The same.") for row in one.train]
    assert estimated_seconds(BaselineSettings(names=["majority"]), one, 0) is None


def test_fits_that_take_as_long_with_few_rows_do_not_grow(clock: list[float], monkeypatch: pytest.MonkeyPatch) -> None:
    def fit(self: NgramBaseline, train: list[Example], *_: object) -> NgramBaseline:
        clock[0] += 3.0 - 0.001 * len(train)  # the clock's noise makes more rows faster
        return self

    monkeypatch.setattr(NgramBaseline, "fit", fit)
    monkeypatch.setattr(NgramBaseline, "predict_proba", lambda self, examples: np.zeros((len(examples), 3)))
    found = estimated_seconds(BaselineSettings(names=["ngram_svm"]), rows(20 * ROWS), 4 * ROWS)
    assert found == pytest.approx(3.0 - 0.001 * FEW)


def test_where_nothing_is_known_there_is_no_figure(clock: list[float]) -> None:
    many = rows(10 * ROWS)
    assert estimated_seconds(BaselineSettings(names=["majority"]), rows(10 * ROWS - 1), 9) is None
    assert estimated_seconds(BaselineSettings(names=["majority", "setfit"]), many, 9) is None
    assert estimated_seconds(BaselineSettings(names=[]), many, 9) == 0
    assert estimated_seconds(BaselineSettings(names=["majority"]), many, 9) == 0  # by the clock that stands still

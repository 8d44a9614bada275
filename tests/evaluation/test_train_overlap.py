"""Test rows whose text a system was trained on: counted, marked, and scored without."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from stancelab.errors import DataError
from stancelab.evaluation.evaluate import evaluate
from stancelab.evaluation.runs.compare import gather
from stancelab.evaluation.settings import EvaluationSettings
from stancelab.evaluation.train_overlap import any_overlap, overlap_of
from stancelab.schema import STANCE_ID

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS = EvaluationSettings(bootstrap_resamples=100, randomization_rounds=100)


def trained_class(fake_system) -> Any:
    class Trained(fake_system):  # type: ignore[misc]
        texts: frozenset[str] = frozenset()

        def trained_on(self, examples):
            return np.array([each.text in self.texts for each in examples])

    return Trained


def test_all_systems_are_scored_on_the_rows_that_none_was_trained_on(fake_system, examples, tmp_path: Path) -> None:
    net = [trained_class(fake_system)("net", seed) for seed in (0, 1)]
    # Rows 0 to 9 for one seed, 8 to 11 for the other: twelve rows of six sentences.
    net[0].texts = frozenset(each.text for each in examples[:10])
    net[1].texts = frozenset(each.text for each in examples[8:12])
    svm = trained_class(fake_system)("svm", accuracy=0.6, is_baseline=True)
    results = evaluate([*net, svm, fake_system("llm")], {"test": examples}, tmp_path, SETTINGS)
    assert results.tests["test"].train_overlap_rows == 12
    found = {system.name: system.tests["test"] for system in results.systems}
    assert [found[name].train_overlap_rows for name in ("net", "svm", "llm")] == [12, 0, None]
    for name, system in (("svm", svm), ("llm", fake_system("llm"))):
        right = system.predict_proba(examples).argmax(axis=1) == [STANCE_ID[each.stance] for each in examples]
        without = found[name].without_train_overlap
        assert without is not None and without.scores is not None
        assert without.scores.accuracy == pytest.approx(right[12:].mean(), abs=1e-6)
        assert set(without.intervals) == {"macro_f1", "f_avg", "accuracy"}
    marked = pq.read_table(tmp_path / "predictions" / "net-seed0.test.parquet")["text_in_training"].to_pylist()
    assert marked == [True] * 10 + [False] * 50
    unknown = pq.read_table(tmp_path / "predictions" / "llm.test.parquet")["text_in_training"]
    assert unknown.null_count == 60


def test_marks_travel_with_the_prediction_tables(fake_system, examples, tmp_path: Path) -> None:
    net = trained_class(fake_system)("net", 0)
    net.texts = frozenset(each.text for each in examples[:4])
    evaluate([net], {"test": examples}, tmp_path / "a", SETTINGS)
    evaluate([fake_system("llm")], {"test": examples}, tmp_path / "b", SETTINGS)
    found = gather({"a": tmp_path / "a", "b": tmp_path / "b"})
    assert "text_in_training" not in found.tests["test"][0].extra
    together = evaluate(found.systems, found.tests, tmp_path / "c", SETTINGS)
    assert [each.tests["test"].train_overlap_rows for each in together.systems] == [4, None]


def test_without_overlap_nothing_stands_beside(fake_system, examples, tmp_path: Path) -> None:
    for texts, rows in ((frozenset(), 0), (frozenset(each.text for each in examples), 60)):
        net = trained_class(fake_system)("net")
        net.texts = texts
        scores = evaluate([net], {"test": examples}, tmp_path, SETTINGS).systems[0].tests["test"]
        assert (scores.train_overlap_rows, scores.without_train_overlap) == (rows, None)


def test_an_answer_of_another_shape(fake_system, examples, tmp_path: Path) -> None:
    class Wrong(fake_system):  # type: ignore[misc]
        def trained_on(self, examples):
            return np.array([True])

    with pytest.raises(DataError, match=r"says of \(1,\) rows whether it was trained on their text, expected \(60,\)"):
        evaluate([Wrong("net")], {"test": examples}, tmp_path, SETTINGS)


def test_what_is_not_known_of_one_run_is_not_known_of_the_system() -> None:
    overlaps = [np.array([True, False]), None, np.array([False, True])]
    assert overlap_of(overlaps, [0, 1]) is None
    found = overlap_of(overlaps, [0, 2])
    assert found is not None
    assert found.tolist() == [True, True]
    assert any_overlap(overlaps[:2], 2).tolist() == [True, False]
    assert any_overlap([None], 2).tolist() == [False, False]

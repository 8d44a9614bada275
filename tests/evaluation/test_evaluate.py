from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from sklearn.metrics import accuracy_score, f1_score, precision_recall_fscore_support

from stancelab import results as types
from stancelab.errors import ConfigError, DataError
from stancelab.evaluation.evaluate import EvaluationSettings, evaluate
from stancelab.results import CheckpointProvenance, DatasetProvenance, Provenance, Results, read_results
from stancelab.schema import STANCES
from stancelab.targets import TargetNames

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from stancelab.schema import Example

SETTINGS = EvaluationSettings(bootstrap_resamples=200)


class Data:
    """What evaluate needs of a prepared dataset."""

    metric = "f_avg"

    def __init__(self, tests: dict[str, list[Example]], train: Sequence[Example]) -> None:
        self.tests, self.train = tests, train
        self.target_names = TargetNames({"eu": "europe"})
        self.earlier_labels: dict[str, dict[str, str]] = {}

    def provenance(self) -> DatasetProvenance:
        return DatasetProvenance(name="small", fingerprint="0123")


def only(found: Results) -> types.SystemScores:
    """Return the scores of the one system on the one test file."""
    (system,) = found.systems
    return system.tests["test"]


def test_numbers_can_be_computed_again_from_the_predictions(fake_system, examples, tmp_path: Path) -> None:
    found = evaluate([fake_system("minilm", 0), fake_system("minilm", 1)], {"test": examples}, tmp_path, SETTINGS)
    assert read_results(tmp_path) == found
    for run in only(found).runs:
        table = pq.read_table(tmp_path / run.predictions).to_pydict()
        gold, predicted = table["stance"], table["predicted"]
        each = precision_recall_fscore_support(gold, predicted, labels=list(STANCES), zero_division=0)
        for i, stance in enumerate(STANCES):
            own = run.per_class[stance]
            assert [own.precision, own.recall, own.f1, own.support] == pytest.approx([p[i] for p in each], abs=1e-6)
        assert run.scores.accuracy == pytest.approx(accuracy_score(gold, predicted), abs=1e-6)
        f_avg = f1_score(gold, predicted, labels=["favor", "against"], average="macro")
        assert run.scores.f_avg == pytest.approx(f_avg, abs=1e-6)
        assert np.sum(run.confusion) == 60
        assert run.calibration is not None
        assert run.selective is not None
        assert sum(each.count for each in run.calibration.bins) == 60
        assert run.calibration.before_temperature is None
        assert run.selective.risk[-1] == pytest.approx(1 - run.scores.accuracy, abs=1e-6)
        assert run.calibration.ece == pytest.approx(abs(0.7 - run.scores.accuracy), abs=1e-6)


def test_seeds_of_a_name_are_one_system(fake_system, examples, tmp_path: Path) -> None:
    systems = [fake_system("a", 0), fake_system("svm", is_baseline=True), fake_system("a", 5)]
    found = evaluate(systems, {"test": examples}, tmp_path, SETTINGS)
    assert [(each.name, each.seeds, each.is_baseline) for each in found.systems] == [
        ("a", [0, 5], False), ("svm", [None], True),
    ]  # fmt: skip
    both = found.systems[0].tests["test"]
    values = [run.scores.macro_f1 for run in both.runs]
    assert both.std is not None
    assert both.mean.macro_f1 == pytest.approx(np.mean(values), abs=1e-6)
    assert both.std.macro_f1 == pytest.approx(np.std(values, ddof=1), abs=1e-6)
    low, high = both.intervals["macro_f1"]
    assert low < both.mean.macro_f1 < high
    alone = found.systems[1].tests["test"]
    assert alone.std is None
    assert alone.intervals == alone.runs[0].intervals


def test_the_same_input_gives_the_same_results_and_test_files_stay_apart(fake_system, examples, tmp_path: Path) -> None:
    tests = {"test_rw": examples, "test_mt": examples[:30]}
    first = evaluate([fake_system("a", 1)], tests, tmp_path / "1", SETTINGS)
    assert first == evaluate([fake_system("a", 1)], tests, tmp_path / "2", SETTINGS)
    alone = evaluate([fake_system("a", 1)], {"test_mt": examples[:30]}, tmp_path / "3", SETTINGS)
    assert first.systems[0].tests["test_mt"] == alone.systems[0].tests["test_mt"]
    names = sorted(path.name for path in (tmp_path / "1" / "predictions").iterdir())
    assert names == ["a-seed1.test_mt.parquet", "a-seed1.test_rw.parquet"]
    chosen = EvaluationSettings(bootstrap_resamples=200, tests=["test_mt"])
    assert list(evaluate([fake_system("a", 1)], tests, tmp_path / "4", chosen).tests) == ["test_mt"]
    with pytest.raises(ConfigError, match=r"evaluation\.tests: found 'test_m', allowed test_rw, test_mt\. Did you"):
        evaluate([fake_system("a", 1)], tests, tmp_path / "5", EvaluationSettings(tests=["test_m"]))


def test_one_sentence_has_no_intervals(fake_system, examples, tmp_path: Path) -> None:
    found = evaluate([fake_system("a"), fake_system("b")], {"test": examples[:2]}, tmp_path, SETTINGS)
    assert found.systems[0].tests["test"].intervals == {}
    assert found.systems[0].tests["test"].runs[0].intervals == {}
    assert found.comparisons["test"] == types.Comparisons()
    assert "all rows are of one sentence: there are no intervals and no comparisons" in found.tests["test"].warnings


def test_metrics_json_holds_what_is_returned_under_the_names_of_the_types(
    fake_system, examples, tmp_path: Path
) -> None:
    provenance = Provenance(title="mine", command="stancelab evaluate")
    found = evaluate(
        [fake_system("a")], {"test": examples}, tmp_path, SETTINGS, provenance=provenance, primary_metric="f_avg"
    )
    content: dict[str, Any] = json.loads((tmp_path / "metrics.json").read_text())
    assert content["format"] == types.FORMAT
    assert (found.primary_metric, content["primary_metric"]) == ("f_avg", "f_avg")
    assert content["provenance"]["command"] == "stancelab evaluate"
    assert content["procedure"] == {
        "bootstrap_resamples": 200, "randomization_rounds": 10_000, "unit": "document", "level": 0.05, "seed": 13,
        "bins": 15, "paired_seeds": False, "margin": None, "prevalence": {}, "weight": "",
    }  # fmt: skip
    assert found.provenance.versions["python"]
    assert found.provenance.hardware


def test_a_dataset_gives_its_metric_its_train_split_and_its_provenance(fake_system, examples, tmp_path: Path) -> None:
    known = [example for example in examples if example.target == "Ministers"]
    found = evaluate([fake_system("a")], Data({"test": examples}, known), tmp_path, SETTINGS)
    assert found.primary_metric == "f_avg"
    assert found.provenance.dataset == DatasetProvenance(name="small", fingerprint="0123")
    in_train = {s.value: s.rows for s in found.tests["test"].slices if s.attribute == "target_in_train"}
    assert in_train == {"yes": 20, "no": 40}


def test_scores_before_corrections_stand_beside_those_after(fake_system, examples, tmp_path: Path) -> None:
    data = Data({"test": examples}, [])
    after = only(evaluate([fake_system("a", 0, accuracy=1.0)], data, tmp_path, SETTINGS))
    assert after.before_corrections == {}
    data.earlier_labels = {"test": {"row-0": "favor", "row-1": "favor", "row-4": "neutral"}}
    found = evaluate([fake_system("a", 0, accuracy=1.0)], data, tmp_path, SETTINGS)
    assert found.tests["test"].corrected_rows == 3
    assert only(found).mean.accuracy == 1.0
    assert only(found).before_corrections["accuracy"] == pytest.approx(57 / 60)
    assert only(evaluate([fake_system("a")], {"test": examples}, tmp_path, SETTINGS)).before_corrections == {}


def test_a_checkpoint_of_another_dataset_is_warned_of(
    fake_system, examples, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    class Checkpoint(fake_system):  # type: ignore[misc]
        def provenance(self) -> CheckpointProvenance:
            return CheckpointProvenance(name=self.name, seed=self.seed, dataset="other", dataset_fingerprint="4567")

    with caplog.at_level(logging.WARNING):
        found = evaluate([Checkpoint("net", 1)], Data({"test": examples}, []), tmp_path, SETTINGS)
    assert "'net' (seed 1) was trained on other, not on this dataset's train split" in caplog.text
    assert [each.name for each in found.provenance.checkpoints] == ["net"]


def test_what_cannot_be_evaluated_is_refused_before_any_work(fake_system, examples, tmp_path: Path) -> None:
    def refuse(kind: type[Exception], message: str, systems: list[Any], tests: Any, **more: Any) -> None:
        with pytest.raises(kind, match=message):
            evaluate(systems, tests, tmp_path, SETTINGS, **more)
        assert not list(tmp_path.iterdir())

    tests, systems = {"test": examples}, [fake_system("a")]
    refuse(ConfigError, "no checkpoint and no baseline", [], tests)
    refuse(ConfigError, r"system 'a' is given twice", [*systems, fake_system("a")], tests)
    refuse(ConfigError, r"found 'macro-f1', allowed .*\. Did you mean 'macro_f1'", systems, tests,
           primary_metric="macro-f1")  # fmt: skip
    refuse(DataError, "no test file", systems, {})
    not_json = Provenance(config={"x": float("nan")})
    refuse(ConfigError, "found nan, allowed are finite numbers", systems, tests, provenance=not_json)


def test_a_second_evaluation_in_a_folder_replaces_the_tables_of_the_first(
    fake_system, examples, tmp_path: Path
) -> None:
    evaluate([fake_system("a"), fake_system("b")], {"test": examples}, tmp_path, SETTINGS)
    (tmp_path / "predictions" / "mine.parquet").write_text("a file of the user's")
    evaluate([fake_system("b"), fake_system("c")], {"test": examples}, tmp_path, SETTINGS)
    assert sorted(path.name for path in (tmp_path / "predictions").iterdir()) == [
        "b.test.parquet", "c.test.parquet", "mine.parquet",
    ]  # fmt: skip

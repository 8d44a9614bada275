from __future__ import annotations

import dataclasses
import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.parquet as pq
import pytest
from sklearn.metrics import accuracy_score, f1_score, precision_recall_fscore_support

from stancelab.cli.terminal import systems_table
from stancelab.errors import ConfigError, DataError
from stancelab.evaluation.evaluate import EvaluationSettings, evaluate
from stancelab.report import write_report
from stancelab.schema import STANCES

if TYPE_CHECKING:
    from pathlib import Path

    from stancelab.schema import Example

SETTINGS = EvaluationSettings(bootstrap_draws=200)


def _run(systems, tests, folder: Path, **context):
    return evaluate(systems, tests, folder, SETTINGS, context)


def test_numbers_can_be_computed_again_from_the_predictions(system, examples, tmp_path: Path) -> None:
    metrics = _run([system("minilm", 0), system("minilm", 1)], {"test": examples}, tmp_path)
    assert json.loads((tmp_path / "metrics.json").read_text()) == metrics
    result = metrics["systems"][0]["tests"]["test"]
    for run in result["runs"]:
        table = pq.read_table(tmp_path / run["predictions"]).to_pydict()
        gold, predicted = table["stance"], table["predicted"]
        each = precision_recall_fscore_support(gold, predicted, labels=list(STANCES), zero_division=0)
        for i, stance in enumerate(STANCES):
            assert list(run["per_class"][stance].values()) == pytest.approx([part[i] for part in each], abs=1e-6)
        assert run["accuracy"] == pytest.approx(accuracy_score(gold, predicted), abs=1e-6)
        f_avg = f1_score(gold, predicted, labels=["favor", "against"], average="macro")
        assert run["f_avg"] == pytest.approx(f_avg, abs=1e-6)
        assert np.sum(run["confusion"]) == 60
        assert sum(each["count"] for each in run["calibration"]["bins"]) == 60
        assert run["calibration"]["before_temperature"] is None
        assert run["selective"]["risk"][-1] == pytest.approx(1 - run["accuracy"], abs=1e-6)
        assert run["calibration"]["ece"] == pytest.approx(abs(0.7 - run["accuracy"]), abs=1e-6)


def test_scores_by_target(system, examples, tmp_path: Path) -> None:
    (result,) = _run([system("x", 3)], {"test": examples}, tmp_path)["systems"]
    run = result["tests"]["test"]["runs"][0]
    table = pq.read_table(tmp_path / run["predictions"]).to_pandas()
    assert list(run["per_target"]) == ["Ministers", "the Council", "the treaty"]
    for target, scores in run["per_target"].items():
        rows = table[table["target"] == target]
        assert scores["rows"] == len(rows)
        macro = f1_score(rows["stance"], rows["predicted"], labels=list(STANCES), average="macro", zero_division=0)
        assert scores["macro_f1"] == pytest.approx(macro, abs=1e-6)
        assert scores["per_class"]["favor"]["support"] == (rows["stance"] == "favor").sum()


def test_seeds_of_a_name_are_one_system(system, examples, tmp_path: Path) -> None:
    metrics = _run([system("a", 0), system("rival"), system("a", 5)], {"test": examples}, tmp_path)
    assert [(each["name"], each["seeds"]) for each in metrics["systems"]] == [("a", [0, 5]), ("rival", [None])]
    both = metrics["systems"][0]["tests"]["test"]
    values = [run["macro_f1"] for run in both["runs"]]
    assert both["mean"]["macro_f1"] == pytest.approx(np.mean(values), abs=1e-6)
    assert both["std"]["macro_f1"] == pytest.approx(np.std(values, ddof=1), abs=1e-6)
    low, high = both["intervals"]["macro_f1"]
    assert low < both["mean"]["macro_f1"] < high
    alone = metrics["systems"][1]["tests"]["test"]
    assert alone["std"]["macro_f1"] is None
    assert alone["intervals"] == alone["runs"][0]["intervals"]


def test_the_same_input_gives_the_same_metrics_and_test_files_stay_apart(system, examples, tmp_path: Path) -> None:
    tests = {"test_rw": examples, "test_mt": examples[:30]}
    first = _run([system("a", 1)], tests, tmp_path / "1")
    assert first == _run([system("a", 1)], tests, tmp_path / "2")
    alone = _run([system("a", 1)], {"test_mt": examples[:30]}, tmp_path / "3")
    assert first["systems"][0]["tests"]["test_mt"] == alone["systems"][0]["tests"]["test_mt"]
    names = sorted(path.name for path in (tmp_path / "1" / "predictions").iterdir())
    assert names == ["a-seed1.test_mt.parquet", "a-seed1.test_rw.parquet"]


def test_facts_and_warnings_of_a_test_file(system, examples, tmp_path: Path) -> None:
    few = [example for example in examples if example.stance != "neutral"][:20]
    always = np.tile([0.1, 0.1, 0.8], (20, 1))
    metrics = _run([system("constant", answer=always)], {"test": few}, tmp_path)
    facts = metrics["tests"]["test"]
    assert facts["rows"] == 20
    assert facts["targets"] == 3
    assert facts["classes"] == {"against": 7, "neutral": 0, "favor": 13}
    assert facts["majority"]["stance"] == "favor"
    assert facts["warnings"][0].startswith("no row has the stance neutral")
    assert facts["warnings"][1].endswith("different sentences: the intervals are likely too narrow")
    run = metrics["systems"][0]["tests"]["test"]["runs"][0]
    assert run["per_class"]["neutral"] == {"precision": 0.0, "recall": 0.0, "f1": 0.0, "support": 0}
    assert run["warnings"] == [
        f"{stance} is never predicted: its precision and F1 count as 0" for stance in ("against", "neutral")
    ]
    for metric in ("accuracy", "macro_f1", "f_avg"):
        assert run[metric] == facts["majority"][metric]


def test_few_documents_are_not_drawn_from(system, examples, tmp_path: Path) -> None:
    def of(count: int) -> list[Example]:
        return [dataclasses.replace(e, document=f"d{i // 2 % count}") for i, e in enumerate(examples)]

    systems = [system("a"), system("b", accuracy=0.3)]
    few = _run(systems, {"test": of(4)}, tmp_path / "few")["tests"]["test"]
    assert (few["unit"], few["units"]) == ("text", 30)
    assert few["warnings"][0].startswith("rows name only 4 documents, too few to draw from: sentences are drawn")
    enough = _run(systems, {"test": of(10)}, tmp_path / "enough")["tests"]["test"]
    assert (enough["unit"], enough["units"]) == ("document", 10)
    assert enough["warnings"] == ["only 10 documents: the intervals are likely too narrow"]


def test_one_sentence_has_no_intervals(system, examples, tmp_path: Path) -> None:
    metrics = _run([system("a"), system("b")], {"test": examples[:2]}, tmp_path)
    assert metrics["systems"][0]["tests"]["test"]["intervals"] == {}
    assert metrics["comparisons"]["test"] == {"pairs": [], "groups": {}, "warnings": []}
    assert (
        "all rows are of one sentence: there are no intervals and no comparisons"
        in metrics["tests"]["test"]["warnings"]
    )
    assert "[" not in systems_table(metrics).partition("Note")[0].replace("┃", "")
    write_report(tmp_path)


def test_temperature_and_thresholds_are_scored_where_a_system_has_them(system, examples, tmp_path: Path) -> None:
    net = system("net", 1, confidence=0.9)
    net.temperature, net.thresholds = 2.0, {"accuracy_80": 0.9, "accuracy_95": 0.99}
    run = _run([net], {"test": examples}, tmp_path)["systems"][0]["tests"]["test"]["runs"][0]
    before = run["calibration"]["before_temperature"]
    # Twice the logits: 0.9 to 0.05 is as 18 to 1, so that it was as 324 to 1.
    assert before["ece"] == pytest.approx(abs(324 / 326 - run["accuracy"]), abs=1e-6)
    assert before["nll"] > run["nll"]
    assert run["selective"]["thresholds"] == {
        "accuracy_80": {"confidence": 0.9, "coverage": 1.0, "accuracy": run["accuracy"]},
        "accuracy_95": {"confidence": 0.99, "coverage": 0.0, "accuracy": None},
    }


def test_context_travels_into_the_metrics(system, examples, tmp_path: Path) -> None:
    metrics = _run([system("a")], {"test": examples}, tmp_path, primary_metric="f_avg", command="stancelab evaluate")
    assert metrics["primary_metric"] == "f_avg"
    assert metrics["context"]["command"] == "stancelab evaluate"
    assert metrics["evaluation"] == asdict(SETTINGS)


def test_a_context_that_json_cannot_hold_is_found_before_any_work(system, examples, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        _run([system("a")], {"test": examples}, tmp_path, config={"x": float("nan")})
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        (("a", 1), ("a", 1), r"system 'a' \(seed 1\) is given twice"),
        (("a b", None), ("a/b", None), "system 'a b' and system 'a/b' would share the file name 'a-b'"),
        (("x", None), ("X", None), "would share the file name"),
        (("a", 1), ("a-seed1", None), "would share the file name 'a-seed1'"),
        (("a", 1), (" ", 1), "empty name"),
    ],
)
def test_systems_that_cannot_be_told_apart(system, examples, tmp_path: Path, first, second, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        _run([system(*first), system(*second)], {"test": examples}, tmp_path)
    assert not list(tmp_path.iterdir())


def test_unusable_test_files_are_refused_before_any_work(system, examples, tmp_path: Path) -> None:
    def refuse(tests, message: str) -> None:
        with pytest.raises(DataError, match=message):
            _run([system("a")], tests, tmp_path)
        assert not list(tmp_path.iterdir())

    unlabeled = [examples[0], dataclasses.replace(examples[1], stance=None)]
    refuse(
        {"test": unlabeled},
        r"'test': 1 of 2 rows have no stance.*\n  row 2 \(id 'row-1'\): found stance None",
    )
    refuse({"test": []}, "test file 'test': has no rows")
    refuse({}, "no test file")
    refuse({"../test": examples}, "its name may hold only letters, digits, _ and -")
    clash = [dataclasses.replace(examples[0], extra={"predicted": "favor"})]
    refuse({"test": clash}, "extra columns 'predicted' have names that the predictions use; rename")


def test_nothing_to_compare_and_unknown_metrics_are_refused(system, examples, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no checkpoint and no baseline"):
        _run([], {"test": examples}, tmp_path)
    with pytest.raises(ConfigError, match=r"found 'macro-f1', allowed .*\. Did you mean 'macro_f1'"):
        _run([system("a")], {"test": examples}, tmp_path, primary_metric="macro-f1")


def test_settings_name_what_is_out_of_range() -> None:
    assert EvaluationSettings().problems() == []
    assert EvaluationSettings(bootstrap_draws=10, seed=-1, bins=1).problems() == [
        "bootstrap_draws: found 10, allowed 100 to 1000000",
        "seed: found -1, allowed >= 0",
        "bins: found 1, allowed 2 to 100",
    ]

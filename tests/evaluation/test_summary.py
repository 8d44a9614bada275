from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import f1_score

from stancelab.evaluation.gold_rows import GoldRows
from stancelab.evaluation.summary import over_runs, score_run
from stancelab.metrics.bootstrap import Interval
from stancelab.results import PerClass, RunScores, Scores, ThresholdScores
from stancelab.schema import STANCE_ID, STANCES


def run_of(system, examples) -> RunScores:
    return score_run(system, GoldRows.of(examples, "text"), system.predict_proba(examples), 15)


def test_scores_by_target(fake_system, examples) -> None:
    system = fake_system("x", 3)
    run = run_of(system, examples)
    table = pd.DataFrame({"target": [e.target for e in examples], "stance": [e.stance_id for e in examples]})
    table["predicted"] = system.predict_proba(examples).argmax(axis=1)
    assert list(run.per_target) == ["Ministers", "the Council", "the treaty"]
    for target, scores in run.per_target.items():
        rows = table[table["target"] == target]
        assert scores.rows == len(rows)
        macro = f1_score(rows["stance"], rows["predicted"], labels=[0, 1, 2], average="macro", zero_division=0)
        assert scores.macro_f1 == pytest.approx(macro, abs=1e-6)
        assert scores.per_class["favor"].support == (rows["stance"] == STANCE_ID["favor"]).sum()


def test_a_constant_answer_scores_what_the_majority_does(fake_system, examples) -> None:
    few = [example for example in examples if example.stance != "neutral"][:20]
    run = run_of(fake_system("constant", always="favor"), few)
    assert run.per_class["neutral"] == PerClass(precision=0.0, recall=0.0, f1=0.0, support=0)
    assert run.warnings == [
        f"{stance} is never predicted: its precision and F1 count as 0" for stance in ("against", "neutral")
    ]
    assert run.scores.accuracy == 13 / 20
    assert run.confusion == [[0, 0, 7], [0, 0, 0], [0, 0, 13]]
    assert list(run.per_class) == list(STANCES)


def test_temperature_and_thresholds_are_scored_where_a_system_has_them(fake_system, examples) -> None:
    net = fake_system("net", 1, confidence=0.9)
    net.temperature, net.thresholds = 2.0, {"accuracy_80": 0.9, "accuracy_95": 0.99}
    run = run_of(net, examples)
    assert run.calibration is not None
    assert run.selective is not None
    before = run.calibration.before_temperature
    assert before is not None
    # Twice the logits: 0.9 to 0.05 is as 18 to 1, so that it was as 324 to 1.
    assert before.ece == pytest.approx(abs(324 / 326 - run.scores.accuracy), abs=1e-6)
    assert run.scores.nll is not None
    assert before.nll > run.scores.nll
    assert run.selective.thresholds == {
        "accuracy_80": ThresholdScores(confidence=0.9, coverage=1.0, accuracy=run.scores.accuracy),
        "accuracy_95": ThresholdScores(confidence=0.99, coverage=0.0, accuracy=None),
    }


def test_a_run_has_its_seed_its_table_and_its_intervals(fake_system, examples) -> None:
    system, test = fake_system("x", 3), GoldRows.of(examples, "text")
    intervals = {"accuracy": Interval(0.1, 0.2)}
    run = score_run(system, test, system.predict_proba(examples), 15, predictions="p.parquet", intervals=intervals)
    assert (run.seed, run.predictions, run.intervals) == (3, "p.parquet", intervals)
    assert run.calibration is not None
    assert run.selective is not None
    assert (run.scores.ece, run.scores.aurc) == (run.calibration.ece, run.selective.area)


def test_labels_alone_have_no_metrics_of_probabilities(fake_system, examples) -> None:
    system = fake_system("llm", always="favor", confidence=1.0)
    system.has_probabilities = False
    run = run_of(system, examples)
    assert (run.calibration, run.selective) == (None, None)
    assert run.scores.brier is run.scores.nll is run.scores.ece is run.scores.aurc is None


def test_mean_and_deviation_over_runs() -> None:
    def scores(value: float, nll: float | None) -> Scores:
        return Scores(
            accuracy=value, macro_precision=value, macro_recall=value, macro_f1=value, f_avg=value, brier=1, nll=nll
        )

    mean, std = over_runs([scores(0.5, 1), scores(0.7, None)])
    assert std is not None
    assert (mean.f_avg, std.f_avg) == (pytest.approx(0.6), pytest.approx(np.std([0.5, 0.7], ddof=1)))
    assert (mean.brier, std.brier) == (1, 0)
    assert (mean.nll, std.nll) == (None, None)
    assert over_runs([scores(0.5, 1)]) == (scores(0.5, 1), None)

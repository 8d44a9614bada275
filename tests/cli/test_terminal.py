from __future__ import annotations

import numpy as np

from stancelab.cli.terminal import curve_table, systems_table
from stancelab.evaluation.evaluate import EvaluationSettings, evaluate
from stancelab.schema import STANCES, Example, System

EXAMPLES = [
    Example(id=str(number), text=f"Sentence {number} of two.", target="it", stance=STANCES[number % 3])
    for number in range(30)
]
SETTINGS = EvaluationSettings(bootstrap_resamples=100, randomization_rounds=100)


class Constant(System):
    def __init__(self, name: str, seed: int | None = None, *, is_baseline: bool = False) -> None:
        self.name, self.seed, self.is_baseline = name, seed, is_baseline

    def predict_proba(self, examples) -> np.ndarray:
        return np.tile([0.6, 0.3, 0.1], (len(examples), 1))


def test_one_run_has_an_interval_and_several_a_deviation(tmp_path) -> None:
    systems = [Constant("net", 0), Constant("net", 1), Constant("majority", is_baseline=True)]
    results = evaluate(systems, {"test": EXAMPLES}, tmp_path, SETTINGS)
    shown = systems_table(results)
    lines = {name: next(line for line in shown.splitlines() if f" {name} " in line) for name in ("net", "majority")}
    assert "16.7 ± 0.0" in lines["net"] and "[" not in lines["net"]
    majority = results.system("majority")
    assert majority is not None
    low, high = (100 * edge for edge in majority.tests["test"].intervals["macro_f1"])
    assert f"16.7 [{low:.1f}, {high:.1f}]" in lines["majority"]
    assert "33.3" in lines["majority"]
    assert "Note: net on test: neutral is never predicted" in shown
    assert "majority on test" not in shown


def test_a_system_that_a_size_lacks_has_a_dash(tmp_path) -> None:
    small = evaluate([Constant("net", 0)], {"test": EXAMPLES}, tmp_path / "small", SETTINGS)
    large = evaluate([Constant("net", 0), Constant("svm")], {"test": EXAMPLES}, tmp_path / "large", SETTINGS)
    lines = curve_table({"10 rows": small, "20 rows": large}).splitlines()
    assert "macro-F1 on test in percent" in lines[0]
    svm = next(line for line in lines if " svm " in line)
    assert "–" in svm and "16.7" in svm

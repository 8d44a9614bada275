"""Steps of a learning curve are compared on paired rows, with the variance between runs, and corrected together."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from stancelab.evaluation.runs.curve_steps import compare_steps
from stancelab.evaluation.runs.external import ExternalPredictions
from stancelab.evaluation.runs.learning_curve import Size
from stancelab.evaluation.runs.read import Gathered
from stancelab.evaluation.settings import EvaluationSettings
from stancelab.results import Provenance
from stancelab.schema import STANCES, Example

SETTINGS = EvaluationSettings(bootstrap_resamples=500)
ROWS = 120


@pytest.fixture
def tests() -> dict[str, list[Example]]:
    return {"test": [Example(id=str(k), text=f"Text {k}.", target="x", stance=STANCES[k % 3]) for k in range(ROWS)]}


@pytest.fixture
def size(tests):
    """Return a function that makes one size, whose runs answer the first so many rows wrong."""

    def made(name: str, *wrong: int, system: str = "net", is_baseline: bool = False) -> Size:
        systems = []
        for seed, number in enumerate(wrong):
            answers = {str(k): np.eye(3)[(k + (k < number)) % 3] for k in range(ROWS)}
            systems.append(ExternalPredictions(system, seed, answers, has_probabilities=False, is_baseline=is_baseline))
        return Size(name, name, 10.0, Gathered(systems, tests, Provenance(), "accuracy"))

    return made


def test_steps_are_corrected_over_all_of_the_test_file(size) -> None:
    found = compare_steps([size("a", 60, 58, 62), size("b", 40, 38, 43), size("c", 40, 43, 37)], SETTINGS)
    assert [(step.test, step.system, step.smaller, step.larger) for step in found] == [
        ("test", "net", "a", "b"), ("test", "net", "b", "c"),
    ]  # fmt: skip
    first, second = found
    assert first.difference == pytest.approx((180 - 121) / 3 / ROWS)
    assert second.difference == pytest.approx((121 - 120) / 3 / ROWS)
    assert first.interval.low < first.difference < first.interval.high
    assert (first.p_holm, second.p_holm) == (pytest.approx(2 * first.p), pytest.approx(second.p))
    assert first.p < 0.01 < 0.5 < second.p


def test_runs_that_differ_much_make_a_step_that_is_not_significant(size) -> None:
    # Both sizes answer 20 rows apart in the mean, but by 30 to both sides: seeds decide, not sizes.
    (step,) = compare_steps([size("a", 30, 60, 90), size("b", 10, 40, 70)], SETTINGS)
    between = stats.ttest_ind([0.25, 0.5, 0.75], [1 / 12, 1 / 3, 7 / 12])
    assert step.difference == pytest.approx(1 / 6)
    assert step.p > 0.9 * between.pvalue > 0.3


def test_one_run_at_a_size_and_baselines_are_not_tested(size, tests) -> None:
    assert compare_steps([size("a", 60), size("b", 40, 38)], SETTINGS) == []
    assert compare_steps([size("a", 60, 50, is_baseline=True), size("b", 40, 38, is_baseline=True)], SETTINGS) == []
    assert compare_steps([size("a", 60, 50), size("b", 40, 38, system="other")], SETTINGS) == []


def test_few_units_are_not_tested(size, tests) -> None:
    one = [replace(each, text=f"Text {k % 9}.") for k, each in enumerate(tests["test"])]
    sizes = [
        replace(each, gathered=replace(each.gathered, tests={"test": one}))
        for each in (size("a", 60, 58), size("b", 40, 38))
    ]
    assert compare_steps(sizes, SETTINGS) == []

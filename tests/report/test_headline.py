from __future__ import annotations

import pytest

from stancelab.report.headline import headline
from stancelab.report.results import Estimate, SystemResult
from stancelab.report.results import TestResult as Result


def _system(
    name: str, score: float, interval: tuple[float, float], baseline: bool | None = False, std: float | None = None
) -> SystemResult:
    runs = [{"seed": 0}] if std is None else [{"seed": 0}, {"seed": 1}, {"seed": 2}]
    return SystemResult(name, baseline, {"macro_f1": Estimate(score, std, interval)}, runs)


def _test(*systems: SystemResult) -> Result:
    majority = {"stance": "neutral", "macro_f1": 0.2, "accuracy": 0.5, "f_avg": 0.0}
    return Result("test", 9, 9, 2, {"against": 3, "neutral": 3, "favor": 3}, majority, [], list(systems))


def test_best_system_against_best_baseline() -> None:
    words = headline(
        _test(
            _system("minilm", 0.774, (0.741, 0.803), std=0.006),
            _system("mpnet", 0.77, (0.74, 0.8)),
            _system("svm", 0.6, (0.57, 0.63), baseline=True),
        ),
        "macro_f1",
    )
    assert words == [
        "minilm has the highest Macro-F1: 77.4, 95% interval 74.1 to 80.3, mean of 3 seeds, standard deviation 0.6.",
        "That is 17.4 points above the best baseline, svm (60.0, 95% interval 57.0 to 63.0).",
        "The two intervals do not overlap.",
        "Always answering neutral, the most frequent stance of this file, would score 20.0: 57.4 points lower.",
    ]


def test_overlapping_intervals_are_said() -> None:
    words = headline(
        _test(_system("a", 0.61, (0.55, 0.66)), _system("b", 0.6, (0.54, 0.65), baseline=True)), "macro_f1"
    )
    assert words[1].startswith("That is 1.0 point above the best baseline, b")
    assert words[2] == "The two intervals overlap: with other sentences of the same kind the order may change."


def test_a_baseline_that_wins_is_called_one() -> None:
    words = headline(_test(_system("svm", 0.7, (0.6, 0.8), baseline=True), _system("net", 0.6, (0.5, 0.7))), "macro_f1")
    assert words[0].startswith("svm, a baseline, has the highest Macro-F1: 70.0")
    assert words[1].startswith("That is 10.0 points above the best trained system, net")


@pytest.mark.parametrize("baseline", [None, False, True])
def test_where_nothing_tells_the_kinds_apart_the_next_best_is_the_rival(baseline: bool | None) -> None:
    systems = [_system("a", 0.7, (0.6, 0.8), baseline), _system("b", 0.7, (0.5, 0.7), baseline)]
    assert headline(_test(*systems), "macro_f1")[1].startswith("That is level with the next best system, b")


def test_one_system_is_compared_with_the_majority_alone() -> None:
    words = headline(_test(_system("a", 0.1, (0.05, 0.15))), "macro_f1")
    assert len(words) == 2
    assert words[1].endswith("would score 20.0: 10.0 points higher.")

from __future__ import annotations

import itertools

import pytest

from stancelab.report.results import Difference, Estimate, SystemResult
from stancelab.report.results import TestResult as Result
from stancelab.report.sections.headline import differences, headline


def _system(
    name: str, score: float, interval: tuple[float, float], baseline: bool | None = False, std: float | None = None
) -> SystemResult:
    runs = [{"seed": 0}] if std is None else [{"seed": 0}, {"seed": 1}, {"seed": 2}]
    return SystemResult(name, baseline, {"macro_f1": Estimate(score, std, interval)}, runs)


def _test(*systems: SystemResult, same: tuple[str, ...] = ()) -> Result:
    """Systems differ but for those of `same`, which do not differ from one another."""
    pairs = []
    for first, second in itertools.combinations(systems, 2):
        found = first.scores["macro_f1"].mean - second.scores["macro_f1"].mean
        p = 0.4 if {first.name, second.name} <= set(same) else 0.0004
        pairs.append(
            Difference(first.name, second.name, found, (found - 0.03, found + 0.03), p / 3, p, "randomization")
        )
    return Result(
        name="test", rows=9, texts=9, targets=2, unit="text", units=9, warnings=[], systems=list(systems),
        classes={"against": 3, "neutral": 3, "favor": 3}, differences=pairs, groups={}, undecided=[], ceilings={},
        slices=[], probes=[],
        majority={"stance": "neutral", "macro_f1": 0.2, "accuracy": 0.5, "f_avg": 0.0},
    )  # fmt: skip


MINILM = _system("minilm", 0.774, (0.741, 0.803), std=0.006)
MPNET = _system("mpnet", 0.77, (0.74, 0.8))
SVM = _system("svm", 0.6, (0.57, 0.63), baseline=True)


def test_best_system_against_best_baseline() -> None:
    assert headline(_test(MINILM, MPNET, SVM), "macro_f1", 0.05) == [
        "minilm has the highest Macro-F1: 77.4, 95% interval 74.1 to 80.3, mean of 3 seeds, standard deviation 0.6.",
        "That is 17.4 points above the best baseline, svm (60.0, 95% interval 57.0 to 63.0).",
        "The difference is unlikely to be chance (95% interval of the difference 14.4 to 20.4, p < 0.001).",
        "Always answering neutral, the most frequent stance of this file, would score 20.0: 57.4 points lower.",
    ]


def test_systems_that_are_not_told_apart_are_named() -> None:
    words = headline(_test(MINILM, MPNET, SVM, same=("minilm", "mpnet")), "macro_f1", 0.05)
    assert words[3] == "minilm cannot be told from mpnet."
    words = headline(_test(MINILM, MPNET, SVM, same=("minilm", "mpnet", "svm")), "macro_f1", 0.05)
    assert words[2] == "Chance may explain the difference (95% interval of the difference 14.4 to 20.4, p = 0.4)."


def test_a_level_decides_what_chance_may_explain() -> None:
    test = _test(MINILM, SVM)
    assert "unlikely to be chance" in headline(test, "macro_f1", 0.0005)[2]
    assert "Chance may explain" in headline(test, "macro_f1", 0.0004)[2]


def test_differences_in_words() -> None:
    assert differences(_test(MINILM, MPNET, SVM, same=("minilm", "mpnet")), 0.05) == [
        "Of 3 pairs of systems, 2 differ significantly.",
        "minilm cannot be told from mpnet.",
        "mpnet was trained with one seed, so that these are differences between checkpoints; whether the training is "
        "better, several seeds would tell.",
    ]
    assert differences(_test(MINILM, SVM), 0.05) == [
        "Of 1 pair of systems, 1 differs significantly.",
        "minilm differs from every other.",
    ]


def test_a_baseline_that_wins_is_called_one() -> None:
    svm = _system("svm", 0.7, (0.6, 0.8), baseline=True)
    words = headline(_test(svm, _system("net", 0.6, (0.5, 0.7))), "macro_f1", 0.05)
    assert words[0].startswith("svm, a baseline, has the highest Macro-F1: 70.0")
    assert words[1].startswith("That is 10.0 points above the best trained system, net")


@pytest.mark.parametrize("baseline", [None, False, True])
def test_where_nothing_tells_the_kinds_apart_the_next_best_is_the_rival(baseline: bool | None) -> None:
    systems = [_system("a", 0.7, (0.6, 0.8), baseline), _system("b", 0.7, (0.5, 0.7), baseline)]
    assert headline(_test(*systems), "macro_f1", 0.05)[1].startswith("That is level with the next best system, b")


def test_one_system_is_compared_with_the_majority_alone() -> None:
    words = headline(_test(_system("a", 0.1, (0.05, 0.15))), "macro_f1", 0.05)
    assert len(words) == 2
    assert words[1].endswith("would score 20.0: 10.0 points higher.")

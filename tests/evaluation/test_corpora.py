from __future__ import annotations

from dataclasses import replace

import pytest

from stancelab.evaluation.corpora import one_sided
from stancelab.evaluation.evaluate import evaluate
from stancelab.evaluation.settings import EvaluationSettings
from stancelab.metrics.bootstrap import Interval
from stancelab.metrics.significance import Comparison
from stancelab.results import Comparisons


def test_one_sided_p_values() -> None:
    pair = Comparison(("a", "b"), 0.1, Interval(0, 0.2), 0.04, 0.04, "randomization")
    found = Comparisons(pairs=[pair])
    assert one_sided(("a", "b"), found) == pytest.approx(0.02)
    assert one_sided(("b", "a"), found) == pytest.approx(0.98)
    assert one_sided(("a", "c"), found) == 1.0
    equal = Comparisons(pairs=[replace(pair, difference=0.0, p=1.0)])
    assert one_sided(("a", "b"), equal) == one_sided(("b", "a"), equal) == 0.5


def test_corpora_are_counted_once_and_the_level_is_divided(fake_system, examples, tmp_path) -> None:
    def of(corpus: str, name: str):
        return [replace(each, id=f"{name}-{each.id}", corpus=corpus) for each in examples]

    tests = {"test": of("x", "1"), "test_rw": of("x", "2"), "test_y": of("y", "3")}
    systems = [fake_system("best", 1, 0.95), fake_system("bad", 1, 0.3), fake_system("worse", 1, 0.2)]
    settings = EvaluationSettings(bootstrap_resamples=100, randomization_rounds=999)
    found = evaluate(systems, tests, tmp_path, settings)
    first = found.corpora[0]
    assert first.systems == ("best", "bad")
    assert list(first.p) == ["x", "y"]
    # The smallest p-value that 999 rounds can give is 1/1000 two-sided; two files of x, one of y.
    assert first.p == {"x": pytest.approx(2 * 0.0005), "y": pytest.approx(0.0005)}
    assert first.level == pytest.approx(0.05 / 6, abs=1e-6)
    assert (first.better, first.better_if_independent, first.worse) == (2, 2, 0)
    assert first.named == ["x", "y"]
    alone = evaluate(systems, {name: tests[name] for name in ("test", "test_rw")}, tmp_path, settings)
    assert alone.corpora == []


def test_systems_that_answer_alike_count_once_in_the_level(fake_system, examples, tmp_path) -> None:
    tests = {name: [replace(each, id=f"{name}-{each.id}", corpus=name) for each in examples] for name in ("x", "y")}
    settings = EvaluationSettings(bootstrap_resamples=100, randomization_rounds=100)
    systems = [fake_system("best", 1, 0.95), fake_system("bad", 1, 0.3)]
    systems += [fake_system(name, always="favor") for name in ("favor", "favor_too")]
    found = evaluate(systems, tests, tmp_path, settings)
    # Of six pairs one is of equal answers, and two repeat those with the other system of the same answers.
    assert [each.level for each in found.corpora] == [pytest.approx(0.05 / (2 * 3), abs=1e-6)] * 3

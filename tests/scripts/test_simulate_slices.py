"""The simulated slices divide the rows, and the earlier rule finds a slice that is far below."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from stancelab.evaluation.slice_tests import compare_with_others

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "simulate_slices.py"


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Any:
    spec = importlib.util.spec_from_file_location("simulate_slices", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "simulate_slices", module)
    spec.loader.exec_module(module)
    return module


def test_slices_of_an_attribute_hold_every_row_once(script: Any) -> None:
    test, slices = script.make_file(30, np.random.default_rng(1))
    assert test.unit == "document" and test.n_units == 30
    for name in (*script.OF_ROWS, *script.OF_DOCUMENTS):
        rows = np.concatenate([each.rows for each in slices if each.attribute == name])
        assert sorted(rows.tolist()) == list(range(len(test.gold)))
    assert all(len(each.rows) + len(each.others) == len(test.gold) for each in slices)


def test_the_earlier_rule_and_the_present_one_find_what_is_there(script: Any) -> None:
    random = np.random.default_rng(1)
    test, slices = script.make_file(100, random)
    predicted = test.gold.copy()
    predicted[random.random(len(test.gold)) < 0.1] = 3  # no stance: wrong
    (first,) = [each for each in slices if (each.attribute, each.value) == ("kind", "0")]
    predicted[first.rows[: len(first.rows) // 2]] = 3
    assert script.below_before(test, slices, [predicted], 1)
    tested = compare_with_others(slices, test, [predicted], {"net": [0]})["net"]
    found = tested[[each is first for each in slices].index(True)]
    assert found is not None and found.p_holm < 0.001 and found.difference < -0.3


def test_a_simulation_counts_what_it_finds(script: Any) -> None:
    found = script.simulate(script.Setting(30, 2, 0.8, 0.1, 1.0), 2)
    assert 0 <= found.significant <= found.tested
    assert found.covered + found.significant == found.tested


def test_a_harder_slice_is_found_more_often_by_what_the_other_slices_show(script: Any) -> None:
    alone, now = script.power(script.Setting(200, 3, 0.8, 0.3, 1.0, gap=1.5), 8)
    assert 0 < alone <= now

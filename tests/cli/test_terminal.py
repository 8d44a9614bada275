"""The tables of systems that commands print."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from stancelab.cli.terminal import curve_table, systems_table
from stancelab.evaluation.evaluate import EvaluationSettings, evaluate
from stancelab.schema import STANCES, Example

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLES = [
    Example(id=str(number), text=f"Sentence {number} of two.", target="it", stance=STANCES[number % 3])
    for number in range(30)
]
SETTINGS = EvaluationSettings(bootstrap_resamples=100, randomization_rounds=100)


@pytest.fixture
def against(fake_system):
    """A function that makes a system that calls every row "against"."""
    return partial(fake_system, always="against")


def test_one_run_has_an_interval_and_several_a_deviation(against, tmp_path: Path) -> None:
    systems = [against("net", 0), against("net", 1), against("majority", is_baseline=True)]
    results = evaluate(systems, {"test": EXAMPLES}, tmp_path, SETTINGS)
    shown = systems_table(results)
    title = "Test scores in percent, macro-F1 with [95% interval], ± standard deviation over seeds"
    assert shown.splitlines()[0].strip() == title
    lines = {name: next(line for line in shown.splitlines() if f" {name} " in line) for name in ("net", "majority")}
    assert "16.7 ± 0.0" in lines["net"] and "[" not in lines["net"]
    majority = results.system("majority")
    assert majority is not None
    low, high = (100 * edge for edge in majority.tests["test"].intervals["macro_f1"])
    assert f"16.7 [{low:.1f}, {high:.1f}]" in lines["majority"]
    assert "33.3" in lines["majority"]
    assert "Note: net on test: neutral is never predicted" in shown
    assert "majority on test" not in shown


def test_the_title_names_only_what_the_cells_show(against, tmp_path: Path) -> None:
    several = evaluate([against("net", 0), against("net", 1)], {"test": EXAMPLES}, tmp_path / "several", SETTINGS)
    title = systems_table(several).splitlines()[0].strip()
    assert title == "Test scores in percent, ± standard deviation over seeds"
    title = curve_table({"10 rows": several}).splitlines()[0].strip()
    assert title == "macro-F1 on test in percent, ± standard deviation over seeds"
    one = evaluate([against("net", 0)], {"test": EXAMPLES}, tmp_path / "one", SETTINGS)
    assert systems_table(one).splitlines()[0].strip() == "Test scores in percent, macro-F1 with [95% interval]"


def test_a_system_that_a_size_lacks_has_a_dash(against, tmp_path: Path) -> None:
    small = evaluate([against("net", 0)], {"test": EXAMPLES}, tmp_path / "small", SETTINGS)
    large = evaluate([against("net", 0), against("svm")], {"test": EXAMPLES}, tmp_path / "large", SETTINGS)
    lines = curve_table({"10 rows": small, "20 rows": large}).splitlines()
    assert lines[0].strip() == "macro-F1 on test in percent"
    svm = next(line for line in lines if " svm " in line)
    assert "–" in svm and "16.7" in svm

"""The report of a task of two classes has no rows and columns of a third one, except where a system answers it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from stancelab.evaluation.evaluate import EvaluationSettings, evaluate
from stancelab.report import write_report
from stancelab.report.sections.directions import direction_sentences, error_columns
from stancelab.report.sections.provenance import count_table
from stancelab.report.view import view_files
from stancelab.results import DatasetProvenance, Provenance, Results
from stancelab.schema import STANCE_ID

if TYPE_CHECKING:
    from pathlib import Path

    from stancelab.schema import Example

SETTINGS = EvaluationSettings(bootstrap_resamples=200, prevalence={"against": 0.3, "favor": 0.7})
COUNTS = {"train": {"rows": 9, "against": 4, "neutral": 0, "favor": 5}}


@pytest.fixture
def two(small_test) -> list[Example]:
    return [replace(each, stance=("against", "favor")[number // 2 % 2]) for number, each in enumerate(small_test)]


def reported(systems, rows, folder: Path) -> tuple[Results, str, str]:
    provenance = Provenance(dataset=DatasetProvenance(name="two", counts=COUNTS))
    results = evaluate(systems, {"test": rows}, folder, SETTINGS, provenance=provenance)
    paths = write_report(folder)
    return results, paths.html.read_text(), paths.markdown.read_text()


def test_no_column_and_no_row_is_neutral(fake_system, two, tmp_path) -> None:
    nets = [fake_system("net", seed, answer=answers(two, seed)) for seed in (0, 1)]
    results, html, markdown = reported(
        [*nets, fake_system("majority", always="favor", is_baseline=True)], two, tmp_path
    )
    body = re.sub(r"<style.*?</style>|<script.*?</script>", "", html, flags=re.DOTALL)
    assert "neutral" not in body
    assert "neutral" not in markdown
    assert "F<sub>avg</sub>" not in body, "it is macro-F1"
    assert results.systems[0].tests["test"].mean.f_avg == results.systems[0].tests["test"].mean.macro_f1
    assert "a prevalence of against 30.0% and favor 70.0%" in markdown
    file = view_files(results)[0]
    assert (file.classes, file.answers, file.metrics) == (
        ["against", "favor"],
        ["against", "favor"],
        ["macro_f1", "accuracy"],
    )
    assert [name for _, name in error_columns(file)] == ["favor_as_against", "against_as_favor"]
    assert direction_sentences(file) == [], "every error is one of direction"
    assert re.search(r"\*always against\*.* 50\.0 \|", markdown), "its macro recall"


def answers(rows: list[Example], seed: int, neutral: int = 0) -> np.ndarray:
    """Probabilities of the two classes, right on four rows of five; the first rows may be answered as neutral."""
    gold = np.array([STANCE_ID[each.stance or ""] for each in rows])
    right = np.random.default_rng(seed).random(len(rows)) < 0.8
    found = np.eye(3)[np.where(right, gold, 2 - gold)] * 0.6 + np.array([0.2, 0.0, 0.2])
    found[:neutral] = [0.2, 0.6, 0.2]
    return found


def test_a_system_that_answers_neutral_gets_a_column(fake_system, two, tmp_path) -> None:
    net, other = fake_system("net", answer=answers(two, 0)), fake_system("lexicon", answer=answers(two, 1, neutral=7))
    results, html, markdown = reported([net, other], two, tmp_path)
    file = view_files(results)[0]
    assert (file.classes, file.answers) == (["against", "favor"], ["against", "neutral", "favor"])
    assert [name for _, name in error_columns(file)] == ["favor_as_against", "against_as_favor", "stance_as_neutral"]
    assert "neutral is predicted for 7 rows, and is no class of this task: they count as errors" in html
    assert "| System | Label | against | neutral | favor |" in markdown
    [matrix] = re.findall(r"<caption>lexicon(?: <span.*?</span>)?</caption>.*?</table>", html, re.DOTALL)
    assert re.findall(r'<th scope="row">(\w+)</th>', matrix) == ["against", "favor"]
    assert re.findall(r'<th scope="col">(\w+)</th>', matrix) == ["against", "neutral", "favor"]


def test_counts_of_a_stance_without_rows_have_no_column() -> None:
    assert count_table(COUNTS, ["against", "favor"]).columns == ["rows", "against", "favor"]
    assert count_table(COUNTS).columns == ["rows", "against", "neutral", "favor"]

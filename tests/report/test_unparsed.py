"""The report of a system of which some answers could not be read, beside systems that answer every row."""

from __future__ import annotations

import re
import warnings
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from sklearn.metrics import f1_score

from stancelab.evaluation.evaluate import EvaluationSettings, evaluate
from stancelab.evaluation.runs.external import ExternalPredictions
from stancelab.evaluation.unparsed import as_answer
from stancelab.report import write_report
from stancelab.report.sections.directions import direction_sentences, error_rows
from stancelab.report.sections.slices import slice_sentences
from stancelab.report.sections.targets import systems_by_target
from stancelab.report.view import FileView, view_files
from stancelab.results import read_results
from stancelab.schema import Example

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS = EvaluationSettings(
    bootstrap_resamples=200, randomization_rounds=100, prevalence={"against": 0.3, "favor": 0.7}
)


@pytest.fixture
def two(small_test) -> list[Example]:
    return [replace(each, stance=("against", "favor")[number // 2 % 2]) for number, each in enumerate(small_test)]


def reported(fake_system, rows: list[Example], folder: Path, *, abstained: bool) -> tuple[FileView, str]:
    """Evaluate two systems beside one that answers no third row, and return the test file and report.md."""
    answers = {
        each.id: as_answer(None if number % 3 == 0 else each.stance if number % 7 else "favor", abstained=abstained)
        for number, each in enumerate(rows)
    }
    llm = ExternalPredictions("llm", None, answers, has_probabilities=False)
    systems = [fake_system("net", seed) for seed in (0, 1)] + [fake_system("other", 5)]
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)  # the losses of probabilities that are none
        results = evaluate([*systems, llm], {"test": rows}, folder, SETTINGS)
    return view_files(results)[0], write_report(folder).markdown.read_text()


def test_rows_without_an_answer_have_a_column_and_are_errors(fake_system, two, tmp_path) -> None:
    file, markdown = reported(fake_system, two, tmp_path, abstained=False)
    llm = next(each for each in file.systems if each.name == "llm")
    open_rows = len(two[::3])
    assert file.classes == ["against", "favor"]
    assert file.answers[-1] == "no answer"
    assert sum(llm.unanswered.values()) == open_rows
    for gold in file.classes:
        assert sum(llm.confusion_by_name[gold].values()) == llm.per_class[gold].support
    assert "no answer |" in markdown
    assert '"no answer"' in (tmp_path / "report.html").read_text()
    total = next(row.total for row in error_rows(file) if row.name == "llm")
    assert total == pytest.approx((1 - llm.mean("accuracy")) * len(two))
    assert direction_sentences(file), "not every error is one of direction"


def test_means_are_over_the_two_classes_of_the_task(fake_system, two, tmp_path) -> None:
    file, _ = reported(fake_system, two, tmp_path, abstained=False)
    llm = next(each for each in file.systems if each.name == "llm")
    given = ["" if number % 3 == 0 else str(each.stance) if number % 7 else "favor" for number, each in enumerate(two)]
    gold = [str(each.stance) for each in two]
    f1 = f1_score(gold, given, labels=["against", "favor"], average="macro")
    assert llm.mean("macro_f1") == pytest.approx(f1, abs=1e-6)
    assert llm.mean("accuracy") == pytest.approx(np.mean(np.array(given) == np.array(gold)), abs=1e-6)


def test_rows_that_are_left_out_have_no_column(fake_system, two, tmp_path) -> None:
    file, markdown = reported(fake_system, two, tmp_path, abstained=True)
    llm = next(each for each in file.systems if each.name == "llm")
    assert "no answer" not in file.answers
    assert sum(each.support for each in llm.per_class.values()) == len(two) - len(two[::3])
    assert llm.runs[0].unparsed is not None
    assert llm.runs[0].unparsed.counted_as == "abstain"
    assert "no answer |" not in markdown
    losses = read_results(tmp_path).comparisons["test"].losses
    assert {each.systems for each in losses} in ({("net", "other")}, {("other", "net")})


def test_slices_of_a_system_that_abstains_are_of_the_rows_it_answers(fake_system, tmp_path) -> None:
    words = {"long": "Norway " * 16, "short": "Iran "}
    rows = [
        Example(id=str(n), text=f"{words[kind]}{n}", target=kind, stance=("against", "favor")[n // 2 % 2])
        for kind in words
        for n in range(40)
    ]
    # No short text is answered, and of the long ones every second, half of these rightly.
    answers = {
        each.id + each.target: as_answer(
            None if each.target == "short" or int(each.id) % 2 else "favor", abstained=True
        )
        for each in rows
    }
    rows = [replace(each, id=each.id + each.target) for each in rows]
    llm = ExternalPredictions("llm", None, answers, has_probabilities=False)
    results = evaluate([fake_system("net", 0), llm], {"test": rows}, tmp_path, SETTINGS)
    [file] = view_files(read_results(tmp_path))
    slices = {(each.facts.attribute, each.facts.value): each for each in file.slices}
    long, short = slices["target", "long"], slices["target", "short"]
    assert (long.accuracy("llm"), long.answered("llm"), long.abstained("llm")) == (0.5, 20, "abstained in 20 of 40")
    assert (short.accuracy("llm"), short.answered("llm"), short.abstained("llm")) == (None, 0, "abstained in 40 of 40")
    assert (long.abstained("net"), long.answered("net")) == ("", 40)
    own = results.system("llm")
    assert own is not None
    [scores] = [
        found
        for facts, found in zip(results.tests["test"].slices, own.tests["test"].slices, strict=True)
        if (facts.attribute, facts.value) == ("target", "short")
    ]
    assert (scores.scores, scores.intervals, scores.answered) == (None, {}, {"against": 0.0, "favor": 0.0})
    report = write_report(tmp_path)
    html = re.sub(r"<[^>]*>", " ", report.html.read_text())
    assert "abstained in 40 of 40" in html
    assert "abstained in 20 of 40" in html
    assert "no row is answered of these slices, of which it has no scores: words '1-15', target 'short'" in str(
        own.tests["test"].runs[0].warnings
    )
    [llm_view] = [each for each in file.systems if each.name == "llm"]
    sentences = slice_sentences(file, llm_view)
    assert any("No slice of llm was tested against the other rows, since it abstains" in each for each in sentences)
    assert not any("0.0%" in each for each in sentences)
    lines = {line.target: line for line in systems_by_target(file.systems)}
    assert (lines["short"].rows, lines["short"].scores["llm"].rows, lines["short"].has_all_classes) == (40, 0, True)
    assert (lines["short"].compares_means("net"), lines["short"].compares_means("llm")) == (True, False)

"""A report with all that depends on settings or on the rows: weights, prevalence, annotators, several corpora."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from stancelab.evaluation.evaluate import EvaluationSettings, evaluate
from stancelab.report import write_report
from stancelab.schema import STANCES, Example

if TYPE_CHECKING:
    from pathlib import Path


def file_of(corpus: str) -> list[Example]:
    """80 sentences with two annotators, who differ on every fifth; the weight of a row grows with its place."""
    return [
        Example(
            id=f"{corpus}-{number}-{annotator}", text=f"Sentence {number} on the Accord.", target="the Accord",
            stance=stance, corpus=corpus, annotator=annotator, extra={"weight": str(1 + number % 4)},
        )
        for number in range(80)
        for annotator, stance in (
            ("ann", STANCES[number % 3]), ("bob", "favor" if number % 5 == 0 else STANCES[number % 3]),
        )
    ]  # fmt: skip


@pytest.fixture(scope="module")
def report(fake_system, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    folder = tmp_path_factory.mktemp("run")
    net = fake_system("net", 1, 0.9, confidence=None)
    net.temperature, net.thresholds, net.unreached = 1.3, {"accuracy_80": 0.6}, ["guaranteed_80"]
    systems = [net, fake_system("svm", 1, 0.4, confidence=None, is_baseline=True)]
    tests = {"test_x": file_of("x"), "test_y": file_of("y")}
    settings = EvaluationSettings(
        bootstrap_resamples=200, weight="weight", prevalence={"against": 0.1, "neutral": 0.7, "favor": 0.2}
    )
    evaluate(systems, tests, folder, settings)
    paths = write_report(folder)
    return folder, paths.html.read_text(encoding="utf-8"), paths.markdown.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "words",
    [
        "net is better than svm on at least 2 of 2 corpora: x and y.",
        "Human ceiling: 2 annotators score",
        "against the same majorities",
        "y design weights of the column weight, worth",
        "t a prevalence of against 10.0%, neutral 70.0% and favor 20.0%",
        "Macro recall",
        "Perfectly calibrated answers of the same confidences have",
        "Temperature scaling changes its NLL by",
        "NLL and Brier score of net are both significantly lower than those of svm",
        "for 80% accuracy on rows like those of validation, with a probability of 95%, cannot be given",
        "net takes favor for against or against for favor on",
        "Favor as against",
    ],
)
def test_both_forms_have_it(report: tuple[Path, str, str], words: str) -> None:
    _, html, markdown = report
    assert words in html
    assert words in markdown


def test_tables_are_whole(report: tuple[Path, str, str]) -> None:
    _, html, markdown = report
    assert html.count("<table") == html.count("</table>")
    widths = [line.count("|") for line in markdown.splitlines() if line.startswith("|")]
    assert widths
    table: list[str] = []
    for line in [*markdown.splitlines(), ""]:
        if line.startswith("|"):
            table.append(line)
        elif table:
            assert len({each.replace("\\|", "").count("|") for each in table}) == 1, table[0]
            table = []

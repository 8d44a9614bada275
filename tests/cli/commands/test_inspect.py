"""The list of rows whose label may be wrong."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from stancelab.baselines.registry import BASELINES
from stancelab.cli.commands.inspect import InspectSettings, execute, line_of_issues
from stancelab.data.quality.label_issues import COLUMNS, LABEL

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        (
            InspectSettings(system="ngram"),
            f"system: found 'ngram', allowed {', '.join(BASELINES)}. Did you mean 'ngram_svm'?",
        ),
        (InspectSettings(folds=1), "folds: found 1, allowed 2 to 20"),
        (InspectSettings(folds=21), "folds: found 21, allowed 2 to 20"),
        (InspectSettings(blind_rows=-1), "blind_rows: found -1, allowed 0 or more"),
    ],
)
def test_settings_that_cannot_be_used(settings: InspectSettings, problem: str) -> None:
    assert settings.problems() == [problem]


def test_settings_that_can() -> None:
    assert InspectSettings("majority", 2).problems() == []
    assert InspectSettings("setfit", 20).problems() == []


def test_where_nothing_is_doubtful_an_empty_list_is_written(
    composed, corpus: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    config = composed("inspect", *corpus, "inspect.system=majority", "inspect.folds=2", "inspect.blind_rows=7")
    execute(config, Path("run"), "stancelab inspect")
    assert capsys.readouterr().out.splitlines() == [
        "of 120 rows none is unlikely to majority, and none contradicts another",
        "label issues: run/label_issues.csv",
        "blind sample: run/blind_sample.csv",
        "(7 of 24 test rows by chance, without labels: fill in 'correction' before you",
        "look at the label issues)",
    ]
    with Path("run/blind_sample.csv").open(encoding="utf-8-sig") as file:
        listed = list(csv.DictReader(file))
    assert list(listed[0]) == ["id", "corpus", "text", "source", "target", "correction"]
    assert len({row["id"] for row in listed}) == 7
    assert {row["correction"] for row in listed} == {""}
    assert Path("run/label_issues.csv").read_text(encoding="utf-8-sig") == ",".join(COLUMNS) + "\n"
    manifest = json.loads(Path("run/manifest.json").read_text())
    assert (manifest["kind"], manifest["command"]) == ("inspect", "stancelab inspect")
    assert manifest["config"]["inspect"] == {
        "system": "majority",
        "folds": 2,
        "blind_rows": 7,
        "bom": True,
        "safe_cells": True,
    }


def test_rows_that_contradict_one_another_are_counted_and_listed(
    composed, corpus: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    lines = Path("mine.csv").read_text().splitlines()
    other = lines[1].replace(",FAVOR,", ",6.0,")
    assert other != lines[1]
    Path("mine.csv").write_text("\n".join([*lines, other]))
    execute(composed("inspect", *corpus, "inspect.system=majority"), Path("run"), "stancelab inspect")
    shown = capsys.readouterr().out.splitlines()
    with Path("run/label_issues.csv").open(encoding="utf-8-sig") as file:
        listed = list(csv.DictReader(file))
    unlikely = sum(LABEL in row["reasons"] for row in listed)
    assert shown[0] == line_of_issues(len(listed), unlikely, 121, "majority")
    assert shown[2] == "data.corrections=run/label_issues.csv"
    assert ["another row" in row["reasons"] for row in listed] == [True, True, *[False] * (len(listed) - 2)]
    assert {row["stance"] for row in listed[:2]} == {"favor", "neutral"}
    assert {row["correction"] for row in listed} == {""}
    flagged = sum(row["split"].startswith("test") for row in listed)
    assert ([line for line in shown if "Test rows among them: " in line] == []) == (flagged == 0)


@pytest.mark.parametrize(
    ("issues", "told"),
    [
        (2, "2 of 200 rows to look at: 2 that ngram_svm finds unlikely."),
        (3, "3 of 200 rows to look at: 2 that ngram_svm finds unlikely, 1 that contradicts another one."),
        (2002, "2,002 of 200 rows to look at: 2 that ngram_svm finds unlikely, 2,000 that contradict another one."),
    ],
)
def test_why_rows_are_listed_is_said(issues: int, told: str) -> None:
    assert line_of_issues(issues, 2, 200, "ngram_svm") == told


def test_no_sample_is_written_where_none_is_wanted(
    composed, corpus: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    config = composed("inspect", *corpus, "inspect.system=majority", "inspect.blind_rows=0")
    execute(config, Path("run"), "stancelab inspect")
    assert "blind" not in capsys.readouterr().out
    assert not Path("run/blind_sample.csv").exists()


def test_a_baseline_that_does_not_exist_is_refused_before_any_work(
    corpus: list[str], refused: Callable[..., str]
) -> None:
    found = refused("inspect", *corpus, "inspect.system=lexikon", "inspect.folds=0")
    assert "inspect.system: found 'lexikon'" in found
    assert "Did you mean 'lexicon'?\n  inspect.folds: found 0" in found

"""Runs of a sweep: checked together, one after the other, and what becomes of those that fail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from stancelab.cli import main
from stancelab.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def seeds(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The seeds of splits that `prepare` was called with; 2 fails as a user's error, 3 as a fault of the program."""
    called: list[int] = []

    def execute(config: Any, run_folder: Path, line: str) -> None:
        called.append(config.split.seed)
        if config.split.seed == 2:
            raise DataError("mine.csv: row 7 is bad")
        if config.split.seed == 3:
            raise ZeroDivisionError

    monkeypatch.setattr("stancelab.cli.commands.prepare.execute", execute)
    return called


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            ["split.fold=0,9,1"],
            ["1 of 3 runs cannot be started, so none was:", "split.fold=9: ", "found 9, allowed 0 to"],
        ),
        (["split=random,nonsense"], ["split=nonsense: no such config"]),
        (["split.seed=1,x"], ["found 'x', expected a whole number"]),
        (
            ["split.seed=1,2", "audit.ngram=5,0"],
            ["2 of 4 runs cannot", "split.seed=1 audit.ngram=0: ", "split.seed=2 au"],
        ),
    ],
)
def test_every_value_is_checked_before_the_first_run(
    workplace: Path, seeds: list[int], capsys: pytest.CaptureFixture[str], words: list[str], told: list[str]
) -> None:
    assert main(["prepare", *words, "-m"]) == 2
    found = capsys.readouterr().err
    for part in told:
        assert part in found
    assert "Traceback" not in found
    assert seeds == []
    assert not (workplace / "outputs").exists()


def without_length(words: list[str]) -> list[str]:
    """Leave out the setting that a test gives itself: one that is given twice is told."""
    return [word for word in words if not word.startswith("model.input.max_length=")]


def test_what_a_command_checks_itself_is_checked_for_every_value(
    workplace: Path, toy: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    common = without_length(toy.data(toy.write_table(workplace / "mine.csv")))
    assert main(["train", *common, "model.input.max_length=32,65", "-m"]) == 2
    found = capsys.readouterr().err
    assert "1 of 2 runs cannot be started" in found
    assert "found 65, allowed are at most the 64 positions" in found
    assert not (workplace / "outputs" / "datasets").exists()


@pytest.mark.parametrize("words", [["training.batch_size=8,16", "-m"], ["sweep=seeds"]])
def test_what_is_wrong_with_every_run_is_said_once(
    workplace: Path, toy: Any, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    common = without_length(toy.data(toy.write_table(workplace / "mine.csv")))
    assert main(["train", *common, "model.input.max_length=65", *words]) == 2
    [found] = capsys.readouterr().err.splitlines()
    assert found.startswith("stancelab: model.input.max_length: found 65, allowed are at most the 64 positions")


@pytest.mark.parametrize("words", [["training.batch_size=8,16", "-m"], ["sweep=seeds"]])
def test_data_that_no_setting_of_the_sweep_mends_stop_it_with_one_line(
    workplace: Path, train_only: list[str], capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    assert main(["train", *train_only, *words]) == 2
    [found] = [line for line in capsys.readouterr().err.splitlines() if "no row is in a split" in line]
    assert found.startswith("stancelab: toy: no row is in a split 'test', only in train; ")
    assert not (workplace / "outputs" / "train").exists()


def test_data_that_a_setting_of_the_sweep_mends_stop_no_other_run(
    workplace: Path, train_only: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["prepare", *train_only, "split=given,random", "-m"]) == 2
    told = capsys.readouterr().err
    assert "1 of 2 runs failed" in told
    assert "split=given  FAILED: toy: no row is in a split 'test'" in told
    assert "split=random  done" in told


def test_a_table_that_cannot_be_read_stops_a_sweep_of_seeds(
    workplace: Path, toy: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    table = toy.write_table(workplace / "mine.csv")
    table.write_text(table.read_text().replace("0", "maybe", 1))
    assert main(["train", *toy.data(table), "sweep=seeds"]) == 2
    told = capsys.readouterr().err
    assert told.count("'maybe'") == 1
    assert "runs failed" not in told


def test_a_run_that_fails_stops_no_other(workplace: Path, seeds: list[int], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["prepare", "split.seed=1,2,3,4", "-m"]) == 2
    assert seeds == [1, 2, 3, 4]
    found = capsys.readouterr().err.splitlines()
    assert found[-5:] == [
        "stancelab: 2 of 4 runs failed:",
        "  0  split.seed=1  done",
        "  1  split.seed=2  FAILED: mine.csv: row 7 is bad",
        "  2  split.seed=3  FAILED: ZeroDivisionError: ",
        "  3  split.seed=4  done",
    ]


def test_ctrl_c_stops_the_sweep(workplace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[int] = []

    def execute(config: Any, run_folder: Path, line: str) -> None:
        called.append(config.split.seed)
        raise KeyboardInterrupt

    monkeypatch.setattr("stancelab.cli.commands.prepare.execute", execute)
    assert main(["prepare", "split.seed=1,2", "-m"]) == 130
    assert called == [1]

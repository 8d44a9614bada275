from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from stancelab.cli import main
from stancelab.cli.commands import COMMANDS
from stancelab.cli.config import known_keys
from stancelab.cli.usual_names import _USUAL, nearest_setting, usual_setting

if TYPE_CHECKING:
    from pathlib import Path


def test_every_usual_name_stands_for_a_setting() -> None:
    settings = {key for command in COMMANDS.values() for key in known_keys(command.config)}
    assert {setting for several in _USUAL.values() for setting in several} <= settings
    # A command's own setting comes first; "model" is one of train, and the checkpoint elsewhere.
    assert set(_USUAL) & settings == {"model"}


def test_a_usual_name_comes_before_one_that_is_near() -> None:
    settings = ["training.patience", "training.epochs"]
    assert nearest_setting("training.early_stopping_patience", settings) == " Here it is called 'training.patience'."
    assert nearest_setting("training.epoch", settings) == " Did you mean 'training.epochs'?"
    assert nearest_setting("early_stopping_patience", ["predict.target"]) == ""


def test_a_setting_without_its_group_is_found_where_one_has_the_name() -> None:
    assert usual_setting("resume", ["predict.resume", "predict.batch_size"]) == "predict.resume"
    assert usual_setting("dry-run", ["push.dry_run"]) == "push.dry_run"
    assert usual_setting("resume", ["a.resume", "b.resume"]) == ""
    assert usual_setting("batch_size", ["baselines.batch_size", "training.batch_size"]) == "training.batch_size"
    assert usual_setting("output_dir", ["output", "output_root"]) == "output"
    assert usual_setting("output_dir", ["output_root"]) == "output_root"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["predict", "resume=true"], "unknown setting 'resume'. Here it is called 'predict.resume'."),
        (["predict", "batch_size=8"], "unknown setting 'batch_size'. Here it is called 'predict.batch_size'."),
        (["predict", "model=x"], "run, prepare, train, evaluate and inspect do. Here it is called 'checkpoint'"),
        (["predict", "output_dir=x"], "unknown setting 'output_dir'. Here it is called 'output'."),
        (["predict", "--resume", "predict.workers=0"], "predict.workers: found 0"),
        (["predict", "--threads", "2"], "A setting is written without dashes: predict.threads=2"),
        (["train", "batch_size=8"], "unknown setting 'batch_size'. Here it is called 'training.batch_size'."),
        (["train", "output_dir=x"], "unknown setting 'output_dir'. Here it is called 'output_root'."),
        (["train", "--epochs", "3"], "A setting is written without dashes: training.epochs=3"),
        (["push", "checkpoint=x", "repo=a/b", "--dry-run"], "push.license: found None"),
    ],
)
def test_names_that_are_usual_elsewhere(
    workplace: Path, words: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [*words, "checkpoint=x", "input=x", "output=x"] if words[0] == "predict" else words
    assert main(words) == 2
    assert message in capsys.readouterr().err


@pytest.mark.parametrize(
    ("word", "setting"),
    [
        ("training.early_stopping_patience=3", "training.patience"),
        ("early_stopping_patience=3", "training.patience"),
        ("+early_stopping_patience=3", "training.patience"),
        ("training.class_weight=balanced", "training.class_weights"),
        ("class_weight=balanced", "training.class_weights"),
    ],
)
def test_the_command_line_names_the_setting(
    workplace: Path, word: str, setting: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", word]) == 2
    assert f"Here it is called {setting!r}." in capsys.readouterr().err

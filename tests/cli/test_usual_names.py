from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from stancelab.cli import main
from stancelab.cli.commands import COMMANDS
from stancelab.cli.config import known_keys
from stancelab.cli.usual_names import _USUAL, nearest_setting

if TYPE_CHECKING:
    from pathlib import Path


def test_every_usual_name_stands_for_a_setting_of_train() -> None:
    settings = known_keys(COMMANDS["train"].config)
    assert set(_USUAL.values()) <= set(settings)
    assert not set(_USUAL) & set(settings)


def test_a_usual_name_comes_before_one_that_is_near() -> None:
    settings = ["training.patience", "training.epochs"]
    assert nearest_setting("training.early_stopping_patience", settings) == " Here it is called 'training.patience'."
    assert nearest_setting("training.epoch", settings) == " Did you mean 'training.epochs'?"
    assert nearest_setting("early_stopping_patience", ["predict.target"]) == ""


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

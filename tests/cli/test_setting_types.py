"""Values that OmegaConf and Hydra would turn into others without a word."""

from __future__ import annotations

import pytest

from stancelab.cli import main
from stancelab.cli.commands.read import ReadConfig
from stancelab.cli.commands.run import RunConfig
from stancelab.cli.setting_types import check_switches, is_rewritten, types_of
from stancelab.cli.with_hydra import compose
from stancelab.cli.without_hydra import merge
from stancelab.errors import ConfigError


def test_types_are_those_of_the_settings() -> None:
    assert types_of(ReadConfig, "read.author") == (bool,)
    assert types_of(ReadConfig, "read.day_first") == (bool, type(None))
    assert types_of(ReadConfig, "read.columns.text") == (str, type(None))
    assert types_of(ReadConfig, "read.columns.txt") == types_of(ReadConfig, "examples") == ()


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("read.author=2", "read.author=2: found 2, expected true or false"),
        ("read.author=-1", "read.author=-1: found -1, expected true or false"),
        ("read.day_first=3", "read.day_first=3: found 3, expected true or false"),
        ("read={author: 2}", "read={author: 2}: read.author: found 2, expected true or false"),
    ],
)
def test_a_number_is_no_switch(word: str, message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", "checkpoint=a", "input=b", "output=c", word]) == 2
    assert capsys.readouterr().err == f"stancelab: {message}\n"


def test_a_number_is_no_switch_of_a_command_that_hydra_composes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "data=table", "training.resume=2"]) == 2
    assert capsys.readouterr().err == "stancelab: training.resume=2: found 2, expected true or false\n"


def test_zero_and_one_are_switches_and_other_settings_take_numbers() -> None:
    check_switches(["read.author=1", "read.bom=0", "read.memory=2", "read.bom=yes", "read.title={"], ReadConfig)
    assert merge("read", ["read.author=1", "read.bom=0"]).read.author is True
    with pytest.raises(ConfigError, match="found 7"):
        check_switches(["read.memory=2", "+read.fetch=7"], ReadConfig)


@pytest.mark.parametrize("value", ["true", "False", "1e3", "1_000", "0.50", ".5", "007", "nan", "-inf"])
def test_texts_stay_as_they_are_written(value: str) -> None:
    assert is_rewritten(RunConfig, "data.columns.text", value)
    assert compose("run", ["data=table", f"data.columns.text={value}"], None).data.columns.text == value


@pytest.mark.parametrize("value", ["12", "-3", "Text", "null", "a,b", "1 2"])
def test_texts_that_hydra_writes_as_they_are_are_left_to_it(value: str) -> None:
    assert not is_rewritten(RunConfig, "data.columns.text", value)


def test_numbers_and_switches_are_no_texts() -> None:
    assert not is_rewritten(RunConfig, "training.epochs", "1e3")
    assert compose("run", ["training.learning_rate=1e-5"], None).training.learning_rate == 1e-5


def test_texts_of_a_list_stay_as_they_are_written() -> None:
    config = merge("predict", ["predict.ignore=[on, 010, 1.50, null, 'a, b', 2026-01-01]"])
    assert list(config.predict.ignore) == ["on", "010", "1.50", "null", "a, b", "2026-01-01"]
    assert merge("predict", ["predict.missing_words=null"]).predict.missing_words is None

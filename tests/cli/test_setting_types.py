"""Values that OmegaConf and Hydra would turn into others without a word."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from omegaconf.errors import OmegaConfBaseException

from stancelab.cli import main
from stancelab.cli.commands.read import ReadConfig
from stancelab.cli.commands.run import RunConfig
from stancelab.cli.config import CommandConfig, build, known_keys
from stancelab.cli.explain import explain
from stancelab.cli.own_configs import OwnConfigs
from stancelab.cli.setting_types import types_of
from stancelab.cli.with_hydra import compose
from stancelab.cli.without_hydra import merge
from stancelab.cli.written import quoted_texts
from stancelab.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path


def test_types_are_those_of_the_settings() -> None:
    assert types_of(ReadConfig, "read.author") == (bool,)
    assert types_of(ReadConfig, "read.day_first") == (bool, type(None))
    assert types_of(ReadConfig, "read.columns.text") == (str, type(None))
    assert types_of(ReadConfig, "read.columns.txt") == types_of(ReadConfig, "examples") == ()


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("read.author=2", "2"), ("read.author=-1", "-1"), ("read.author='2'", "2"), ("read.author=1.0", "1.0"),
        ("read.author=maybe", "maybe"), ("read.day_first=3", "3"),
    ],
)  # fmt: skip
def test_a_number_is_no_switch(word: str, found: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", "checkpoint=a", "input=b", "output=c", word]) == 2
    assert capsys.readouterr().err == f"stancelab: {word}: found '{found}', expected true or false\n"


def test_a_number_is_no_switch_of_a_group_in_braces(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", "checkpoint=a", "input=b", "output=c", "read={author: 2}"]) == 2
    assert capsys.readouterr().err == "stancelab: read.author: found '2', expected true or false\n"


@pytest.mark.parametrize("word", ["training.resume=2", "training.resume='2'", "+training={resume: 2}"])
def test_a_number_is_no_switch_of_a_command_that_hydra_composes(word: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "data=table", word]) == 2
    assert capsys.readouterr().err == "stancelab: training.resume: found '2', expected true or false\n"


def switches(kind: type[CommandConfig]) -> list[str]:
    return [key for key in known_keys(kind) if bool in types_of(kind, key)]


def test_the_switches_of_a_recipe_are_found() -> None:
    found = {"training.resume", "evaluation.paired_seeds", "baselines.fit_on_validation", "model.input.pair"}
    assert found < set(switches(RunConfig))


@pytest.mark.parametrize("key", switches(RunConfig))
def test_a_number_is_no_switch_in_an_own_config(key: str, tmp_path: Path) -> None:
    (tmp_path / "experiment").mkdir()
    own = OwnConfigs(tmp_path, "--config-dir")
    for value, message in (
        ("2", "found '2'"), ("-1", "found '-1'"), ("'2'", "found '2'"), ("1.5", "found '1.5'"),
        ("'${seed}'", "found '13'"),
    ):  # fmt: skip
        content = value
        for part in reversed(key.split(".")):
            content = f"{{{part}: {content}}}"
        (tmp_path / "experiment" / "first.yaml").write_text(f"{content}\n")
        with pytest.raises(ConfigError, match=rf"^{re.escape(key)}: {message}, expected true or false$"):
            settled(["experiment=first", "data=table", "data.path=a.csv", "seed=13"], own)


def settled(words: list[str], own: OwnConfigs) -> CommandConfig:
    try:
        return build(compose("run", words, own), RunConfig)
    except OmegaConfBaseException as error:
        raise ConfigError(explain(error, RunConfig, own)) from error


def test_a_number_is_no_switch_of_a_sweep(workplace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (workplace / "mine" / "sweep").mkdir(parents=True)
    (workplace / "mine" / "sweep" / "own.yaml").write_text("hydra: {sweeper: {params: {training.resume: '1,2'}}}\n")
    for words in (["training.resume=1,2"], ["--config-dir", "mine", "sweep=own"]):
        assert main(["train", "data=table", "data.path=a.csv", *words, "-m"]) == 2
        assert "training.resume=2: training.resume: found '2', expected true or false" in capsys.readouterr().err


@pytest.mark.parametrize(("value", "is_on"), [("1", True), ("0", False), ("yes", True), ("Off", False), ("true", True)])
def test_zero_and_one_and_words_for_true_and_false_are_switches(value: str, is_on: bool) -> None:
    assert merge("read", [f"read.author={value}"]).read.author is is_on
    assert compose("train", ["data=table", f"training.resume={value}"], None).training.resume is is_on
    assert merge("read", ["read.memory=2"]).read.memory == 2


@pytest.mark.parametrize("value", ["true", "False", "1e3", "1_000", "0.50", ".5", "007", "nan", "-inf"])
def test_texts_stay_as_they_are_written(value: str) -> None:
    assert quoted_texts(f"data.columns.text={value}", (str,), sweeps=False) == f"data.columns.text='{value}'"
    assert compose("run", ["data=table", f"data.columns.text={value}"], None).data.columns.text == value


@pytest.mark.parametrize("value", ["12", "-3", "Text", "null", "a,b", "1 2"])
def test_texts_that_hydra_writes_as_they_are_are_left_to_it(value: str) -> None:
    assert quoted_texts(f"data.columns.text={value}", (str, type(None)), sweeps=False) == f"data.columns.text={value}"


def test_numbers_and_switches_are_no_texts() -> None:
    assert quoted_texts("training.epochs=1e3", (int,), sweeps=False) == "training.epochs=1e3"
    assert compose("run", ["training.learning_rate=1e-5"], None).training.learning_rate == 1e-5


def test_texts_of_a_list_stay_as_they_are_written() -> None:
    config = merge("predict", ["predict.ignore=[on, 010, 1.50, null, 'a, b', 2026-01-01]"])
    assert list(config.predict.ignore) == ["on", "010", "1.50", "null", "a, b", "2026-01-01"]
    assert merge("predict", ["predict.missing_words=null"]).predict.missing_words is None

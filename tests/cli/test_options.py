"""The words of a command line that are no settings."""

from __future__ import annotations

import re

import pytest

from stancelab.cli.options import check_options, flags_as_settings, gather_runs, split_words
from stancelab.cli.overrides import hydra_words
from stancelab.errors import ConfigError


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("--seed=3", "no option '--seed'. A setting is written without dashes: seed=3"),
        ("--multirn", "no option '--multirn'. Did you mean '--multirun'?"),
    ],
)
def test_unknown_options(word: str, message: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(message)):
        check_options(["--config-dir", "-odd", "data.path=-x", word])


SETTINGS = {"seed": 0, "push.dry_run": False, "training.resume": False, "training.batch_size": 16, "predict.device": ""}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--batch-size=8"], "no option '--batch-size'. A setting is written without dashes: training.batch_size=8"),
        (["--batch-size", "8"], "no option '--batch-size'. A setting is written without dashes: training.batch_size=8"),
        (["--cuda"], "no option '--cuda'. A setting is written without dashes: predict.device=VALUE"),
        (["--seed", "-m"], "no option '--seed'. A setting is written without dashes: seed=VALUE"),
        (["--dry-run=false"], "no option '--dry-run'. A setting is written without dashes: push.dry_run=false"),
    ],
)
def test_an_option_that_is_a_setting_here_is_named(words: list[str], message: str) -> None:
    with pytest.raises(ConfigError, match=f"^{re.escape(message)}$"):
        check_options(words, settings=SETTINGS)


def test_a_command_that_hydra_composes_has_another_word_for_a_dry_run() -> None:
    with pytest.raises(ConfigError, match=r"^no option .--dry-run.\. --cfg job prints the settings and does "):
        check_options(["--dry-run"], settings={"seed": 0})


def test_an_option_that_is_called_as_a_yes_or_no_setting_is_this_setting() -> None:
    words = ["--dry-run", "--resume", "--config-dir", "--resume", "--seed", "--help", "--cuda", "-m"]
    assert flags_as_settings(words, SETTINGS) == [
        "push.dry_run=true", "training.resume=true", "--config-dir", "--resume", "--seed", "--help", "--cuda", "-m",
    ]  # fmt: skip
    # Of two settings it says nothing which is meant.
    assert flags_as_settings(["--resume"], {"a.resume": False, "b.resume": False}) == ["--resume"]


def test_runs_to_compare_are_plain_words() -> None:
    words = gather_runs(["a/1", "evaluation.seed=3", "b (2)", "--config-dir", "a/1"])
    assert hydra_words(words) == ["runs=[a/1,'b (2)']", "evaluation.seed=3", "--config-dir", "a/1"]
    assert gather_runs(["~evaluation", "~/a", "~me/b"]) == ["runs=[~/a,~me/b]", "~evaluation"]
    assert gather_runs(["runs={old: a, new: b}"]) == ["runs={old: a, new: b}"]


def test_the_value_of_an_option_is_no_setting() -> None:
    assert split_words(["a=1", "--config-dir", "b=2", "-m", "c=3"]) == (["a=1", "c=3"], ["--config-dir", "b=2", "-m"])
    assert split_words(["--cfg", "job", "-p", "model", "c=3"]) == (["c=3"], ["--cfg", "job", "-p", "model"])

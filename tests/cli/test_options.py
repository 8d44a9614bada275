"""The words of a command line that are no settings."""

from __future__ import annotations

import re

import pytest

from stancelab.cli.options import check_options, gather_runs, split_words
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


def test_runs_to_compare_are_plain_words() -> None:
    words = gather_runs(["a/1", "evaluation.seed=3", "b (2)", "--config-dir", "a/1"])
    assert hydra_words(words) == ["runs=[a/1,'b (2)']", "evaluation.seed=3", "--config-dir", "a/1"]
    assert gather_runs(["~evaluation", "~/a", "~me/b"]) == ["runs=[~/a,~me/b]", "~evaluation"]
    assert gather_runs(["runs={old: a, new: b}"]) == ["runs={old: a, new: b}"]


def test_the_value_of_an_option_is_no_setting() -> None:
    assert split_words(["a=1", "--config-dir", "b=2", "-m", "c=3"]) == (["a=1", "c=3"], ["--config-dir", "b=2", "-m"])
    assert split_words(["--cfg", "job", "-p", "model", "c=3"]) == (["c=3"], ["--cfg", "job", "-p", "model"])

"""Errors of Hydra and OmegaConf in words of ours."""

from __future__ import annotations

import re

import pytest

from stancelab.cli.commands.train import TrainConfig
from stancelab.cli.explain import explain
from stancelab.cli.with_hydra import compose
from stancelab.errors import ConfigError


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("training.learnin_rate=1", "unknown setting 'training.learnin_rate'. Did you mean 'training.learning_rate'?"),
        ("modle=mpnet", "unknown setting 'modle'. Did you mean 'model'?"),
        ("training.epochs=abc", "training.epochs: Value 'abc' of type 'str' could not be converted to Integer"),
        ("data.extra=topic", "data.extra: expected a list; write 'data.extra=[VALUE]'"),
        (
            "model=mpnte",
            "model=mpnte: no such config; there are deberta_v3_base, minilm, minilm_window, mpnet. Did you",
        ),
        ("seed=0,1", "several runs, one for each value, need -m"),
        ("training.epochs", "cannot read 'training.epochs': "),
        ("=3", "cannot read '=3'; write KEY=VALUE"),
    ],
)
def test_what_a_person_needs_to_know(word: str, message: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(message)):
        compose("train", [word], None)


def test_other_errors_are_not_explained() -> None:
    assert explain(ValueError("Could not find 'x'"), TrainConfig, None) is None

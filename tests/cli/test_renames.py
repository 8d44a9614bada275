"""Old spellings of settings and experiments work for one version, with a warning."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from stancelab.cli import main
from stancelab.cli.own_configs import OwnConfigs, config_file
from stancelab.cli.renames import EXPERIMENTS, RenamedConfigs, renamed
from stancelab.cli.with_hydra import compose
from stancelab.errors import ConfigError


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (["evaluation.probes=[negated,typos]"], ["evaluation.perturbations=[negation_flip,typos]"]),
        (["evaluation.perturbations=[negated]"], ["evaluation.perturbations=[negation_flip]"]),
        (["++evaluation.bootstrap_draws=100"], ["++evaluation.bootstrap_resamples=100"]),
        (["experiment=newsmtsc_minilm", "seed=1"], ["experiment=newsmtsc", "seed=1"]),
        (["experiment=joint_mpnet"], ["experiment=joint", "model=mpnet"]),
        (["experiment=joint_mpnet", "model=minilm"], ["experiment=joint", "model=minilm"]),
        (["experiment=newsmtsc_minilm,mpqa_minilm", "-m"], ["experiment=newsmtsc,mpqa", "-m"]),
        (["experiment=newsmtsc_mpnet,joint_mpnet", "-m"], ["experiment=newsmtsc,joint", "model=mpnet", "-m"]),
        (["experiment=newsmtsc_minilm, quickstart", "-m"], ["experiment=newsmtsc,quickstart", "-m"]),
        (["experiment=joint_minilm,joint_mpnet", "model=a,b"], ["experiment=joint", "model=a,b"]),
        (['experiment="newsmtsc_minilm"'], ["experiment=newsmtsc"]),
        (["experiment='joint_mpnet'"], ["experiment=joint", "model=mpnet"]),
        (["experiment=[mpqa_minilm]"], ["experiment=[mpqa]"]),
        (["experiment=choice(mpqa_minilm,joint_minilm)"], ["experiment=choice(mpqa,joint)"]),
        (["split.seed=${evaluation.bootstrap_draws}"], ["split.seed=${evaluation.bootstrap_resamples}"]),
    ],
)
def test_old_words_are_todays_with_a_warning(
    old: list[str], new: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert renamed(old, None) == new
    shown = capsys.readouterr().err
    assert shown.startswith(f"stancelab: warning: {old[0]!r} is spelled {new[0]}")
    assert len(shown.splitlines()) == 1


def test_todays_words_stay_without_a_warning(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["experiment='joint', mine", "model=mpnet", "evaluation.perturbations=[all]", "data.path=negated.csv", "-m"]
    assert renamed(words, None) == words
    assert capsys.readouterr().err == ""


def test_what_old_experiments_are_now_is_there() -> None:
    for old, words in EXPERIMENTS.items():
        assert config_file("experiment", old, None) is None
        for word in words:
            group, _, name = word.partition("=")
            assert config_file(group, name, None) is not None


def test_an_experiment_of_ones_own_keeps_its_name(tmp_path: Path) -> None:
    (tmp_path / "experiment").mkdir()
    (tmp_path / "experiment" / "joint_mpnet.yaml").write_text("name: mine\n")
    assert renamed(["experiment=joint_mpnet"], OwnConfigs(tmp_path, "--config-dir")) == ["experiment=joint_mpnet"]


@pytest.mark.parametrize(
    "value", ["newsmtsc_minilm,newsmtsc_mpnet", "'newsmtsc_minilm', 'newsmtsc_mpnet'", "quickstart,newsmtsc_mpnet"]
)
def test_a_sweep_over_what_implies_different_models_is_refused(value: str) -> None:
    with pytest.raises(ConfigError, match="newsmtsc_mpnet is experiment=newsmtsc model=mpnet") as error:
        renamed([f"experiment={value}", "-m"], None)
    assert "model=minilm,mpnet -m" in str(error.value)


def own_config(folder: Path, group: str, content: str, name: str = "mine") -> OwnConfigs:
    (folder / group).mkdir(exist_ok=True)
    (folder / group / f"{name}.yaml").write_text(content)
    return OwnConfigs(folder, "--config-dir")


OLD_EXPERIMENT = """\
defaults: [newsmtsc_minilm]
evaluation:
  probes: [typos, negated]
  bootstrap_draws: 300
split:
  seed: ${evaluation.bootstrap_draws}
"""


def test_an_own_experiment_in_old_spellings_is_composed_with_warnings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = own_config(tmp_path, "experiment", OLD_EXPERIMENT)
    config = compose("run", ["experiment=mine"], own)
    assert (config.data.name, config.name, config.split.seed) == ("newsmtsc", "newsmtsc", 300)
    assert config.evaluation.perturbations == ["typos", "negation_flip"]
    assert config.evaluation.bootstrap_resamples == 300
    file = tmp_path / "experiment" / "mine.yaml"
    warnings = capsys.readouterr().err.splitlines()
    assert sorted(warnings) == sorted(
        f"stancelab: warning: {file}: {old!r} is spelled {new} now; the old spelling will go"
        for old, new in (
            ("newsmtsc_minilm", "newsmtsc"),
            ("evaluation.probes", "evaluation.perturbations"),
            ("evaluation.bootstrap_draws", "evaluation.bootstrap_resamples"),
            ("negated", "negation_flip"),
            ("${evaluation.bootstrap_draws}", "${evaluation.bootstrap_resamples}"),
        )
    )


@pytest.mark.parametrize(
    ("group", "content", "words"),
    [
        ("evaluation", "probes: [negated]\nbootstrap_draws: 5\n", ["evaluation=mine"]),
        ("experiment", "# @package evaluation\nprobes: [negated]\nbootstrap_draws: 5\n", ["experiment=mine"]),
        ("experiment", "evaluation: {perturbations: negated, bootstrap_draws: 5}\n", ["experiment=mine"]),
        ("experiment", "evaluation: {probes: [all], perturbations: [negated], bootstrap_draws: 5}\n",
         ["experiment=mine"]),
    ],
)  # fmt: skip
def test_old_keys_are_todays_wherever_they_stand(tmp_path: Path, group: str, content: str, words: list[str]) -> None:
    config = compose("run", words, own_config(tmp_path, group, content.replace("s: negated", "s: [negated]")))
    assert config.evaluation.perturbations == ["negation_flip"]
    assert config.evaluation.bootstrap_resamples == 5


@pytest.mark.parametrize(
    ("group", "entry"),
    [
        ("experiment", "newsmtsc_minilm"),
        ("experiment", "/experiment/newsmtsc_minilm"),
        ("experiment", "newsmtsc_minilm@_global_"),
        ("sweep", "override /experiment: newsmtsc_minilm"),
        ("sweep", "override /experiment: [newsmtsc_minilm]"),
    ],
)
def test_old_experiments_in_defaults_are_todays(tmp_path: Path, group: str, entry: str) -> None:
    own = own_config(tmp_path, group, f"defaults:\n  - {entry}\nseed: 4\n")
    config = compose("run", [f"{group}=mine"], own)
    assert (config.data.name, config.seed) == ("newsmtsc", 4)


def test_an_old_experiment_in_defaults_that_implied_a_model_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = own_config(tmp_path, "experiment", "defaults: [joint_mpnet]\n")
    message = (
        f"{tmp_path / 'experiment' / 'mine.yaml'}: the experiment 'joint_mpnet' in its defaults is experiment=joint "
        "model=mpnet now; write '- joint', '- override /model: mpnet'"
    )
    with pytest.raises(ConfigError, match=re.escape(message)):
        compose("run", ["experiment=mine"], own)
    assert main(["prepare", "--config-dir", str(tmp_path), "experiment=mine"]) == 2
    assert capsys.readouterr().err == f"stancelab: {message}\n"


def test_an_own_sweep_in_old_spellings_is_todays() -> None:
    params = {"evaluation.bootstrap_draws": "5,6", "evaluation.probes": "[negated],[typos]",
              "experiment": "newsmtsc_minilm,mpqa_minilm", "seed": 3}  # fmt: skip
    content = {"hydra": {"mode": "MULTIRUN", "sweeper": {"params": params}}}
    own = OwnConfigs(Path("mine"), "--config-dir")
    assert RenamedConfigs()(content, Path("x.yaml"), "sweep", "", own)["hydra"]["sweeper"]["params"] == {
        "evaluation.bootstrap_resamples": "5,6",
        "evaluation.perturbations": "[negation_flip],[typos]",
        "experiment": "newsmtsc,mpqa",
        "seed": 3,
    }
    params["experiment"] = "newsmtsc_mpnet"
    with pytest.raises(ConfigError, match=r"x\.yaml: the experiment 'newsmtsc_mpnet' is experiment=newsmtsc model="):
        RenamedConfigs()(content, Path("x.yaml"), "sweep", "", own)
    params["experiment"] = "newsmtsc_minilm,newsmtsc_mpnet"
    with pytest.raises(ConfigError, match=r"x\.yaml: experiment=newsmtsc_minilm,newsmtsc_mpnet: old names that imply"):
        RenamedConfigs()(content, Path("x.yaml"), "sweep", "", own)


def test_a_file_of_ones_own_in_todays_words_stays(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own_config(tmp_path, "experiment", "name: mine\n", "joint_mpnet")
    own = own_config(tmp_path, "experiment", "defaults: [joint_mpnet]\nevaluation: {perturbations: [typos]}\n")
    assert compose("run", ["experiment=mine"], own).name == "mine"
    assert capsys.readouterr().err == ""

"""Old spellings of settings and experiments work for one version, with a warning."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from stancelab.cli.own_configs import OwnConfigs, config_file
from stancelab.cli.renames import EXPERIMENTS, renamed

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (["evaluation.probes=[negated,typos]"], ["evaluation.perturbations=[negation_flip,typos]"]),
        (["evaluation.perturbations=[negated]"], ["evaluation.perturbations=[negation_flip]"]),
        (["++evaluation.bootstrap_draws=100"], ["++evaluation.bootstrap_resamples=100"]),
        (["experiment=newsmtsc_minilm", "seed=1"], ["experiment=newsmtsc", "seed=1"]),
        (["experiment=joint_mpnet"], ["experiment=joint", "model=mpnet"]),
        (["experiment=joint_mpnet", "model=minilm"], ["experiment=joint", "model=minilm"]),
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
    words = ["experiment=joint", "model=mpnet", "evaluation.perturbations=[all]", "data.path=negated.csv", "-m"]
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

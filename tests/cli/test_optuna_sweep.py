"""The search over settings, with what `train` does replaced by a score that is known."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hydra.core.override_parser.overrides_parser import OverridesParser

from stancelab.cli import main
from stancelab.cli.optuna_sweep import search_space
from stancelab.errors import ConfigError, DataError

if TYPE_CHECKING:
    from pathlib import Path

SEARCH = ["train", "hydra/sweeper=stancelab_optuna", "-m"]


def test_the_extra_is_named_where_optuna_is_missing(
    workplace: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("stancelab.extras.find_spec", lambda name: None if name == "optuna" else True)
    assert main(["train", "sweep=optuna"]) == 2
    assert 'sweep=optuna needs optuna: pip install "stancelab[sweep]"' in capsys.readouterr().err
    assert not (workplace / "outputs" / "datasets").exists()


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> list[tuple[float, int]]:
    """The settings that were tried; the score is best at a rate of 1e-3 and a batch of 16, and 32 epochs fail."""
    pytest.importorskip("optuna", reason="needs the extra sweep")
    settings: list[tuple[float, int]] = []

    def execute(config: Any, run_folder: Path, line: str) -> None:
        rate, batch = config.training.learning_rate, config.training.batch_size
        settings.append((rate, batch))
        if batch == 32:
            raise DataError("mine.csv: row 7 is bad")
        score = 0.9 - 100 * abs(rate - 1e-3) - 0.1 * (batch != 16)
        (run_folder / "training.json").write_text(json.dumps({"dev": {"metric": "macro_f1", "macro_f1": score}}))

    monkeypatch.setattr("stancelab.cli.commands.train.execute", execute)
    monkeypatch.setattr("stancelab.cli.commands.train.check", lambda config: None)
    return settings


def test_the_search_finds_the_best_setting_and_ends_with_the_table(
    workplace: Path, tried: list[tuple[float, int]], capsys: pytest.CaptureFixture[str]
) -> None:
    rate = "training.learning_rate=tag(log,interval(1e-5,1e-2))"
    words = [*SEARCH, rate, "training.batch_size=choice(8,16)", "hydra.sweeper.n_trials=6"]
    assert main(words) == 0
    assert len(tried) == 6
    assert all(1e-5 <= rate <= 1e-2 for rate, _ in tried)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "dev macro_f1 in percent, by setting, the best first"
    best = min(tried, key=lambda each: 100 * abs(each[0] - 1e-3) + 0.1 * (each[1] != 16))
    assert f"training.learning_rate={best[0]:.4g} training.batch_size={best[1]}" in lines[2]
    [sweep] = (workplace / "outputs" / "train").glob("*/*")
    folders = {path.name for path in sweep.iterdir() if path.is_dir()}
    assert len(folders) == 6
    assert all(name.startswith(("learning_rate-", "batch_size-")) for name in folders)
    # The same seed tries the same settings again.
    first = list(tried)
    tried.clear()
    assert main(words) == 0
    assert tried == first


def test_a_run_that_fails_stops_no_other(
    workplace: Path, tried: list[tuple[float, int]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*SEARCH, "training.batch_size=choice(16,32)", "hydra.sweeper.n_trials=5"]) == 2
    # A setting that is proposed again is not run again.
    assert sorted(batch for _, batch in tried) == [16, 32]
    told = capsys.readouterr()
    assert "FAILED: mine.csv: row 7 is bad" in told.err
    assert told.out.splitlines()[2].split()[2] == "training.batch_size=16"
    assert told.out.splitlines()[-2].split()[1] == "failed"


def test_data_that_no_searched_setting_mends_stop_the_search_with_one_line(
    workplace: Path, train_only: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("optuna", reason="needs the extra sweep")
    assert main([*SEARCH, *train_only, "training.batch_size=choice(8,16)", "hydra.sweeper.n_trials=4"]) == 2
    [found] = [line for line in capsys.readouterr().err.splitlines() if "no row is in a split" in line]
    assert found.startswith("stancelab: toy: no row is in a split 'test', only in train; ")
    assert not (workplace / "outputs" / "train").exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["training.label_smoothing=interval(0.0,1.5)"], "training.label_smoothing=1.5: "),
        (["split=choice(random,nonsense)"], "split=nonsense: no such config"),
        ([], "sweep=optuna: no setting has several values"),
        (["training.batch_size=8,16", "hydra.sweeper.n_trials=0"], "hydra.sweeper.n_trials: found 0, allowed 1"),
    ],
)
def test_the_ends_of_the_search_are_checked_before_the_first_run(
    workplace: Path,
    tried: list[tuple[float, int]],
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    message: str,
) -> None:
    assert main([*SEARCH, *words]) == 2
    assert message in capsys.readouterr().err
    assert tried == []
    assert list(workplace.rglob("*.yaml")) == []


def test_a_command_without_a_score_on_dev_is_refused(
    workplace: Path, tried: list[tuple[float, int]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["prepare", *SEARCH[1:], "split.seed=1,2"]) == 2
    assert "stancelab prepare has no score on dev to search by; use train or run" in capsys.readouterr().err


def test_the_space_is_written_as_for_hydras_own_plugin() -> None:
    distributions = pytest.importorskip("optuna", reason="needs the extra sweep").distributions
    words = ["a=interval(1,4)", "b=tag(log,interval(1e-3,1))", "c=x,y", "d=range(0,6,2)", "e=7", "a=interval(0.5,4)"]
    space, fixed = search_space(OverridesParser.create().parse_overrides(words))
    assert space == {
        "a": distributions.FloatDistribution(0.5, 4.0),
        "b": distributions.FloatDistribution(1e-3, 1.0, log=True),
        "c": distributions.CategoricalDistribution(["x", "y"]),
        "d": distributions.CategoricalDistribution(["0", "2", "4"]),
    }
    assert fixed == ["e=7"]
    with pytest.raises(ConfigError, match="no setting has several values"):
        search_space(OverridesParser.create().parse_overrides(["e=1,2", "e=3"]))

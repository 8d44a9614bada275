from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from stancelab.errors import ConfigError
from stancelab.evaluation.runs.find import evaluations_in, find_evaluations, label_evaluations

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    """Two runs of one experiment and a sweep of two of another."""
    for name in ("net/1", "net/2", "sweep/1/seed0", "sweep/1/seed1"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "metrics.json").touch()
    return tmp_path


def test_a_folder_stands_for_itself_or_for_what_is_in_it(runs: Path) -> None:
    assert evaluations_in(runs / "net" / "1") == [runs / "net" / "1"]
    assert evaluations_in(runs / "net") == [runs / "net" / "1", runs / "net" / "2"]
    assert evaluations_in(runs / "sweep") == [runs / "sweep" / "1" / "seed0", runs / "sweep" / "1" / "seed1"]
    assert evaluations_in(runs / "none") == [runs / "none"]


def test_names_stand_for_one_evaluation_and_none_is_given_twice(runs: Path) -> None:
    net = runs / "net"
    assert find_evaluations([("mine", net / "1"), (None, runs / "sweep" / "1")]) == [
        ("mine", net / "1"), (None, runs / "sweep" / "1" / "seed0"), (None, runs / "sweep" / "1" / "seed1"),
    ]  # fmt: skip
    with pytest.raises(ConfigError, match=r"'mine' names .*net, which holds 2 runs; name each of them"):
        find_evaluations([("mine", net)])
    with pytest.raises(ConfigError, match="1 is given twice, by itself or with the folder that holds it"):
        find_evaluations([(None, net), (None, net / "1")])


def test_evaluations_are_called_after_their_experiments(runs: Path) -> None:
    net, sweep = runs / "net", runs / "sweep"
    assert label_evaluations([(None, net / "1"), ("mine", net / "2"), (None, sweep / "1")]) == {
        "net": net / "1", "mine": net / "2", "sweep": sweep / "1",
    }  # fmt: skip
    assert list(label_evaluations([(None, net / "1"), (None, net / "2")])) == ["net 1", "net 2"]

"""A setting that is given twice: the last one counts, with a warning; in a sweep it is refused."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from stancelab.cli import main
from stancelab.cli.repeated import tell_repeated
from stancelab.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

DEFAULTS = {"data.path": None, "baselines.names": ["majority"], "seed": 0}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            ["data.path=a", "seed=1", "data.path=b"],
            "stancelab: data.path: is given twice (data.path=a and data.path=b); the last one counts\n",
        ),
        (
            ["seed=1", "seed=2", "seed=1"],
            "stancelab: seed: is given 3 times (seed=1 and seed=2 and seed=1); the last one counts\n",
        ),
        (["data=a", "data=b"], "stancelab: data: is given twice (data=a and data=b); the last one counts\n"),
        (
            ["baselines.names=[a]", "baselines.names=[b]"],
            "stancelab: baselines.names: is given twice (baselines.names=[a] and baselines.names=[b]); the last one "
            "counts; several values are one list, baselines.names=[A,B]\n",
        ),
        (["seed=0,1", "-m", "split.seed=1", "split.seed=2"],
         "stancelab: split.seed: is given twice (split.seed=1 and split.seed=2); the last one counts\n"),
        (["seed=1", "seed=1"], ""),
        (["seed=1", "++seed=2", "+seed=3", "~seed"], ""),
        (["mine/a=1", "mine/a=1", "-cn", "x=1", "-cn", "x=2"], ""),
    ],
)  # fmt: skip
def test_the_warning_names_both(words: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    tell_repeated(words, DEFAULTS)
    assert capsys.readouterr().err == told


@pytest.mark.parametrize(
    "words",
    [
        ["seed=0,1", "seed=2", "-m"],
        ["-m", "seed=2", "seed=choice(0,1)"],
        ["seed=0,1", "seed=0,1", "sweep=folds"],
        ["-m", "data.path=größe.csv,größer.csv", "data.path=a"],
    ],
)
def test_values_of_a_sweep_are_given_once(words: list[str]) -> None:
    first, second = [word for word in words if word.partition("=")[0] in DEFAULTS]
    key = first.partition("=")[0]
    told = f"{key}: is given twice ({first} and {second}); in a sweep a setting is given once, with all its values"
    with pytest.raises(ConfigError, match=re.escape(told)):
        tell_repeated(words, DEFAULTS)


def test_the_commands_tell_it(workplace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["predict", "input=a.csv", "input=b.csv", "output=c.csv", "checkpoint=nowhere"]) == 2
    assert capsys.readouterr().err == (
        "stancelab: input: is given twice (input=a.csv and input=b.csv); the last one counts\n"
        "stancelab: b.csv: no such file.\n"
    )
    assert main(["train", "seed=0,1", "seed=1", "-m"]) == 2
    assert "in a sweep a setting is given once" in capsys.readouterr().err
    assert list(workplace.iterdir()) == []

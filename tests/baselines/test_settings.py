"""Impossible settings are named with what is allowed."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from stancelab.baselines.registry import BASELINES
from stancelab.baselines.settings import BaselineSettings
from stancelab.cli.help import meanings


def test_defaults_are_possible() -> None:
    assert BaselineSettings().problems() == []
    assert BaselineSettings(names=[]).problems() == []


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"names": ["majorty"]}, f"names: found 'majorty', allowed {', '.join(BASELINES)}. Did you mean 'majority'?"),
        ({"names": ["lexicon", "lexicon"]}, "names: found 'lexicon' twice, allowed once"),
        ({"metric": "f1"}, "metric: found 'f1', allowed macro_f1, f_avg, accuracy."),
        ({"seed": -1}, "seed: found -1, allowed >= 0 and <= 4294967295"),
        ({"folds": 1}, "folds: found 1, allowed >= 2 and <= 20"),
        ({"min_rows_per_target": 1}, "min_rows_per_target: found 1, allowed >= 2"),
        ({"max_length": 4}, "max_length: found 4, allowed >= 8 and <= 8192"),
        ({"batch_size": 0}, "batch_size: found 0, allowed >= 1 and <= 4096"),
        ({"encoder": " "}, "encoder: found '', allowed package:NAME, a local folder or a hub name"),
    ],
)
def test_impossible_values(changes: dict[str, Any], line: str) -> None:
    found = BaselineSettings(**changes).problems()
    assert len(found) == 1
    assert found[0].startswith(line)


def test_a_missing_package_is_named_before_any_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "setfit", None)
    assert BaselineSettings(names=["setfit"]).problems() == [
        'names: the baseline setfit needs setfit: pip install "stancelab[few_shot]"'
    ]
    assert BaselineSettings().problems() == []


def test_the_help_names_every_baseline() -> None:
    meaning = meanings(BaselineSettings)["names"]
    assert meaning == f"The baselines to fit, each once: {', '.join(BASELINES)}."

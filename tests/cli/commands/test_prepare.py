"""The dataset that is prepared, also where a current one is there."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from stancelab.cli.commands.prepare import execute
from stancelab.cli.steps import prepared_dataset

if TYPE_CHECKING:
    from collections.abc import Callable


def test_a_current_dataset_is_made_anew(
    composed, corpus: list[str], capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    config = composed("prepare", *corpus)
    with caplog.at_level(logging.INFO):
        first = prepared_dataset(config)
        prepared_dataset(config)
        assert caplog.text.count("using the prepared dataset outputs/datasets/toy") == 1
        execute(config, Path("run"), "stancelab prepare")
    assert caplog.text.count("using the prepared dataset") == 1
    assert prepared_dataset(config).fingerprint == first.fingerprint
    manifest = json.loads(Path("run/manifest.json").read_text())
    assert (manifest["kind"], manifest["dataset"]) == ("prepare", str(first.folder))
    assert first.folder.as_posix().startswith("outputs/datasets/toy-")
    assert capsys.readouterr().out == f"prepared dataset: {first.folder}\n"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["split.kind=kfold", "split.fold=7"], "split.fold: found 7, allowed 0 to 4, since split.folds is 5"),
        (["data.columns.text=Twet"], "no column 'Twet'"),
        (["data.labels.favor=[pro]"], "no known stance"),
        (["evaluation.bins=3"], "evaluation.bins: stancelab prepare does not use it"),
    ],
)
def test_what_cannot_be_prepared(
    corpus: list[str], refused: Callable[..., str], words: list[str], message: str
) -> None:
    assert message in refused("prepare", *corpus, *words)

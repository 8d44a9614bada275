"""The settings that the commands on a corpus share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from stancelab.cli.commands.run import RunConfig
from stancelab.cli.commands.train import TrainConfig
from stancelab.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable

    from stancelab.cli.config import CommandConfig

    Composed = Callable[..., CommandConfig]


def test_several_corpora_in_one_word(composed: Composed) -> None:
    config = composed("train", "data=[newsmtsc,mpqa]", "data.corpora.mpqa.path=folder")
    assert isinstance(config, TrainConfig)
    assert [corpus.name for corpus in config.data.each()] == ["newsmtsc", "mpqa"]
    assert config.data.each()[1].path == "folder"
    assert config.data.each()[0].reader == "newsmtsc"
    assert config.name == "newsmtsc-mpqa-minilm"


def test_settings_of_one_corpus_beside_several_are_refused(composed: Composed) -> None:
    message = (
        r"data\.path: is not used beside several corpora; set it for each, as in data\.corpora\.newsmtsc\.path=VALUE"
    )
    with pytest.raises(ConfigError, match=message):
        composed("train", "data=[newsmtsc,mpqa]", "data.path=folder")


def test_problems_of_several_corpora_name_the_corpus(composed: Composed) -> None:
    with pytest.raises(ConfigError, match=r"data\.corpora\.mpqa\.on_bad_rows: found 'skip'"):
        composed("prepare", "data=[newsmtsc,mpqa]", "data.corpora.mpqa.on_bad_rows=skip")


def test_labels_and_columns_are_set_as_the_docs_say(composed: Composed) -> None:
    config = composed(
        "run", "data=table", "data.path=mine.csv", "data.columns.text=Tweet", "data.labels.favor=[FAVOR,pro,2,6.0]"
    )
    assert isinstance(config, RunConfig)
    [corpus] = config.data.each()
    assert corpus.columns.text == "Tweet"
    assert corpus.labels.favor == ["FAVOR", "pro", "2", "6.0"]

"""The names of prepared datasets' folders say what people look for, in every script."""

from __future__ import annotations

from typing import Any

import pytest

from stancelab.data.folder_names import name_problem, readable_name, word_of
from stancelab.data.settings import CorpusSettings
from stancelab.data.split_settings import SplitSettings


@pytest.mark.parametrize(
    ("corpora", "split", "name"),
    [
        ([CorpusSettings(name="mine")], {}, "mine"),
        ([CorpusSettings(path="a b/my table.v2.csv")], {}, "table-my-table"),
        ([CorpusSettings(path="данные.csv")], {}, "table-данные"),
        ([CorpusSettings(path="数据.csv")], {}, "table-数据"),
        ([CorpusSettings(path="===.csv")], {}, "table"),
        ([CorpusSettings(name="mine", path="other.csv")], {"kind": "grouped", "seed": 3}, "mine-grouped-seed3"),
        ([CorpusSettings(name="a"), CorpusSettings(name="b")], {}, "a-b"),
        ([CorpusSettings(name="a")], {"kind": "kfold", "fold": 2}, "a-kfold-seed13-fold2of5"),
        (
            [CorpusSettings(name="a")],
            {"kind": "leave_target_out", "target": "climate change!"},
            "a-leave_target_out-seed13-climate-change",
        ),
        ([CorpusSettings(name="a")], {"shots": 8, "sample_seed": 2}, "a-8shots-seed2"),
        ([CorpusSettings(name="a")], {"train_rows": 100}, "a-100rows-seed13"),
        ([CorpusSettings(name="a")], {"train_share": 0.125}, "a-12.5percent-seed13"),
        ([CorpusSettings(name="a")], {"train_share": 1.0}, "a"),
    ],
)
def test_names_say_corpora_and_split(corpora: list[CorpusSettings], split: dict[str, Any], name: str) -> None:
    assert readable_name(corpora, SplitSettings(**split)) == name


def test_a_name_of_ones_own_and_very_long_ones() -> None:
    corpora = [CorpusSettings(name="a"), CorpusSettings(name="b")]
    assert readable_name(corpora, SplitSettings(), "both") == "both"
    long = SplitSettings(kind="leave_target_out", target="климат " * 40)
    assert len(readable_name([CorpusSettings(name="а" * 40)], long).encode()) <= 120
    assert word_of("ë" * 100) == "ë" * 24


@pytest.mark.parametrize(
    ("name", "good"),
    [("a-b", True), ("Übung 2.1", True), ("..", False), ("a/..", False), (" a", False), ("a\0", False), ("", False)],
)
def test_names_of_ones_own(name: str, good: bool) -> None:
    assert (name_problem(name) is None) == good

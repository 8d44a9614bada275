"""Each corpus is found, read as its settings say, and has the rows that its authors count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import pytest
import yaml

from stancelab.data.corpora import input_files, own_corpus
from stancelab.data.settings import CorpusSettings
from stancelab.errors import ConfigError, DataError
from stancelab.schema import Example

SettingsOf = Callable[..., CorpusSettings]
Read = Callable[[CorpusSettings], tuple[list[Example], list[str], Counter[str]]]

CONFIGS = Path(__file__).resolve().parents[2] / "configs" / "data"
PUBLIC = ("newsmtsc", "semeval2016", "mpqa", "dse", "seesaw", "mpqa_stances")


@pytest.mark.parametrize("name", [*PUBLIC, "diplomacy", "table"])
def test_configs_are_sound_and_repeat_no_default(name: str, settings_of: SettingsOf) -> None:
    settings = settings_of(name)
    assert settings.problems() == []
    written = yaml.safe_load((CONFIGS / f"{name}.yaml").read_text(encoding="utf-8"))
    defaults = CorpusSettings()
    for key in written.keys() - {"name", "reader", "labels"}:
        assert written[key] != getattr(defaults, key), f"{key} repeats the default"
    assert written.keys() <= {f.name for f in fields(CorpusSettings)}


@pytest.mark.parametrize("name", PUBLIC)
def test_a_folder_without_the_files_says_where_to_get_them(tmp_path: Path, name: str, settings_of: SettingsOf) -> None:
    with pytest.raises(DataError, match=r": lacks .*; it holds nothing\. Expected data\.path=FOLDER with the f"):
        input_files(settings_of(name, path=str(tmp_path)))
    with pytest.raises(DataError, match=r"nowhere: no such folder; data\.path of"):
        input_files(settings_of(name, path=str(tmp_path / "nowhere")))


def test_nothing_says_where_the_corpus_is(settings_of: SettingsOf) -> None:
    with pytest.raises(
        ConfigError, match=r"data\.path: not set for 'mpqa'; expected data\.path=FOLDER .* not on the hub"
    ):
        input_files(settings_of("mpqa"))
    with pytest.raises(ConfigError, match=r"data\.path: not set for 'mine'; expected data\.path=FILE"):
        input_files(CorpusSettings(name="mine"))


def test_the_projects_own_corpus_is_found_in_a_clone_and_in_the_package(tmp_path: Path) -> None:
    package = tmp_path / "src" / "stancelab"
    assert own_corpus("mine", package) is None
    clone, wheel = tmp_path / "data" / "mine", package / "_corpora" / "mine"
    for folder in (clone, wheel):
        folder.mkdir(parents=True)
        (folder / "mine.csv").write_text("text,target,stance\n", encoding="utf-8")
        assert own_corpus("mine", package) == folder / "mine.csv"


@pytest.mark.benchmark_data
@pytest.mark.parametrize(
    ("name", "counts"),
    [
        (
            "newsmtsc",
            {"train": 8739, "validation_rw": 343, "validation_mt": 442, "test_rw": 803, "test_mt": 1034},
        ),
        ("semeval2016", {"train": 2620, "validation": 294, "test": 1249}),
        ("mpqa", {"train": 1481, "validation": 499, "test": 409}),
    ],
)
def test_row_counts_of_the_public_corpora(
    benchmark_data: Path, name: str, counts: dict[str, int], read: Read, settings_of: SettingsOf
) -> None:
    examples, problems, _ = read(settings_of(name, path=str(benchmark_data / name)))
    assert problems == []
    assert Counter(e.split for e in examples) == counts
    assert len({e.id for e in examples}) == len(examples)
    for example in examples:
        if example.target_span is not None:
            assert example.text[slice(*example.target_span)].strip() == example.target
        if example.source_span is not None:
            assert example.text[slice(*example.source_span)].strip() == example.source

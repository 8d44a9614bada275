"""Names in settings are taken as they are written, in files and on the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from omegaconf import OmegaConf

from stancelab.cli.commands.run import RunConfig
from stancelab.cli.inputs import named_paths
from stancelab.cli.own_configs import OwnConfigs
from stancelab.cli.with_hydra import compose
from stancelab.cli.without_hydra import merge
from stancelab.cli.written import load_settings, quoted_texts
from stancelab.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

WORDS = ("on", "off", "yes", "No", "NO", "true", "1e3", "012", "0x1f", "1_000", "12:30", "2024-01-01", ".5", "nan", "5")


@pytest.mark.parametrize("word", WORDS)
def test_yaml_keeps_names_as_values_and_as_keys(word: str) -> None:
    text = (
        f"data: {{name: {word}, path: {word}, columns: {{text: {word}}}, labels: {{favor: [{word}]}}, "
        f"target_names: {{{word}: {word}}}, corpora: {{{word}: {{path: {{{word}: {word}}}}}}}}}\n"
        f"training: {{corpus_shares: {{{word}: 0.5}}}}\ndemo: [{{text: {word}}}]\n"
    )
    assert load_settings(text, (RunConfig,)) == {
        "data": {
            "name": word,
            "path": word,
            "columns": {"text": word},
            "labels": {"favor": [word]},
            "target_names": {word: word},
            "corpora": {word: {"path": {word: word}}},
        },
        "training": {"corpus_shares": {word: 0.5}},
        "demo": [{"text": word}],
    }


def test_yaml_of_other_types_is_read_as_before() -> None:
    text = "seed: 012\ntraining: {resume: on, learning_rate: 1e-4}\ndata: {columns: {text: ~}, encoding: null}\n"
    assert load_settings(text, (RunConfig,)) == {
        "seed": 10,
        "training": {"resume": True, "learning_rate": 1e-4},
        "data": {"columns": {"text": None}, "encoding": None},
    }


def test_yaml_of_a_group_begins_at_its_package() -> None:
    assert load_settings("{text: on}", (RunConfig,), "data.columns") == {"text": "on"}
    text = "base: &base {text: off}\ncolumns: {<<: *base, source: on}\n"
    assert load_settings(text, (RunConfig,), "data")["columns"] == {"text": "off", "source": "on"}


def test_an_own_config_keeps_names(tmp_path: Path) -> None:
    for folder, text in (
        ("data", "name: no\ncolumns: {text: on}\nlabels: {favor: [yes, 1e3]}\ntarget_names: {NO: Norway, 012: x}\n"),
        ("experiment", "data: {columns: {target: off}}\n"),
    ):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "mine.yaml").write_text(text)
    data = compose("prepare", ["data=mine", "experiment=mine"], OwnConfigs(tmp_path, "--config-dir")).data
    assert (data.name, data.columns.text, data.columns.target) == ("no", "on", "off")
    assert list(data.labels.favor) == ["yes", "1e3"]
    assert OmegaConf.to_container(data.target_names) == {"NO": "Norway", "012": "x"}


def test_a_sweep_keeps_names() -> None:
    text = "hydra: {sweeper: {params: {data.columns.text: 'true,on', data.name: no, seed: '1,2'}}}\n"
    params = load_settings(text, (RunConfig,))["hydra"]["sweeper"]["params"]
    assert params == {"data.columns.text": "'true',on", "data.name": "no", "seed": "1,2"}


def test_a_command_line_keeps_names() -> None:
    words = [
        "data.columns={text: true, source: on}", "data.labels.favor=[1e3,yes,007,2]", "data.path=1e3",
        "data.target_names={NO: true, x: on}",
    ]  # fmt: skip
    data = compose("run", ["data=table", *words], None).data
    assert (data.columns.text, data.columns.source, data.path) == ("true", "on", "1e3")
    assert list(data.labels.favor) == ["1e3", "yes", "007", "2"]
    assert OmegaConf.to_container(data.target_names) == {"NO": "true", "x": "on"}
    assert merge("read", ["read={columns: {text: on, title: 012}, author: on}"]).read.columns.text == "on"


def test_values_of_a_sweep_are_quoted_one_by_one() -> None:
    assert quoted_texts("name=true,a", (str,), sweeps=True) == "name='true',a"
    assert quoted_texts("name=true,a", (str,), sweeps=False) == "name=true,a"


@pytest.mark.parametrize("name", ["true", "1e3", "2024", "null"])
def test_a_name_that_hydra_has_no_quotes_for_is_refused(name: str) -> None:
    with pytest.raises(ConfigError, match=rf"takes the name '{name}' for a number, a switch or nothing; write the"):
        compose("run", ["data=table", f"data.target_names={{{name}: x}}"], None)


def test_names_of_tables_stay_as_they_are_written() -> None:
    found = named_paths("predictions", "{no: a.csv, größe: [on, b.csv]}")
    assert [(name, [str(path) for path in paths]) for name, paths in found] == [
        ("no", ["a.csv"]),
        ("größe", ["on", "b.csv"]),
    ]

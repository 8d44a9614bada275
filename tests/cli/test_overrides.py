"""Settings as Hydra takes them: values are taken as they are written."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

import pytest

from stancelab.cli.commands.run import RunConfig
from stancelab.cli.overrides import expand_corpora, hydra_words
from stancelab.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from stancelab.cli.config import CommandConfig
    from stancelab.cli.recipe import DataConfig

    Composed = Callable[..., CommandConfig]

ODD_VALUES = [
    "größe (1), Kopie=2.csv", "данные.csv", "it's.csv", "two words.csv", "C:\\new\\a'b.csv", "a\\", "'", "[a.csv",
    "{source}", "0,1",
]  # fmt: skip


@pytest.mark.parametrize("value", ODD_VALUES)
def test_values_are_taken_as_they_are_written(value: str, composed: Composed) -> None:
    config = composed("run", "data=table", f"data.path={value}")
    assert isinstance(config, RunConfig)
    assert config.data.path == value


def test_labels_of_any_language_go_into_a_list(composed: Composed) -> None:
    config = composed("run", "data.labels.favor=[dafür, za (+), 2]", "data.labels.against=['a,b', no]")
    assert isinstance(config, RunConfig)
    assert config.data.labels.favor == ["dafür", "za (+)", "2"]
    assert config.data.labels.against == ["a,b", "no"]


def test_texts_of_any_language_go_into_lists_and_pairs(composed: Composed) -> None:
    demo = "demo=[{text: 卢旺达 欢迎 协议, target: 协议}, {text: 'Über, uns', target: pact}]"
    config = composed("run", demo, "data.labels={favor: [за мир, pro], against: [x]}")
    assert isinstance(config, RunConfig)
    assert config.demo == [{"text": "卢旺达 欢迎 协议", "target": "协议"}, {"text": "Über, uns", "target": "pact"}]
    assert (config.data.labels.favor, config.data.labels.against) == (["за мир", "pro"], ["x"])


def test_texts_that_need_quotes_are_shown_with_them() -> None:
    with pytest.raises(
        ConfigError, match=r"^cannot read 'demo=.*'; a text that holds commas, .* stands between"
    ) as told:
        hydra_words(["demo=[{text: 卢旺达, 欢迎, target: x}]"])
    [example] = shlex.split(str(told.value).rpartition("quotes: ")[2])
    assert hydra_words([example]) == ['demo=[{NAME: "卢旺达, and more", NAME: "VALUE"}]']


def test_a_path_under_the_home_folder_is_written_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/me")
    assert hydra_words(["data.path=~/mine (1).csv"]) == ["data.path='/home/me/mine (1).csv'"]


def test_several_runs_stay_several_runs() -> None:
    words = ["seed=0,1,2", "data.path=ä.csv,b.csv", "-m", "--config-dir", "a=b (1)"]
    assert hydra_words(words) == ["seed=0,1,2", "data.path='ä.csv',b.csv", "-m", "--config-dir", "a=b (1)"]
    assert hydra_words(["seed=0,1", "-m", "name=x"]) == ["seed=0,1", "name=x", "-m"]
    assert hydra_words(["sweep=seeds", "data.path=ä.csv,b.csv"]) == ["sweep=seeds", "data.path='ä.csv',b.csv"]


def test_checkpoints_may_be_named(composed: Composed) -> None:
    config = composed("evaluate", "checkpoint={full: a, text_only: [b, c]}")
    assert getattr(config, "checkpoint") == {"full": "a", "text_only": ["b", "c"]}  # noqa: B009


def test_a_prevalence_is_given_at_once_or_stance_by_stance(composed: Composed) -> None:
    at_once = composed("run", "evaluation.prevalence={favor: 0.2, neutral: 0.7, against: 0.1}")
    one_by_one = composed(
        "run", *(f"evaluation.prevalence.{name}" for name in ("favor=0.2", "neutral=0.7", "against=0.1"))
    )
    assert isinstance(at_once, RunConfig)
    assert isinstance(one_by_one, RunConfig)
    assert at_once.evaluation.prevalence == {"favor": 0.2, "neutral": 0.7, "against": 0.1}
    assert one_by_one.evaluation.prevalence == at_once.evaluation.prevalence


@pytest.mark.parametrize("key", ["training.corpus_shares", "evaluation.prevalence", "data.target_names"])
def test_empty_pairs_are_refused_since_hydra_keeps_those_of_the_config(key: str) -> None:
    with pytest.raises(ConfigError, match=rf"^{key}: found {{}}, which changes nothing: .* name the pairs to change$"):
        hydra_words([f"{key}={{ }}"])


@pytest.mark.parametrize(
    ("word", "teachers"),
    [
        ("training.teacher=corpus", ["corpus"]),
        ("training.teacher=outputs/train/große (1)/checkpoint", ["outputs/train/große (1)/checkpoint"]),
        ("training.teacher='my table.parquet'", ["my table.parquet"]),
        ("training.teacher=[a,b]", ["a", "b"]),
        ("training.teacher=[]", []),
    ],
)
def test_one_teacher_needs_no_brackets(word: str, teachers: list[str], composed: Composed) -> None:
    config = composed("run", word)
    assert isinstance(config, RunConfig)
    assert config.training.teacher == teachers


@pytest.mark.parametrize(
    ("word", "reports"),
    [
        ("training.report_to=wandb", ["wandb"]),
        ("training.report_to=tensorboard,wandb", ["tensorboard", "wandb"]),
        ("training.report_to=tensorboard, wandb", ["tensorboard", "wandb"]),
        ("training.report_to=[tensorboard,wandb]", ["tensorboard", "wandb"]),
        ("training.report_to=[]", []),
    ],
)
def test_reports_need_no_brackets(word: str, reports: list[str], composed: Composed) -> None:
    config = composed("run", word)
    assert isinstance(config, RunConfig)
    assert config.training.report_to == reports


def test_reports_of_several_runs_are_lists_each() -> None:
    assert hydra_words(["training.report_to=tensorboard,wandb", "-m"]) == [
        "training.report_to=[tensorboard],[wandb]",
        "-m",
    ]


def test_teachers_of_several_runs_are_lists_each() -> None:
    assert hydra_words(["training.teacher=a,b", "-m"]) == ["training.teacher=[a],[b]", "-m"]
    assert hydra_words(["training.teacher=[a],[b]", "-m"]) == ["training.teacher=[a],[b]", "-m"]


def data_of(config: CommandConfig) -> DataConfig:
    assert isinstance(config, RunConfig)
    return config.data


def test_a_name_with_a_dollar_and_a_brace_is_a_file_where_there_is_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, composed: Composed
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "${x}.csv").touch()
    assert data_of(composed("run", "data=table", "data.path=${x}.csv")).path == "${x}.csv"
    assert data_of(composed("run", "data=table", "data.path=\\${x}.csv")).path == "${x}.csv"


@pytest.mark.parametrize(
    ("word", "path"),
    [
        ("data.path=[a.csv,b.csv]", ["a.csv", "b.csv"]),
        ("data.path={train: a.csv, test: b.csv}", {"train": "a.csv", "test": "b.csv"}),
        ("data.path={train: [a.csv,größe.csv], test-2024: 'b c.csv'}",
         {"train": ["a.csv", "größe.csv"], "test-2024": "b c.csv"}),
        ("data.path=part-*.csv", "part-*.csv"),
        ("data.path=part-[0-9]?.csv", "part-[0-9]?.csv"),
        ("data.path=-", "-"),
    ],
)  # fmt: skip
def test_paths_of_several_files(word: str, path: Any, composed: Composed) -> None:
    assert data_of(composed("run", "data=table", word)).path == path


@pytest.mark.parametrize(
    "condition",
    ["annotator == 'A' and year >= 2020", 'annotator == "A"', "contains(text, 'a,b') or not x in ['größe']"],
)
def test_conditions_are_taken_as_they_are_written(condition: str, composed: Composed) -> None:
    assert data_of(composed("run", "data=table", f"data.where={condition}")).where == condition


def test_corpora_whose_names_have_other_letters_get_keys_of_ascii() -> None:
    assert expand_corpora(["data=[данные,b]"]) == [
        "data=several",
        "data.name=данные-b",
        "+data@data.corpora.corpus1=данные",
        "+data@data.corpora.b=b",
    ]

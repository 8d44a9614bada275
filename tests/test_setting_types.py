"""Settings that are given in Python: what is of another class or type is told before it is used."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import stancelab as sl
from stancelab.data.build import check_settings as check_data_settings
from stancelab.errors import ConfigError, DataError, StancelabError
from stancelab.setting_types import check_kind, check_settings, type_problems

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass
class Group:
    lines: list[str] = field(default_factory=list)

    def problems(self) -> list[str]:
        return self.lines


def test_settings_of_all_groups_are_checked_together() -> None:
    check_settings(split=Group(), audit=Group())
    with pytest.raises(ConfigError) as error:
        check_settings(split=Group(["seed: found -1"]), data=Group(), audit=Group(["a: b", "c: d"]))
    assert str(error.value).splitlines() == [
        "these settings cannot be used:", "  split.seed: found -1", "  audit.a: b", "  audit.c: d",
    ]  # fmt: skip


def test_values_of_another_type_are_told_before_they_are_compared() -> None:
    training = sl.TrainingSettings(epochs="3", learning_rate="1e-4", teacher="corpus", batch_size=True)  # type: ignore[arg-type]
    model = sl.ModelSettings(input=sl.InputSettings(max_length="96", hide="source"))  # type: ignore[arg-type]
    with pytest.raises(ConfigError) as error:
        check_settings(model=model, training=training)
    assert str(error.value).splitlines() == [
        "these settings cannot be used:",
        "  model.input.hide: found 'source', allowed is a list",
        "  model.input.max_length: found '96', allowed is a whole number",
        "  training.epochs: found '3', allowed is a whole number or null",
        "  training.learning_rate: found '1e-4', allowed is a number or null",
        "  training.batch_size: found True, allowed is a whole number",
        "  training.teacher: found 'corpus', allowed is a list",
    ]


def test_values_that_stand_for_those_of_a_setting_are_taken() -> None:
    training = sl.TrainingSettings(
        epochs=np.int64(3),  # type: ignore[arg-type]
        learning_rate=np.float32(1e-4),  # type: ignore[arg-type]
        warmup_ratio=0,
        teacher=(Path("a"), "b"),  # type: ignore[arg-type]
        corpus_shares={"a": 3},
    )
    assert type_problems(training) == []
    assert type_problems(sl.CorpusSettings(path=[Path("a.csv")], labels=sl.LabelSettings(favor=("1", "pro")))) == []  # type: ignore[arg-type]


class Silent(sl.System):
    name = "silent"

    def predict_proba(self, examples: Any) -> Any:
        raise AssertionError("nothing is asked")


SETTINGS = (
    sl.AuditSettings,
    sl.BaselineSettings,
    sl.CorpusSettings,
    sl.EvaluationSettings,
    sl.ModelSettings,
    sl.ReadSettings,
    sl.SplitSettings,
    sl.TrainingSettings,
)


@pytest.mark.parametrize("kind", SETTINGS)
def test_every_default_is_of_its_type(kind: type[Any]) -> None:
    assert type_problems(kind()) == []
    for each in dataclasses.fields(kind):
        told = type_problems(dataclasses.replace(kind(), **{each.name: object()}))
        assert told == [] if "Any" in str(each.type) else told[0].startswith(f"{each.name}: found "), each


#: It is called as its types forbid.
API: Any = sl


@pytest.mark.parametrize(
    ("call", "kind", "told"),
    [
        (
            lambda: check_kind("model", "minilm", API.ModelSettings),
            ConfigError,
            "model: found str ('minilm'), expected",
        ),
        (lambda: API.prepare("mine.csv"), ConfigError, "corpora: found str ('mine.csv'), expected CorpusSettings(...)"),
        (lambda: API.prepare(None), ConfigError, "corpora: found None, expected CorpusSettings(...)"),
        (lambda: API.prepare(API.CorpusSettings(path="a.csv"), split="random"), ConfigError, "split: found str"),
        (lambda: API.prepare(API.CorpusSettings(path="a.csv"), model="minilm"), ConfigError, "model: found str"),
        (
            lambda: API.prepare(API.CorpusSettings(path="a.csv", columns={"text": "Tweet"})),
            ConfigError,
            "columns: found dict ({'text': 'Tweet'}), expected ColumnSettings(...)",
        ),
        (
            lambda: check_data_settings(
                [API.CorpusSettings(path="a.csv", labels=API.LabelSettings(favor="pro"))],
                API.SplitSettings(validation="x"),
                API.AuditSettings(),
            ),
            ConfigError,
            "labels.favor: found 'pro', allowed is a list",
        ),
        (lambda: API.finetune("folder", output="o"), DataError, "dataset: found str, expected a prepared dataset"),
        (lambda: API.finetune(None, "minilm", output="o"), ConfigError, "model: found str ('minilm'), expected Model"),
        (
            lambda: API.finetune(None, API.TrainingSettings(), API.ModelSettings(), output="o"),
            ConfigError,
            "model: found TrainingSettings (",
        ),
        (lambda: API.finetune(None, seed=1.5, output="o"), ConfigError, "seed: found 1.5, allowed are 0 to 4294967295"),
        (lambda: API.fit_baselines(["majority"], None), ConfigError, "settings: found list (["),
        (
            lambda: API.fit_baselines(API.BaselineSettings(), None),
            DataError,
            "data: found NoneType, expected a prepared",
        ),
        (lambda: API.evaluate([], None, "o"), DataError, "data: found NoneType, expected a prepared dataset"),
        (lambda: API.evaluate([], {}, "o", {"bins": 5}), ConfigError, "settings: found dict ({'bins': 5}), expected"),
        (lambda: API.read_text(None, "default", None), DataError, "text: found NoneType, expected the text of an art"),
        (lambda: API.read_text("A text.", "default", "run"), ConfigError, "classifier: found str, expected a Stance"),
        (lambda: API.read_text("A text.", 5, Silent()), DataError, "codebook: found int, expected"),
        (lambda: API.read_text("A text.", {"Norway": []}, Silent()), DataError, "codebook: found dict, expected"),
    ],
)
def test_what_is_no_such_argument_is_told(call: Callable[[], object], kind: type[StancelabError], told: str) -> None:
    with pytest.raises(kind, match=re.escape(told)):
        call()

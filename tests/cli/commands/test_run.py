"""All steps in one go. Nothing is trained here."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from stancelab.cli import main
from stancelab.cli.commands.run import execute
from stancelab.results import read_results
from stancelab.training.estimate import Later

if TYPE_CHECKING:
    from collections.abc import Callable

DEMO = [
    {"text": "Norway welcomed the pact .", "source": "Norway", "target": "the pact"},
    {"text": "No pact .", "source": "", "target": "the pact"},
]


def test_the_model_is_trained_shown_and_evaluated_beside_baselines(
    composed, corpus: list[str], baseline: list[str], trained: list[dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    config = composed("run", *corpus, *baseline, "model.name=mine", "seed=3")
    config.demo = DEMO
    execute(config, Path("run"), "stancelab run")
    assert [(each["model"], each["seed"]) for each in trained] == [("mine", 3)]
    # 24 test rows of as many texts, and few rows to train on, so that nobody measures how long baselines take.
    assert trained[0]["later"] == Later(texts=24, baselines=None)
    # The checkpoint calls itself otherwise; in tables it has the name that was asked for.
    assert [system.name for system in read_results(Path("run")).systems] == ["mine", "majority"]
    assert json.loads(Path("run/manifest.json").read_text())["config"]["demo"] == DEMO
    shown = capsys.readouterr().out.splitlines()
    assert shown[:2] == ["", "  Norway welcomed the pact ."]
    assert re.fullmatch(r"    Norway -> the pact: (against|neutral|favor) \(0\.\d\d\)", shown[2])
    assert shown[4].startswith("    the author -> the pact: ")
    assert shown[-2:] == ["report: run/report.html", "checkpoint: run/checkpoint"]


def test_without_sentences_to_show_none_are_shown(
    composed, corpus: list[str], baseline: list[str], trained: list[dict[str, Any]], capsys: pytest.CaptureFixture[str]
) -> None:
    execute(composed("run", *corpus, *baseline), Path("run"), "stancelab run")
    assert len(trained) == 1
    assert "->" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["model.input.max_length=65"], "model.input.max_length: found 65, allowed are at most the 64 positions of"),
        (
            ["checkpoint=x"],
            "checkpoint: stancelab run does not use it; evaluate, predict, read, serve, export and push do.",
        ),
        (["baselines.names=[majorty]"], "Did you mean 'majority'?"),
        (["evaluation.perturbations=[typo]"], "Did you mean 'typos'?"),
        (["demo=3"], "demo: expected a list"),
        (
            ["demo=[{text: a b c, traget: b}]"],
            "demo:\n  example 0: unknown key 'traget', allowed id, text, source, target, target_start, target_end, "
            "source_start, source_end, aliases. Did you mean 'target'?",
        ),
        (["demo=[{text: a b c, target: ''}]"], "demo: cannot predict:\n  example 0, target: "),
        (["demo=[{text: a b c}]"], "demo: cannot predict:\n  example 0: no key 'target'; found 'text'"),
        (["data.extra=[score]"], "data.extra: the tables of predictions have columns 'score' of their own"),
        (
            ["model.name=majority", "baselines=fast"],
            "model.name: found 'majority': a system is called 'majority', as a baseline is; give the model another",
        ),
        (
            ["model.name=Majority", "baselines=fast"],
            "model.name: found 'Majority': system 'majority' and system 'Majority' would share the file name",
        ),
    ],
)
def test_settings_of_every_step_are_checked_before_the_first(
    corpus: list[str], refused: Callable[..., str], words: list[str], message: str
) -> None:
    assert message in refused("run", *corpus, *words)


def test_test_files_are_checked_before_the_training(
    corpus: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def trained(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr("stancelab.training.finetune.finetune", trained)
    assert main(["run", *corpus, "evaluation.tests=[tset]"]) == 2
    assert "evaluation.tests: found 'tset', allowed test. Did you mean 'test'?" in capsys.readouterr().err
    assert main(["run", *corpus, "evaluation.weight=wheight"]) == 2
    assert "no column 'wheight', which evaluation.weight names" in capsys.readouterr().err
    assert main(["run", *corpus, "evaluation.prevalence={against: 0.5, favor: 0.5}"]) == 2
    assert "evaluation.prevalence: found against 0.5, favor 0.5; expected a share of each" in capsys.readouterr().err

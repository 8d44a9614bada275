"""Mistakes on the command line: a message without a traceback, exit code 2, and nothing left behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from stancelab.cli import main

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["trian"], "no command 'trian'; the commands are run, prepare, train, evaluate, compare, pool, curve, "
         "inspect, predict, read, serve, export, push, runs. Did you mean 'train'?"),
        (["train", "training.learnin_rate=1"], "unknown setting 'training.learnin_rate'. Did you mean "
         "'training.learning_rate'?"),
        (["train", "training.learning_rate=abc"], "training.learning_rate: found 'abc', expected a number"),
        (["train", "training.learning_rate=30"], "training.learning_rate: found 30.0, allowed is above 0, at most 1"),
        (["train", "data=newsmts"], "data=newsmts: no such config; there are diplomacy, dse, mpqa, mpqa_stances, "
         "news, newsmtsc, newsmtsc_mpqa, newsmtsc_mpqa_diplomacy, seesaw, semeval2016, several, table. "
         "Did you mean 'newsmtsc'?"),
        (["train", "modle=mpnet"], "unknown setting 'modle'. Did you mean 'model'?"),
        (["train", "+foo=1"], "unknown setting 'foo'."),
        (["train", "data=[newsmtsc]"], "name two or more different corpora"),
        (["train", "data=table", "data.path=nothing.csv"], "nothing.csv: no such file."),
        (["prepare", "training.epochs=9"], "training.epochs: stancelab prepare does not use it; run and train do."),
        (["train", "~seed"], "not given: seed; write for example seed=VALUE"),
        (["train", "model=checkpoint"], "not given: model.name_or_path; name a checkpoint or the folder of its run, as "
         "in model.name_or_path=outputs/run/NAME/DATE_TIME\n"),
        (["train", "--config-dir"], "--config-dir: no folder is given; write --config-dir FOLDER"),
        (["train", "-cd", "-m"], "-cd: no folder is given; write -cd FOLDER"),
        (["train", "training=null"], "a group takes the name of one of its configs, as in model=minilm"),
        (["train", "experiment=newsmtsc_minilm,newsmtsc_mpnet", "-m"], "newsmtsc_mpnet is experiment=newsmtsc "
         "model=mpnet"),
        (["compare", "~evaluation", "~nosuchuser/x", "~nosuchuser/y"], "~nosuchuser/x: no such folder"),
        (["predict", "predict.overwrite=maybe"], "predict.overwrite=maybe: found 'maybe', expected true or false"),
        (["train", "data=[a"], "data=[a: no such config; there are"),
    ],
)  # fmt: skip
def test_mistakes_are_explained_with_exit_code_2(
    workplace: Path, capsys: pytest.CaptureFixture[str], given: list[str], message: str
) -> None:
    assert main(given) == 2
    error = capsys.readouterr().err
    assert message in error
    assert "Traceback" not in error
    runs = [path for path in workplace.rglob("*") if path.is_file() and "datasets" not in path.parts]
    assert runs == [], "a command that fails before any work leaves nothing"


def test_a_path_that_cannot_be_written_is_explained(workplace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (workplace / "file").write_text("")
    assert main(["prepare", "output_root=file"]) == 2
    error = capsys.readouterr().err
    assert "check the path, its permissions and the space left" in error
    assert "Traceback" not in error

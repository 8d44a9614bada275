"""Training and preparation of corpora in the user's own words."""

from __future__ import annotations

import itertools
import json
import re
import shlex
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from stancelab.cli import main
from stancelab.training.progress import DevProgress

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.mark.slow
@pytest.mark.parametrize("order", list(itertools.permutations(["favor", "against", "neutral"])))
def test_labels_mean_the_same_in_whatever_order_the_corpus_names_them(
    workplace: Path, toy: Any, only: Callable[[Path], Path], order: tuple[str, ...]
) -> None:
    # The file's names for the stances are permuted, and so is the order of the rows: what comes out must not be.
    names = dict(zip(order, ("0", "1", "2"), strict=True))
    table = toy.write_table(workplace / "mine.csv", names)
    frame = pd.read_csv(table, dtype=str)
    frame.sort_values("Label", kind="stable").to_csv(table, index=False)
    common = toy.data(table, {stance: names[stance] for stance in order})
    assert main(["train", *common, *toy.training, "training.epochs=24"]) == 0
    checkpoint = only(workplace / "outputs" / "train" / "toy-tiny") / "checkpoint"
    assert main(["predict", f"checkpoint={checkpoint}", f"input={table}", "output=out.jsonl", *toy.columns]) == 0
    predicted = pd.read_json("out.jsonl", lines=True, dtype=str)  # type: ignore[call-overload]  # stubs lack it
    meant = {name: stance for stance, name in names.items()}
    agreement = (predicted["Label"].map(meant) == predicted["predicted"]).mean()
    assert agreement > 0.9


def test_label_issues_are_corrected_and_fed_back(workplace: Path, toy: Any, capsys: pytest.CaptureFixture[str]) -> None:
    table = toy.write_table(workplace / "mine.csv")
    frame = pd.read_csv(table, dtype=str)
    # One row is there again with another label.
    other = toy.names["neutral"] if frame["Label"][0] != toy.names["neutral"] else toy.names["favor"]
    pd.concat([frame, frame.iloc[[0]].assign(Label=other)]).to_csv(table, index=False)
    common = toy.data(table)
    assert main(["inspect", *common]) == 0
    [line] = [line for line in capsys.readouterr().out.splitlines() if line.startswith("label issues: ")]
    issues = workplace / line.removeprefix("label issues: ")
    listed = pd.read_csv(issues, dtype=str, keep_default_na=False)
    assert "another row of the same text" in listed["reasons"][0]
    listed.loc[1, "correction"] = "drop"
    listed.to_csv(issues, index=False)
    assert main(["prepare", *common, f"data.corrections={issues}"]) == 0
    folder = workplace / capsys.readouterr().out.splitlines()[-1].removeprefix("prepared dataset: ")
    assert json.loads((folder / "manifest.json").read_text())["skipped"] == {"toy: dropped by a correction": 1}
    assert main(["inspect", *common, "inspect.system=svm"]) == 2
    assert "inspect.system: found 'svm', allowed majority," in capsys.readouterr().err


def test_tables_without_a_name_have_folders_of_their_own(workplace: Path, toy: Any) -> None:
    for name in ("mine.csv", "größe (2).csv"):
        table = toy.write_table(workplace / name)
        assert main(["prepare", *(word for word in toy.data(table) if word != "data.name=toy")]) == 0
    folders = {path.name.rpartition("-")[0] for path in (workplace / "outputs" / "datasets").iterdir()}
    assert folders == {"table-mine", "table-größe-2"}


def test_rows_that_were_left_out_are_logged(workplace: Path, toy: Any) -> None:
    table = toy.write_table(workplace / "mine.csv")
    table.write_text(table.read_text() + "A row without a label,Norway,it,,train\n")
    assert main(["prepare", *toy.data(table), "data.on_bad_rows=drop"]) == 0
    log = next((workplace / "outputs" / "prepare").rglob("run.log")).read_text()
    assert re.search(r"left out: 1 row; listed with reasons in outputs/datasets/toy-\w{8}/rejected\.csv", log)


def test_an_interrupted_training_leaves_no_run_and_goes_on(
    workplace: Path, toy: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [
        "train",
        *toy.data(toy.write_table(workplace / "toy.csv")),
        *toy.training,
        "training.epochs=2",
        "name=mine",
    ]

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(DevProgress, "on_save", interrupted)  # called when a state is saved
        assert main(words) == 130
    told = capsys.readouterr().err
    assert "the state after update 9 is kept in outputs/interrupted/" in told
    assert shlex.split(told.splitlines()[-1]) == ["stancelab", *words, "training.resume=true"]
    assert sorted(path.name for path in (workplace / "outputs").iterdir()) == ["datasets", "interrupted"]
    assert main(["evaluate", *toy.data(workplace / "toy.csv"), "checkpoint=outputs/train/mine"]) == 2
    assert "outputs/train/mine: no such folder" in capsys.readouterr().err
    assert main([*words, "training.resume=true"]) == 0
    assert "resuming after update 9" in capsys.readouterr().err
    assert len(list((workplace / "outputs" / "train" / "mine").glob("*/checkpoint/stancelab.json"))) == 1


def test_a_run_goes_on_from_the_checkpoint_of_another(
    workplace: Path, toy_run: Any, toy: Any, only: Callable[[Path], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    corpus = [word for word in toy.data(toy_run.table) if not word.startswith("model.")]
    words = ["model=checkpoint", f"model.name_or_path={toy_run.folder}", "model.input.max_length=32"]
    few = ["baselines.names=[majority]", "evaluation.bootstrap_resamples=100", *toy.training]
    assert main(["run", *corpus, *words, *few]) == 0
    told = capsys.readouterr().err
    assert f"{toy_run.folder}/checkpoint, trained on toy (72 rows): its head is taken over" in told
    assert "training text of" not in told, "the rows are divided as they were"
    run = only(workplace / "outputs" / "run" / "toy-further")
    content = json.loads((run / "checkpoint" / "stancelab.json").read_text())
    assert (content["name"], content["encoder"]["name"]) == ("further", str(toy.encoder))
    assert [start["name"] for start in content["starts"]] == [f"{toy_run.folder}/checkpoint"]
    # 72 rows are 9 batches of 8: 10 passes are fewer than 100 updates.
    assert content["training"]["epochs"] == 10
    assert f"{toy.encoder}, further from {toy_run.folder}/checkpoint" in (run / "report.html").read_text()
    assert not any("updates" in warning for warning in content["warnings"])


def test_a_run_that_was_interrupted_in_its_evaluation_does_not_train_again(
    workplace: Path, toy: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [
        "run",
        *toy.data(toy.write_table(workplace / "toy.csv")),
        *toy.training,
        "training.epochs=1",
        "baselines=none",
        "evaluation.bootstrap_resamples=100",
        "name=mine",
    ]

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("stancelab.evaluation.evaluate.evaluate", interrupted)
        assert main(words) == 130
    told = capsys.readouterr().err
    [first] = (workplace / "outputs" / "run" / "mine").iterdir()
    assert f"the checkpoint {first.relative_to(workplace)}/checkpoint is whole" in told
    with monkeypatch.context() as patch:
        patch.setattr("stancelab.training.finetune._train", interrupted)
        assert main(shlex.split(told.splitlines()[-1])[1:]) == 0
    assert "the training is done already" in capsys.readouterr().err
    [second] = [path for path in (workplace / "outputs" / "run" / "mine").iterdir() if path != first]
    assert (second / "report.html").is_file()
    assert (second / "training.json").read_text() == (first / "training.json").read_text()
    weights = "checkpoint/model.safetensors"
    assert (second / weights).read_bytes() == (first / weights).read_bytes()

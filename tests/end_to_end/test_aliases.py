"""Other names of a target, from the table of the training to predictions."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pandas as pd

from stancelab.cli import main
from stancelab.files import write_manifest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

NAME = "accord of peace"


def table_of(toy: Any, path: Path) -> pd.DataFrame:
    """Write the toy corpus with a target that its texts call otherwise."""
    frame = pd.read_csv(toy.write_table(path), dtype=str)
    frame["About"] = frame["About"].replace("the treaty", NAME)
    frame.to_csv(path, index=False)
    return frame[frame["About"] == NAME]


def counts(workplace: Path) -> dict[str, int]:
    """Return the counts of the one prediction, whose folder is removed."""
    folder = workplace / "outputs" / "predict"
    [path] = folder.rglob("manifest.json")
    found: dict[str, int] = json.loads(path.read_text())["counts"]
    shutil.rmtree(folder)
    return found


def test_other_names_from_a_file(workplace: Path, toy: Any, only: Callable[[Path], Path]) -> None:
    own = table_of(toy, workplace / "mine.csv")
    own[["Tweet", "Who", "About"]].to_csv("new.csv", index=False)
    (workplace / "names.yaml").write_text(f"{NAME}: [the treaty]\n")
    words = [*toy.data(workplace / "mine.csv"), *toy.training, "training.epochs=1", "data.aliases=names.yaml"]
    few = ["baselines.names=[majority]", "evaluation.bootstrap_resamples=100"]
    assert main(["run", *words, *few]) == 0
    folder = only(workplace / "outputs" / "datasets")
    rows = pd.concat([pd.read_parquet(path) for path in folder.glob("*.parquet")])
    rows = rows[rows["target"] == NAME]
    assert len(rows) == len(own)
    marked = [row["text"][int(row["target_start"]) : int(row["target_end"])] for row in rows.to_dict("records")]
    assert set(marked) == {"the treaty"}
    run = only(workplace / "outputs" / "run" / "toy-tiny")
    checkpoint = run / "checkpoint"
    said = json.loads((checkpoint / "stancelab.json").read_text())
    assert said["aliases"] == {NAME: ["the treaty"]}
    assert said["columns"] == {"text": ["Tweet"], "source": ["Who"], "target": ["About"]}
    assert json.loads((run / "training.json").read_text())["cut"]["train"]["unmarked"] == 0

    def predicted(name: str, given: Path, *more: str) -> tuple[pd.DataFrame, int]:
        assert main(["predict", f"checkpoint={given}", "input=new.csv", f"output={name}", *toy.columns, *more]) == 0
        return pd.read_csv(name), counts(workplace)["not_in_text"]

    known, absent = predicted("known.csv", checkpoint)
    assert absent == 0, "the checkpoint knows the names of its training"
    without = shutil.copytree(checkpoint, workplace / "without")
    (without / "stancelab.json").write_text(json.dumps({**said, "aliases": {}}))
    (without / "manifest.json").unlink()
    write_manifest(without, {"kind": "checkpoint"})
    unknown, absent = predicted("unknown.csv", without)
    assert absent == len(own)
    asked, absent = predicted("asked.csv", without, "predict.aliases=names.yaml")
    assert absent == 0
    pd.testing.assert_frame_equal(asked, known)
    # Six decimals of a row may be the same by chance.
    assert (unknown["p_favor"] != known["p_favor"]).mean() > 0.9, "the model reads another place"


def test_other_names_from_a_column_hold_for_its_rows(
    workplace: Path, toy: Any, only: Callable[[Path], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    own = table_of(toy, workplace / "mine.csv")
    frame = pd.read_csv("mine.csv", dtype=str)
    frame["aliases"] = ["the treaty" if target == NAME else "" for target in frame["About"]]
    frame.to_csv("mine.csv", index=False)
    own[["Tweet", "Who", "About"]].to_csv("new.csv", index=False)
    assert main(["train", *toy.data(workplace / "mine.csv"), *toy.training, "training.epochs=1"]) == 0
    checkpoint = only(workplace / "outputs" / "train" / "toy-tiny") / "checkpoint"
    said = json.loads((checkpoint / "stancelab.json").read_text())
    assert said["aliases"] == {}
    assert said["columns"]["aliases"] == ["aliases"]
    words = ["predict", f"checkpoint={checkpoint}", *toy.columns]
    capsys.readouterr()
    assert main([*words, "input=new.csv", "output=out.csv"]) == 0
    told = capsys.readouterr().err
    assert "the tables of the training had a column of other names ('aliases'), which hold for its rows alone" in told
    assert "predict.aliases=FILE or a column of aliases gives some" in told
    assert counts(workplace)["not_in_text"] == len(own)
    frame.drop(columns=["Label", "split"]).to_csv("all.csv", index=False)
    assert main([*words, "input=all.csv", "output=all_out.csv"]) == 0
    assert "a column of other names" not in capsys.readouterr().err
    assert counts(workplace)["not_in_text"] == 0

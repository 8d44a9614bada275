"""`stancelab runs`: the list, and what it removes."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest

from stancelab.cli import main

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def outputs(workplace: Path) -> Path:
    """Two runs of one name that differ in their seed, and an evaluation."""
    for seed, dev in ((0, 0.61), (1, 0.72)):
        folder = workplace / f"outputs/train/mine/2026-01-0{seed + 1}_10-00-00"
        (folder / "checkpoint").mkdir(parents=True)
        (folder / "run.log").touch()
        (folder / "checkpoint" / "model.safetensors").write_bytes(b"x" * 2000)
        (folder / "training.json").write_text(json.dumps({"dev": {"metric": "macro_f1", "macro_f1": dev}}))
        manifest = {"config": {"seed": seed, "training": {"epochs": 3}}, "dataset": "0a"}
        (folder / "manifest.json").write_text(json.dumps(manifest))
    folder = workplace / "outputs/evaluate/theirs/2026-01-03_10-00-00"
    folder.mkdir(parents=True)
    systems = [{"name": "tiny", "is_baseline": False, "tests": {"test": {"mean": {"macro_f1": 0.5}}}}]
    (folder / "metrics.json").write_text(json.dumps({"primary_metric": "macro_f1", "systems": systems}))
    return workplace / "outputs"


def told(words: list[str], capsys: pytest.CaptureFixture[str], code: int = 0) -> str:
    assert main(["runs", *words]) == code
    captured = capsys.readouterr()
    return captured.err if code else captured.out


def test_the_table(outputs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = told([], capsys).splitlines()
    assert lines[0].split()[:4] == ["started", "command", "name", "dev"]
    assert lines[1].startswith("2026-01-03 10:00:00  evaluate  theirs")
    assert "tiny: test 50.0" in lines[1]
    assert lines[2].startswith("2026-01-02 10:00:00  train     mine    72.0 macro_f1  2.1 kB  finished")
    assert lines[2].endswith("–                seed=1")
    assert lines[4].startswith("3 runs, ")
    assert sorted(path.name for path in outputs.iterdir()) == ["evaluate", "train"]


def test_which_runs_in_which_order(outputs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def started(words: list[str]) -> list[str]:
        return [run["started"][:10] for run in json.loads(told([*words, "runs.format=json"], capsys))]

    assert started(["runs.sort=dev"]) == ["2026-01-02", "2026-01-01", "2026-01-03"]
    assert started(["runs.name=m*", "runs.limit=1"]) == ["2026-01-02"]
    assert started(["runs.command=[evaluate]"]) == ["2026-01-03"]
    assert started(["runs.trained=true"]) == ["2026-01-02", "2026-01-01"]
    assert started(["runs.name=none"]) == []
    assert told(["runs.name=none"], capsys) == "no runs in outputs\n"


def test_predictions_are_listed_only_where_they_are_asked_for(
    outputs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for command, finished in (("predict", True), ("predict", False), ("evaluate", False), ("train", False)):
        folder = outputs / command / f"other{finished}" / "2026-01-04_10-00-00"
        folder.mkdir(parents=True)
        (folder / "run.log").touch()
        if finished:
            (folder / "manifest.json").write_text(json.dumps({"config": {}}))

    def found(words: list[str]) -> list[tuple[str, str]]:
        return [(run["command"], run["state"]) for run in json.loads(told([*words, "runs.format=json"], capsys))]

    # A training that was interrupted can go on; a prediction or an evaluation without scores is no result.
    assert found([]) == [
        ("train", "unfinished"), ("evaluate", "finished"), ("train", "finished"), ("train", "finished"),
    ]  # fmt: skip
    assert found(["runs.command=predict"]) == [("predict", "finished"), ("predict", "unfinished")]
    assert found(["runs.command=predict,train", "runs.name=other*"]) == [
        ("train", "unfinished"), ("predict", "finished"), ("predict", "unfinished"),
    ]  # fmt: skip
    last = told([], capsys).splitlines()[-1]
    assert last.startswith("4 runs, ")
    assert last.endswith("; runs.command=predict lists others")
    only = told(["runs.name=otherTrue"], capsys)
    assert only == "no runs in outputs; runs.command=predict lists others\n"
    # What is removed is looked for among all.
    words = ["clean", "runs.older_than=0", "runs.remove=runs", "runs.name=otherTrue", "runs.yes=true"]
    assert "outputs/predict/otherTrue/2026-01-04_10-00-00" in told(words, capsys)
    assert not (outputs / "predict/otherTrue").exists()


def test_other_forms(outputs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = json.loads(told(["runs.format=json", "runs.name=mine"], capsys))[0]
    assert first["dev"] == {"metric": "macro_f1", "value": 0.72}
    assert first["settings"] == {"seed": 1}
    assert first["checkpoint_bytes"] == 2000
    rows = list(csv.DictReader(io.StringIO(told(["runs.format=csv"], capsys))))
    assert [(row["dev"], row["test:test"], row["seed"]) for row in rows] == [
        ("", "0.500000", ""),
        ("0.720000", "", "1"),
        ("0.610000", "", "0"),
    ]


def test_cleaning_shows_what_would_go_and_asks(
    outputs: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    worse = outputs / "train/mine/2026-01-01_10-00-00/checkpoint"

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    for answer in ("", "n\n", "no\n"):
        monkeypatch.setattr("sys.stdin", Terminal(answer))
        shown = told(["clean", "runs.keep_best=1"], capsys)
        path = "outputs/train/mine/2026-01-01_10-00-00/checkpoint"
        assert shown.startswith(
            f"2.0 kB  checkpoints  {path}  (rank 2 of 2 on dev)\nRemove 1 folder with 2.0 kB? [y/N] "
        )
        assert shown.endswith("nothing was removed\n")
        assert worse.is_dir()
    monkeypatch.setattr("sys.stdin", Terminal("y\n"))
    assert told(["clean", "runs.keep_best=1"], capsys).endswith("removed 1 folder with 2.0 kB\n")
    assert not worse.exists()
    assert (outputs / "train/mine/2026-01-02_10-00-00/checkpoint").is_dir()
    assert told(["clean", "runs.keep_best=1"], capsys) == "nothing to remove\n"
    assert main(["predict", f"checkpoint={worse.parent}", "input=none.csv", "output=out.csv"]) == 2


def test_without_a_terminal_nothing_is_removed_unless_asked(outputs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "runs.yes: nothing was removed: 2 folders with 4.0 kB" in told(["clean", "runs.older_than=1"], capsys, 2)
    assert len(list(outputs.rglob("checkpoint"))) == 2
    told(["clean", "runs.older_than=1", "runs.yes=true"], capsys)
    assert list(outputs.rglob("checkpoint")) == []
    assert (outputs / "evaluate/theirs/2026-01-03_10-00-00/metrics.json").is_file()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["clean"], "runs.older_than, keep_best: give one of them, or both"),
        (["clean", "runs.older_than=-1"], "runs.older_than: found -1, allowed 0 or more days"),
        (["clean", "runs.older_than=1", "runs.remove=[checkpoint]"], "Did you mean 'checkpoints'?"),
        (["clean", "runs.older_than=1", "runs.format=json"], "runs.format: is for the list of runs"),
        (["runs.yes=true"], "runs.yes: is for removing; write 'stancelab runs clean'"),
        (["runs.sort=test"], "runs.sort: found 'test', allowed date, name, dev, size"),
        (["runs.limit=0"], "runs.limit: found 0, allowed 1 or more"),
        (["cleen"], "cannot read 'cleen'; write KEY=VALUE, or clean or list. Did you mean 'clean'?"),
        (["output_root=nowhere"], "output_root: nowhere is no folder"),
        (["runs.nme=x"], "unknown setting 'runs.nme'"),
    ],
)
def test_what_cannot_be_done(outputs: Path, capsys: pytest.CaptureFixture[str], words: list[str], message: str) -> None:
    assert message in told(words, capsys, 2)
    assert len(list(outputs.rglob("checkpoint"))) == 2


def test_evaluating_a_run_whose_checkpoint_was_removed(outputs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told(["clean", "runs.older_than=1", "runs.yes=true"], capsys)
    folder = "outputs/train/mine/2026-01-01_10-00-00"
    assert main(["predict", f"checkpoint={folder}", "input=none.csv", "output=out.csv"]) == 2
    capsys.readouterr()
    from stancelab.cli.checkpoints import checkpoints_in
    from stancelab.errors import CheckpointError

    with pytest.raises(CheckpointError, match="its checkpoint is gone, as 'stancelab runs clean' removes them"):
        checkpoints_in(outputs.parent / folder)

from __future__ import annotations

import os
import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from stancelab.files import locked
from stancelab.outputs.cleaning import plan, remove
from stancelab.outputs.runs import find_runs

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from stancelab.outputs.cleaning import Removal


def days_ago(days: float) -> str:
    return (datetime.now() - timedelta(days=days)).strftime("%Y-%m-%d_%H-%M-%S")


def planned(root: Path, kinds: tuple[str, ...] = ("states", "checkpoints"), **bounds: Any) -> list[Removal]:
    return plan(root, find_runs(root, ("train", "run", "evaluate")), kinds, **bounds)


def paths(root: Path, removals: list[Removal]) -> set[str]:
    return {each.path.relative_to(root).as_posix() for each in removals}


def make_old(path: Path, days: float) -> None:
    then = time.time() - days * 24 * 3600
    for each in (*path.rglob("*"), path):
        os.utime(each, (then, then))


def make_state(root: Path, name: str, days: float) -> Path:
    folder = root / "interrupted" / name
    (folder / "checkpoint-9").mkdir(parents=True)
    (folder / "checkpoint-9" / "optimizer.pt").write_bytes(b"x" * 100)
    make_old(folder, days)
    return folder


def test_checkpoints_by_age(tmp_path: Path, run_maker: Callable[..., Path]) -> None:
    old, new = days_ago(31), days_ago(2)
    run_maker(tmp_path, f"train/a/{old}", dev=0.9, checkpoint=10)
    run_maker(tmp_path, f"train/a/{new}", dev=0.5, checkpoint=20)
    [removal] = planned(tmp_path, older_than=30)
    assert removal.path == tmp_path / "train" / "a" / old / "checkpoint"
    assert removal.why == "31 days old"
    assert remove(tmp_path, [removal]) == []
    left = {path.name for path in (tmp_path / "train" / "a" / old).iterdir()}
    assert left == {"run.log", "training.json", "manifest.json", "tensorboard"}


def test_the_best_on_dev_stay_those_of_one_name_and_dataset_being_compared(
    tmp_path: Path, run_maker: Callable[..., Path]
) -> None:
    for number, dev in enumerate((0.5, 0.7, 0.6)):
        run_maker(tmp_path, f"train/a/2026-01-01_10-00-0{number}", dev=dev, checkpoint=10)
    run_maker(tmp_path, "train/a/2026-01-01_10-00-03", dev=0.1, checkpoint=10, dataset="other")
    run_maker(tmp_path, "train/b/2026-01-01_10-00-00", dev=0.2, checkpoint=10)
    run_maker(tmp_path, "train/a/2026-01-01_10-00-04", checkpoint=10)
    found = planned(tmp_path, keep_best=1)
    assert paths(tmp_path, found) == {f"train/a/2026-01-01_10-00-0{number}/checkpoint" for number in (0, 2)}
    assert {each.why for each in found} == {"rank 2 of 3 on dev", "rank 3 of 3 on dev"}
    assert paths(tmp_path, planned(tmp_path, keep_best=2)) == {"train/a/2026-01-01_10-00-00/checkpoint"}
    assert planned(tmp_path, keep_best=1, older_than=1e6) == []


def test_what_is_at_work_stays(tmp_path: Path, run_maker: Callable[..., Path]) -> None:
    at_work = run_maker(tmp_path, f"train/a/{days_ago(40)}", checkpoint=10, finished=False)
    make_old(at_work, 40)
    quiet = run_maker(tmp_path, f"train/a/{days_ago(41)}", checkpoint=10, finished=False)
    make_old(quiet, 41)
    # Without a lock it may be at work on another machine.
    run_maker(tmp_path, f"train/a/{days_ago(42)}", checkpoint=10, finished=False)
    state, other = make_state(tmp_path, "0123456789abcdef", 40), make_state(tmp_path, "0123456789abcdee", 40)
    everything = planned(tmp_path, older_than=30)
    assert {each.path for each in everything} == {at_work / "checkpoint", quiet / "checkpoint", state, other}
    with locked(at_work / ".at_work.lock"), locked(state.with_suffix(".lock")):
        assert {each.path for each in planned(tmp_path, older_than=30)} == {quiet / "checkpoint", other}
        # They began after the plan was made.
        stay = remove(tmp_path, everything)
    assert len(stay) == 2
    assert all("a process is at work on it" in line for line in stay)
    assert (at_work / "checkpoint").is_dir()
    assert state.is_dir()
    assert not (quiet / "checkpoint").exists()
    assert not other.exists()


def test_states_by_age_alone(tmp_path: Path) -> None:
    state = make_state(tmp_path, "0123456789abcdef", 10)
    make_state(tmp_path, "0123456789abcdee", 1)
    make_state(tmp_path, "mine", 10)
    [removal] = planned(tmp_path, older_than=5)
    assert (removal.path, removal.size) == (state, 100)
    assert planned(tmp_path, keep_best=1) == []
    assert planned(tmp_path, older_than=5, with_states=False) == []


def test_predictions_metrics_and_reports_go_with_whole_runs_alone(
    tmp_path: Path, run_maker: Callable[..., Path]
) -> None:
    run_maker(tmp_path, "run/a/2026-01-01_10-00-00/seed-0", dev=0.5, checkpoint=10, tests={"test": 0.5})
    (tmp_path / "run/a/2026-01-01_10-00-00/multirun.yaml").touch()
    run_maker(tmp_path, "evaluate/b/2026-01-01_10-00-00", tests={"test": 0.5})
    some = paths(tmp_path, planned(tmp_path, ("states", "checkpoints", "tensorboard"), older_than=1))
    assert some == {f"run/a/2026-01-01_10-00-00/seed-0/{name}" for name in ("checkpoint", "tensorboard")}
    whole = planned(tmp_path, ("checkpoints", "runs"), older_than=1)
    assert paths(tmp_path, whole) == {"run/a/2026-01-01_10-00-00/seed-0", "evaluate/b/2026-01-01_10-00-00"}
    assert remove(tmp_path, whole) == []
    assert list(tmp_path.iterdir()) == []


def test_nothing_outside_of_the_folder_is_removed(tmp_path: Path, run_maker: Callable[..., Path]) -> None:
    root, outside = tmp_path / "outputs", tmp_path / "precious"
    outside.mkdir()
    (outside / "model.safetensors").touch()
    run = run_maker(root, "train/a/2026-01-01_10-00-00", dev=0.5)
    (run / "checkpoint").symlink_to(outside)
    (root / "interrupted").symlink_to(tmp_path / "states")
    make_state(tmp_path / "states" / "..", "0123456789abcdef", 10)
    (tmp_path / "interrupted").rename(tmp_path / "states")
    found = planned(root, ("states", "checkpoints", "tensorboard"), older_than=1)
    assert found == []
    [whole] = planned(root, ("runs",), older_than=1)
    assert remove(root, [whole]) == []
    assert (outside / "model.safetensors").is_file()


@pytest.mark.parametrize("keep_best", [0, None])
def test_a_run_without_a_score_on_dev_has_no_rank(
    tmp_path: Path, run_maker: Callable[..., Path], keep_best: int | None
) -> None:
    run_maker(tmp_path, "train/a/2026-01-01_10-00-00", checkpoint=10)
    assert len(planned(tmp_path, older_than=1, keep_best=keep_best)) == (keep_best is None)

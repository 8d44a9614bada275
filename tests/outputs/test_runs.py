from __future__ import annotations

from typing import TYPE_CHECKING

from stancelab.files import locked
from stancelab.outputs.runs import find_runs, flat, last_change, size_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

COMMANDS = ("train", "run")


def test_runs_of_any_depth_are_found_the_newest_first(tmp_path: Path, run_maker: Callable[..., Path]) -> None:
    run_maker(tmp_path, "train/a/2026-01-01_10-00-00", dev=0.5, checkpoint=10, config={"seed": 1})
    run_maker(tmp_path, "train/group/b/2026-01-03_10-00-00-2/seed-0", dev=0.6, checkpoint=20)
    run_maker(tmp_path, "run/c/2026-01-02_10-00-00", dev=0.7, tests={"test": 0.25}, checkpoint=30)
    run_maker(tmp_path, "datasets/d/2026-01-02_10-00-00", dev=0.7)
    (tmp_path / "train" / "link").symlink_to(tmp_path / "run")
    found = find_runs(tmp_path, COMMANDS)
    assert [(run.command, run.name, run.part, run.started) for run in found] == [
        ("train", "group/b", "seed-0", "2026-01-03 10:00:00"),
        ("run", "c", "", "2026-01-02 10:00:00"),
        ("train", "a", "", "2026-01-01 10:00:00"),
    ]
    assert found[1].dev is not None
    assert (found[1].dev.metric, found[1].dev.value) == ("macro_f1", 0.7)
    assert [(each.system, each.test, each.value) for each in found[1].tests] == [("tiny", "test", 0.25)]
    assert found[2].settings == {"seed": 1}
    assert found[2].dataset == "0a1b"


def test_a_run_from_python_lies_beside_the_commands(tmp_path: Path, run_maker: Callable[..., Path]) -> None:
    folder = run_maker(tmp_path, "mine", dev=0.5, checkpoint=10, finished=False)
    (folder / "run.log").unlink()
    (tmp_path / "notes").mkdir()
    [run] = find_runs(tmp_path, COMMANDS)
    assert (run.command, run.name, run.state, run.dataset) == ("", "mine", "finished", "0a1b")


def test_what_the_state_of_a_run_is(tmp_path: Path, run_maker: Callable[..., Path]) -> None:
    run_maker(tmp_path, "train/a/2026-01-01_10-00-00")
    run_maker(tmp_path, "train/a/2026-01-01_10-00-01", finished=False)
    at_work = run_maker(tmp_path, "train/a/2026-01-01_10-00-02", finished=False)
    killed = run_maker(tmp_path, "train/a/2026-01-01_10-00-03", finished=False)
    (killed / ".at_work.lock").touch()
    with locked(at_work / ".at_work.lock"):
        found = {run.started[-2:]: run.state for run in find_runs(tmp_path, COMMANDS)}
    assert found == {"00": "finished", "01": "unfinished", "02": "at work", "03": "unfinished"}


def test_the_settings_of_an_unfinished_run_are_those_that_were_composed(
    tmp_path: Path, run_maker: Callable[..., Path]
) -> None:
    folder = run_maker(tmp_path, "train/a/2026-01-01_10-00-00", finished=False)
    (folder / ".hydra").mkdir()
    (folder / ".hydra" / "config.yaml").write_text(
        "seed: 3\nmodel: {learning_rate: 0.1}\ntraining: {learning_rate: '${model.learning_rate}', teacher: []}\n"
    )
    [run] = find_runs(tmp_path, COMMANDS)
    assert run.settings == {
        "seed": 3,
        "model.learning_rate": 0.1,
        "training.learning_rate": 0.1,
        "training.teacher": [],
    }


def test_files_that_cannot_be_read_leave_the_run_in_the_list(tmp_path: Path, run_maker: Callable[..., Path]) -> None:
    folder = run_maker(tmp_path, "train/a/2026-01-01_10-00-00", finished=False)
    for name in ("training.json", "metrics.json", "manifest.json"):
        (folder / name).write_text('{"dev": ')
    [run] = find_runs(tmp_path, COMMANDS)
    assert (run.dev, run.tests, run.state) == (None, [], "unfinished")


def test_sizes_do_not_follow_links(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "file").write_bytes(b"x" * 1000)
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "link").symlink_to(tmp_path / "a")
    assert size_of(tmp_path / "a") == 1000
    assert size_of(tmp_path / "b") < 1000
    assert size_of(tmp_path / "none") == 0
    assert last_change(tmp_path / "a") == (tmp_path / "a" / "file").stat().st_mtime


def test_settings_have_dotted_keys() -> None:
    assert flat({"a": {"b": 1, "c": {}}, "d": "${a.b}", "e": "${none}"}) == {
        "a.b": 1,
        "a.c": {},
        "d": 1,
        "e": "${none}",
    }

"""Two runs never write into one folder, and a sweep's runs find the sweep's."""

from __future__ import annotations

from pathlib import Path

import pytest

from stancelab.cli.run_folders import RunFolders, remove_empty


def test_runs_of_one_second_have_folders_of_their_own(tmp_path: Path) -> None:
    path = str(tmp_path / "train" / "net" / "2026-01-01_00-00-00")
    one, other = RunFolders(), RunFolders()
    assert one(path) == path
    assert other(path) == f"{path}-2"
    assert RunFolders()(path) == f"{path}-3"
    # Asked again, as each run of a sweep asks.
    assert (one(path), other(path)) == (path, f"{path}-2")
    assert all(Path(each).is_dir() for each in (path, f"{path}-2", f"{path}-3"))


def test_where_nothing_can_be_made_hydra_tells(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    path = str(tmp_path / "file" / "run")
    assert RunFolders()(path) == path


@pytest.mark.parametrize(("made", "left"), [((".hydra/config.yaml", "run.log"), False), (("metrics.json",), True)])
def test_only_what_made_nothing_is_removed(tmp_path: Path, made: tuple[str, ...], left: bool) -> None:
    run = tmp_path / "outputs" / "train" / "net" / "now"
    for name in made:
        (run / name).parent.mkdir(parents=True, exist_ok=True)
        (run / name).write_text("")
    remove_empty([run])
    assert run.exists() is left
    assert (tmp_path / "outputs").exists() is left

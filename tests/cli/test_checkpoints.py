"""Which checkpoints a path or the name of runs stands for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from stancelab.cli.checkpoints import named_folder, one_checkpoint
from stancelab.errors import CheckpointError

if TYPE_CHECKING:
    from collections.abc import Callable

OLD, NEW, NEWER = "2026-01-01_10-00-00", "2026-01-02_10-00-00", "2026-01-03_10-00-00"


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Make a checkpoint in a run of the output folder."""
    monkeypatch.chdir(tmp_path)

    def made(run: str) -> Path:
        folder = Path("outputs", run, "checkpoint")
        folder.mkdir(parents=True)
        for name in ("stancelab.json", "manifest.json"):
            (folder / name).touch()
        return folder

    return made


def test_a_checkpoint_is_itself_and_nothing_is_said(
    make: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = make(f"train/mine/{OLD}")
    assert one_checkpoint(str(folder), "outputs") == str(folder)
    assert capsys.readouterr().err == ""


def test_a_run_is_its_checkpoint_which_is_told(make: Callable[[str], Path], capsys: pytest.CaptureFixture[str]) -> None:
    folder = make(f"train/mine/{OLD}")
    assert one_checkpoint(str(folder.parent), "outputs") == str(folder)
    assert capsys.readouterr().err == f"checkpoint: {folder}\n"


@pytest.mark.parametrize("given", ["mine", "outputs/train/mine", "./outputs/train/mine/"])
def test_the_newest_run_of_a_name_is_taken(
    make: Callable[[str], Path], capsys: pytest.CaptureFixture[str], given: str
) -> None:
    make(f"train/mine/{OLD}")
    newest = make(f"train/mine/{NEW}")
    assert Path(one_checkpoint(given, "outputs")) == newest
    assert capsys.readouterr().err.startswith(f"checkpoint: {newest} (the newest of 2 in ")


def test_a_newer_run_without_a_checkpoint_is_told(
    make: Callable[[str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    finished = make(f"train/mine/{OLD}")
    (make(f"train/mine/{NEW}") / "manifest.json").unlink()
    Path("outputs/train/mine", NEWER).mkdir()
    assert Path(one_checkpoint("mine", "outputs")) == finished
    assert f"{NEWER} is newer and has no finished checkpoint" in capsys.readouterr().err


def test_a_name_of_both_commands_is_the_newer_one(make: Callable[[str], Path]) -> None:
    make(f"train/mine/{NEW}")
    newest = make(f"run/mine/{NEWER}")
    make(f"train/group/mine/{OLD}")
    assert Path(one_checkpoint("mine", "outputs")) == newest
    assert named_folder(Path("group/mine"), "outputs") == Path("outputs/train/group/mine")


def test_a_folder_of_that_name_comes_first(make: Callable[[str], Path]) -> None:
    make(f"train/mine/{NEW}")
    Path("mine").mkdir()
    with pytest.raises(CheckpointError, match="mine: neither a checkpoint nor a run or a sweep that holds one"):
        one_checkpoint("mine", "outputs")


def test_a_sweep_is_not_guessed_from(make: Callable[[str], Path]) -> None:
    several = [make(f"train/mine/{NEW}/{seed}") for seed in range(2)]
    make(f"train/mine/{OLD}")
    for given in ("mine", f"outputs/train/mine/{NEW}"):
        with pytest.raises(CheckpointError) as found:
            one_checkpoint(given, "outputs")
        assert str(found.value).splitlines() == [
            f"outputs/train/mine/{NEW}: holds 2 checkpoints; name one:",
            *(f"  {path}" for path in several),
        ]


def test_what_is_not_there_lists_the_runs(make: Callable[[str], Path]) -> None:
    make(f"train/mine/{NEW}")
    with pytest.raises(
        CheckpointError, match=r"mien: no such folder; .* the runs in outputs are mine. Did you mean 'mine'"
    ):
        one_checkpoint("mien", "outputs")
    with pytest.raises(CheckpointError, match="Did you mean 'mine'"):
        one_checkpoint("outputs/trian/mine", "outputs")
    with pytest.raises(CheckpointError, match="checkpoint: found '', expected a checkpoint, its run"):
        one_checkpoint("", "outputs")
    assert one_checkpoint("someone/stance", "outputs") == "someone/stance", "a name on the hub"


def test_a_file_is_no_checkpoint(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").touch()
    with pytest.raises(CheckpointError, match="is a file; expected the folder of a checkpoint or of a run"):
        one_checkpoint(str(tmp_path / "model.safetensors"), "outputs")

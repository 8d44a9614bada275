"""Which checkpoints a path or the name of runs stands for."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from stancelab.checkpoint import is_hub_name, not_finished, unfinished_run
from stancelab.cli.own_configs import in_home
from stancelab.errors import CheckpointError, did_you_mean
from stancelab.layout import CHECKPOINT, DESCRIPTION, MANIFEST, TRAINING

if TYPE_CHECKING:
    from collections.abc import Sequence

#: The commands that make checkpoints; their runs lie in folders of these names.
TRAINED_BY: Final = ("train", "run")
#: How the folders of runs are called.
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}_\d{2}-\d{2}-\d{2}")
#: A message lists at most so many checkpoints.
_SHOWN: Final = 10


def checkpoints_in(folder: Path) -> list[Path]:
    """Return the checkpoints that a path stands for: itself, the one of a run, or those of the runs below it.

    A path at which there is no folder is returned as it is, and refused where it is read.

    Raises:
        CheckpointError: The folder holds none.
    """
    if (folder / DESCRIPTION).is_file() or not folder.is_dir():
        return [folder]
    if (folder / CHECKPOINT / DESCRIPTION).is_file():
        return [folder / CHECKPOINT]
    file = f"{CHECKPOINT}/{DESCRIPTION}"
    found = [path.parent for path in sorted([*folder.glob(f"*/{file}"), *folder.glob(f"*/*/{file}")])]
    if not found:
        run = unfinished_run(folder)
        if run is not None:
            raise CheckpointError(not_finished(folder, run))
        if (folder / TRAINING).is_file():
            raise CheckpointError(
                f"{folder}: its checkpoint is gone, as 'stancelab runs clean' removes them; train again, with the "
                f"command that {folder / MANIFEST} states"
            )
        raise CheckpointError(f"{folder}: neither a checkpoint nor a run or a sweep that holds one")
    return found


def named_folder(given: Path, output_root: str) -> Path:
    """Return the folder that a path names, else that of the runs that have it for a name.

    Where `train` and `run` both have runs of that name, it is the folder of the newest one.

    Args:
        given: A path, or the name of runs in the output folder.
        output_root: The output folder.
    """
    if given.exists() or given.is_absolute():
        return given
    folders = [folder for each in TRAINED_BY if (folder := Path(output_root, each) / given).is_dir()]
    with_checkpoint = [(_newest(found), folder) for folder in folders if (found := _complete(folder))]
    if with_checkpoint:
        return max(with_checkpoint, key=lambda pair: _started(pair[0]))[1]
    return folders[0] if folders else given


def one_checkpoint(given: str, output_root: str) -> str:
    """Return the one checkpoint that a command is to use, and say on standard error which it is where it was chosen.

    Args:
        given: A checkpoint, a run, a folder of runs, of which the newest is taken, the name of such a folder in the
            output folder, or a name on the hub.
        output_root: The output folder.

    Raises:
        CheckpointError: There is none, or several of one sweep are the newest.
    """
    if not given.strip():
        raise CheckpointError(f"checkpoint: found {given!r}, expected a checkpoint, its run, or the name of its run")
    folder = named_folder(in_home(given), output_root)
    if not folder.exists():
        if is_hub_name(given):
            return given
        raise CheckpointError(_nothing_at(given, output_root))
    if not folder.is_dir():
        raise CheckpointError(f"{folder}: is a file; expected the folder of a checkpoint or of a run")
    found = checkpoints_in(folder)
    if found == [folder]:
        return str(folder)
    chosen = _newest(_complete(folder) or found)
    beside = sorted(path for path in found if path.parent.parent == chosen.parent.parent)
    if len(beside) > 1 and not _is_date(chosen.parent.name):
        raise CheckpointError(f"{chosen.parent.parent}: holds {len(beside)} checkpoints; name one:\n{_listed(beside)}")
    sys.stderr.write(f"checkpoint: {chosen}{_why(chosen, found, folder)}\n")
    return str(chosen)


def _complete(folder: Path) -> list[Path]:
    """Return the checkpoints in a folder of runs whose manifest is there, which is written last."""
    try:
        return [path for path in checkpoints_in(folder) if (path / MANIFEST).is_file()]
    except CheckpointError:
        return []


def _newest(found: Sequence[Path]) -> Path:
    return max(found, key=lambda path: (_started(path), path.parent.name))


def _started(checkpoint: Path) -> str:
    """Return when the run of a checkpoint was started, as its folder says; of a sweep's run, when the sweep was."""
    run = checkpoint.resolve().parent
    return next((each.name for each in (run, run.parent) if _is_date(each.name)), "")


def _is_date(name: str) -> bool:
    """Tell whether a folder is called as those of runs are: DATE_TIME."""
    return bool(_DATE.match(name))


def _why(chosen: Path, found: Sequence[Path], folder: Path) -> str:
    """Return of what a checkpoint is the newest, where that is more than itself."""
    if found == [folder / CHECKPOINT]:
        return ""
    after = [
        path.name
        for path in sorted(chosen.parent.parent.glob("*"))
        if path.is_dir() and _is_date(path.name) and path.name > chosen.parent.name
    ]
    unfinished = f"; {after[-1]} is newer and has no finished checkpoint" if after else ""
    return f" (the newest of {len(found)} in {folder}{unfinished})"


def _nothing_at(given: str, output_root: str) -> str:
    names = sorted({path.name for each in TRAINED_BY for path in Path(output_root, each).glob("*") if path.is_dir()})
    known = f"; the runs in {output_root} are {', '.join(names[:_SHOWN])}" if names else ""
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return (
        f"{given}: no such folder; expected a checkpoint made by 'stancelab train', its run, or the name of its run"
        f"{known}{more}.{did_you_mean(Path(given).name, names)}"
    )


def _listed(found: Sequence[Path]) -> str:
    more = [f"  ... and {len(found) - _SHOWN} more"] if len(found) > _SHOWN else []
    return "\n".join([*(f"  {path}" for path in found[:_SHOWN]), *more])

"""The runs in the folder of all outputs: when they were started, with which settings, and what they scored."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml

from stancelab.errors import DataError
from stancelab.files import is_locked, read_json
from stancelab.layout import AT_WORK, CHECKPOINT, DESCRIPTION, HYDRA, MANIFEST, METRICS, RUN_LOG, TRAINING
from stancelab.outputs.scores import DevScore, ScoreOnTest, dev_score, scores_on_tests

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

#: How the folders of runs and sweeps are called: DATE_TIME, and -2, -3, ... for those of one second.
_DATE: Final = re.compile(r"(\d{4}-\d{2}-\d{2})_(\d{2})-(\d{2})-(\d{2})(-\d+)?")
_REFERENCE: Final = re.compile(r"\$\{([\w.]+)\}")
#: A name may hold "/", and a sweep has folders below its own.
_DEPTH: Final = 8

FINISHED: Final = "finished"
AT_WORK_NOW: Final = "at work"
UNFINISHED: Final = "unfinished"


@dataclass(frozen=True)
class Run:
    """A run.

    Attributes:
        folder: Its folder.
        command: The command that made it, "" for one from Python.
        name: Its name.
        part: The folder of its setting, where it is one of a sweep; else "".
        started: When it was started, in ISO form to the second, in the time of the machine that ran it.
        state: "finished", "at work", or "unfinished" where it was interrupted.
        settings: Its settings by their dotted keys; empty where nobody wrote them down.
        dataset: The fingerprint of its prepared dataset, "" where it names none.
        dev: Its score on dev.
        tests: The scores of its trained systems on test files.
        size: What it takes on the disk, in bytes.
        checkpoint_size: What of it is its checkpoint.
    """

    folder: Path
    command: str
    name: str
    part: str
    started: str
    state: str
    settings: dict[str, Any] = field(default_factory=dict)
    dataset: str = ""
    dev: DevScore | None = None
    tests: list[ScoreOnTest] = field(default_factory=list)
    size: int = 0
    checkpoint_size: int = 0


def find_runs(root: Path, commands: Collection[str]) -> list[Run]:
    """Return the runs in the folder of all outputs, the newest first.

    Args:
        root: The folder of all outputs.
        commands: The commands whose runs are looked for, each in the folder of its name. A run from Python lies beside
            these folders.
    """
    found = [
        _read(root, command, folder)
        for command in commands
        for folder in _run_folders(root / command, _DEPTH)
        if folder != root / command
    ]
    if root.is_dir():
        made = (path for path in sorted(root.iterdir()) if path.name not in commands and _is_folder(path))
        found += [_read(root, "", path) for path in made if _has_result(path)]
    return sorted(found, key=lambda run: (run.started, run.folder.as_posix()), reverse=True)


def size_of(path: Path) -> int:
    """Return what a file or a folder takes, in bytes; links are not followed."""
    if path.is_symlink() or not path.is_dir():
        return path.lstat().st_size if path.exists() or path.is_symlink() else 0
    total = 0
    for folder, _, files in os.walk(path):
        for name in files:
            try:
                total += Path(folder, name).lstat().st_size
            except OSError:  # gone in the meantime
                continue
    return total


def last_change(path: Path) -> float:
    """Return when a folder or anything in it was last written, as seconds since the epoch."""
    newest = path.lstat().st_mtime
    for folder, _, files in os.walk(path):
        for name in files:
            try:
                newest = max(newest, Path(folder, name).lstat().st_mtime)
            except OSError:
                continue
    return newest


def _run_folders(folder: Path, depth: int) -> Iterator[Path]:
    """Give the runs below a folder; what lies in a run is its own."""
    if not _is_folder(folder) or depth < 0:
        return
    if _is_run(folder):
        yield folder
        return
    for path in sorted(folder.iterdir()):
        if not path.name.startswith("."):
            yield from _run_folders(path, depth - 1)


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _is_run(folder: Path) -> bool:
    return (folder / RUN_LOG).is_file() or (folder / HYDRA).is_dir() or _has_result(folder)


def _has_result(folder: Path) -> bool:
    return any((folder / name).is_file() for name in (TRAINING, METRICS, f"{CHECKPOINT}/{DESCRIPTION}"))


def _read(root: Path, command: str, folder: Path) -> Run:
    manifest = _manifest(folder)
    parts = folder.relative_to(root / command).parts
    at = next((place for place, part in enumerate(parts) if _DATE.fullmatch(part)), len(parts))
    settings = manifest.get("config")
    return Run(
        folder=folder,
        command=command,
        name="/".join(parts[:at]) or folder.name,
        part="/".join(parts[at + 1 :]),
        started=_started(folder, parts[at] if at < len(parts) else "", manifest),
        state=_state(folder, manifest),
        settings=flat(settings if isinstance(settings, dict) else _composed(folder)),
        dataset=_dataset(folder, manifest),
        dev=dev_score(folder),
        tests=scores_on_tests(folder),
        size=size_of(folder),
        checkpoint_size=size_of(folder / CHECKPOINT),
    )


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        content = read_json(folder / MANIFEST)
    except (DataError, OSError):
        return {}
    return content if isinstance(content, dict) else {}


def _started(folder: Path, dated: str, manifest: dict[str, Any]) -> str:
    match = _DATE.fullmatch(dated)
    if match:
        return f"{match[1]} {match[2]}:{match[3]}:{match[4]}"
    created = str(manifest.get("created", ""))
    if re.match(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}", created):
        return created[:19].replace("T", " ")
    return datetime.fromtimestamp(folder.stat().st_mtime).strftime("%Y-%m-%d %H:%M:%S")


def _state(folder: Path, manifest: dict[str, Any]) -> str:
    if is_locked(folder / AT_WORK):
        return AT_WORK_NOW
    from_python = not (folder / RUN_LOG).is_file() and _has_result(folder)
    return FINISHED if manifest or from_python else UNFINISHED


def _dataset(folder: Path, manifest: dict[str, Any]) -> str:
    if isinstance(manifest.get("dataset"), str):
        return str(manifest["dataset"])
    try:
        content = read_json(folder / CHECKPOINT / DESCRIPTION)
    except (DataError, OSError):
        return ""
    dataset = content.get("dataset") if isinstance(content, dict) else None
    return str(dataset.get("fingerprint", "")) if isinstance(dataset, dict) else ""


def _composed(folder: Path) -> dict[str, Any]:
    """Return the settings of a run that has no manifest of them, as Hydra wrote them before the work."""
    try:
        content = yaml.safe_load((folder / HYDRA / "config.yaml").read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError, UnicodeDecodeError):
        return {}
    return content if isinstance(content, dict) else {}


def flat(settings: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """Return settings by dotted keys; a value that is just the name of another setting is that one's."""
    found: dict[str, Any] = {}
    for key, value in settings.items():
        if isinstance(value, dict) and value:
            found |= flat(value, f"{prefix}{key}.")
        else:
            found[f"{prefix}{key}"] = value
    if not prefix:
        for key, value in found.items():
            match = _REFERENCE.fullmatch(value) if isinstance(value, str) else None
            found[key] = found.get(match[1], value) if match else value
    return found

"""Files on disk: atomic writes, hashes, manifests, and a clear word where a path is not what it should be."""

from __future__ import annotations

import difflib
import hashlib
import json
import os
import platform
import re
import shutil
import tempfile
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout

from stancelab.errors import ConfigError, DataError, did_you_mean
from stancelab.layout import AT_WORK, CHECKPOINT, DESCRIPTION, HYDRA, MANIFEST, RUN_LOG

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

#: How alike two names of folders are where one is taken for a mistyped other one, from 0 to 1.
_NEAR = 0.8
#: A letter alone is a drive of Windows.
_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):/{1,2}(?=[^/])")
_VERSIONED = ("stancelab", "torch", "transformers", "datasets", "scikit-learn", "numpy", "pyarrow")


def sha256_of(path: Path) -> str:
    """Return the hexadecimal SHA-256 of a file, read in blocks."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def fingerprint(value: Any) -> str:
    """Return a short hash of a JSON-like value that does not depend on the order of its keys."""
    canonical = json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]


@contextmanager
def atomic_file(path: Path) -> Iterator[Path]:
    """Give a temporary path beside `path` to write to; rename it to `path` when the block ends without an error.

    A file that was there stays as it was until the new one is whole.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".partial")
    os.close(handle)
    partial = Path(name)
    try:
        yield partial
        partial.chmod(0o666 & ~_umask())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def atomic_folder(path: Path) -> Iterator[Path]:
    """Give a temporary folder beside `path` to fill; put it in `path`'s place when the block ends without an error.

    A folder that was there is replaced as a whole, and stays as it was if the block fails. Only a folder that is empty
    or holds a manifest of ours is replaced; anything else is a `DataError`, since it may be the user's own.
    """
    if path.exists() and not (path.is_dir() and ((path / MANIFEST).exists() or not any(path.iterdir()))):
        raise DataError(f"{path}: exists and was not written by stancelab; choose another output or move it away")
    made = make_parents(path)
    partial = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}.", suffix=".partial"))
    partial.chmod(0o777 & ~_umask())
    try:
        yield partial
        if path.exists():
            old = partial.with_suffix(".old")
            path.replace(old)
            partial.replace(path)
            shutil.rmtree(old)
        else:
            partial.replace(path)
    finally:
        if partial.exists():
            shutil.rmtree(partial)
            remove_empty_folders(made)


@contextmanager
def locked(path: Path, busy: str | None = None) -> Iterator[None]:
    """Let no other process into the block that asks for the same lock file, which is gone afterwards.

    Args:
        path: The lock file.
        busy: What to say where another process is in the block; None waits until it has left it.

    Raises:
        ConfigError: Another process is in the block, and `busy` says what to do.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(path)
    try:
        lock.acquire(blocking=busy is None)
    except Timeout:
        raise ConfigError(str(busy)) from None
    try:
        yield
    finally:
        # Removed while it is held: filelock, from version 4, tries again where the file it waited for has been removed.
        path.unlink(missing_ok=True)
        lock.release()


def is_locked(path: Path) -> bool:
    """Tell whether a process holds a lock file; one that a killed process left is held by none."""
    if not path.exists():
        return False
    lock = FileLock(path)
    try:
        lock.acquire(blocking=False)
    except Timeout:
        return True
    lock.release()
    return False


def size_text(count: int) -> str:
    """Return a number of bytes as people read it, such as "1.2 GB"."""
    for unit, bytes_of_unit in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= bytes_of_unit:
            return f"{count / bytes_of_unit:.1f} {unit}"
    return f"{count} B"


def write_text(path: Path, text: str) -> None:
    r"""Write UTF-8 text atomically, with "\\n" line ends."""
    with atomic_file(path) as partial:
        partial.write_text(text, encoding="utf-8", newline="\n")


def write_json(path: Path, value: Any) -> None:
    """Write a JSON file atomically, readable by people, with keys in the order given."""
    write_text(path, json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n")


def read_json(path: Path, *, most: int | None = None) -> Any:
    """Read a JSON file; a missing or broken one is a `DataError` that names it.

    Args:
        path: The file.
        most: The size in bytes beyond which it is not read, None for none.
    """
    try:
        if most is not None and (size := path.stat().st_size) > most:
            raise DataError(
                f"{path}: found {size_text(size)}, allowed are {size_text(most)} at most; make the folder again"
            )
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DataError(f"{path}: no such file") from None
    except RecursionError:
        raise DataError(f"{path}: not readable as JSON (nested too deep); make the folder again") from None
    except ValueError as error:  # broken JSON, no UTF-8, or a number of thousands of digits
        raise DataError(f"{path}: not readable as JSON ({error}); make the folder again") from None


def free_space(folder: Path) -> int:
    """Return how many bytes are free where a folder is, or will be."""
    there = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
    return shutil.disk_usage(there).free


def versions() -> dict[str, str]:
    """Return the versions of Python and of the packages that results depend on, those that are installed."""
    found = {name: version for name in _VERSIONED if (version := _version(name)) is not None}
    return {"python": platform.python_version(), **found}


@cache
def _version(name: str) -> str | None:
    """Return the version of a package, None where it is not installed; it is looked up on disk once."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def hardware() -> str:
    """Return the processor's name and the number of cores, for reports."""
    name = platform.processor() or platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        lines = cpuinfo.read_text(encoding="utf-8", errors="replace").splitlines()
        name = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), name)
    return f"{name}, {os.cpu_count()} cores"


def write_manifest(folder: Path, content: Mapping[str, Any]) -> None:
    """Write a folder's manifest: `content`, the time, the versions, and every file's size and SHA-256. Call it last.

    A manifest's presence means that the folder is complete.
    """
    files = {
        path.relative_to(folder).as_posix(): {"bytes": path.stat().st_size, "sha256": sha256_of(path)}
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in (MANIFEST, RUN_LOG, AT_WORK) and HYDRA not in path.parts
    }
    created = datetime.now(UTC).isoformat(timespec="seconds")
    write_json(folder / MANIFEST, {**content, "created": created, "versions": versions(), "files": files})


def read_manifest(folder: Path, what: str) -> dict[str, Any]:
    """Return a folder's manifest; a folder that is missing or incomplete is a `DataError`.

    Args:
        folder: The folder that should be complete.
        what: What it should be, for the message, such as "prepared dataset".
    """
    if not folder.is_dir():
        raise DataError(f"{folder}: no such folder; expected a {what}")
    if not (folder / MANIFEST).exists():
        raise DataError(f"{folder}: holds no {MANIFEST}, so it is not a complete {what}; make it again")
    manifest: dict[str, Any] = read_json(folder / MANIFEST)
    return manifest


def refuse_url(given: str | Path) -> None:
    """Raise a `DataError` where a file is named by a URL, of which a `Path` leaves out a slash."""
    if not _URL.match(str(given)):
        return
    url = _URL.sub(r"\1://", str(given))
    how = f"; download it first (curl -L -o FILE '{url}')" if url.lower().startswith(("http", "ftp")) else ""
    raise DataError(f"{url}: URLs are not read{how}, and name the file")


def checkpoint_of(folder: Path) -> Path:
    """Return the checkpoint of a run's folder; another folder is returned as it is."""
    is_run = not (folder / DESCRIPTION).exists() and (folder / CHECKPOINT / DESCRIPTION).is_file()
    return folder / CHECKPOINT if is_run else folder


def missing_folder(name: str) -> str | None:
    """Return that a folder is not there, where a name is meant for one; None where it may be a name on a hub.

    A name is a path where it begins or is written as only paths are, or where the folder above it is here and holds
    another one of nearly this name.

    Args:
        name: A path ("~" is expanded) or a name on a hub ("name" or "owner/name").
    """
    path = Path(name).expanduser()
    if not name.strip() or path.exists():
        return None
    is_path = name.startswith(("./", "../", "/", "~")) or name in (".", "..") or "\\" in name or len(path.parts) > 2
    is_beside = len(path.parts) == 2 and path.parent.is_dir()
    if not is_path and not is_beside:
        return None
    found = sorted(each.name for each in path.parent.iterdir() if each.is_dir()) if path.parent.is_dir() else []
    if not is_path and not any(_is_misspelled(path.name, other) for other in found):
        return None  # a folder that is called as an owner on the hub is
    of_hub = "" if is_path else f" For a name on the hub, start from a folder that has no {path.parent.name}/ in it."
    return f"{name}: no such folder (looked in {path.absolute().parent}).{did_you_mean(path.name, found)}{of_hub}"


def _is_misspelled(name: str, other: str) -> bool:
    """Tell whether a name is nearly another one: most of its letters, or all of them in another order."""
    near = difflib.SequenceMatcher(None, name, other).ratio() >= _NEAR
    return near or sorted(name) == sorted(other)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def make_parents(path: Path) -> list[Path]:
    """Make the folders above a path and return those that were not there, the innermost first."""
    made = [folder for folder in path.parents if not folder.exists()]
    path.parent.mkdir(parents=True, exist_ok=True)
    return made


def remove_empty_folders(folders: Sequence[Path]) -> None:
    """Remove folders that nothing was put into."""
    for folder in folders:
        try:
            folder.rmdir()
        except OSError:  # not empty, or gone
            return

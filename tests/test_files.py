from __future__ import annotations

import errno
import json
import os
import re
import threading
from typing import TYPE_CHECKING, Any

import pytest

from stancelab.errors import ConfigError, DataError
from stancelab.files import (
    atomic_file,
    atomic_folder,
    can_write,
    fingerprint,
    locked,
    read_json,
    read_manifest,
    sha256_of,
    write_json,
    write_manifest,
)

if TYPE_CHECKING:
    from pathlib import Path


def test_an_atomic_file_appears_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "file.txt"
    with atomic_file(path) as partial:
        partial.write_text("new")
        assert not path.exists()
    assert path.read_text() == "new"
    assert [each.name for each in path.parent.iterdir()] == ["file.txt"]


def test_an_atomic_file_has_the_permissions_of_any_new_file(tmp_path: Path) -> None:
    (tmp_path / "plain").write_text("")
    with atomic_file(tmp_path / "atomic") as partial:
        partial.write_text("")
    assert (tmp_path / "atomic").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_failed_write_keeps_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "file.txt"
    path.write_text("old")
    with pytest.raises(RuntimeError), atomic_file(path) as partial:
        partial.write_text("half")
        raise RuntimeError
    assert path.read_text() == "old"
    assert [each.name for each in tmp_path.iterdir()] == ["file.txt"]


@pytest.mark.parametrize("atomic", [atomic_file, atomic_folder])
def test_where_the_disk_is_full_the_error_names_what_was_written(tmp_path: Path, atomic: Any) -> None:
    for number, named in ((errno.ENOSPC, str(tmp_path / "new")), (errno.EIO, None)):
        with pytest.raises(OSError, match=re.escape(os.strerror(number))) as caught, atomic(tmp_path / "new"):
            raise OSError(number, os.strerror(number))
        assert caught.value.filename == named
    assert list(tmp_path.iterdir()) == []


def test_an_atomic_folder_replaces_one_of_ours_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "dataset"
    for content in ("one", "two"):
        with atomic_folder(path) as partial:
            (partial / content).write_text(content)
            write_manifest(partial, {})
    assert {each.name for each in path.iterdir()} == {"two", "manifest.json"}
    with pytest.raises(RuntimeError), atomic_folder(path) as partial:
        (partial / "three").write_text("")
        raise RuntimeError
    assert {each.name for each in path.iterdir()} == {"two", "manifest.json"}
    assert [each.name for each in tmp_path.iterdir()] == ["dataset"]


def test_an_atomic_folder_never_replaces_what_is_not_ours(tmp_path: Path) -> None:
    path = tmp_path / "thesis"
    path.mkdir()
    (path / "chapter.txt").write_text("years of work")
    with pytest.raises(DataError, match="exists and was not written by stancelab"), atomic_folder(path):
        pass
    assert (path / "chapter.txt").read_text() == "years of work"


def test_the_fingerprint_does_not_depend_on_the_order_of_keys() -> None:
    assert fingerprint({"a": 1, "b": [1, 2]}) == fingerprint({"b": [1, 2], "a": 1})
    assert fingerprint({"a": 1}) != fingerprint({"a": 2})


def test_a_manifest_names_every_file_with_its_hash(tmp_path: Path) -> None:
    (tmp_path / "data.txt").write_text("hello")
    (tmp_path / ".hydra").mkdir()
    (tmp_path / ".hydra" / "config.yaml").write_text("x")
    write_manifest(tmp_path, {"kind": "test"})
    manifest = read_manifest(tmp_path, "test folder")
    assert manifest["kind"] == "test"
    assert manifest["files"] == {"data.txt": {"bytes": 5, "sha256": sha256_of(tmp_path / "data.txt")}}
    assert "python" in manifest["versions"]


def test_a_folder_without_a_manifest_is_not_complete(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"holds no manifest\.json, so it is not a complete prepared dataset"):
        read_manifest(tmp_path, "prepared dataset")
    with pytest.raises(DataError, match="no such folder; expected a prepared dataset"):
        read_manifest(tmp_path / "no", "prepared dataset")


def test_json_that_is_broken_or_not_a_number_is_refused(tmp_path: Path) -> None:
    (tmp_path / "broken.json").write_text("{")
    with pytest.raises(DataError, match="not readable as JSON"):
        read_json(tmp_path / "broken.json")
    with pytest.raises(ValueError, match="Out of range float values"):
        write_json(tmp_path / "nan.json", {"a": float("nan")})
    assert not (tmp_path / "nan.json").exists()
    write_json(tmp_path / "fine.json", {"ä": 1})
    assert json.loads((tmp_path / "fine.json").read_text(encoding="utf-8")) == {"ä": 1}
    assert os.linesep.encode() * 2 not in (tmp_path / "fine.json").read_bytes()


def test_a_lock_keeps_others_out_and_leaves_nothing(tmp_path: Path) -> None:
    lock = tmp_path / "here.lock"
    with locked(lock), pytest.raises(ConfigError, match="someone is in"), locked(lock, "someone is in"):
        pass
    assert not lock.exists()
    with locked(lock, "free again"):
        pass


def test_who_waits_for_a_lock_comes_after_its_holder(tmp_path: Path) -> None:
    lock, order = tmp_path / "here.lock", []

    def second() -> None:
        with locked(lock):
            order.append("second")

    with locked(lock):
        waiting = threading.Thread(target=second)
        waiting.start()
        waiting.join(0.2)
        order.append("first")
    waiting.join(60)
    assert order == ["first", "second"]
    assert not lock.exists()


def test_whether_a_folder_can_be_written_to_is_tried_and_leaves_nothing(tmp_path: Path) -> None:
    assert can_write(tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert not can_write(tmp_path / "none")

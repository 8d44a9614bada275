"""What the readers of public corpora share: which files are missing, and JSON that is none."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

from stancelab.data.readers.files import expected_files, read_json_array
from stancelab.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path

WHERE = "data.path=FOLDER with a.json and b.json"


def test_files_come_in_the_order_of_their_names(tmp_path: Path) -> None:
    for name in ("a.json", "b.json", "other.txt"):
        (tmp_path / name).write_text("[]")
    assert expected_files(tmp_path, ["b.json", "a.json"], WHERE) == [tmp_path / "b.json", tmp_path / "a.json"]


def test_what_is_missing_and_what_is_there_are_named(tmp_path: Path) -> None:
    (tmp_path / "b.json").mkdir()  # a folder is no file
    for number in range(20):
        (tmp_path / f"x{number:02d}.txt").write_text("")
    with pytest.raises(DataError) as error:
        expected_files(tmp_path, ["a.json", "b.json"], WHERE)
    there = ", ".join(["b.json", *(f"x{number:02d}.txt" for number in range(11))])
    assert str(error.value) == f"{tmp_path}: lacks a.json, b.json; it holds {there}. Expected {WHERE}"


def test_the_items_of_an_array_are_read_whatever_they_are(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b'\xef\xbb\xbf[{"text": "gr\xc3\xb6\xc3\x9fe"},\n 7]\n')
    assert read_json_array(tmp_path / "a.json") == [{"text": "größe"}, 7]
    (tmp_path / "a.json.gz").write_bytes(gzip.compress(b"[1, 2]", mtime=0))
    assert read_json_array(tmp_path / "a.json.gz") == [1, 2]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('[{"sent_id": "a", "text": "b"', r"dev\.json: not readable as JSON .*; is the file cut off\?"),
        ("{}", r"dev\.json: expected one JSON array of sentences"),
        ("", r"dev\.json: is empty"),
        ("<!DOCTYPE html>", r"dev\.json: named as JSON, but it is a web page or XML"),
    ],
)
def test_files_that_are_no_arrays(tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "dev.json").write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=message):
        read_json_array(tmp_path / "dev.json")

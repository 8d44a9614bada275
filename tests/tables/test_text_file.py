"""Lines come out of text files, plain or gzipped; what is not UTF-8 is named by line and byte."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

from stancelab.errors import DataError
from stancelab.tables.text_file import open_checked, open_text

if TYPE_CHECKING:
    from pathlib import Path

CONTENT = b"\xef\xbb\xbffirst\r\nsecond\xe2\x80\xa8 line\nlast"


@pytest.mark.parametrize("name", ["a.txt", "a.txt.gz"])
def test_only_line_feeds_end_lines_and_the_mark_is_skipped(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(gzip.compress(CONTENT) if name.endswith("gz") else CONTENT)
    with open_text(path, "text") as text:
        assert list(text) == ["first\r\n", "second\u2028 line\n", "last"]
        assert text.bytes_read == path.stat().st_size


def test_bytes_are_counted_from_the_start_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(CONTENT + b" caf\xe9")
    with open_text(path, "text") as text, pytest.raises(DataError, match=r"line 3, byte 33: found byte 0xE9"):
        list(text)


def test_the_check_of_the_first_bytes_takes_none(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"text\na\n")
    with open_checked(path, "csv") as file:
        assert file.read() == b"text\na\n"
    with pytest.raises(DataError, match=r"does not begin with '\{'"), open_checked(path, "jsonl"):
        pass

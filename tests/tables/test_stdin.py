import gzip
import io
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from stancelab.errors import DataError
from stancelab.tables.stdin import as_told, spooled_stdin
from stancelab.tables.table_file import TableFile


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    spooled_stdin.cache_clear()
    yield
    spooled_stdin.cache_clear()


def piped(monkeypatch: pytest.MonkeyPatch, content: bytes) -> Path:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    return spooled_stdin()


def xlsx() -> bytes:
    book, file = openpyxl.Workbook(), io.BytesIO()
    for row in (["text", "target"], ["a", "b"]):
        book.active.append(row)
    book.save(file)
    return file.getvalue()


def zipped() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("inner.csv", "text,target\na,b\n")
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"text,target\na,b\n", "stdin.csv"),
        (b"text;target\na;b\n", "stdin.csv"),
        (b"text\ttarget\na\tb\n", "stdin.tsv"),
        (b'\xef\xbb\xbf{"text": "a", "target": "b"}\n', "stdin.jsonl"),
        (b'\n [{"text": "a", "target": "b"}]\n', "stdin.json"),
        (gzip.compress(b"text,target\na,b\n", mtime=0), "stdin.csv.gz"),
        (xlsx(), "stdin.xlsx"),
        (zipped(), "stdin.zip"),
    ],
)
def test_the_first_bytes_tell_the_format(monkeypatch: pytest.MonkeyPatch, content: bytes, name: str) -> None:
    path = piped(monkeypatch, content)
    assert path.name == name
    assert [row for batch in TableFile(path).rows() for _, row in batch.rows] == [{"text": "a", "target": "b"}]
    assert spooled_stdin() == path


def test_an_empty_input_is_said_to_be_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DataError, match="is empty"):
        TableFile(piped(monkeypatch, b""))


def test_a_terminal_is_no_input(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = io.TextIOWrapper(io.BytesIO())
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stdin", terminal)
    with pytest.raises(DataError, match="nothing is piped in"):
        spooled_stdin()


def test_messages_call_it_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    spooled_stdin.cache_clear()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"text,target\n")))
    path = spooled_stdin()
    assert as_told(f"1 row of {path} cannot be used: {path}.") == (
        "1 row of standard input cannot be used: standard input."
    )
    assert as_told("/elsewhere/stdin.csv: no such file") == "/elsewhere/stdin.csv: no such file"
    spooled_stdin.cache_clear()

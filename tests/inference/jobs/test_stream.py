"""Rows go out as they come in."""

from __future__ import annotations

import io
import json
import os
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from stancelab.checkpoint import CheckpointInfo
from stancelab.encoding import Cut
from stancelab.errors import ConfigError, DataError
from stancelab.inference.engines.local import LocalEngine
from stancelab.inference.jobs.stream import check_stream, predict_stream
from stancelab.inference.settings import PredictSettings
from stancelab.tables.stdin import begun_stdin
from stancelab.tables.streamed import WINDOW_ROWS, StreamedFile, can_stream

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from stancelab.schema import Example


class Same:
    info = CheckpointInfo()
    cut = Cut()

    def predict_proba(self, examples: Sequence[Example]) -> np.ndarray:
        return np.tile([0.2, 0.3, 0.5], (len(examples), 1))


def stream(monkeypatch: pytest.MonkeyPatch, given: Any, folder: Path, out: io.BytesIO, **changes: Any) -> Any:
    if isinstance(given, bytes):
        given = io.BytesIO(given)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(given))
    settings = PredictSettings(**changes)
    begun, rest = begun_stdin()
    assert can_stream(begun)
    table = StreamedFile(begun, rest, settings.where, settings.table_options())
    job = check_stream(table, folder / begun.name, settings, {})
    return predict_stream(LocalEngine(Same()), job, out)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (b"text,target\na,b\n", "text,target,predicted,confidence,p_against,p_neutral,p_favor,score,abstained\n"
         "a,b,favor,0.5,0.2,0.3,0.5,0.3,False\n"),
        (b"\xef\xbb\xbftext;target\na;b\n", "text,target,predicted,confidence,p_against,p_neutral,p_favor,score,"
         "abstained\na,b,favor,0.5,0.2,0.3,0.5,0.3,False\n"),
        (b'text\ttarget\nsays "a\tb\n', '"text"\t"target"\t"predicted"\t"confidence"\t"p_against"\t"p_neutral"\t'
         '"p_favor"\t"score"\t"abstained"\n"says ""a"\tb\tfavor\t0.5\t0.2\t0.3\t0.5\t0.3\tFalse\n'),
        (b'{"text": "a", "target": "b"}\n{"text": "c", "target": "d", "more": 1}',
         '{"text": "a", "target": "b", "predicted": "favor", "confidence": 0.5, "p_against": 0.2, "p_neutral": 0.3,'
         ' "p_favor": 0.5, "score": 0.3, "abstained": false}\n'
         '{"text": "c", "target": "d", "more": 1, "predicted": "favor", "confidence": 0.5, "p_against": 0.2,'
         ' "p_neutral": 0.3, "p_favor": 0.5, "score": 0.3, "abstained": false}\n'),
    ],
)  # fmt: skip
def test_each_format(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, given: bytes, expected: str) -> None:
    out = io.BytesIO()
    counts = stream(monkeypatch, given, tmp_path, out)
    assert out.getvalue().decode() == expected
    assert (counts["rows"], counts["rejected"]) == (expected.count("favor") - expected.count("p_favor"), 0)


@pytest.mark.parametrize(
    ("settings", "told"),
    [({"delimiter": ";"}, "predict.delimiter: found ';'"), ({"offsets": "utf16"}, "predict.offsets: found 'utf16'")],
)
def test_a_setting_that_does_not_concern_the_rows_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: dict[str, Any], told: str
) -> None:
    with pytest.raises(ConfigError, match=told):
        stream(monkeypatch, b'{"text": "a", "target": "b"}\n', tmp_path, io.BytesIO(), **settings)
    out = io.BytesIO()
    assert stream(monkeypatch, b'{"text": "a", "target": "b"}\n', tmp_path, out, ignore=["late"])["rows"] == 1


def test_rows_go_out_before_the_input_ends(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    taken, given = os.pipe()
    out = io.BytesIO()
    seen = []

    def feed() -> None:
        with os.fdopen(given, "w", encoding="utf-8") as file:
            file.write("text,target,n\n" + "".join(f"a,b,{n}\n" for n in range(WINDOW_ROWS + 1)))
            file.flush()
            until = time.monotonic() + 60
            while out.getvalue().count(b"\n") < WINDOW_ROWS + 1 and time.monotonic() < until:
                time.sleep(0.01)
            seen.append(out.getvalue().count(b"\n"))

    thread = threading.Thread(target=feed)
    thread.start()
    with os.fdopen(taken, "rb") as file:
        counts = stream(monkeypatch, file, tmp_path, out)
    thread.join()
    assert seen == [WINDOW_ROWS + 1]
    assert counts["rows"] == WINDOW_ROWS + 1
    assert [line.split(b",")[2] for line in out.getvalue().splitlines()[1:]] == [
        str(n).encode() for n in range(WINDOW_ROWS + 1)
    ]


def test_a_bad_row_ends_it_or_is_left_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    given = b"text,target\n" + b"a,b\n" * WINDOW_ROWS + b"c,d\n,d\n"
    out = io.BytesIO()
    with pytest.raises(DataError, match=r"^1 row of standard input cannot be used; 256 rows before them went out:\n"):
        stream(monkeypatch, given, tmp_path, out)
    assert out.getvalue().count(b"\n") == WINDOW_ROWS + 1
    assert list(tmp_path.iterdir()) == []
    out = io.BytesIO()
    counts = stream(monkeypatch, given, tmp_path, out, on_bad_rows="drop")
    assert (counts["rows"], counts["rejected"]) == (WINDOW_ROWS + 1, 1)
    assert "the text is empty" in (tmp_path / "stdin.rejected.csv").read_text(encoding="utf-8")
    with pytest.raises(DataError, match="a quote that opens in this row is never closed"):
        stream(monkeypatch, b'text,target\na,b\n"c,d\ne,f,g\n', tmp_path, io.BytesIO(), on_bad_rows="drop")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (b'text,target\n"c,d\ne,f\n', "a quote that opens in this row is never closed: it opens in line 2"),
        ("text,target\nc\udce9,d\ne,f für\n".encode(errors="surrogateescape"), "line 2, byte 13: found byte 0xE9"),
        (
            '{"text": "c\udce9", "target": "d"}\n{"text": "e", "target": "f für"}\n'.encode(errors="surrogateescape"),
            "line 1, byte 11: found byte 0xE9",
        ),
    ],
)
def test_rows_with_bad_bytes_and_open_quotes_are_left_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, given: bytes, told: str
) -> None:
    out = io.BytesIO()
    assert stream(monkeypatch, given, tmp_path, out, on_bad_rows="drop", encoding="utf-8")["rows"] == 1
    [listed] = tmp_path.glob("*.rejected.csv")
    assert told in listed.read_text(encoding="utf-8")
    with pytest.raises(DataError, match=told):
        stream(monkeypatch, given, tmp_path, io.BytesIO(), encoding="utf-8")


def test_a_condition_and_a_column_that_comes_too_late(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    rows = [{"text": "a", "target": "b", "n": n} for n in range(20_000)] + [
        {"text": "a", "target": "b", "n": 1, "source": "x"}
    ] * 2
    given = "\n".join(map(json.dumps, rows)).encode()
    out = io.BytesIO()
    counts = stream(monkeypatch, given, tmp_path, out, where="n == 1")
    assert counts["rows"] == 3
    assert caplog.text.count("row 20001: the column 'source' is not read, since the first rows do not have it") == 1


def test_columns_are_checked_before_anything_goes_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    out = io.BytesIO()
    with pytest.raises(DataError, match="no column 'target'"):
        stream(monkeypatch, b"text,score\na,b\n", tmp_path, out)
    with pytest.raises(DataError, match="has the column 'score'"):
        stream(monkeypatch, b"text,target,score\na,b,c\n", tmp_path, out)
    assert out.getvalue() == b""

"""What commands say of standard input."""

from __future__ import annotations

import io
import json
import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from stancelab.cli import main
from stancelab.cli.streams import stdin_named
from stancelab.tables.stdin import spooled_stdin

if TYPE_CHECKING:
    import pytest

ROWS = "".join(
    f"Norway {verb} the pact {number}.,the pact,{stance},{split}\n"
    for split, count in (("train", 9), ("validation", 3), ("test", 3))
    for number in range(count)
    for verb, stance in (("hailed", "favor"), ("rejected", "against"), ("discussed", "neutral"))
)
WORDS = [
    "prepare",
    "data=table",
    "data.path=-",
    "data.name=mine",
    "split=given",
    "data.columns.split=split",
    "audit.leakage=keep",
]


def prepare(monkeypatch: pytest.MonkeyPatch, rows: str, *words: str) -> int:
    spooled_stdin.cache_clear()
    content = f"text,target,stance,split\n{rows}".encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    return main([*WORDS, *words])


def test_messages_of_prepare_say_standard_input(
    workplace: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert prepare(monkeypatch, f"{ROWS},the pact,favor,train\n") == 2
    told = capfd.readouterr()
    assert "standard input: row 46, column 'text'" in told.err
    assert "stancelab-" not in told.out + told.err
    assert prepare(monkeypatch, f"{ROWS},the pact,favor,train\n", "data.on_bad_rows=drop") == 0
    told = capfd.readouterr()
    assert "stancelab-" not in told.out + told.err
    [folder] = Path("outputs/datasets").iterdir()
    assert json.loads((folder / "manifest.json").read_text())["inputs"][0]["file"] == "standard input"
    for path in folder.iterdir():
        assert b"stancelab-" not in path.read_bytes(), path
    assert "standard input,46,text," in (folder / "rejected.csv").read_text()


def test_handlers_that_come_later_say_it_too(monkeypatch: pytest.MonkeyPatch) -> None:
    spooled_stdin.cache_clear()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"text,target\n")))
    path, out = spooled_stdin(), io.StringIO()
    log = logging.getLogger("stancelab.later")
    with stdin_named():
        handler = logging.StreamHandler(out)
        log.addHandler(handler)
        log.error("%s: %d%%", path, 3)
    log.error("%s", path)
    log.removeHandler(handler)
    assert out.getvalue() == f"standard input: 3%\n{path}\n"

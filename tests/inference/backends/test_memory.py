"""The memory that a process may take is that of the machine, or of its control groups."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from stancelab.inference.backends.memory import most_memory

if TYPE_CHECKING:
    from pathlib import Path

MACHINE = 64 * 2**30


@pytest.mark.parametrize(
    ("files", "own", "expected"),
    [
        ({}, "0::/\n", MACHINE),
        ({"memory.max": "max\n"}, "0::/\n", MACHINE),
        ({"memory.max": f"{2**33}\n"}, "0::/\n", 2**33),
        ({"job/memory.max": f"{2**32}\n", "job/step/memory.max": "max\n"}, "0::/job/step\n", 2**32),
        ({"memory/pod/memory.limit_in_bytes": f"{2**31}\n"}, "4:memory:/pod\n", 2**31),
        ({"memory/memory.limit_in_bytes": f"{2**63 - 4096}\n"}, "4:memory:/\n", MACHINE),
        ({"memory.max": "nonsense"}, "nonsense\n", MACHINE),
    ],
)
def test_the_smallest_limit_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: dict[str, str], own: str, expected: int
) -> None:
    monkeypatch.setattr(os, "sysconf", lambda name: {"SC_PHYS_PAGES": MACHINE // 4096, "SC_PAGE_SIZE": 4096}[name])
    for name, content in {**files, "own": own}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    assert most_memory(tmp_path, tmp_path / "own") == expected


def test_where_nothing_says_it_there_is_no_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "sysconf")
    assert most_memory(tmp_path, tmp_path / "own") is None

"""Configs of one's own that cannot be composed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from stancelab.cli import main

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"a": "defaults: [a]\n"}, "experiment/a.yaml: includes itself (experiment/a -> experiment/a)"),
        (
            {"a": "defaults: [b]\n", "b": "defaults: [/experiment/a]\n"},
            "(experiment/a -> experiment/b -> experiment/a)",
        ),
        ({"a": "defaults:\n  - override /data: [newsmtsc, mpqa]\n"}, "'data=[newsmtsc,mpqa]'"),
    ],
)
def test_what_cannot_be_composed_is_refused_in_one_line(
    workplace: Path, capsys: pytest.CaptureFixture[str], files: dict[str, str], told: str
) -> None:
    (workplace / "own" / "experiment").mkdir(parents=True)
    for name, content in files.items():
        (workplace / "own" / "experiment" / f"{name}.yaml").write_text(content)
    assert main(["prepare", "--config-dir", "own", "experiment=a"]) == 2
    found = capsys.readouterr().err
    assert told in found
    assert found.count("\n") == 1

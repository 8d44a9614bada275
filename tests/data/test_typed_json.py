"""A JSON file is read as a dataclass, or the message says what is wrong with which file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from stancelab.data.typed_json import read_typed
from stancelab.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Found:
    rows: int
    share: float | None


def test_keys_that_the_class_lacks_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "found.json"
    path.write_text('{"rows": 3, "share": null, "later": true}', encoding="utf-8")
    assert read_typed(path, Found) == Found(rows=3, share=None)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "truncated"),
        (b'{"rows": 3, "sh', "truncated"),
        (b"\xff\xfe", "malformed"),
        (b"[]", "Expected `object`, got `array`"),
        (b'{"rows": 3}', "missing required field `share`"),
        (b'{"rows": "3", "share": 0.5}', r"Expected `int`, got `str` - at `\$\.rows`"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes, reason: str) -> None:
    path = tmp_path / "found.json"
    path.write_bytes(content)
    message = rf"found\.json: not readable or incomplete \(.*{reason}.*\); prepare the dataset again"
    with pytest.raises(DataError, match=message):
        read_typed(path, Found)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"found\.json: is missing; prepare the dataset again"):
        read_typed(tmp_path / "found.json", Found)

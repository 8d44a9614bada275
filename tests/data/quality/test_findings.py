"""audit.json comes back as it was written, or the message names the file."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from stancelab.data.quality.findings import read_audit, write_audit
from stancelab.errors import DataError
from stancelab.files import write_json

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Rows = list[dict[str, str]]


@pytest.fixture
def folder(rows: Rows, prepared_from: Callable[..., Path]) -> Path:
    """A dataset with rows of test in train, some of them labeled by two annotators."""
    given = [row | {"split": ("train", "dev", "test")[i // 5 % 3], "annotator": "ann"} for i, row in enumerate(rows)]
    again = [row | {"split": "train", "annotator": "bob"} for row in given[:20]]
    return prepared_from([*given, *again], "given")


@pytest.mark.parametrize("similarity", [1, 1.0, 0.8, np.float64(0.75)])
def test_an_audit_comes_back_as_it_was_written(folder: Path, tmp_path: Path, similarity: float) -> None:
    found = read_audit(folder)
    assert found.duplicates.across_before_removal["train in test"].rows > 0
    assert found.agreement["table"] is not None
    audit = replace(
        found,
        duplicates=replace(found.duplicates, similarity=similarity),
        agreement={**found.agreement, "other": None},
        max_length=24,
    )
    write_audit(tmp_path, audit)
    again = read_audit(tmp_path)
    assert again == audit
    assert json.dumps(again.duplicates.similarity) == json.dumps(similarity)


def test_an_audit_that_is_written_again_has_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    write_audit(tmp_path, read_audit(folder))
    assert (tmp_path / "audit.json").read_bytes() == (folder / "audit.json").read_bytes()


def test_a_broken_or_incomplete_audit_is_named(folder: Path) -> None:
    path = folder / "audit.json"
    content = json.loads(path.read_text(encoding="utf-8"))
    del content["splits"]["train"]["rows"]
    write_json(path, content)
    with pytest.raises(DataError, match=r"audit\.json: not readable .*missing required field `rows`.*; prepare"):
        read_audit(folder)
    path.write_text('{"splits": {', encoding="utf-8")
    with pytest.raises(DataError, match=r"audit\.json: not readable or incomplete .*; prepare the dataset again"):
        read_audit(folder)
    path.unlink()
    with pytest.raises(DataError, match=r"audit\.json: is missing; prepare the dataset again"):
        read_audit(folder)

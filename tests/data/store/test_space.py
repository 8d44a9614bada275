"""Whether a dataset fits on the disk is told by its first rows, before the others are read."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from stancelab.data.build import build
from stancelab.data.readers.batch import Batch
from stancelab.data.settings import CorpusSettings
from stancelab.data.split_settings import AuditSettings, SplitSettings
from stancelab.data.store.rows import RowStoreWriter, stored_bytes
from stancelab.data.store.space import check_space
from stancelab.errors import ConfigError
from stancelab.schema import Example

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def examples(count: int) -> list[Example]:
    return [
        Example(
            id=f"{row:04}", text=f"Norway rejected treaty {row:04}. {'So it is. ' * 40}", target="it", stance="favor"
        )
        for row in range(count)
    ]


def free(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda path: SimpleNamespace(free=count))


def test_the_bytes_are_those_that_are_written(tmp_path: Path) -> None:
    rows = examples(2_000)
    with RowStoreWriter(tmp_path / "rows.arrow", [], None) as writer:
        writer.add(0, Batch("a.csv", list(enumerate(rows))))
    keys = writer.finish().keys
    columns = [value for value in vars(keys).values() if hasattr(value, "nbytes")]
    written = (tmp_path / "rows.arrow").stat().st_size + sum(column.nbytes for column in columns)
    assert stored_bytes(rows) == pytest.approx(written, rel=0.01)


def test_the_first_rows_stand_for_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = examples(100)
    needed = int(stored_bytes(rows) / 0.25 * 1.05)
    free(monkeypatch, needed)
    check_space(tmp_path / "new" / ".rows", "mine", rows, 0.25)
    free(monkeypatch, needed - 1)
    with pytest.raises(
        ConfigError, match=r"mine: preparing it needs about 240\.0 kB, and 240\.0 kB are free on the disk of"
    ):
        check_space(tmp_path / "new" / ".rows", "mine", rows, 0.25)


@pytest.mark.parametrize("name", ["mine.csv", "mine.jsonl"])
def test_what_does_not_fit_is_told_before_all_rows_are_read(
    rows: list[dict[str, str]],
    write_csv: Callable[..., Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    import pandas as pd

    path = write_csv(rows)
    if name.endswith("jsonl"):
        pd.read_csv(path).to_json(path := tmp_path / name, orient="records", lines=True)
    added: list[int] = []
    monkeypatch.setattr(RowStoreWriter, "add", lambda self, corpus, batch: added.append(len(batch.rows)))
    free(monkeypatch, 10_000)
    with pytest.raises(
        ConfigError, match=r"and 10\.0 kB are free on the disk of .*; free space, or write somewhere else"
    ):
        build([CorpusSettings(path=str(path))], SplitSettings(kind="random"), AuditSettings(), tmp_path / "out",
              batch_rows=10)  # fmt: skip
    assert not sum(added)
    assert not list(tmp_path.glob("*out*"))

"""A prepared dataset counts what careless exports left, tells it, and mends it where settings say so."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from stancelab.data.prepare import prepare
from stancelab.data.settings import CorpusSettings
from stancelab.data.split_settings import AuditSettings, SplitSettings
from stancelab.schema import STANCES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

RANDOM = SplitSettings(kind="random")


def test_words_for_nothing_and_broken_characters(
    rows: list[dict[str, str]],
    write_csv: Callable[..., Path],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    for number, row in enumerate(rows):
        row["id"] = f"r{number}"
        row["source"] = "nan" if number < 5 else row["source"]
        row["text"] += " Tom &amp; Jerry" if number < 3 else ""
        row["target_start"], row["target_end"] = ("nan", "nan") if number < 5 else ("", "")
    table = str(write_csv(rows))
    clean = [{name: cell for name, cell in row.items() if "_" not in name} for row in rows]
    raw = prepare(CorpusSettings(name="raw", path=str(write_csv(clean, "raw.csv"))), split=RANDOM, root=tmp_path)
    found = raw.audit.traces["raw"]
    assert found.missing_words == {"source": {"nan": 5}}
    assert found.kinds == {"HTML entities": 3}
    assert "raw: the source is a word for nothing: 'nan' in 5 rows, such as r0: 'nan'" in caplog.text
    assert "raw: 3 rows with HTML entities" in (raw.folder / "README.md").read_text(encoding="utf-8")
    assert sum(row.source == "nan" for row in [*raw.train, *raw.validation, *raw.tests["test"]]) == 5

    caplog.clear()
    prepare(CorpusSettings(name="raw", path=str(tmp_path / "raw.csv")), split=RANDOM, root=tmp_path)
    assert "raw: 3 rows with HTML entities" in caplog.text  # told again where the dataset is used again

    caplog.clear()
    corpus = CorpusSettings(name="mended", path=table, missing_words=["NaN"], repair="ftfy")
    mended = prepare(corpus, split=RANDOM, root=tmp_path)
    examples = [*mended.train, *mended.validation, *mended.tests["test"]]
    assert sum(row.source == "" for row in examples) == 5
    assert sum(row.text.endswith(" Tom & Jerry") for row in examples) == 3
    assert mended.audit.traces["mended"].kinds == {}
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


def test_aliases_are_found_in_the_mended_text(write_csv: Callable[..., Path], tmp_path: Path) -> None:
    rows = [
        {"text": f"Tom &amp; Jerry met again {number}.", "target": "them", "stance": STANCES[number % 3]}
        for number in range(40)
    ]
    path = write_csv([{**row, "aliases": "Tom & Jerry"} for row in rows])
    corpus = CorpusSettings(name="mine", path=str(path), repair="ftfy")
    dataset = prepare(corpus, split=RANDOM, audit=AuditSettings(near_duplicates=1), root=tmp_path)
    assert {row.text[slice(*row.target_span or (0, 0))] for row in dataset.train} == {"Tom & Jerry"}

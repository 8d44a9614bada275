"""A person's corrections change labels and drop rows, once each, or say what is wrong with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from stancelab.data.build import build
from stancelab.data.prepared import is_current, load_prepared
from stancelab.data.settings import AuditSettings, CorpusSettings, SplitSettings
from stancelab.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def corpus(tmp_path: Path) -> CorpusSettings:
    rows = [
        {"id": f"r{i}", "text": f"Sentence {i} {chr(97 + i % 26) * 9} of its own {i * 7919}.", "target": f"t{i % 5}",
         "stance": ("against", "neutral", "favor")[i % 3]}
        for i in range(60)
    ]  # fmt: skip
    pd.DataFrame(rows).to_csv(tmp_path / "mine.csv", index=False)
    return CorpusSettings(name="mine", path=str(tmp_path / "mine.csv"))


def corrected(corpus: CorpusSettings, folder: Path, text: str) -> CorpusSettings:
    (folder / "fixed.csv").write_text(text, encoding="utf-8")
    corpus.corrections = str(folder / "fixed.csv")
    return corpus


def stances(folder: Path) -> dict[str, str | None]:
    dataset = load_prepared(folder)
    rows = [*dataset.train, *dataset.validation, *dataset.tests["test"]]
    return {row.id: row.stance for row in rows}


def test_labels_are_changed_and_rows_dropped(corpus: CorpusSettings, tmp_path: Path) -> None:
    split, audit = SplitSettings(kind="random"), AuditSettings()
    before = stances(build([corpus], split, audit, tmp_path / "before"))
    table = "id,corpus,note,correction\nr0,mine,x,FAVOR\nr1,mine,,\nmine/r2,mine,,drop\nr3,other,,drop\nr4,,,neutral\n"
    after = stances(build([corrected(corpus, tmp_path, table)], split, audit, tmp_path / "after"))
    assert before.pop("r2") == "favor"
    assert after == {**before, "r0": "favor"}
    manifest = load_prepared(tmp_path / "after").manifest
    assert manifest.corrected == {"mine": 1}  # r4 was neutral already
    assert manifest.skipped == {"mine: dropped by a correction": 1}
    assert is_current(tmp_path / "after", [corpus], split, audit)
    (tmp_path / "fixed.csv").write_text("id,correction\nr0,neutral\n")
    assert not is_current(tmp_path / "after", [corpus], split, audit)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("id,stance\nr0,favor\n", "lacks the column 'correction'; found 'id', 'stance'"),
        ("id,correction\nr0,maybe\n", "row 1, column 'correction': found 'maybe': no known stance; .*or 'drop'"),
        (
            "id,correction\nr0,favor\nr0,drop\n",
            "row 2, column 'correction': found 'drop': id 'r0' has another correction",
        ),
        ("id,correction\nr0,favor\nr99,favor\n", "1 corrections are for ids that the corpus lacks:\n  id 'r99'"),
    ],
)
def test_corrections_that_cannot_be_used(corpus: CorpusSettings, tmp_path: Path, table: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        build([corrected(corpus, tmp_path, table)], SplitSettings(kind="random"), AuditSettings(), tmp_path / "out")
    assert not (tmp_path / "out").exists()

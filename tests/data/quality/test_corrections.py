"""A person's corrections change labels and drop rows, once each, or say what is wrong with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from stancelab.data.build import build
from stancelab.data.prepared import is_current, load_prepared
from stancelab.data.quality.corrections import read_corrections
from stancelab.data.quality.label_issues import LABEL, LabelIssue, write_label_issues
from stancelab.data.settings import AuditSettings, CorpusSettings, SplitSettings
from stancelab.errors import DataError
from stancelab.schema import Example
from stancelab.tables.csv_lines import Style

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


def test_corrected_labels_are_counted_by_split_and_those_of_test_are_kept(
    corpus: CorpusSettings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    split, audit = SplitSettings(kind="random"), AuditSettings()
    table = "id,correction\n" + "".join(f"r{i},favor\n" for i in range(30))
    folder = build([corrected(corpus, tmp_path, table)], split, audit, tmp_path / "out")
    dataset = load_prepared(folder)
    # r0 was against, r1 neutral, r2 favor and so on: of the first thirty rows twenty were changed.
    was = {f"r{i}": ("against", "neutral")[i % 3] for i in range(30) if i % 3 < 2}
    parts = {"train": dataset.train, "validation": dataset.validation, "test": dataset.tests["test"]}
    counts = {name: sum(row.id in was for row in rows) for name, rows in parts.items()}
    assert sum(counts.values()) == 20
    assert counts["test"]
    assert dataset.provenance().corrected == {name: count for name, count in counts.items() if count}
    assert dataset.earlier_labels == {"test": {row.id: was[row.id] for row in parts["test"] if row.id in was}}
    stated = ", ".join(f"{name} {count}" for name, count in counts.items() if count)
    assert f"Labels that a person corrected: {stated}." in (folder / "README.md").read_text()
    assert f"{counts['test']} label" in caplog.text
    assert "scores on them favor that model" in caplog.text
    two = [CorpusSettings(name="other", path=corpus.path), corpus]
    both = load_prepared(build(two, split, AuditSettings(leakage="keep"), tmp_path / "two"))
    assert both.earlier_labels == {"test_mine": {f"mine/{key}": was[key] for key in dataset.earlier_labels["test"]}}


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("id,stance\nr0,favor\n", "lacks the column 'correction'; found 'id', 'stance'"),
        ("id,correction\nr0,maybe\n", "row 1, column 'correction': found 'maybe': no known stance; .*or 'drop'"),
        (
            "id,correction\nr0,favor\nr0,drop\n",
            "row 2, column 'correction': found 'drop': id 'r0' has another correction",
        ),
        ("ID,correction\nr0,favor\n", "lacks the column 'id'; found 'ID', 'correction'; rename 'ID' to 'id'"),
        ("id,correction,Corpus\nr0,favor,x\n", "the column 'Corpus' would not be read, since 'corpus' is written othe"),
        ('id,correction\nr0,"favor\nr1,favor\n', "never closed: it opens in line 2, and the 1 line after it"),
        ("id,correction\nr0,favor\nr99,favor\n", "1 corrections are for ids that the corpus lacks:\n  id 'r99'"),
    ],
)
def test_corrections_that_cannot_be_used(corpus: CorpusSettings, tmp_path: Path, table: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        build([corrected(corpus, tmp_path, table)], SplitSettings(kind="random"), AuditSettings(), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_what_inspect_writes_for_a_spreadsheet_is_read_back(tmp_path: Path) -> None:
    ids = ["-5x", "=1", "@who", "'=1", "plain", "+3"]
    rows = [Example(id=each, text=f"@{each} text", target="t", stance="favor", corpus="mine") for each in ids]
    issues = [LabelIssue(row, "against", 0.1, [LABEL]) for row in rows]
    path = tmp_path / "label_issues.csv"
    write_label_issues(path, issues, Style(byte_order_mark=True, safe_cells=True))
    content = path.read_text(encoding="utf-8")
    assert content.startswith("\ufeffid,corpus,")
    assert "\n'=1,mine," in content
    path.write_text(content.replace(",\n", ",against\n"), encoding="utf-8")
    found = read_corrections(CorpusSettings(name="mine", corrections=str(path)))
    assert found is not None
    assert found.stances == dict.fromkeys(ids, "against")

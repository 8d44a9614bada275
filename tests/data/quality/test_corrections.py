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
        ("id,correction\nr0,favor\nr99,favor\n", "1 correction for ids that the corpus lacks:\n  id 'r99'"),
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
    assert {key: each.stance for key, each in found.by_id.items()} == dict.fromkeys(ids, "against")


RANDOM = SplitSettings(kind="random")


@pytest.fixture
def numbered(tmp_path: Path) -> CorpusSettings:
    """A corpus whose rows have no ids."""
    rows = [
        {"text": f"Sentence {i} {chr(97 + i % 26) * 9} of its own {i * 7919}.", "source": f"s{i % 3}",
         "target": f"t{i % 5}", "stance": ("against", "neutral", "favor")[i % 3]}
        for i in range(60)
    ]  # fmt: skip
    pd.DataFrame(rows).to_csv(tmp_path / "mine.csv", index=False)
    return CorpusSettings(name="mine", path=str(tmp_path / "mine.csv"))


def said(corpus: CorpusSettings, **cells: list[str]) -> pd.DataFrame:
    """Return the first rows of a corpus, with ids that are their places in the file."""
    table = pd.read_csv(str(corpus.path)).head(len(next(iter(cells.values()))))
    return table.assign(id=[f"mine-{i}" for i in range(1, len(table) + 1)], **cells)


def rows_of(folder: Path) -> dict[str, Example]:
    dataset = load_prepared(folder)
    return {row.text: row for row in [*dataset.train, *dataset.validation, *dataset.tests["test"]]}


def without_first_row(corpus: CorpusSettings) -> None:
    pd.read_csv(str(corpus.path)).iloc[1:].to_csv(str(corpus.path), index=False)


def test_a_correction_finds_its_row_by_what_it_says_wherever_the_row_stands(
    numbered: CorpusSettings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    table = said(numbered, correction=["", "favor", "against", "favor", "drop", "favor"])
    before = rows_of(build([numbered], RANDOM, AuditSettings(), tmp_path / "before"))
    without_first_row(numbered)
    given = corrected(numbered, tmp_path, table.to_csv())
    after = rows_of(build([given], RANDOM, AuditSettings(), tmp_path / "after"))
    texts = table["text"].tolist()
    expected = {text: row.stance for text, row in before.items() if text not in (texts[0], texts[4])}
    expected |= {texts[1]: "favor", texts[2]: "against", texts[3]: "favor", texts[5]: "favor"}
    assert {text: row.stance for text, row in after.items()} == expected
    assert "3 of 5 corrections changed a label: " in caplog.text
    assert "; 1 dropped a row; 1 row had the label already" in caplog.text


def test_places_in_a_file_alone_are_refused(numbered: CorpusSettings, tmp_path: Path) -> None:
    table = said(numbered, correction=["favor", "favor"])[["id", "correction"]]
    given = corrected(numbered, tmp_path, table.to_csv())
    with pytest.raises(DataError, match=r"2 corrections for ids that the corpus lacks:\n  id 'mine-1'"):
        build([given], RANDOM, AuditSettings(), tmp_path / "out")


def test_ids_of_rows_that_are_gone_are_refused(numbered: CorpusSettings, tmp_path: Path) -> None:
    before = rows_of(build([numbered], RANDOM, AuditSettings(), tmp_path / "before"))
    first = before[said(numbered, x=[""])["text"][0]]
    without_first_row(numbered)
    given = corrected(numbered, tmp_path, f"id,correction\n{first.id},favor\n")
    with pytest.raises(DataError, match="1 correction for ids that the corpus lacks"):
        build([given], RANDOM, AuditSettings(), tmp_path / "out")


@pytest.mark.parametrize(
    ("column", "cell", "found"),
    [
        ("text", "Another sentence.", r"column 'text': found 'Another sentence\.': the row 'r0' has 'Sentence 0 a+ of"),
        ("target", "t4", r"column 'target': found 't4': the row 'r0' has 't0' here"),
        ("source", "Kenya", r"column 'source': found 'Kenya': the row 'r0' has '' here"),
        ("stance", "neutral", r"column 'stance': found 'neutral': the row 'r0' has 'against' here"),
        ("Topic", "t4", None),
        ("stance", "", None),
        ("stance", "AGAINST", None),
        ("target", " t0 ", None),
    ],
)
def test_rows_are_compared_with_what_the_table_says_of_them(
    corpus: CorpusSettings, tmp_path: Path, column: str, cell: str, found: str | None
) -> None:
    given = corrected(corpus, tmp_path, f"id,{column},correction\nr0,{cell},favor\n")
    if found is None:
        assert stances(build([given], RANDOM, AuditSettings(), tmp_path / "out"))["r0"] == "favor"
        return
    with pytest.raises(DataError, match=rf"fixed\.csv: row 1, {found}"):
        build([given], RANDOM, AuditSettings(), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_label_that_was_corrected_in_the_file_already_is_no_stale_one(corpus: CorpusSettings, tmp_path: Path) -> None:
    given = corrected(corpus, tmp_path, "id,stance,correction\nr0,neutral,against\n")
    folder = build([given], RANDOM, AuditSettings(), tmp_path / "out")
    assert stances(folder)["r0"] == "against"
    assert load_prepared(folder).manifest.corrected == {"mine": 0}


def test_several_tables_are_one(corpus: CorpusSettings, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,correction\nr0,favor\nr1,drop\n")
    (tmp_path / "b.csv").write_text("id,correction\nr0,favor\nr3,neutral\n")
    corpus.corrections = [str(tmp_path / "a.csv"), str(tmp_path / "b.csv")]
    found = stances(build([corpus], RANDOM, AuditSettings(), tmp_path / "out"))
    assert ("r1" in found, found["r0"], found["r3"]) == (False, "favor", "neutral")
    assert is_current(tmp_path / "out", [corpus], RANDOM, AuditSettings())
    (tmp_path / "b.csv").write_text("id,correction\nr0,against\n")
    with pytest.raises(DataError, match=r"b\.csv: row 1.*id 'r0' has another correction in .*a\.csv"):
        build([corpus], RANDOM, AuditSettings(), tmp_path / "other")
    corpus.corrections = ["a.csv", "a.csv", 3]
    assert corpus.problems() == [
        "corrections: found 3, allowed is a file, a list of files, or null",
        "corrections: found 'a.csv' more than once",
    ]


def test_corrections_of_other_corpora_alone_are_refused(corpus: CorpusSettings, tmp_path: Path) -> None:
    given = corrected(corpus, tmp_path, "id,corpus,correction\nr0,table,favor\n")
    with pytest.raises(DataError, match=r"none of its 1 correction is for the corpus 'mine', but for 'table'"):
        build([given], RANDOM, AuditSettings(), tmp_path / "out")


def test_rows_that_say_the_same_have_to_be_named(tmp_path: Path, numbered: CorpusSettings) -> None:
    rows = pd.read_csv(str(numbered.path))
    table = said(numbered, correction=["favor"])
    pd.concat([rows, rows.head(1)]).to_csv(str(numbered.path), index=False)
    given = corrected(numbered, tmp_path, table.to_csv())
    with pytest.raises(DataError, match=r"'mine-1': several rows say the same: 'row-\w+', 'row-\w+-2'; name one by"):
        build([given], RANDOM, AuditSettings(), tmp_path / "out")


def test_rows_are_compared_as_the_corpus_mends_its_cells(tmp_path: Path, numbered: CorpusSettings) -> None:
    rows = pd.read_csv(str(numbered.path)).assign(source="nan")
    rows["text"] += " Tom &amp; Jerry"
    rows.to_csv(str(numbered.path), index=False)
    table = said(numbered, correction=["favor", "against"]).assign(source="nan")
    given = corrected(numbered, tmp_path, table.to_csv(index=False))
    given.missing_words, given.repair = ["nan"], "ftfy"
    found = rows_of(build([given], RANDOM, AuditSettings(), tmp_path / "out"))
    texts = [text.replace("&amp;", "&") for text in table["text"]]
    assert [found[text].stance for text in texts] == ["favor", "against"]
    assert found[texts[0]].source == ""

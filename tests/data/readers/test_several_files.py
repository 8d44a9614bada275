from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from stancelab.data.build import check_settings
from stancelab.data.column_settings import ColumnSettings
from stancelab.data.readers.table import read_tables
from stancelab.data.settings import CorpusSettings
from stancelab.data.split_settings import AuditSettings, SplitSettings
from stancelab.errors import ConfigError, DataError
from stancelab.schema import Example


def write(path: Path, *rows: str, header: str = "text,target,stance") -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text("".join(f"{line}\n" for line in (header, *rows)), encoding="utf-8")
    return path


def read(given: Any, **settings: Any) -> list[Example]:
    return [row for batch in read_tables(given, CorpusSettings(**settings)) for _, row in batch.rows]


def test_a_folder_gives_each_row_its_split(tmp_path: Path) -> None:
    write(tmp_path / "d/train.csv", "a,it,favor", "b,it,against")
    write(tmp_path / "d/test_2024.csv", "c,it,favor")
    write(tmp_path / "d/val.csv", "d,it,favor")
    assert [(row.text, row.split) for row in read(tmp_path / "d")] == [
        ("a", "train"), ("b", "train"), ("d", "validation"), ("c", "test_2024"),
    ]  # fmt: skip


def test_a_cell_that_contradicts_its_file_is_a_problem(tmp_path: Path) -> None:
    header = "text,target,stance,split"
    train = write(tmp_path / "a.csv", "a,it,favor,train", "b,it,against,test", "c,it,favor,", header=header)
    test = write(tmp_path / "b.csv", "d,it,favor,test", header=header)
    batches = list(read_tables({"train": train, "test": test}, CorpusSettings()))
    assert [row.split for batch in batches for _, row in batch.rows] == ["train", "train", "test"]
    [problem] = [problem for batch in batches for problem in batch.problems]
    assert problem.reason == "the file is that of train; correct the cell, or name the files in a list"


def test_a_list_is_one_table_and_a_column_may_tell_the_file(tmp_path: Path) -> None:
    files = [write(tmp_path / f"{name}.csv", f"{name} left.,it,favor") for name in ("ann", "bob")]
    rows = read(files, file_column="who", columns=ColumnSettings(annotator="who"), where="who == 'bob.csv'")
    assert [(row.text, row.annotator) for row in rows] == [("bob left.", "bob.csv")]
    with pytest.raises(DataError, match=r"has a column 'text' already; choose another data.file_column"):
        read(files, file_column="text")


@pytest.mark.parametrize("given", [["a.csv", "b.csv"], ["b.csv", "a.csv"], {"train": "a.csv", "test": "b.csv"}])
def test_files_that_differ_in_a_column_that_is_read_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "a.csv", "a,it,favor,Iran", header="text,target,stance,source")
    write(tmp_path / "b.csv", "b,it,favor")
    with pytest.raises(DataError, match=r"b\.csv: has no column 'source', which a\.csv has; the files of a table"):
        read(given)


def test_files_may_differ_in_columns_that_nobody_reads_and_in_their_order(tmp_path: Path) -> None:
    one = write(tmp_path / "a.csv", "a,it,favor,x", header="text,target,stance,note")
    two = write(tmp_path / "b.csv", "favor,b,it", header="stance,text,target")
    assert [(row.text, row.stance) for row in read([one, two])] == [("a", "favor"), ("b", "favor")]


def test_unread_columns_are_told_once_and_those_of_the_condition_are_read(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    header = "text,target,stance,note,year"
    files = [write(tmp_path / name, "a,it,favor,x,2020", header=header) for name in ("a.csv", "b.csv")]
    with caplog.at_level("INFO"):
        assert len(read(files, where="year >= 2020", file_column="file")) == 2
    assert caplog.text.count("not read: 'note' (") == 1
    assert "'year'" not in caplog.text


def test_rows_that_a_condition_leaves_out_are_counted(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = write(tmp_path / "a.csv", "a,it,favor,A", "b,it,?,B", "c,it,favor,", header="text,target,stance,who")
    with caplog.at_level("INFO"):
        batches = list(read_tables(path, CorpusSettings(where="who == 'A'")))
    assert [row.text for batch in batches for _, row in batch.rows] == ["a"]
    assert not any(batch.problems for batch in batches)
    assert sum((batch.skipped for batch in batches), Counter[str]()) == {"left out by data.where": 2}
    assert "data.where=\"who == 'A'\" left out 2 of 3 rows" in caplog.text


@pytest.mark.parametrize("given", [{"train": "a.csv", "test": "b.csv"}, "."])
def test_files_of_splits_and_another_split_contradict_each_other(given: Any) -> None:
    corpus = CorpusSettings(path=given)
    check_settings([corpus], SplitSettings(), AuditSettings())
    with pytest.raises(ConfigError, match=r"split.kind: found 'random', but data.path of 'table' gives each split"):
        check_settings([corpus], SplitSettings(kind="random"), AuditSettings())


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"path": 7}, "path: found 7, expected a file"),
        ({"format": "prodgy"}, "format: found 'prodgy', allowed auto, table, prodigy.*Did you mean 'prodigy'"),
        ({"delimiter": "ab"}, "delimiter: found 'ab', allowed is one character"),
        ({"quoting": "nnoe"}, "quoting: found 'nnoe', allowed auto, none, minimal"),
        ({"encoding": "cp125"}, "encoding: found 'cp125', which Python does not know"),
        ({"where": "a = 1"}, "where: cannot read 'a = 1'.*equality is written =="),
        ({"reader": "mpqa", "where": "a == 1"}, "where: is for tables"),
        ({"reader": "mpqa", "path": ["a"]}, r"path: found \['a'\], expected the folder"),
    ],
)
def test_settings_that_cannot_be_used(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        check_settings([CorpusSettings(**settings)], SplitSettings(), AuditSettings())

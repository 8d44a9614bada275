from pathlib import Path
from typing import Any

import pytest

from stancelab.data.path_forms import gives_splits, path_problems, path_title, plain_path
from stancelab.data.readers.sources import table_sources
from stancelab.errors import DataError


def make(folder: Path, *names: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("text,target,stance\n", encoding="utf-8")
    return folder


def found(given: Any) -> list[tuple[str, str]]:
    return [(source.path.name, source.split) for source in table_sources(given)]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["test.csv", "train.csv", "dev.csv"],
         [("train.csv", "train"), ("dev.csv", "validation"), ("test.csv", "test")]),
        (["Train.csv", "VAL.csv"], [("Train.csv", "train"), ("VAL.csv", "validation")]),
        (["train.jsonl", "valid.jsonl", "test.jsonl", "README.md"],
         [("train.jsonl", "train"), ("valid.jsonl", "validation"), ("test.jsonl", "test")]),
        (["training.csv.gz", "testing.csv.gz"], [("training.csv.gz", "train"), ("testing.csv.gz", "test")]),
        (["train.csv", "test.csv", "test_2024.csv", "other.csv"],
         [("train.csv", "train"), ("test.csv", "test"), ("test_2024.csv", "test_2024")]),
        (["train-00000-of-00002.parquet", "train-00001-of-00002.parquet", "test-00000-of-00001.parquet"],
         [("train-00000-of-00002.parquet", "train"), ("train-00001-of-00002.parquet", "train"),
          ("test-00000-of-00001.parquet", "test")]),
        (["train.txt", "dev.txt", "test.txt", "README.txt"],
         [("train.txt", "train"), ("dev.txt", "validation"), ("test.txt", "test")]),
        (["train.csv", "test.csv", "train.txt", "notes.txt"], [("train.csv", "train"), ("test.csv", "test")]),
        (["train.csv", "test.csv", "~$train.xlsx", ".train.csv"], [("train.csv", "train"), ("test.csv", "test")]),
    ],
)  # fmt: skip
def test_the_files_of_a_folder_are_its_splits(tmp_path: Path, names: list[str], expected: list[Any]) -> None:
    assert found(make(tmp_path / "d", *names)) == expected
    assert gives_splits(str(tmp_path / "d"))


@pytest.mark.parametrize(
    "given",
    ["https://example.org/a.csv", "http://example.org/a.csv?dl=1", ["https://example.org/a.csv"],
     {"train": "https://example.org/a.csv"}],
)  # fmt: skip
def test_urls_are_not_read(given: Any) -> None:
    told = r"^https?://example.org/a.csv.*: URLs are not read; download it first \(curl -L -o FILE 'http.*'\), and"
    with pytest.raises(DataError, match=told):
        table_sources(given)


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ([], "has no file of training rows; it holds nothing; expected train.csv"),
        (["notes.txt"], "it holds notes.txt; expected train.csv"),
        (["a.csv", "b.csv"], r"it holds a.csv, b.csv; .*To read them as one table: 'data.path=.*/\*\.csv'"),
        (["train.csv", "dev.csv", "val.csv"], "dev.csv and val.csv are both the split 'validation'"),
        (["train.csv", "train.jsonl"], "train.csv and train.jsonl are both the split 'train'"),
        (["train.csv", "test.jsonl"], r"files of different formats: test.jsonl \(jsonl\), train.csv \(csv\)"),
    ],
)
def test_folders_that_are_not_clear(tmp_path: Path, names: list[str], message: str) -> None:
    with pytest.raises(DataError, match=message):
        table_sources(make(tmp_path / "d", *names))


def test_a_mapping_says_the_split_of_each_file(tmp_path: Path) -> None:
    folder = make(tmp_path, "a.csv", "b.csv", "c.csv", "d-1.csv", "d-2.csv")
    given = {
        "test": folder / "b.csv",
        "train": [str(folder / "a.csv"), str(folder / "d-*.csv")],
        "test-2024": str(folder / "c.csv"),
    }
    assert found(given) == [
        ("a.csv", "train"), ("d-1.csv", "train"), ("d-2.csv", "train"), ("b.csv", "test"), ("c.csv", "test_2024"),
    ]  # fmt: skip
    assert gives_splits(given)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"trian": "a.csv"}, "found 'trian', which names no split; allowed are train"),
        ({"train": "a.csv", "dev": "b.csv", "val": "c.csv"}, "'dev' and 'val' both name the split 'validation'"),
        ({"test": "a.csv"}, "names no file for train, only for test"),
        ({"train": "a.csv", "test": "a.csv"}, "a.csv: is named 2 times in data.path"),
        (["a.csv", "./a.csv"], "a.csv: is named 2 times in data.path"),
        ([], "is an empty list"),
        (["."], r"is a folder; in a list name its files, as in '\./\*\.csv'"),
        ("none-*.csv", r"none-\*\.csv: no file matches this pattern"),
    ],
)
def test_paths_that_cannot_be_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: Any, message: str) -> None:
    monkeypatch.chdir(make(tmp_path, "a.csv", "b.csv", "c.csv"))
    with pytest.raises(DataError, match=message):
        table_sources(given)


def test_a_pattern_stands_for_files_in_order_and_a_name_with_brackets_for_itself(tmp_path: Path) -> None:
    folder = make(tmp_path, "part-2.csv", "part-10.csv", "part-1.csv", "a[1].csv", "sub/part-3.csv")
    assert found(f"{folder}/part-*.csv") == [("part-1.csv", ""), ("part-10.csv", ""), ("part-2.csv", "")]
    assert found(f"{folder}/a[1].csv") == [("a[1].csv", "")]
    assert found(f"{folder}/**/part-[13].csv") == [("part-1.csv", ""), ("part-3.csv", "")]
    assert not gives_splits(f"{folder}/part-*.csv")


def test_forms() -> None:
    assert plain_path({"train": Path("a.csv"), "test": [Path("b.csv")]}) == {"train": "a.csv", "test": ["b.csv"]}
    assert [path_title(each) for each in ("x/a.csv.gz", ["b.csv", "c.csv"], {"train": ["d.csv"]}, "-")] == [
        "a", "b", "d", "stdin",
    ]  # fmt: skip
    assert path_problems({"train": 7}) == ["path: found 7 in it, expected the name of a file"]
    assert path_problems(7)[0].startswith("path: found 7, expected a file, a folder")
    assert path_problems(["a.csv", Path("b.csv")]) == path_problems(None) == []

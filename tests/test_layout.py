from __future__ import annotations

from pathlib import Path

import pytest

import stancelab
from stancelab import layout


@pytest.mark.parametrize(
    ("split", "file"),
    [
        ("train", "train.parquet"),
        ("validation", "validation.parquet"),
        ("validation_rw", "validation.parquet"),
        ("test", "test.parquet"),
        ("test_rw", "test_rw.parquet"),
    ],
)
def test_each_test_has_its_own_file_and_all_validation_rows_one(split: str, file: str) -> None:
    assert layout.split_file(split) == file


def test_the_package_is_where_it_was_imported_from() -> None:
    assert Path(stancelab.__file__).resolve().parent == layout.PACKAGE


def test_no_two_files_of_a_folder_have_one_name() -> None:
    names = [value for name, value in vars(layout).items() if name.isupper() and isinstance(value, str)]
    assert len(names) > 20
    assert len(names) == len(set(names))

from __future__ import annotations

import numpy as np

from stancelab.data.store.codes import DROPPED, SPLITS, TEST, TRAIN, VALIDATION, of_kind


def test_a_code_is_a_place_among_the_names() -> None:
    assert [SPLITS[code] for code in (DROPPED, TRAIN, VALIDATION, TEST)] == ["", "train", "validation", "test"]


def test_a_kind_has_the_splits_with_its_name_and_a_suffix() -> None:
    names = [*SPLITS, "test_rw", "validation_mt", "test_mt"]
    codes = np.array([DROPPED, TRAIN, 4, 5, TEST, 6, VALIDATION], dtype=np.int16)
    assert of_kind(names, codes, "test").tolist() == [False, False, True, False, True, True, False]
    assert of_kind(names, codes, "validation").tolist() == [False, False, False, True, False, False, True]
    assert of_kind(names, codes, "train").tolist() == [False, True, False, False, False, False, False]


def test_no_rows_and_no_such_split() -> None:
    assert of_kind(SPLITS, np.empty(0, dtype=np.int16), "train").shape == (0,)
    found = of_kind(["", "train"], np.array([DROPPED, TRAIN], dtype=np.int16), "test")
    assert (found.dtype, found.any()) == (np.bool_, False)

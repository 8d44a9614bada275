from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from stancelab.errors import CheckpointError
from stancelab.training_texts import TrainingTextHashes

if TYPE_CHECKING:
    from pathlib import Path


def test_texts_are_found_again_whatever_their_case_and_blanks(tmp_path: Path) -> None:
    kept = TrainingTextHashes.of(["Ministers met.", "ministers  met.", "The Council voted."])
    assert kept.hashes.shape == (2,)
    path = tmp_path / "texts.npy"
    kept.write(path)
    assert path.stat().st_size == 128 + 2 * 8
    assert b"PK" not in path.read_bytes()[:2]
    read = TrainingTextHashes.read(path)
    asked = ["MINISTERS met. ", "The Council voted", "The Council voted."]
    assert read.among(asked).tolist() == [True, False, True]
    assert read.among([]).tolist() == []
    assert TrainingTextHashes.of([]).among(asked).tolist() == [False] * 3


def test_hashes_of_two_trainings_are_those_of_all_their_texts() -> None:
    first, second = (TrainingTextHashes.of(texts) for texts in (["a", "b"], ["c", "b"]))
    joined = first.joined(second)
    assert joined.hashes.tolist() == TrainingTextHashes.of(["a", "b", "c"]).hashes.tolist()
    assert joined.among(["a", "c", "d"]).tolist() == [True, True, False]


def test_the_hash_is_that_of_the_format() -> None:
    # The first eight bytes of the SHA-256 of "abc", ba7816bf 8f01cfea, as a little-endian number.
    assert TrainingTextHashes.of(["ABC"]).hashes.tolist() == [
        int.from_bytes(bytes.fromhex("ba7816bf8f01cfea"), "little")
    ]


def test_a_damaged_file_is_named_and_nothing_is_unpickled(tmp_path: Path) -> None:
    broken, pickled, other = (tmp_path / name for name in ("broken.npy", "pickled.npy", "other.npy"))
    broken.write_bytes(b"no array")
    np.save(pickled, np.array([{"a": 1}], dtype=object), allow_pickle=True)
    np.save(other, np.zeros(3))
    long, cut, tokens = (tmp_path / name for name in ("long.npy", "cut.npy", "tokens.npy"))
    np.save(long, np.zeros(3, dtype=np.uint64))
    whole = long.read_bytes()
    long.write_bytes(whole.replace(b"(3,), }" + b" " * 12, b"(3000000000000,), }"))  # 24 TB
    cut.write_bytes(whole[:-1])
    tokens.write_bytes(whole.replace(b", }", b", ("))  # an error of Python's tokenizer
    assert len(long.read_bytes()) == len(whole)
    for path, words in (
        (broken, "not readable"),
        (pickled, "not readable"),
        (other, "holds no hashes of texts"),
        (long, "not readable"),
        (cut, "not readable"),
        (tokens, "not readable"),
    ):
        with pytest.raises(CheckpointError, match=words):
            TrainingTextHashes.read(path)

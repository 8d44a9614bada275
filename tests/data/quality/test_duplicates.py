"""Near duplicates are those whose n-grams overlap enough: no more, and nearly no fewer."""

from __future__ import annotations

import random
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
import pytest

from stancelab.data.quality.duplicates import _shingle_hashes, bands_for, jaccard, near_duplicate_groups, shingles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

WORDS = ["".join(random.Random(i).choices("abcdefghijklmnop", k=3 + i % 7)) for i in range(500)]


def groups_of(texts: list[str], threshold: float = 0.8, batch: int = 50) -> list[int]:
    positions = np.arange(len(texts))
    batches = [(positions[i : i + batch], texts[i : i + batch]) for i in range(0, len(texts), batch)]
    return near_duplicate_groups(len(texts), batches, texts.__getitem__, threshold, 5).tolist()


def sentence(seed: int, words: int = 20) -> list[str]:
    return random.Random(seed).choices(WORDS, k=words)


def test_groups_are_those_of_all_pairs_compared() -> None:
    texts = []
    for seed in range(60):
        words = sentence(seed)
        # One to three versions, which differ in a word or two.
        texts += [
            " ".join([*words[: 20 - copy], *sentence(1000 + seed * 3 + copy, copy)]) for copy in range(seed % 3 + 1)
        ]
    sets = [shingles(text, 5) for text in texts]
    pairs = [(i, j) for i in range(len(texts)) for j in range(i) if jaccard(sets[i], sets[j]) >= 0.8]
    expected = list(range(len(texts)))
    for i, j in pairs:
        old, new = expected[i], expected[j]
        expected = [new if group == old else group for group in expected]
    found = groups_of(texts)
    assert len(pairs) > 30
    assert all((found[i] == found[j]) == (expected[i] == expected[j]) for i in range(len(texts)) for j in range(i))


def test_similar_texts_below_the_threshold_stay_apart() -> None:
    words = sentence(1)
    texts = [" ".join(words), " ".join([*words[:12], *sentence(2, 8)])]
    assert 0.3 < jaccard(*(shingles(text, 5) for text in texts)) < 0.8
    assert groups_of(texts) == [0, 1]
    assert groups_of(texts, threshold=0.3) == [0, 0]


def test_a_crowd_of_versions_is_one_group() -> None:
    words = sentence(3, 40)
    texts = [" ".join([*words[:i], "other", *words[i + 1 :]]) for i in range(40)]
    assert set(groups_of(texts)) == {0}


def test_short_and_foreign_texts() -> None:
    assert groups_of(["ab", "ab c", "мир", "мира", "😀", "平和", "ab c d e f"]) == list(range(7))
    assert groups_of([]) == []


def test_fast_hashes_are_one_for_each_shingle() -> None:
    texts = ["abcdefg", "ab", "aaaaaaaa", "grüß 😀 dich"]
    hashes, offsets = _shingle_hashes(texts, 5)
    seen: dict[str, int] = {}
    for text, start, end in zip(texts, offsets.tolist(), offsets.tolist()[1:], strict=False):
        parts = [text.ljust(5)[i : i + 5] for i in range(max(len(text) - 4, 1))]
        assert end - start == len(parts)
        for part, value in zip(parts, hashes[start:end].tolist(), strict=True):
            assert seen.setdefault(part, value) == value
    assert len(set(seen.values())) == len(seen)


@pytest.mark.parametrize("threshold", [0.3, 0.5, 0.7, 0.8, 0.9, 1.0])
def test_bands_find_pairs_at_the_threshold(threshold: float) -> None:
    bands, rows = bands_for(threshold)
    assert bands * rows <= 128
    assert 1 - (1 - threshold**rows) ** bands >= 0.999


def test_it_is_told_how_far_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    done: dict[str, list[float]] = {}

    @contextmanager
    def noted(what: str, total: float, unit: str) -> Iterator[Callable[..., None]]:
        counts = done.setdefault(what, [])
        yield lambda count=1: counts.append(count)
        assert sum(counts) == pytest.approx(total)

    monkeypatch.setattr("stancelab.data.quality.duplicates.progress", noted)
    monkeypatch.setattr("stancelab.data.quality.duplicates._BATCH", 7)
    texts = [" ".join(sentence(seed // 3)) + f" {seed}" for seed in range(60)]
    assert len(set(groups_of(texts))) == 20
    assert [len(counts) >= 9 for counts in done.values()] == [True, True]

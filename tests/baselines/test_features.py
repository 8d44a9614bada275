"""What the n-gram models see of an example."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from stancelab.baselines.features import (
    ALL_TARGETS,
    SINGLE_TARGET,
    TEXT,
    Reader,
    Row,
    fit_features,
    near_ngrams,
    pair_features,
    word_ngrams,
    words,
)
from stancelab.schema import Example, Span

if TYPE_CHECKING:
    from collections.abc import Callable


def test_hashtags_and_handles_are_words() -> None:
    assert words("I don't trust @user… #SemST!") == ["i", "don't", "trust", "@user", "…", "#semst", "!"]


def test_word_ngrams_have_one_to_three_words() -> None:
    assert word_ngrams(Row("Peace at last", "x", "", None, None)) == [
        "peace",
        "at",
        "last",
        "peace at",
        "at last",
        "peace at last",
    ]


def test_mentions_are_slots() -> None:
    found = near_ngrams(Row("Iran condemned the pact", "the pact", "Iran", None, None))
    assert "<t>: <s> condemned <t>" in found
    assert "<s>: <s> condemned <t>" in found
    assert not any("pact" in ngram or "iran" in ngram for ngram in found)


def test_marked_span_wins_over_the_first_occurrence() -> None:
    text = "Iran met Iran's envoy"
    assert "<t>: met <t>" in near_ngrams(Row(text, "Iran", "", Span(9, 13), None))
    assert "<t>: <t> met" in near_ngrams(Row(text, "Iran", "", None, None))


def test_of_overlapping_mentions_the_target_stays() -> None:
    found = near_ngrams(Row("the Iran pact failed", "Iran pact", "Iran", None, None))
    assert "<t>: the <t> failed" in found
    assert not any("<s>" in ngram for ngram in found)


def test_no_mention_no_near_features() -> None:
    assert near_ngrams(Row("it failed", "the pact", "", None, None)) == []


def test_pair_features_hold_target_source_and_crosses() -> None:
    found = pair_features(Row("Bad deal", "The  Pact", "Iran", None, None))
    assert found == [
        "name=the pact",
        "target=the",
        "target=pact",
        "target=the pact",
        "source=iran",
        "the pact|bad",
        "the pact|deal",
    ]


def test_each_block_of_a_row_has_length_one(corpus: list[Example]) -> None:
    features, matrix = fit_features(tuple(map(Row.of, corpus)), ALL_TARGETS)
    assert matrix.shape[0] == len(corpus)
    assert matrix.dtype == np.float32
    squares = np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel()
    np.testing.assert_allclose(squares, 4.0, rtol=1e-5)
    again = features.transform([Row.of(example) for example in corpus])
    assert abs(again - matrix).max() < 1e-6


def test_features_for_a_single_target_do_not_know_its_name(corpus: list[Example]) -> None:
    rows = tuple(map(Row.of, corpus))
    one, other = (Row("a plain sentence in report", name, "", None, None) for name in ("ceasefire", "treaty"))
    pooled, own = (fit_features(rows, reader)[0] for reader in (ALL_TARGETS, SINGLE_TARGET))
    assert abs(pooled.transform([one]) - pooled.transform([other])).sum() > 0
    assert abs(own.transform([one]) - own.transform([other])).sum() == 0


def test_a_row_for_a_single_target_has_length_one_and_rare_words_weigh_more(row: Callable[..., Example]) -> None:
    rows = [row(f"common {'rare' if n < 3 else 'usual'}", "it", "favor") for n in range(60)]
    features, matrix = fit_features(tuple(map(Row.of, rows)), SINGLE_TARGET)
    np.testing.assert_allclose(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel(), 1.0, rtol=1e-5)
    common, rare = (features.transform([Row(word, "it", "", None, None)]) for word in ("common", "rare"))
    both = features.transform([Row("common rare", "it", "", None, None)])
    assert both.multiply(rare > 0).max() > both.multiply(common > 0).max()  # type: ignore[operator]


def test_features_of_a_single_row_are_dropped_unless_rows_are_few(row: Callable[..., Example]) -> None:
    rows = [row("same words", "same", "favor")] * 60
    features, _ = fit_features(tuple(map(Row.of, [*rows, row("singular", "same", "favor")])), ALL_TARGETS)
    shared = features.transform([Row.of(row("same words", "same", None))])
    assert features.transform([Row.of(row("singular", "same", None))]).nnz < shared.nnz


@pytest.mark.parametrize("reader", [ALL_TARGETS, SINGLE_TARGET, TEXT])
def test_a_block_may_have_no_columns(row: Callable[..., Example], reader: Reader) -> None:
    rows = [Row.of(row(f"words {n}", "elsewhere", "favor")) for n in range(60)]
    features, matrix = fit_features(tuple(rows), reader)
    assert matrix.shape[1] > 0
    assert (abs(features.transform(rows) - matrix) > 1e-6).nnz == 0  # type: ignore[operator]


def test_a_reader_of_the_text_alone_sees_neither_source_nor_target(corpus: list[Example]) -> None:
    features, matrix = fit_features(tuple(map(Row.of, corpus)), TEXT)
    # Two rows of a sentence are one to it.
    assert abs(matrix[0] - matrix[1]).sum() == 0
    hidden = [Row(example.text, "it", "", None, None) for example in corpus]
    assert abs(features.transform(hidden) - matrix).sum() == 0

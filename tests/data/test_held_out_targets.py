"""Rows of held-out targets, worked out by hand."""

from __future__ import annotations

import numpy as np

from stancelab.data.held_out_targets import draw_targets, hold_out, smallest_target

U = np.uint64


def test_a_document_is_held_out_where_half_of_its_rows_have_drawn_targets() -> None:
    units = np.array([1, 1, 1, 2, 2, 3, 3, 4], U)
    drawn = np.array([1, 1, 0, 1, 0, 0, 0, 0], bool)
    texts = np.array([1, 2, 3, 4, 5, 6, 1, 8], U)
    held = hold_out(drawn, units, texts)
    # Documents 1 and 2 are held out; the row of document 3 that repeats a text of theirs has to go.
    assert held.scored.tolist() == [True, True, False, True, False, False, False, False]
    assert held.dropped.tolist() == [False, False, True, False, True, False, True, False]


def test_a_drawn_target_is_left_out_of_documents_that_train_keeps() -> None:
    units = np.array([1, 1, 2, 2, 2], U)
    drawn = np.array([1, 1, 1, 0, 0], bool)
    held = hold_out(drawn, units, np.arange(5, dtype=U))
    assert held.scored.tolist() == [True, True, False, False, False]
    assert held.dropped.tolist() == [False, False, True, False, False]
    every = hold_out(drawn, units, np.arange(5, dtype=U), every_row=True)
    assert every.scored.tolist() == drawn.tolist()
    assert every.dropped.tolist() == [False, False, False, True, True]


def test_documents_with_any_drawn_row_are_held_out_where_none_has_half() -> None:
    held = hold_out(np.array([1, 0, 0, 0, 0], bool), np.array([1, 1, 1, 2, 2], U), np.arange(5, dtype=U))
    assert held.scored.tolist() == [True, False, False, False, False]
    assert held.dropped.tolist() == [False, True, True, False, False]


def test_targets_of_one_document_are_drawn_with_it() -> None:
    units = np.repeat(np.arange(1, 101), 10).astype(U)
    targets = np.arange(1000).astype(U) // U(5) + U(1)  # two to a document
    for seed in range(10):
        drawn = draw_targets(targets, units, 0.2, seed)
        assert drawn is not None
        held = hold_out(drawn, units, np.arange(1000, dtype=U))
        assert (int(drawn.sum()), int(held.scored.sum()), int(held.dropped.sum())) == (200, 200, 0)


def test_nothing_is_drawn_where_every_target_is_more_than_twice_the_share() -> None:
    targets = np.array([1] * 30 + [2] * 30, U)
    assert draw_targets(targets, np.arange(60, dtype=U), 0.2, 1) is None
    assert smallest_target(np.array([5, 5, 7, 9, 9], U)).tolist() == [False, False, True, False, False]

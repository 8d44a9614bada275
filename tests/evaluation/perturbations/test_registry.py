from __future__ import annotations

import pytest

from stancelab.evaluation.perturbations.registry import PERTURBATIONS

#: Those that take words from other rows or further columns.
NEED_THE_CORPUS = (
    "target_of_corpus", "source_of_corpus", "negation_flip", "people",
)  # fmt: skip


def test_numbers_are_fixed_which_seeds_depend_on() -> None:
    assert {name: test.number for name, test in PERTURBATIONS.items()} == {
        "target_hidden": 0, "source_hidden": 1, "target_of_corpus": 4, "source_of_corpus": 5, "negation_flip": 6,
        "lower_case": 7, "typos": 8, "contractions": 9, "countries": 10, "people": 11, "organizations": 12,
    }  # fmt: skip
    assert all(test.name == name for name, test in PERTURBATIONS.items())


@pytest.mark.parametrize("name", PERTURBATIONS)
def test_spans_hold_the_target_and_the_given_rows_stay_as_they_are(name: str, changed, rows) -> None:
    before = [repr(each) for each in rows]
    for given, each in zip(rows, changed(name, rows), strict=True):
        if each is not None:
            assert each != given
            assert each.id == given.id
            if each.target_span is not None:
                assert each.text[slice(*each.target_span)] == each.target
    assert [repr(each) for each in rows] == before
    assert changed(name, rows) == changed(name, rows)


@pytest.mark.parametrize("name", [name for name, test in PERTURBATIONS.items() if test.preserves_label])
def test_a_preserved_label_is_the_one_before(name: str, changed, rows) -> None:
    found = changed(name, rows)
    assert all(each is None or each.stance == given.stance for given, each in zip(rows, found, strict=True))


@pytest.mark.parametrize("name", NEED_THE_CORPUS)
def test_a_single_row_is_not_changed_where_the_corpus_is_needed(name: str, changed, row) -> None:
    given = row("Poland", "the pact", "favor", text="President Mary Poe of Poland did not sign the pact.")
    assert changed(name, [given]) == [None]


@pytest.mark.parametrize("name", [name for name in PERTURBATIONS if name not in NEED_THE_CORPUS])
def test_a_single_row_is_changed_where_the_corpus_is_not_needed(name: str, changed, row) -> None:
    given = row("Poland", "the pact", "favor", text="President Mary Poe of Poland and NATO did not sign the pact.")
    assert changed(name, [given]) != [None]

"""What holds for every baseline."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from stancelab.baselines import BaselineSettings, make_baseline
from stancelab.baselines.registry import DEFAULT
from stancelab.errors import DataError
from stancelab.schema import STANCES, Example

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

QUICK = [name for name in DEFAULT if name != "frozen_encoder"]
LINEAR = [name for name in QUICK if name.startswith("ngram")]


@pytest.fixture(params=DEFAULT)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def tiny(settings: BaselineSettings, tiny_encoder: Path) -> BaselineSettings:
    return replace(settings, encoder=str(tiny_encoder))


def test_validation_rows_are_learned_from_only_when_asked(corpus: list[Example], tiny: BaselineSettings) -> None:
    for name in DEFAULT:
        alone = make_baseline(name, tiny).fit(corpus[:80], []).predict_proba(corpus[:5]).tolist()
        assert make_baseline(name, tiny).fit(corpus[:80], corpus[80:]).predict_proba(corpus[:5]).tolist() == alone
        both = make_baseline(name, replace(tiny, fit_on_validation=True)).fit(corpus[:80], corpus[80:])
        together = make_baseline(name, tiny).fit(corpus, []).predict_proba(corpus[:5]).tolist()
        assert both.predict_proba(corpus[:5]).tolist() == together


def test_probabilities(name: str, corpus: list[Example], tiny: BaselineSettings) -> None:
    baseline = make_baseline(name, tiny).fit(corpus[:90], corpus[90:])
    assert baseline.name == name
    found = baseline.predict_proba(corpus[90:])
    assert found.shape == (30, 3)
    assert found.dtype == np.float64
    assert (found >= 0).all()
    np.testing.assert_allclose(found.sum(axis=1), 1.0)
    json.dumps(baseline.describe(), allow_nan=False)


def test_order_of_training_rows_does_not_matter(name: str, corpus: list[Example], tiny: BaselineSettings) -> None:
    mixed = random.Random(1).sample(corpus, len(corpus))
    one = make_baseline(name, tiny).fit(corpus, []).predict_proba(corpus[:10])
    other = make_baseline(name, tiny).fit(mixed, []).predict_proba(corpus[:10])
    # Not one bit differs: rows are sorted before anything is computed.
    assert one.tolist() == other.tolist()


def test_missing_class_keeps_the_columns(name: str, corpus: list[Example], tiny: BaselineSettings) -> None:
    two = [example for example in corpus if example.stance != "neutral"]
    found = make_baseline(name, tiny).fit(two, []).predict_proba(two)
    assert (found[:, STANCES.index("neutral")] == 0).all()


def test_one_class_alone(name: str, corpus: list[Example], tiny: BaselineSettings) -> None:
    favor = [example for example in corpus if example.stance == "favor"]
    found = make_baseline(name, tiny).fit(favor, []).predict_proba(corpus[:3])
    assert found.argmax(axis=1).tolist() == [2, 2, 2]


def test_unseen_target_and_empty_source(
    name: str, corpus: list[Example], tiny: BaselineSettings, row: Callable[..., Example]
) -> None:
    baseline = make_baseline(name, tiny).fit(corpus, [])
    found = baseline.predict_proba([row("Kenya praised the embargo .", "the embargo", None)])
    np.testing.assert_allclose(found.sum(axis=1), 1.0)


def test_no_rows_give_an_empty_array(name: str, corpus: list[Example], tiny: BaselineSettings) -> None:
    assert make_baseline(name, tiny).fit(corpus, []).predict_proba([]).shape == (0, 3)


def test_a_handful_of_rows_is_enough(name: str, tiny: BaselineSettings, row: Callable[..., Example]) -> None:
    few = [row("good news", "news", "favor"), row("bad report", "report", "against")]
    found = make_baseline(name, tiny).fit(few, []).predict_proba(few)
    np.testing.assert_allclose(found.sum(axis=1), 1.0)


def test_unlabeled_train_rows_are_refused(
    name: str, corpus: list[Example], tiny: BaselineSettings, row: Callable[..., Example]
) -> None:
    with pytest.raises(DataError, match=r"1 of 3 train rows have no stance; label or drop them:\n  id nameless"):
        make_baseline(name, tiny).fit([*corpus[:2], row("a text", "text", None, row_id="nameless")], [])


def test_empty_train_is_refused(name: str, tiny: BaselineSettings) -> None:
    with pytest.raises(DataError, match="no train rows"):
        make_baseline(name, tiny).fit([], [])


def test_only_chance_has_a_seed(settings: BaselineSettings) -> None:
    assert make_baseline("majority", settings).seed is None
    assert make_baseline("majority_per_target", settings).seed is None
    assert {make_baseline(name, settings).seed for name in DEFAULT[2:]} == {0}


@pytest.mark.parametrize("name", [*LINEAR, "frozen_encoder", "lexicon"])
def test_target_decides_where_the_text_is_the_same(name: str, corpus: list[Example], tiny: BaselineSettings) -> None:
    baseline = make_baseline(name, tiny).fit(corpus, [])
    one, other = baseline.predict_proba(corpus[:2])
    assert corpus[0].text == corpus[1].text
    assert np.abs(one - other).max() > 0.01

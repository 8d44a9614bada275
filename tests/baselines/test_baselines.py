"""What holds for every baseline, and what each promises."""

from __future__ import annotations

import json
import logging
import random
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from stancelab.baselines import BASELINES, Baseline, BaselineSettings, fit_baselines
from stancelab.baselines.lexicon import sentiment, window
from stancelab.baselines.settings import DEFAULT, NAMES
from stancelab.errors import ConfigError, DataError
from stancelab.schema import STANCE_ID, STANCES, Example

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

QUICK = [name for name in DEFAULT if name != "frozen_encoder"]
LINEAR = [name for name in QUICK if name.startswith("ngram")]


def accuracy(baseline: Baseline, examples: list[Example]) -> float:
    gold = np.array([STANCE_ID[example.stance or ""] for example in examples])
    return float((baseline.predict_proba(examples).argmax(axis=1) == gold).mean())


@pytest.fixture(params=DEFAULT)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def tiny(settings: BaselineSettings, tiny_encoder: Path) -> BaselineSettings:
    return replace(settings, encoder=str(tiny_encoder))


def test_validation_rows_are_learned_from_only_when_asked(corpus: list[Example], tiny: BaselineSettings) -> None:
    for name in DEFAULT:
        alone = BASELINES[name](tiny).fit(corpus[:80], []).predict_proba(corpus[:5]).tolist()
        assert BASELINES[name](tiny).fit(corpus[:80], corpus[80:]).predict_proba(corpus[:5]).tolist() == alone
        both = BASELINES[name](replace(tiny, fit_on_validation=True)).fit(corpus[:80], corpus[80:])
        together = BASELINES[name](tiny).fit(corpus, []).predict_proba(corpus[:5]).tolist()
        assert both.predict_proba(corpus[:5]).tolist() == together


def test_all_names_have_a_baseline() -> None:
    assert tuple(BASELINES) == NAMES


def test_probabilities(name: str, corpus: list[Example], tiny: BaselineSettings) -> None:
    baseline = BASELINES[name](tiny).fit(corpus[:90], corpus[90:])
    assert baseline.name == name
    found = baseline.predict_proba(corpus[90:])
    assert found.shape == (30, 3)
    assert found.dtype == np.float64
    assert (found >= 0).all()
    np.testing.assert_allclose(found.sum(axis=1), 1.0)
    json.dumps(baseline.describe(), allow_nan=False)


def test_order_of_training_rows_does_not_matter(name: str, corpus: list[Example], tiny: BaselineSettings) -> None:
    mixed = random.Random(1).sample(corpus, len(corpus))
    one = BASELINES[name](tiny).fit(corpus, []).predict_proba(corpus[:10])
    other = BASELINES[name](tiny).fit(mixed, []).predict_proba(corpus[:10])
    # Not one bit differs: rows are sorted before anything is computed.
    assert one.tolist() == other.tolist()


def test_missing_class_keeps_the_columns(name: str, corpus: list[Example], tiny: BaselineSettings) -> None:
    two = [example for example in corpus if example.stance != "neutral"]
    found = BASELINES[name](tiny).fit(two, []).predict_proba(two)
    assert (found[:, STANCES.index("neutral")] == 0).all()


def test_one_class_alone(name: str, corpus: list[Example], tiny: BaselineSettings) -> None:
    favor = [example for example in corpus if example.stance == "favor"]
    found = BASELINES[name](tiny).fit(favor, []).predict_proba(corpus[:3])
    assert found.argmax(axis=1).tolist() == [2, 2, 2]


def test_unseen_target_and_empty_source(
    name: str, corpus: list[Example], tiny: BaselineSettings, row: Callable[..., Example]
) -> None:
    baseline = BASELINES[name](tiny).fit(corpus, [])
    found = baseline.predict_proba([row("Kenya praised the embargo .", "the embargo", None)])
    np.testing.assert_allclose(found.sum(axis=1), 1.0)


def test_no_rows_give_an_empty_array(name: str, corpus: list[Example], tiny: BaselineSettings) -> None:
    assert BASELINES[name](tiny).fit(corpus, []).predict_proba([]).shape == (0, 3)


def test_a_handful_of_rows_is_enough(name: str, tiny: BaselineSettings, row: Callable[..., Example]) -> None:
    few = [row("good news", "news", "favor"), row("bad report", "report", "against")]
    found = BASELINES[name](tiny).fit(few, []).predict_proba(few)
    np.testing.assert_allclose(found.sum(axis=1), 1.0)


def test_unlabeled_train_rows_are_refused(
    name: str, corpus: list[Example], tiny: BaselineSettings, row: Callable[..., Example]
) -> None:
    with pytest.raises(DataError, match=r"1 of 3 train rows have no stance; label or drop them:\n  id nameless"):
        BASELINES[name](tiny).fit([*corpus[:2], row("a text", "text", None, row_id="nameless")], [])


def test_empty_train_is_refused(name: str, tiny: BaselineSettings) -> None:
    with pytest.raises(DataError, match="no train rows"):
        BASELINES[name](tiny).fit([], [])


def test_only_chance_has_a_seed(settings: BaselineSettings) -> None:
    assert BASELINES["majority"](settings).seed is None
    assert BASELINES["majority_per_target"](settings).seed is None
    assert {BASELINES[name](settings).seed for name in DEFAULT[2:]} == {0}


def test_majority_is_the_shares_of_train(
    corpus: list[Example], settings: BaselineSettings, row: Callable[..., Example]
) -> None:
    rows = [row("a", "x", "favor"), row("b", "x", "favor"), row("c", "y", "against"), row("d", "y", "favor")]
    assert BASELINES["majority"](settings).fit(rows, []).predict_proba(corpus[:1]).tolist() == [[0.25, 0.0, 0.75]]


def test_majority_per_target_is_smoothed_by_five_rows(settings: BaselineSettings, row: Callable[..., Example]) -> None:
    rows = [
        row("a", "Pact", "favor"),
        row("b", "pact ", "favor"),
        row("c", "Deal", "against"),
        row("d", "Deal", "favor"),
    ]
    baseline = BASELINES["majority_per_target"](settings).fit(rows, [])
    found = baseline.predict_proba([row("e", "PACT", None), row("e", "deal", None), row("e", "unseen", None)])
    expected = [[5 / 4 / 7, 0, (2 + 15 / 4) / 7], [(1 + 5 / 4) / 7, 0, (1 + 15 / 4) / 7], [0.25, 0, 0.75]]
    np.testing.assert_allclose(found, expected)


@pytest.mark.parametrize("name", ["ngram_svm", "ngram_logreg"])
def test_pooled_models_learn_the_words_near_the_target(
    name: str, corpus: list[Example], settings: BaselineSettings
) -> None:
    baseline = BASELINES[name](settings).fit(corpus[:90], [])
    assert accuracy(baseline, corpus[90:]) > 0.8


@pytest.mark.parametrize("name", [*LINEAR, "frozen_encoder", "lexicon"])
def test_target_decides_where_the_text_is_the_same(name: str, corpus: list[Example], tiny: BaselineSettings) -> None:
    baseline = BASELINES[name](tiny).fit(corpus, [])
    one, other = baseline.predict_proba(corpus[:2])
    assert corpus[0].text == corpus[1].text
    assert np.abs(one - other).max() > 0.01


@pytest.mark.parametrize("name", ["ngram_svm_per_target", "ngram_logreg_per_target"])
def test_small_targets_are_left_to_the_pooled_model(
    name: str,
    corpus: list[Example],
    settings: BaselineSettings,
    caplog: pytest.LogCaptureFixture,
    row: Callable[..., Example],
) -> None:
    rare = [row(f"Kenya praised the summit in report {n} .", "summit", "favor") for n in range(19)]
    with caplog.at_level(logging.INFO):
        own = BASELINES[name](settings).fit([*corpus, *rare], [])
    assert "4 of 5 targets have a model of their own (120 of 139 rows)" in caplog.text
    pooled = BASELINES[name.removesuffix("_per_target")](settings).fit([*corpus, *rare], [])
    assert own.predict_proba(rare[:5]).tolist() == pooled.predict_proba(rare[:5]).tolist()
    assert own.predict_proba(corpus[:5]).tolist() != pooled.predict_proba(corpus[:5]).tolist()
    assert own.describe()["targets_with_own_model"] == 4
    assert own.describe()["targets_left_to_pooled"] == 1


def test_without_large_targets_only_the_pooled_model_answers(corpus: list[Example], settings: BaselineSettings) -> None:
    own = BASELINES["ngram_svm_per_target"](replace(settings, min_rows_per_target=1000)).fit(corpus, [])
    pooled = BASELINES["ngram_svm"](settings).fit(corpus, [])
    assert own.predict_proba(corpus).tolist() == pooled.predict_proba(corpus).tolist()
    assert own.describe()["per_target"] is None


def test_target_names_are_compared_without_case(corpus: list[Example], settings: BaselineSettings) -> None:
    baseline = BASELINES["ngram_svm_per_target"](settings).fit(corpus, [])
    loud = [replace(example, target=example.target.upper()) for example in corpus[:4]]
    assert baseline.predict_proba(loud).tolist() == baseline.predict_proba(corpus[:4]).tolist()


def test_lexicon_scores_sentence_and_window(row: Callable[..., Example]) -> None:
    far = " ".join(["and"] * 9)
    example = row(f"A wonderful day {far} the pact {far} a horrible night", "the pact", None)
    assert window(example) == "and and and and and and and and the pact and and and and and and and and"
    scores = sentiment([example])
    assert scores.shape == (1, 8)
    assert scores[0, 0] > 0
    assert scores[0, 2] > 0
    assert scores[0, 4:].tolist() == [0.0, 1.0, 0.0, 0.0]


def test_lexicon_without_a_mention_takes_the_sentence_twice(row: Callable[..., Example]) -> None:
    scores = sentiment([row("A wonderful day", "the pact", None)])
    assert scores[0, :4].tolist() == scores[0, 4:].tolist()


def test_lexicon_knows_praise(settings: BaselineSettings, row: Callable[..., Example]) -> None:
    rows = [row(f"a wonderful , great pact {n}", "pact", "favor") for n in range(10)]
    rows += [row(f"a horrible , bad pact {n}", "pact", "against") for n in range(10)]
    baseline = BASELINES["lexicon"](settings).fit(rows, [])
    assert baseline.predict_proba([row("an excellent deal", "deal", None)]).argmax() == 2


def test_fit_baselines_keeps_the_order_asked_for(
    corpus: list[Example], settings: BaselineSettings, caplog: pytest.LogCaptureFixture
) -> None:
    names = ["ngram_svm", "majority", "lexicon"]
    with caplog.at_level(logging.INFO):
        fitted = fit_baselines(replace(settings, names=names), corpus, [])
    assert [baseline.name for baseline in fitted] == names
    assert "fitted ngram_svm in" in caplog.text
    assert "'C': " in caplog.text
    assert fit_baselines(replace(settings, names=[]), corpus, []) == []


def test_shared_work_changes_nothing(corpus: list[Example], settings: BaselineSettings) -> None:
    together = fit_baselines(replace(settings, names=LINEAR), corpus, [])
    for baseline in together:
        alone = BASELINES[baseline.name](settings).fit(corpus, [])
        assert alone.predict_proba(corpus[:7]).tolist() == baseline.predict_proba(corpus[:7]).tolist()


def test_unknown_name_is_refused_before_any_work(settings: BaselineSettings) -> None:
    with pytest.raises(ConfigError, match=r"baselines\.names: found 'ngram_svn'.*Did you mean 'ngram_svm'\?"):
        fit_baselines(replace(settings, names=["ngram_svn"]), [], [])

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from stancelab.baselines import make_baseline
from stancelab.baselines.base import SharedWork
from stancelab.schema import STANCE_ID, Example

if TYPE_CHECKING:
    from collections.abc import Callable

    from stancelab.baselines.base import Baseline
    from stancelab.baselines.settings import BaselineSettings


def accuracy(baseline: Baseline, examples: list[Example]) -> float:
    gold = np.array([STANCE_ID[example.stance or ""] for example in examples])
    return float((baseline.predict_proba(examples).argmax(axis=1) == gold).mean())


@pytest.mark.parametrize("name", ["ngram_svm", "ngram_logreg"])
def test_pooled_models_learn_the_words_near_the_target(
    name: str, corpus: list[Example], settings: BaselineSettings
) -> None:
    baseline = make_baseline(name, settings).fit(corpus[:90], [])
    assert accuracy(baseline, corpus[90:]) > 0.8


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
        own = make_baseline(name, settings).fit([*corpus, *rare], [])
    assert "4 of 5 targets have a model of their own (120 of 139 rows)" in caplog.text
    pooled = make_baseline(name.removesuffix("_per_target"), settings).fit([*corpus, *rare], [])
    assert own.predict_proba(rare[:5]).tolist() == pooled.predict_proba(rare[:5]).tolist()
    assert own.predict_proba(corpus[:5]).tolist() != pooled.predict_proba(corpus[:5]).tolist()
    assert own.describe()["targets_with_own_model"] == 4
    assert own.describe()["targets_left_to_pooled"] == 1


def test_without_large_targets_only_the_pooled_model_answers(corpus: list[Example], settings: BaselineSettings) -> None:
    own = make_baseline("ngram_svm_per_target", replace(settings, min_rows_per_target=1000)).fit(corpus, [])
    pooled = make_baseline("ngram_svm", settings).fit(corpus, [])
    assert own.predict_proba(corpus).tolist() == pooled.predict_proba(corpus).tolist()
    assert own.describe()["per_target"] is None


def test_target_names_are_compared_without_case(corpus: list[Example], settings: BaselineSettings) -> None:
    baseline = make_baseline("ngram_svm_per_target", settings).fit(corpus, [])
    loud = [replace(example, target=example.target.upper()) for example in corpus[:4]]
    assert baseline.predict_proba(loud).tolist() == baseline.predict_proba(corpus[:4]).tolist()


def test_a_reader_of_the_text_alone_answers_a_text_whoever_it_is_asked_about(
    corpus: list[Example], settings: BaselineSettings
) -> None:
    baseline = make_baseline("text_only_ngram_logreg", settings).fit(corpus, [])
    assert (baseline.name, baseline.describe()["hidden"]) == ("text_only_ngram_logreg", ["source", "target"])
    hidden = [replace(each, source="", target="it", source_span=None, target_span=None) for each in corpus]
    assert baseline.predict_proba(hidden).tolist() == baseline.predict_proba(corpus).tolist()
    # The two rows of each sentence have different stances: at most one of them can be right.
    assert accuracy(baseline, corpus) <= 0.5
    # Work that is shared with a baseline that sees the target is not mixed up with it.
    shared = SharedWork()
    sees = make_baseline("ngram_logreg", settings).fit(corpus, [], shared)
    blind = make_baseline("text_only_ngram_logreg", settings).fit(corpus, [], shared)
    assert blind.predict_proba(corpus).tolist() == baseline.predict_proba(corpus).tolist()
    assert sees.describe()["hidden"] == []
    assert accuracy(sees, corpus) > 0.8


def test_it_says_how_its_solvers_ended(corpus: list[Example], settings: BaselineSettings) -> None:
    described = make_baseline("ngram_logreg_per_target", settings).fit(corpus, []).describe()
    fit, folds = described["per_target"]["fit"], described["per_target"]["cv_fits"]
    # Four targets, three values of C, two folds.
    assert (fit["fitted"], folds["fitted"]) == (4, 24)
    assert fit["most_iterations"] > 0
    assert (fit["not_converged"], fit["all_coefficients_zero"]) == (0, 0)
    assert described["pooled"]["fit"]["fitted"] == 1

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from stancelab.baselines import make_baseline
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

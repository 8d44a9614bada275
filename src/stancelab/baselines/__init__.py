"""Rivals with scikit-learn's fit / predict_proba, over examples: cheap, honest, and fitted on the same train rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stancelab.baselines.settings import BaselineSettings

if TYPE_CHECKING:
    from stancelab.baselines.base import Baseline
    from stancelab.baselines.registry import BASELINES, fit_baselines

__all__ = ["BASELINES", "Baseline", "BaselineSettings", "fit_baselines"]


def __getattr__(name: str) -> object:
    """Load scikit-learn when a baseline is first used, not when its settings are read."""
    if name == "Baseline":
        from stancelab.baselines.base import Baseline

        return Baseline
    if name in ("BASELINES", "fit_baselines"):
        from stancelab.baselines import registry

        return getattr(registry, name)
    raise AttributeError(f"module 'stancelab.baselines' has no attribute {name!r}")

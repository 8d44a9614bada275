"""Simple systems to compare with: scikit-learn's fit / predict_proba over examples, on the same train rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stancelab.baselines.registry import BASELINES
from stancelab.baselines.settings import BaselineSettings

if TYPE_CHECKING:
    from stancelab.baselines.base import Baseline
    from stancelab.baselines.fit import fit_baselines, make_baseline

__all__ = ["BASELINES", "Baseline", "BaselineSettings", "fit_baselines", "make_baseline"]


def __getattr__(name: str) -> object:
    """Load numpy and scikit-learn when a baseline is first used, not when its settings are read."""
    if name == "Baseline":
        from stancelab.baselines.base import Baseline

        return Baseline
    if name in ("fit_baselines", "make_baseline"):
        from stancelab.baselines import fit

        return getattr(fit, name)
    raise AttributeError(f"module 'stancelab.baselines' has no attribute {name!r}")

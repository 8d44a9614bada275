"""The names of the metrics, as settings, metrics.json and tables have them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from stancelab.schema import NEUTRAL

if TYPE_CHECKING:
    from collections.abc import Collection

#: The metrics by which systems can be ranked and hyperparameters chosen; the first is the default.
PRIMARY_METRICS: Final = ("macro_f1", "f_avg", "accuracy")
#: The metrics of a confusion matrix.
CLASSIFICATION_METRICS: Final = ("accuracy", "macro_precision", "macro_recall", "macro_f1", "f_avg")
#: The metrics of probabilities.
PROBABILITY_METRICS: Final = ("brier", "nll", "ece", "aurc")


def shown_metrics(primary: str, classes: Collection[str]) -> list[str]:
    """Return the metrics that tables show of those that rank systems, the primary one first.

    In a task of favor and against, macro-F1 and F_avg are one number, which stands once.
    """
    same = "macro_f1" if primary == "f_avg" else "f_avg"
    left_out = {primary} if NEUTRAL in classes else {primary, same}
    return [primary, *(name for name in PRIMARY_METRICS if name not in left_out)]

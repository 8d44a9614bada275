"""The names of the metrics, as settings, metrics.json and tables have them."""

from __future__ import annotations

from typing import Final

#: The metrics by which systems can be ranked and hyperparameters chosen; the first is the default.
PRIMARY_METRICS: Final = ("macro_f1", "f_avg", "accuracy")
#: The metrics of a confusion matrix.
CLASSIFICATION_METRICS: Final = ("accuracy", "macro_precision", "macro_recall", "macro_f1", "f_avg")
#: The metrics of probabilities.
PROBABILITY_METRICS: Final = ("brier", "nll", "ece", "aurc")

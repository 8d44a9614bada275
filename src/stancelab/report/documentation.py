"""The part of the documentation that explains each section of the report."""

from __future__ import annotations

from typing import Final

#: Section of the report -> page and heading, from the root of the repository.
DOCUMENTATION: Final = {
    "systems": "docs/evaluation.md#scores",
    "comparisons": "docs/evaluation.md#intervals-and-comparisons",
    "perturbations": "docs/metrics.md#perturbation-tests",
    "slices": "docs/evaluation.md#slices",
    "confusion": "docs/metrics.md#runscores",
    "classes": "docs/metrics.md#classification-metrics",
    "targets": "docs/metrics.md#classification-metrics",
    "calibration": "docs/evaluation.md#calibration-and-selective-prediction",
    "selective": "docs/evaluation.md#calibration-and-selective-prediction",
    "errors": "docs/metrics.md#prediction-tables",
    "data": "docs/data.md#the-audit",
    "provenance": "docs/metrics.md#provenance",
    "curve": "docs/metrics.md#learning-curves",
}

"""metrics.json -> the results that the report shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from stancelab.errors import DataError
from stancelab.files import read_json
from stancelab.layout import METRICS
from stancelab.report.results import (
    Difference,
    Estimate,
    ProbeResult,
    Results,
    SliceResult,
    SystemResult,
    TestResult,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

#: The layout of metrics.json that this station reads.
FORMAT: Final = 2

_OF_PAIR: Final = ("difference", "p", "p_holm", "method")


def read_results(run_folder: Path) -> Results:
    """Read a run's metrics.json.

    Raises:
        DataError: No metrics.json, or one of another layout.
    """
    path = run_folder / METRICS
    if not path.is_file():
        raise DataError(f"{run_folder}: holds no {METRICS}, so there is nothing to report; evaluate first")
    metrics = read_json(path)
    found = metrics.get("format") if isinstance(metrics, dict) else None
    if found != FORMAT:
        raise DataError(f"{path}: found format {found!r}, this version reads {FORMAT}; evaluate again")
    try:
        return _results(metrics)
    except (KeyError, IndexError, TypeError) as error:
        raise DataError(f"{path}: incomplete ({type(error).__name__}: {error}); evaluate again") from error


def _results(metrics: Mapping[str, Any]) -> Results:
    context, primary = metrics["context"], metrics["primary_metric"]
    tests = []
    for name, facts in metrics["tests"].items():
        systems = [_system(each, name, context.get("baselines")) for each in metrics["systems"]]
        # Equal scores keep the order in which the systems were given.
        systems.sort(key=lambda system: -system.scores[primary].mean)
        compared = metrics["comparisons"][name]
        differences = [
            Difference(
                first=pair["systems"][0],
                second=pair["systems"][1],
                interval=tuple(pair["interval"]),
                **{key: pair[key] for key in _OF_PAIR},
            )
            for pair in compared["pairs"]
        ]
        own = {key: value for key, value in facts.items() if key not in ("slices", "probes")}
        tests.append(
            TestResult(
                name=name,
                systems=systems,
                differences=differences,
                groups=compared["groups"],
                undecided=compared["warnings"],
                slices=_slices(metrics, name),
                probes=_probes(metrics, name),
                **own,
            )
        )
    return Results(primary=primary, context=context, evaluation=metrics["evaluation"], tests=tests)


def _probes(metrics: Mapping[str, Any], test: str) -> list[ProbeResult]:
    scored = {system["name"]: system["tests"][test]["probes"] for system in metrics["systems"]}
    return [
        ProbeResult(**facts, scores={name: own[place] for name, own in scored.items() if own is not None})
        for place, facts in enumerate(metrics["tests"][test]["probes"])
    ]


def _slices(metrics: Mapping[str, Any], test: str) -> list[SliceResult]:
    scored = {system["name"]: system["tests"][test]["slices"] for system in metrics["systems"]}
    return [
        SliceResult(
            attribute=facts["attribute"],
            value=facts["value"],
            rows=facts["rows"],
            classes=facts["classes"],
            scores={name: _slice_scores(own[place]) for name, own in scored.items()},
        )
        for place, facts in enumerate(metrics["tests"][test]["slices"])
    ]


def _slice_scores(scores: Mapping[str, Any]) -> dict[str, Estimate]:
    intervals = scores["intervals"]
    return {
        metric: Estimate(value, None, tuple(intervals[metric]) if intervals.get(metric) else None)
        for metric, value in scores.items()
        if metric != "intervals" and value is not None
    }


def _system(system: Mapping[str, Any], test: str, baselines: Sequence[str] | None) -> SystemResult:
    scored = system["tests"][test]
    return SystemResult(
        name=system["name"],
        is_baseline=None if baselines is None else system["name"] in baselines,
        scores={
            metric: Estimate(
                mean=mean,
                std=scored["std"][metric],
                interval=tuple(scored["intervals"][metric]) if metric in scored["intervals"] else None,
            )
            for metric, mean in scored["mean"].items()
            if mean is not None
        },
        runs=scored["runs"],
    )

"""The scores of a run, read from its files without the packages that made them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec

from stancelab.errors import DataError
from stancelab.files import read_json
from stancelab.layout import CHECKPOINT, DESCRIPTION, METRICS, TRAINING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class DevScore:
    """The score on the validation rows by which a checkpoint was chosen.

    Attributes:
        metric: The metric.
        value: Its value, 0 to 1.
    """

    metric: str
    value: float


@dataclass(frozen=True)
class ScoreOnTest:
    """The score of a trained system on a test file.

    Attributes:
        system: The system.
        test: The test file.
        metric: The metric that ranks systems.
        value: Its value, 0 to 1; the mean over the system's seeds.
    """

    system: str
    test: str
    metric: str
    value: float


@dataclass(frozen=True)
class _Tested:
    mean: dict[str, Any]


@dataclass(frozen=True)
class _System:
    name: str
    is_baseline: bool
    tests: dict[str, _Tested] = field(default_factory=dict)


@dataclass(frozen=True)
class _Metrics:
    primary_metric: str
    systems: list[_System]


def dev_score(run: Path) -> DevScore | None:
    """Return the score of a run on dev, None where it has none.

    Args:
        run: Its folder.
    """
    for path in (run / TRAINING, run / CHECKPOINT / DESCRIPTION):
        try:
            content = read_json(path)
        except (DataError, OSError):
            continue
        dev = content.get("dev") if isinstance(content, dict) else None
        metric = dev.get("metric") if isinstance(dev, dict) else None
        value = dev.get(metric) if isinstance(dev, dict) else None
        if isinstance(metric, str) and isinstance(value, int | float):
            return DevScore(metric, float(value))
    return None


def scores_on_tests(run: Path) -> list[ScoreOnTest]:
    """Return the scores of a run's trained systems on its test files; none where it evaluated nothing.

    Args:
        run: Its folder.
    """
    try:
        found = msgspec.json.decode((run / METRICS).read_bytes(), type=_Metrics)
    except (OSError, msgspec.DecodeError):
        return []
    metric = found.primary_metric
    return [
        ScoreOnTest(system.name, test, metric, float(tested.mean[metric]))
        for system in found.systems
        if not system.is_baseline
        for test, tested in system.tests.items()
        if isinstance(tested.mean.get(metric), int | float)
    ]

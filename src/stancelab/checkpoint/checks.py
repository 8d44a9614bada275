"""What is wrong with the content of `stancelab.json`: the types of what is read, and the bounds of its values.

A checkpoint may be a stranger's. What does not fit would otherwise be a wrong answer, or a traceback in the middle of a
table.
"""

from __future__ import annotations

from typing import Any, Final, get_type_hints

from stancelab.checkpoint.info import MOST_STARTS, CheckpointInfo, DevScores
from stancelab.checkpoint.names import problems_of_names
from stancelab.encoding import HEADS
from stancelab.json_types import is_share, lacking_keys, problems_of_types, shown
from stancelab.metrics.temperature import TEMPERATURE_RANGE
from stancelab.schema import STANCES

#: Their own checks say more; `dev` is written in another form.
_CHECKED_APART: Final = ("aliases", "columns", "dev", "onnx")
_FEWEST_CLASSES: Final = 2
#: Those of `tables.mending`, which is of the same layer.
_REPAIRS: Final = ("none", "ftfy")


def problems_of_content(content: dict[str, Any]) -> list[str]:
    """Return which keys are missing or hold another type than `CheckpointInfo`, one line each.

    Args:
        content: The object in `stancelab.json`.
    """
    types = {key: kind for key, kind in get_type_hints(CheckpointInfo).items() if key not in _CHECKED_APART}
    found = [*lacking_keys(content, ["input"]), *problems_of_types(content, types)]
    for key in ("aliases", "columns"):
        if key in content:
            found += problems_of_names(key, content[key])
    for key in ("dev", "onnx"):
        if content.get(key) and not isinstance(content[key], dict):
            found.append(f"{key}: found {shown(content[key])}, allowed is an object")
    if isinstance(dev := content.get("dev"), dict) and dev:
        metric = dev.get("metric")
        score = {"score": dev[metric]} if isinstance(metric, str) and metric in dev else {}
        found += problems_of_types({"dev": {**dev, **score}}, {"dev": DevScores})
    return found


def problems_of_values(info: CheckpointInfo) -> list[str]:
    """Return which values are out of their bounds, one line each; all are of their types."""
    found = info.input.problems() + ([] if info.onnx is None else info.onnx.problems())
    if info.head not in HEADS:
        found.append(f"head: found {shown(info.head)}, allowed is {' or '.join(HEADS)}")
    low, high = TEMPERATURE_RANGE
    if not low <= info.temperature <= high:
        found.append(f"temperature: found {shown(info.temperature)}, allowed are numbers from {low:g} to {high:g}")
    found += [
        f"thresholds.{name}: found {shown(value)}, allowed are numbers from 0 to 1, or null"
        for name, value in info.thresholds.items()
        if value is not None and not is_share(value)
    ]
    found += [
        f"coverage.{name}: found {shown(value)}, allowed are numbers from 0 to 1"
        for name, value in info.coverage.items()
        if not is_share(value)
    ]
    if len(info.classes) < _FEWEST_CLASSES or info.classes != [each for each in STANCES if each in info.classes]:
        found.append(
            f"classes: found {shown(info.classes)}, allowed are {_FEWEST_CLASSES} or more of {', '.join(STANCES)}, in "
            "this order"
        )
    if info.repair not in _REPAIRS:
        found.append(f"repair: found {shown(info.repair)}, allowed is {' or '.join(_REPAIRS)}")
    if len(info.starts) > MOST_STARTS:
        found.append(f"starts: found {len(info.starts):,} checkpoints, allowed are {MOST_STARTS} at most")
    found += [
        f"starts[{number}].train_rows: found {shown(start.train_rows)}, allowed are whole numbers from 0"
        for number, start in enumerate(info.starts[:MOST_STARTS])
        if start.train_rows < 0
    ][:1]
    if info.aliases_left_out < 0:
        found.append(f"aliases_left_out: found {shown(info.aliases_left_out)}, allowed are whole numbers from 0")
    return found

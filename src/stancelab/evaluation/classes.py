"""The classes of the task that an evaluation is of: what its means over classes are over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stancelab.errors import ConfigError
from stancelab.metrics.classes import task_classes
from stancelab.schema import STANCES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stancelab.evaluation.provenance import EvaluationData
    from stancelab.schema import Example


def classes_of_task(
    given: Sequence[str] | None, tests: Mapping[str, Sequence[Example]], dataset: EvaluationData | None
) -> list[str]:
    """Return the classes of an evaluation, in the order of `STANCES`; every stance of a test row is among them.

    Args:
        given: The classes that the caller gives, None for those of the data.
        tests: All test files of the data, also those that are not evaluated.
        dataset: The prepared dataset, None where rows were given from Python.

    Raises:
        ConfigError: A class that the caller gives is no stance.
    """
    unknown = [name for name in given or () if name not in STANCES]
    if unknown:
        raise ConfigError(f"classes: found {', '.join(map(repr, unknown))}, allowed {', '.join(STANCES)}")
    found = {example.stance for examples in tests.values() for example in examples if example.stance}
    if given is not None:
        return task_classes({*given, *found})
    if dataset is not None:
        found |= {example.stance for example in dataset.train if example.stance}
        found |= {name for split in dataset.provenance().counts.values() for name in STANCES if split.get(name)}
    return task_classes(found)


def check_prevalence(prevalence: Mapping[str, float], classes: Sequence[str]) -> None:
    """Raise a `ConfigError` where a prevalence lacks a class of the task, or gives another stance a share."""
    others = [name for name, share in prevalence.items() if share > 0 and name not in classes]
    missing = [name for name in classes if name not in prevalence]
    if prevalence and (others or missing):
        found = ", ".join(f"{name} {share:g}" for name, share in prevalence.items())
        raise ConfigError(
            f"evaluation.prevalence: found {found}; expected a share of each class of this dataset, "
            f"{', '.join(classes)}, and of no other stance"
        )

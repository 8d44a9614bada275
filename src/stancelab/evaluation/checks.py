"""What systems and test files have to be before any work begins, and which test files are evaluated."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from stancelab.errors import ConfigError, DataError, count_of, did_you_mean, list_problems, shorten, verb
from stancelab.evaluation.predictions import check_extra_columns, file_stem, label_of
from stancelab.evaluation.provenance import SaysProvenance
from stancelab.layout import is_word_character
from stancelab.metrics.names import PRIMARY_METRICS
from stancelab.results import CheckpointProvenance
from stancelab.schema import STANCES, Example, System

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence


def chosen_tests(tests: Mapping[str, Sequence[Example]], chosen: Sequence[str]) -> dict[str, Sequence[Example]]:
    """Return the test files that `evaluation.tests` names, all where it names none.

    Raises:
        ConfigError: There is no test file of a name.
    """
    unknown = [name for name in chosen if name not in tests]
    if unknown:
        found = ", ".join(map(repr, unknown))
        raise ConfigError(
            f"evaluation.tests: found {found}, allowed {', '.join(tests)}.{did_you_mean(unknown[0], tests)}"
        )
    return {name: examples for name, examples in tests.items() if not chosen or name in chosen}


def check_primary_metric(metric: str) -> str:
    """Return a metric by which systems can be ranked; another one is a `ConfigError`."""
    if metric not in PRIMARY_METRICS:
        raise ConfigError(
            f"primary_metric: found {metric!r}, allowed {', '.join(PRIMARY_METRICS)}."
            + did_you_mean(metric, PRIMARY_METRICS)
        )
    return metric


def check_systems(systems: Any) -> list[System]:
    """Return the systems as a list; a `ConfigError` where there are none, or where names do not distinguish them."""
    if isinstance(systems, System) or not isinstance(systems, Iterable):
        raise ConfigError(f"systems: found {type(systems).__name__}, expected a list of systems")
    given: list[Any] = list(systems)
    for place, system in enumerate(given):
        if not isinstance(system, System):
            found = system.__name__ if isinstance(system, type) else type(system).__name__
            raise ConfigError(
                f"systems[{place}]: found {found}, expected a StanceClassifier, a baseline, or an object of a class "
                "that derives from stancelab.System"
            )
        if not isinstance(getattr(system, "name", None), str):
            raise ConfigError(f"systems[{place}]: {type(system).__name__} has no name; a system's name is text")
    if not given:
        raise ConfigError("nothing to evaluate: no checkpoint and no baseline was given")
    taken: dict[str, System] = {}
    baselines = {system.name for system in given if system.is_baseline}
    for system in given:
        if not system.name.strip():
            raise ConfigError("a system has an empty name; names stand in tables and file names")
        if system.name in baselines and not system.is_baseline:
            raise ConfigError(
                f"a system is called {system.name!r}, as a baseline is; give it another name, as in "
                f"'predictions={{my_{system.name}: FILE}}' or 'checkpoint={{my_{system.name}: FOLDER}}'"
            )
        # Folded, since some file systems do not distinguish upper and lower case.
        other = taken.setdefault(file_stem(system).lower(), system)
        if other is system:
            continue
        if (other.name, other.seed) == (system.name, system.seed):
            raise ConfigError(
                f"{label_of(system)} is given twice; runs of one system differ by their seed, different systems by "
                "name, which NAME: PATH gives"
            )
        raise ConfigError(
            f"{label_of(other)} and {label_of(system)} would share the file name {file_stem(system)!r}; rename one"
        )
    return given


def check_seeds(systems: Sequence[System]) -> None:
    """Raise a `ConfigError` where runs of one system were trained with different settings, data or versions.

    Only checkpoints say what they were trained with.
    """
    said = [(each, each.provenance()) for each in systems if isinstance(each, SaysProvenance)]
    check_one_training([made for _, made in said if isinstance(made, CheckpointProvenance)])


def check_one_training(checkpoints: Sequence[CheckpointProvenance], leave_out: Collection[str] = ()) -> None:
    """Raise a `ConfigError` where checkpoints of one name were trained with different settings, data or versions.

    Args:
        checkpoints: The checkpoints.
        leave_out: Settings that may differ, such as "dataset" where each has a training sample of its own.
    """
    first: dict[str, CheckpointProvenance] = {}
    problems: dict[str, list[str]] = {}
    for each in checkpoints:
        differences = first.setdefault(each.name, each).differences(each, leave_out)
        if differences:
            seeds = f"seeds {first[each.name].seed} and {each.seed}"
            problems.setdefault(each.name, []).append(f"{each.name}, {seeds}: {', '.join(differences)}")
    if problems:
        name = next(iter(problems))
        lines = [line for own in problems.values() for line in own]
        raise ConfigError(
            "runs of one system are its seeds and differ by nothing else; found runs of one name that differ by other "
            f"settings. Name them apart, as in 'checkpoint={{{name}_a: FOLDER, {name}_b: FOLDER}}', or leave some out:"
            f"\n{list_problems(lines)}"
        )


def check_tests(tests: Mapping[str, Sequence[Example]]) -> None:
    """Raise a `DataError` where there is no test file, or one that is empty, has no stances or cannot be written."""
    if not tests:
        raise DataError("nothing to evaluate on: the dataset has no test file")
    for split, examples in tests.items():
        if not split or not all(is_word_character(each) or each == "-" for each in split):
            raise DataError(
                f"test file {split!r}: its name may hold only letters, digits, _ and -, since files carry it"
            )
        if not examples:
            raise DataError(f"test file {split!r}: has no rows; evaluation needs at least one")
        bad = [
            f"row {row} (id {shorten(example.id)!r}): found stance {example.stance!r}"
            for row, example in enumerate(examples, start=1)
            if example.stance not in STANCES
        ]
        if bad:
            raise DataError(
                f"test file {split!r}: {len(bad):,} of {count_of(len(examples), 'row')} "
                f"{verb(len(bad), 'has', 'have')} no stance to compare with; "
                f"allowed {', '.join(STANCES)}. Use predict for rows without a stance.\n{list_problems(bad)}"
            )
        check_extra_columns(split, examples)

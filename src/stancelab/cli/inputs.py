"""What a command line names by paths: checkpoints, tables of predictions, runs."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stancelab.errors import CheckpointError, ConfigError, did_you_mean
from stancelab.layout import CHECKPOINT, DESCRIPTION, METRICS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stancelab.cli.config import EvaluateConfig
    from stancelab.data.prepared import PreparedDataset
    from stancelab.inference.classifier import StanceClassifier
    from stancelab.schema import Example, System


def load_checkpoints(given: Any) -> list[StanceClassifier]:
    """Load what `checkpoint=` names: a path, a list of paths, or a mapping from the name to use in tables to either."""
    return [
        load_classifier(folder, name)
        for name, paths in named_paths("checkpoint", given)
        for path in paths
        for folder in _checkpoints_in(path)
    ]


def load_classifier(folder: Path, name: str | None) -> StanceClassifier:
    """Load a checkpoint, and call it by another name where one is given."""
    from stancelab.inference.classifier import StanceClassifier

    classifier = StanceClassifier.from_pretrained(folder, progress=True)
    if name is not None:
        classifier.name = name
    return classifier


def _checkpoints_in(folder: Path) -> list[Path]:
    """Return the checkpoints that a path stands for: itself, the one of a run, or those of a sweep's runs."""
    if (folder / DESCRIPTION).is_file() or not folder.is_dir():
        return [folder]
    if (folder / CHECKPOINT / DESCRIPTION).is_file():
        return [folder / CHECKPOINT]
    found = [path.parent for path in _below(folder, f"{CHECKPOINT}/{DESCRIPTION}")]
    if not found:
        raise CheckpointError(f"{folder}: neither a checkpoint nor a run or a sweep that holds one")
    return found


def read_predictions(
    config: EvaluateConfig, dataset: PreparedDataset, tables: Sequence[tuple[str | None, list[Path]]]
) -> list[System]:
    """Read what `predictions=` names; a table without a name is called after its file."""
    from stancelab.data.labels import LabelMap
    from stancelab.data.settings import LabelSettings
    from stancelab.evaluation.runs.external import read_saved

    maps = [LabelMap(LabelSettings()), *(LabelMap(corpus.labels) for corpus in config.data.each())]

    def stance_of(label: str) -> str | None:
        return next((stance for each in maps if (stance := each.stance(label)) is not None), None)

    tests = chosen_tests(config.evaluation.tests, dataset.tests)
    systems: list[System] = []
    for name, paths in tables:
        for number, path in enumerate(paths):
            called = name or path.name.partition(".")[0]
            seed = number if name is not None and len(paths) > 1 else None
            systems.append(read_saved(called, seed, path, tests, stance_of))
    return systems


def chosen_tests(chosen: Sequence[str], tests: dict[str, list[Example]]) -> dict[str, list[Example]]:
    """Return the test files that `evaluation.tests` names, all where it names none.

    Raises:
        ConfigError: There is no test file of a name.
    """
    for name in chosen:
        if name not in tests:
            raise ConfigError(
                f"evaluation.tests: found {name!r}, allowed {', '.join(tests)}.{did_you_mean(name, tests)}"
            )
    return {name: examples for name, examples in tests.items() if not chosen or name in chosen}


def evaluations(given: Any) -> list[tuple[str | None, Path]]:
    """Return what `runs=` names as (name or None, folder); a folder of runs or of sweeps stands for all in it."""
    found = []
    for name, paths in named_paths("runs", given):
        for path in paths:
            inside = [] if (path / METRICS).is_file() else [each.parent for each in _below(path, METRICS)]
            if name is not None and len(inside) > 1:
                raise ConfigError(f"runs: {name!r} names {path}, which holds {len(inside)} runs; name each of them")
            found += [(name, folder) for folder in inside or [path]]
    twice = [path for path, count in Counter(folder.resolve() for _, folder in found).items() if count > 1]
    if twice:
        raise ConfigError(f"runs: {twice[0]} is given twice, by itself or with the folder that holds it")
    return found


def _below(folder: Path, file: str) -> list[Path]:
    """Return the files of a path one or two folders deep: in runs, and in the runs of sweeps."""
    return sorted([*folder.glob(f"*/{file}"), *folder.glob(f"*/*/{file}")])


def labeled(runs: Sequence[tuple[str | None, Path]]) -> dict[str, Path]:
    """Return the runs by what they are called beside others: by their names, else by their experiments and a number."""
    experiments = Counter(path.resolve().parent.name for name, path in runs if name is None)
    numbers: Counter[str] = Counter()
    labeled = {}
    for name, path in runs:
        experiment = path.resolve().parent.name
        numbers[experiment] += 1
        several = experiments[experiment] > 1
        labeled[name or (f"{experiment} {numbers[experiment]}" if several else experiment)] = path
    return labeled


def named_paths(key: str, given: Any) -> list[tuple[str | None, list[Path]]]:
    """Return what a setting names as (name or None, paths): nothing, a path, a list of them, or names with either."""
    if given is None:
        return []
    named: list[tuple[str | None, Any]] = list(given.items()) if isinstance(given, dict) else [(None, given)]
    found = []
    for name, value in named:
        paths = value if isinstance(value, list) else [value]
        for path in paths:
            if not isinstance(path, str) or not path:
                raise ConfigError(f"{key}: found {path!r}, expected a path, a list of them, or NAME: PATH pairs")
            if path.startswith("{"):
                raise ConfigError(
                    f"{key}: cannot read {path!r}; pairs are written '{key}={{NAME: PATH, NAME: PATH}}', and a NAME "
                    "may hold letters from A to Z, digits, blanks, '_', '-' and '.'"
                )
        folders = [Path(path).expanduser() for path in paths]
        twice = [path for path, count in Counter(path.resolve() for path in folders).items() if count > 1]
        if twice:
            raise ConfigError(f"{key}: {twice[0].name} is given twice")
        if name is not None and not paths:
            raise ConfigError(f"{key}: no path is given for {name!r}")
        found.append((name, folders))
    return found

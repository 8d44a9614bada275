"""The evaluations that folders stand for, and their names in tables."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from stancelab.errors import ConfigError
from stancelab.layout import METRICS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def evaluations_in(folder: Path) -> list[Path]:
    """Return the evaluations that a folder stands for: itself, or those of the runs and sweeps in it.

    A folder without any is returned as it is, and refused where it is read.
    """
    if (folder / METRICS).is_file():
        return [folder]
    found = sorted([*folder.glob(f"*/{METRICS}"), *folder.glob(f"*/*/{METRICS}")])
    return [path.parent for path in found] or [folder]


def find_evaluations(given: Sequence[tuple[str | None, Path]]) -> list[tuple[str | None, Path]]:
    """Return the evaluations that folders stand for, each with its name.

    Args:
        given: Folders of evaluations, of runs or of sweeps, each with the name to use in tables, None where the folder
            names it.

    Raises:
        ConfigError: A name stands for several evaluations, or an evaluation is given twice.
    """
    found = []
    for name, path in given:
        inside = evaluations_in(path)
        if name is not None and len(inside) > 1:
            raise ConfigError(f"runs: {name!r} names {path}, which holds {len(inside)} runs; name each of them")
        found += [(name, folder) for folder in inside]
    twice = [path for path, count in Counter(folder.resolve() for _, folder in found).items() if count > 1]
    if twice:
        raise ConfigError(f"runs: {twice[0]} is given twice, by itself or with the folder that holds it")
    return found


def label_evaluations(runs: Sequence[tuple[str | None, Path]]) -> dict[str, Path]:
    """Return evaluations by their names in tables: those given, else the folder above each, numbered if need be."""
    experiments = Counter(path.resolve().parent.name for name, path in runs if name is None)
    numbers: Counter[str] = Counter()
    labeled = {}
    for name, path in runs:
        experiment = path.resolve().parent.name
        numbers[experiment] += 1
        several = experiments[experiment] > 1
        labeled[name or (f"{experiment} {numbers[experiment]}" if several else experiment)] = path
    return labeled

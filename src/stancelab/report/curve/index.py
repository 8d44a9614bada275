"""curve.json as a type: the sizes of a learning curve, the tests of its steps, and what made it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec

from stancelab.errors import DataError
from stancelab.files import write_json
from stancelab.layout import CURVE
from stancelab.results import CurveStep  # noqa: TC001 - msgspec reads the types at run time

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Size:
    """One size of train.

    Attributes:
        name: The folder of its evaluation, beside curve.json.
        title: The size in words.
        train_rows: Training rows, mean over the runs.
    """

    name: str
    title: str
    train_rows: float


@dataclass(frozen=True, kw_only=True)
class CurveIndex:
    """The content of curve.json.

    Attributes:
        title: What the report is called.
        dataset: The corpus.
        command: The command line that made it.
        commands: The command lines of the runs.
        config: The settings of the command.
        versions: Versions of Python and of the packages that results depend on.
        hardware: Processor and cores.
        sizes: The sizes, the smallest first.
        steps: Which steps from one size to the next change a system's score; empty where none was tested, as in files
            of earlier versions.
    """

    title: str
    dataset: str = ""
    command: str = ""
    commands: list[str] = field(default_factory=list)
    config: dict[str, Any] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    hardware: str = ""
    sizes: list[Size]
    steps: list[CurveStep] = field(default_factory=list)


def write_index(folder: Path, index: CurveIndex) -> None:
    """Write a folder's curve.json."""
    write_json(folder / CURVE, msgspec.to_builtins(index))


def read_index(folder: Path) -> CurveIndex:
    """Read a folder's curve.json.

    Raises:
        DataError: It is missing or incomplete.
    """
    path = folder / CURVE
    if not path.is_file():
        raise DataError(f"{folder}: holds no {CURVE}, so there is nothing to report; run 'stancelab curve' first")
    try:
        return msgspec.json.decode(path.read_bytes(), type=CurveIndex)
    except msgspec.DecodeError as error:
        raise DataError(f"{path}: not readable or incomplete ({error}); run 'stancelab curve' again") from None

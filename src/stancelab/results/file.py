"""The file metrics.json: its content as one type, its format version, read and written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import msgspec

from stancelab.errors import DataError
from stancelab.files import write_json
from stancelab.layout import METRICS
from stancelab.results.comparisons import Comparisons, CorporaComparison  # noqa: TC001 - msgspec reads the types
from stancelab.results.gold import TestFile  # noqa: TC001
from stancelab.results.provenance import Procedure, Provenance  # noqa: TC001
from stancelab.results.systems import SystemResults  # noqa: TC001
from stancelab.schema import STANCES

if TYPE_CHECKING:
    from pathlib import Path


#: The version of the layout; grows when a field is renamed or changes its meaning.
FORMAT: Final = 4
_DECIMALS: Final = 6


@dataclass(frozen=True, kw_only=True)
class Results:
    """The content of metrics.json.

    Attributes:
        format: `FORMAT`.
        provenance: What made it.
        primary_metric: "macro_f1", "f_avg" or "accuracy": what systems are ranked by.
        procedure: How scores, intervals and tests were computed.
        tests: By test file, what it holds.
        comparisons: By test file, which systems differ.
        systems: The systems, in the order in which they were given.
        classes: The task's classes, in the order of `STANCES`: what means over classes are over.
        corpora: The best system against each other one over several corpora; empty where test files are of one corpus.
    """

    format: int = FORMAT
    provenance: Provenance
    primary_metric: str
    procedure: Procedure
    tests: dict[str, TestFile]
    comparisons: dict[str, Comparisons]
    systems: list[SystemResults]
    classes: list[str] = field(default_factory=lambda: list(STANCES))
    corpora: list[CorporaComparison] = field(default_factory=list)

    def system(self, name: str) -> SystemResults | None:
        """Return a system by its name, None where there is none."""
        return next((each for each in self.systems if each.name == name), None)


def write_results(folder: Path, results: Results) -> Results:
    """Write a run's metrics.json, floats of scores rounded to six decimals, and return what it holds."""
    content = msgspec.to_builtins(results)
    for part in ("tests", "comparisons", "systems", "corpora"):
        content[part] = _rounded(content[part])
    write_json(folder / METRICS, content)
    return msgspec.convert(content, Results)


def read_results(folder: Path) -> Results:
    """Read a run's metrics.json.

    Raises:
        DataError: The folder is none or holds no evaluation, or one of another layout.
    """
    path = folder / METRICS
    if not folder.is_dir():
        what = "is a file" if folder.is_file() else "no such folder"
        raise DataError(f"{folder}: {what}; expected the folder of an evaluation")
    if not path.is_file():
        inside = sorted(found.parent.name for found in folder.glob(f"*/{METRICS}"))
        hint = f"; the evaluations in it are {', '.join(inside)}" if inside else ""
        raise DataError(f"{folder}: holds no {METRICS}; expected the folder of an evaluation{hint}")
    content = path.read_bytes()
    try:
        written = msgspec.json.decode(content, type=_Format).format
        if written != FORMAT:
            raise DataError(f"{path}: found format {written!r}, this version reads {FORMAT}; evaluate again")
        return msgspec.json.decode(content, type=Results)
    except msgspec.DecodeError as error:
        raise DataError(f"{path}: not readable or incomplete ({error}); evaluate again") from None


@dataclass(frozen=True)
class _Format:
    format: Any = None


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, _DECIMALS)
    if isinstance(value, dict):
        return {key: _rounded(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(each) for each in value]
    return value

"""What `stancelab.json` says of an export to ONNX: how near its answers are to those of the checkpoint."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from stancelab.json_types import is_share, problems_of_types, shown


@dataclass(frozen=True, kw_only=True)
class Int8Scores:
    """How the int8 network answers, beside the fp32 one, on the rows that the export was compared on.

    Attributes:
        flips: Of how many rows the stance with the highest probability is another one.
        difference: The largest difference of a probability.
        macro_f1: Its macro-F1.
        macro_f1_fp32: That of the fp32 network.
        ece: Its expected calibration error.
        ece_fp32: That of the fp32 network.
        forced: Whether it was written though it is beyond what is allowed.
    """

    flips: int
    difference: float
    macro_f1: float
    macro_f1_fp32: float
    ece: float
    ece_fp32: float
    forced: bool = False

    def problems(self) -> list[str]:
        """Return what is wrong with it, one line each."""
        shares = ("difference", "macro_f1", "macro_f1_fp32", "ece", "ece_fp32")
        found = [
            f"int8.{name}: found {shown(value)}, allowed is 0 to 1"
            for name in shares
            if not is_share(value := getattr(self, name))
        ]
        if self.forced not in (True, False):
            found.append(f"int8.forced: found {shown(self.forced)}, allowed are true and false")
        return found


@dataclass(frozen=True, kw_only=True)
class ExportInfo:
    """An export to ONNX.

    Attributes:
        rows: The number of rows on which answers were compared.
        compared_on: Which rows they are: of which dataset, with its fingerprint.
        difference: The largest difference between a probability of the fp32 network and of the checkpoint.
        int8: How the int8 network answers, None where there is none.
        warnings: What speaks against relying on the figures.
        versions: Versions of the packages that made it.
    """

    rows: int
    compared_on: str
    difference: float
    int8: Int8Scores | None = None
    warnings: list[str] = field(default_factory=list)
    versions: dict[str, str] = field(default_factory=dict)

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> ExportInfo:
        """Read what `dataclasses.asdict` returned; what does not fit is a `TypeError`."""
        given = content.get("int8")
        return cls(**{**content, "int8": None if given is None else Int8Scores(**given)})

    def problems(self) -> list[str]:
        """Return what is wrong with it, one line each."""
        found = [] if self.int8 is None else self.int8.problems()
        if type(self.rows) is not int or not 1 <= self.rows < 2**53:
            found.append(f"rows: found {shown(self.rows)}, allowed are whole numbers from 1")
        elif self.int8 is not None and (type(self.int8.flips) is not int or not 0 <= self.int8.flips <= self.rows):
            found.append(f"int8.flips: found {shown(self.int8.flips)}, allowed is 0 to {self.rows}")
        if not is_share(self.difference):
            found.append(f"difference: found {shown(self.difference)}, allowed is 0 to 1")
        given: Any = self.compared_on
        if not isinstance(given, str):
            found.append(f"compared_on: found {shown(given)}, allowed is text")
        found += problems_of_types({"versions": self.versions}, {"versions": dict[str, str]})
        lines: Any = self.warnings
        if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
            found.append(f"warnings: found {shown(lines)}, allowed is a list of texts")
        return [f"onnx.{line}" for line in found]

"""What `stancelab.json` says of an export to ONNX: how near its answers are to those of the checkpoint."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from stancelab.json_types import is_share, problems_of_types, shown


@dataclass(frozen=True, kw_only=True)
class ApproximateScores:
    """How a network in int8 or bf16 answers, beside the fp32 one, on the rows that the export was compared on.

    Attributes:
        flips: Of how many rows the stance with the highest probability is another one.
        difference: The largest difference of a probability.
        macro_f1: Its macro-F1.
        macro_f1_fp32: That of the fp32 network.
        ece: Its expected calibration error.
        ece_fp32: That of the fp32 network.
        forced: Whether it was written though it is beyond what is allowed; of an int8 network alone.
        fp32_layers: How many linear layers stay in fp32; of an int8 network alone.
    """

    flips: int
    difference: float
    macro_f1: float
    macro_f1_fp32: float
    ece: float
    ece_fp32: float
    forced: bool = False
    fp32_layers: int = 0

    def problems(self, name: str, rows: int) -> list[str]:
        """Return what is wrong with it, one line each.

        Args:
            name: What it is called in `stancelab.json`.
            rows: The number of rows.
        """
        shares = ("difference", "macro_f1", "macro_f1_fp32", "ece", "ece_fp32")
        found = [
            f"{name}.{each}: found {shown(value)}, allowed is 0 to 1"
            for each in shares
            if not is_share(value := getattr(self, each))
        ]
        if type(self.flips) is not int or not 0 <= self.flips <= rows:
            found.append(f"{name}.flips: found {shown(self.flips)}, allowed is 0 to {rows}")
        if type(self.fp32_layers) is not int or not 0 <= self.fp32_layers < 2**31:
            found.append(f"{name}.fp32_layers: found {shown(self.fp32_layers)}, allowed are whole numbers from 0")
        if self.forced not in (True, False):
            found.append(f"{name}.forced: found {shown(self.forced)}, allowed are true and false")
        return found


@dataclass(frozen=True, kw_only=True)
class ExportInfo:
    """An export to ONNX.

    Attributes:
        rows: The number of rows on which answers were compared.
        compared_on: Which rows they are: of which dataset, with its fingerprint.
        difference: The largest difference between a probability of the fp32 network and of the checkpoint.
        int8: How the int8 network answers, None where there is none.
        static_int8: How the int8 network with fixed scales answers, None where there is none.
        calibrated_on: By which rows its scales were found: how many, of which dataset, with its fingerprint; "" where
            there is none.
        bf16: Backend -> how it answers, of those that compute in bf16 and could where the export was made.
        warnings: What speaks against relying on the figures.
        versions: Versions of the packages that made it.
    """

    rows: int
    compared_on: str
    difference: float
    int8: ApproximateScores | None = None
    static_int8: ApproximateScores | None = None
    calibrated_on: str = ""
    bf16: dict[str, ApproximateScores] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    versions: dict[str, str] = field(default_factory=dict)

    @classmethod
    def from_json(cls, content: dict[str, Any]) -> ExportInfo:
        """Read what `dataclasses.asdict` returned; what does not fit is a `TypeError`."""
        bf16 = content.get("bf16", {})
        if not isinstance(bf16, dict):
            raise TypeError(f"onnx.bf16: found {shown(bf16)}, allowed is an object")
        return cls(
            **{
                **content,
                **{
                    name: None if (scores := content.get(name)) is None else ApproximateScores(**scores)
                    for name in ("int8", "static_int8")
                },
                "bf16": {name: ApproximateScores(**scores) for name, scores in bf16.items()},
            }
        )

    def problems(self) -> list[str]:
        """Return what is wrong with it, one line each."""
        if type(self.rows) is not int or not 1 <= self.rows < 2**53:
            found = [f"rows: found {shown(self.rows)}, allowed are whole numbers from 1"]
        else:
            networks = {"int8": self.int8, "static_int8": self.static_int8}
            scored = {name: scores for name, scores in networks.items() if scores is not None}
            scored |= {f"bf16.{name}": scores for name, scores in self.bf16.items()}
            found = [line for name, scores in scored.items() for line in scores.problems(name, self.rows)]
        if not is_share(self.difference):
            found.append(f"difference: found {shown(self.difference)}, allowed is 0 to 1")
        texts: dict[str, Any] = {"compared_on": self.compared_on, "calibrated_on": self.calibrated_on}
        found += [
            f"{name}: found {shown(given)}, allowed is text"
            for name, given in texts.items()
            if not isinstance(given, str)
        ]
        found += problems_of_types({"versions": self.versions}, {"versions": dict[str, str]})
        lines: Any = self.warnings
        if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
            found.append(f"warnings: found {shown(lines)}, allowed is a list of texts")
        return [f"onnx.{line}" for line in found]

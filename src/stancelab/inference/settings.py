"""What a person can set of prediction over a table."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from stancelab.tables.mending import NO_REPAIR, Mending, mending_problems
from stancelab.tables.options import TableOptions
from stancelab.tables.where import condition_problems

if TYPE_CHECKING:
    from collections.abc import Sequence

from stancelab.errors import did_you_mean, empty_problems
from stancelab.inference.backends import AUTO, problem_of
from stancelab.inference.backends.base import BATCH_SIZE, BATCH_TOKENS
from stancelab.offsets import CHARACTERS, problems_of_offsets
from stancelab.schema import control_problem, is_blank

BAD_ROWS = ("fail", "drop")
DEVICES = ("cpu", "cuda", "mps")
LOCAL = "local"
RAY = "ray"
ENGINES = (LOCAL, RAY)


@dataclass
class PredictColumns:
    """The table's columns that prediction reads; null is the field's own name, where the table has such a column.

    Attributes:
        text: The name of the column with the sentence; null is a column called like the field, "text".
        target: What the stance is about.
        source: Whose stance it is; empty cells are the author.
        target_start: First character of the target's mention in the text, counted as `offsets` says.
        target_end: Character after its last.
        aliases: Other names of the row's target in the text, separated by "|" or ";".
        source_start: First character of the source's mention.
        source_end: Character after its last.
    """

    text: str | None = None
    target: str | None = None
    source: str | None = None
    target_start: str | None = None
    target_end: str | None = None
    aliases: str | None = None
    source_start: str | None = None
    source_end: str | None = None


@dataclass
class PredictSettings:
    """How a table is read and its rows are classified.

    Attributes:
        columns: The table's columns that prediction reads: the value of each key is the name of a column, null is a
            column called like the field.
        target: What the stance is about in every row, for a table without such a column; the output gets it as a
            column.
        source: Whose stance it is in every row, likewise; "" is the author.
        override: Whether `target` and `source` stand in for columns that the table has too.
        delimiter: What separates the cells of CSV and TSV, such as ";" or "tab"; null finds it out.
        encoding: The encoding of a text file, such as "cp1252"; null finds it out.
        sheet: The sheet of a spreadsheet, by name or by number from 1; null takes the only one with cells.
        where: A condition that rows have to meet, such as "year >= 2020"; others are not in the output. Null keeps all.
        ignore: Columns that are passed over, though their names are like those of fields.
        quoting: How cells of CSV and TSV are quoted: "minimal", "none", or "auto", what the file shows.
        missing_words: Words that mean nothing: cells that hold one, in any letter case, count as empty; null takes
            those of the checkpoint's training.
        repair: "ftfy" mends mojibake and HTML entities in text, source and target before they are classified (the
            output has them as they came), "none" does not; null does as in the checkpoint's training.
        aliases: A file of other names that texts use for a target or source, besides those that the checkpoint knows:
            YAML, or a table, as `data.aliases` takes it; null for none.
        offsets: How the table counts its spans, as `data.offsets` says it: "characters", "utf16" or "bytes", with
            "one_based" and "inclusive", joined as in "utf16+inclusive".
        on_bad_rows: "fail" writes nothing where a row cannot be used; "drop" leaves such rows out and lists them in a
            file beside the output.
        batch_size: Texts in a batch at most; with the sequence head each row is one.
        batch_tokens: Tokens in a batch at most, with padding; more may be faster on a GPU and takes more memory.
        threads: Threads that compute on the CPU; null takes as many as the process may use cores, or what
            OMP_NUM_THREADS says. Of a worker of a cluster its threads, and the cores that it asks for; there null is 1.
        min_confidence: Confidence threshold, 0 to 1; predictions with a lower confidence are marked in the column
            `abstained`.
        threshold: In its place the name of a confidence threshold that the checkpoint chose on validation rows:
            "accuracy_90" is the one from which 90% of those were predicted correctly, "guaranteed_90" the one from
            which 90% of other rows are, with a probability of 95%.
        prefix: Put before the names of the prediction columns, where the table has a column of such a name already.
        overwrite: Whether an output that exists is replaced.
        resume: Whether to go on with a prediction that was interrupted or killed, of the same input, checkpoint and
            settings; where nothing is kept of one, it begins at the beginning.
        bom: Whether an output of CSV or TSV begins with a byte order mark, by which Excel knows that it is UTF-8.
        safe_cells: Whether cells of such an output that a spreadsheet would run as formulas, since they begin with "=",
            "+", "-" or "@", get an apostrophe in front. Numbers stay as they are.
        backend: What computes: "torch", "onnx" (an export in fp32) or, with answers that differ a little, "torch-bf16",
            "onnx-int8" (an export with int8 weights), "openvino-bf16" (an export in bf16) or "openvino-int8" (an export
            in int8 with fixed scales); "auto" takes "onnx" where the checkpoint was exported and ONNX Runtime is
            installed, unless there is a GPU.
        device: Such as "cpu" or "cuda"; null takes a GPU where there is one.
        engine: "local" computes in this process, "ray" by the workers of a Ray cluster (extra `ray`), which answer the
            same.
        workers: Workers of the cluster, each with a copy of the checkpoint in its memory; null takes as many as its
            cores (or GPUs) hold, with `threads` cores each, 1 where that is null.
        address: The Ray cluster, such as "HOST:6379", or "auto", the one that was started on this machine; null takes
            RAY_ADDRESS, else starts one here for the time of the prediction, as "local" always does.
    """

    columns: PredictColumns = field(default_factory=PredictColumns)
    target: str | None = None
    source: str | None = None
    override: bool = False
    delimiter: str | None = None
    encoding: str | None = None
    sheet: str | None = None
    where: str | None = None
    ignore: list[str] = field(default_factory=list)
    quoting: str = "auto"
    missing_words: list[str] | None = None
    repair: str | None = None
    aliases: str | None = None
    offsets: str = CHARACTERS
    on_bad_rows: str = "fail"
    batch_size: int = BATCH_SIZE
    batch_tokens: int = BATCH_TOKENS
    threads: int | None = None
    min_confidence: float = 0.0
    threshold: str | None = None
    prefix: str = ""
    overwrite: bool = False
    resume: bool = False
    bom: bool = False
    safe_cells: bool = False
    backend: str = AUTO
    device: str | None = None
    engine: str = LOCAL
    workers: int | None = None
    address: str | None = None

    def table_options(self) -> TableOptions:
        """Return how the table's file is read."""
        return TableOptions(self.delimiter, self.encoding, self.sheet, self.quoting, "predict")

    def problems(self) -> list[str]:
        """Return what is wrong with the settings, one line each."""
        found = self.table_options().problems() + condition_problems(self.where) + problems_of_offsets(self.offsets)
        found += empty_problems({"aliases": self.aliases, "threshold": self.threshold})
        if self.on_bad_rows not in BAD_ROWS:
            found.append(f"on_bad_rows: found {self.on_bad_rows!r}, allowed are fail and drop")
        if (problem := problem_of(self.backend)) is not None:
            found.append(f"backend: {problem}")
        if self.device is not None and re.fullmatch(rf"({'|'.join(DEVICES)})(:\d+)?", self.device) is None:
            near = did_you_mean(self.device, DEVICES)
            found.append(f"device: found {self.device!r}, allowed is {', '.join(DEVICES)}, or null.{near}")
        found += self._problems_of_engine()
        counts = {
            "batch_size": self.batch_size,
            "batch_tokens": self.batch_tokens,
            "threads": self.threads,
            "workers": self.workers,
        }
        found += [
            f"{name}: found {count}, allowed is 1 or more"
            for name, count in counts.items()
            if count is not None and count < 1
        ]
        if not 0 <= self.min_confidence <= 1:
            hint = f"; write {self.min_confidence / 100:g} for {self.min_confidence:g}%"
            is_percent = 1 < self.min_confidence <= 100
            found.append(f"min_confidence: found {self.min_confidence}, allowed is 0 to 1{hint if is_percent else ''}")
        if self.threshold is not None and self.min_confidence:
            found.append("threshold: stands beside min_confidence; give one of the two")
        found += mending_problems(self.missing_words or [], self.repair)
        return found + self._problems_of_columns() + self._problems_of_constants()

    def _problems_of_engine(self) -> list[str]:
        if self.engine not in ENGINES:
            near = did_you_mean(self.engine, ENGINES)
            return [f"engine: found {self.engine!r}, allowed are {' and '.join(ENGINES)}.{near}"]
        if self.engine == RAY:
            numbered = self.device is not None and ":" in self.device
            return [f"device: found {self.device!r}; Ray says which GPU a worker has: write cuda"] if numbered else []
        given = {"workers": self.workers, "address": self.address}
        return [
            f"{name}: found {value!r}, which predict.engine=ray alone uses"
            for name, value in given.items()
            if value is not None
        ]

    def _problems_of_columns(self) -> list[str]:
        fields: dict[str, list[str]] = {}
        for name, column in vars(self.columns).items():
            fields.setdefault(column or name, []).append(name)
        return [
            f"columns: {column!r} is to be {' and '.join(own)}; each is read from a column of its own"
            for column, own in fields.items()
            if len(own) > 1 and not set(own) & self.constants().keys()
        ]

    def _problems_of_constants(self) -> list[str]:
        found = [
            f"{field}: stands beside columns.{field}; give one of the two"
            for field in self.constants()
            if getattr(self.columns, field) is not None
        ]
        if self.target is not None and is_blank(self.target):
            found.append(f"target: found {self.target!r}, allowed is what the stance is about")
        found += [
            f"{field}: found {value!r}, which {reason}"
            for field, value in self.constants().items()
            if (reason := control_problem(value)) and not is_blank(value)
        ]
        if self.override and not self.constants():
            found.append("override: needs target or source, which are to stand in for columns")
        return found

    def constants(self) -> dict[str, str]:
        """Return the fields that are the same in every row, with their value."""
        given = {"source": self.source, "target": self.target}
        return {field: value for field, value in given.items() if value is not None}

    def as_trained(self, missing_words: Sequence[str], repair: str) -> PredictSettings:
        """Return the settings with those of a training where cells are to be mended as there.

        Args:
            missing_words: The words that counted as empty cells.
            repair: How broken characters were mended.
        """
        return replace(
            self,
            missing_words=list(missing_words) if self.missing_words is None else self.missing_words,
            repair=repair if self.repair is None else self.repair,
        )

    @property
    def mending(self) -> Mending:
        """What is done to the cells."""
        return Mending(tuple(self.missing_words or ()), self.repair or NO_REPAIR)

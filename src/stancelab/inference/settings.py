"""What a person can set of prediction over a table."""

from __future__ import annotations

from dataclasses import dataclass, field

from stancelab.schema import is_blank

BAD_ROWS = ("fail", "drop")


@dataclass
class PredictColumns:
    """The table's columns that prediction reads; null is the field's own name, where the table has such a column.

    Attributes:
        text: The name of the column with the sentence; null is a column called like the field, "text".
        target: What the stance is about.
        source: Whose stance it is; empty cells are the author.
        target_start: First character of the target's mention in the text.
        target_end: Character after its last.
        source_start: First character of the source's mention.
        source_end: Character after its last.
    """

    text: str | None = None
    target: str | None = None
    source: str | None = None
    target_start: str | None = None
    target_end: str | None = None
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
        on_bad_rows: "fail" writes nothing where a row cannot be used; "drop" leaves such rows out and lists them in a
            file beside the output.
        batch_size: Texts in a batch; with the sequence head each row is one.
        min_confidence: Confidence threshold, 0 to 1; predictions with a lower confidence are marked in the column
            `abstained`.
        threshold: In its place the name of a confidence threshold that the checkpoint chose on validation rows:
            "accuracy_90" is the one above which 90% of those were predicted correctly, "guaranteed_90" the one above
            which 90% of other rows are, with a probability of 95%.
        prefix: Put before the names of the prediction columns, where the table has a column of such a name already.
        overwrite: Whether an output that exists is replaced.
        device: Such as "cpu" or "cuda"; null takes a GPU where there is one.
    """

    columns: PredictColumns = field(default_factory=PredictColumns)
    target: str | None = None
    source: str | None = None
    override: bool = False
    on_bad_rows: str = "fail"
    batch_size: int = 32
    min_confidence: float = 0.0
    threshold: str | None = None
    prefix: str = ""
    overwrite: bool = False
    device: str | None = None

    def problems(self) -> list[str]:
        """Return what is wrong with the settings, one line each."""
        found = []
        if self.on_bad_rows not in BAD_ROWS:
            found.append(f"on_bad_rows: found {self.on_bad_rows!r}, allowed are fail and drop")
        if self.batch_size < 1:
            found.append(f"batch_size: found {self.batch_size}, allowed is 1 or more")
        if not 0 <= self.min_confidence <= 1:
            hint = f"; write {self.min_confidence / 100:g} for {self.min_confidence:g}%"
            is_percent = 1 < self.min_confidence <= 100
            found.append(f"min_confidence: found {self.min_confidence}, allowed is 0 to 1{hint if is_percent else ''}")
        if self.threshold is not None and self.min_confidence:
            found.append("threshold: stands beside min_confidence; give one of the two")
        return found + self._problems_of_constants()

    def _problems_of_constants(self) -> list[str]:
        found = [
            f"{field}: stands beside columns.{field}; give one of the two"
            for field in self.constants()
            if getattr(self.columns, field) is not None
        ]
        if self.target is not None and is_blank(self.target):
            found.append(f"target: found {self.target!r}, allowed is what the stance is about")
        if self.override and not self.constants():
            found.append("override: needs target or source, which are to stand in for columns")
        return found

    def constants(self) -> dict[str, str]:
        """Return the fields that are the same in every row, with their value."""
        given = {"source": self.source, "target": self.target}
        return {field: value for field, value in given.items() if value is not None}

"""What a person can set of prediction over a table."""

from __future__ import annotations

from dataclasses import dataclass, field

from stancelab.offsets import CHARACTERS, problems_of_offsets

BAD_ROWS = ("fail", "drop")


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
        aliases: A file of other names that texts use for a target or source, besides those that the checkpoint knows:
            YAML, or a table, as `data.aliases` takes it; null for none.
        offsets: How the table counts its spans, as `data.offsets` says it: "characters", "utf16" or "bytes", with
            "one_based" and "inclusive", joined as in "utf16+inclusive".
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
    aliases: str | None = None
    offsets: str = CHARACTERS
    on_bad_rows: str = "fail"
    batch_size: int = 32
    min_confidence: float = 0.0
    threshold: str | None = None
    prefix: str = ""
    overwrite: bool = False
    device: str | None = None

    def problems(self) -> list[str]:
        """Return what is wrong with the settings, one line each."""
        found = problems_of_offsets(self.offsets)
        if self.on_bad_rows not in BAD_ROWS:
            found.append(f"on_bad_rows: found {self.on_bad_rows!r}, allowed are fail and drop")
        if self.batch_size < 1:
            found.append(f"batch_size: found {self.batch_size}, allowed is 1 or more")
        if not 0 <= self.min_confidence <= 1:
            found.append(f"min_confidence: found {self.min_confidence}, allowed is 0 to 1")
        if self.threshold is not None and self.min_confidence:
            found.append("threshold: stands beside min_confidence; give one of the two")
        return found

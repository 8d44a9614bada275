"""Data and provenance: the prepared dataset, the checkpoints and the baselines of an evaluation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from stancelab.pages.formatting import counted, percent
from stancelab.report import titles
from stancelab.schema import STANCES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stancelab.results import CheckpointProvenance, Provenance


@dataclass(frozen=True, slots=True)
class CountTable:
    """Rows by split and stance: column names, and for each split its values, None where it has none."""

    columns: list[str]
    rows: list[tuple[str, list[int | None]]]


@dataclass(frozen=True, slots=True)
class CheckpointLine:
    """A checkpoint in a table; what is not known of it is empty.

    Attributes:
        name: The system's name.
        encoder: The pretrained encoder, and the checkpoint from which its training went on.
        seed: The seed of its training.
        temperature: What its logits are divided by.
        dataset: What it was trained on.
        validation: The metric that it was chosen by on validation rows.
    """

    name: str
    encoder: str
    seed: int | None
    temperature: float
    dataset: str
    validation: str


def report_title(provenance: Provenance) -> str:
    """Return what the report is called."""
    if provenance.title:
        return provenance.title
    dataset = provenance.dataset
    return f"Stance on {dataset.name}" if dataset is not None and dataset.name else "Stance evaluation"


def count_table(counts: Mapping[str, Mapping[str, int]], classes: Sequence[str] = STANCES) -> CountTable:
    """Return counts by split as a table; a stance that is no class of the task and has no rows has no column."""
    found = dict.fromkeys(name for own in counts.values() for name in own)
    empty = {name for name in STANCES if name not in classes and not any(own.get(name) for own in counts.values())}
    columns = [name for name in found if name not in empty]
    return CountTable(columns, [(split, [own.get(name) for name in columns]) for split, own in counts.items()])


def checkpoint_line(checkpoint: CheckpointProvenance) -> CheckpointLine:
    """Return what a reader needs to know of a checkpoint."""
    rows = "" if checkpoint.train_rows is None else f", {counted(checkpoint.train_rows, 'row')}"
    score = checkpoint.dev_score
    return CheckpointLine(
        name=checkpoint.name,
        encoder=f"{checkpoint.encoder}, further from {checkpoint.start}" if checkpoint.start else checkpoint.encoder,
        seed=checkpoint.seed,
        temperature=checkpoint.temperature,
        dataset=f"{checkpoint.dataset}{rows}" if checkpoint.dataset else "",
        validation="" if score is None else f"{titles.metric(checkpoint.dev_metric)} {percent(score)}",
    )

"""`stancelab predict`: a table and a checkpoint -> the same table with predictions."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

from omegaconf import MISSING

from stancelab.cli.checkpoints import one_checkpoint
from stancelab.cli.config import CommandConfig, as_plain
from stancelab.cli.steps import say
from stancelab.files import write_manifest
from stancelab.inference.settings import PredictSettings


@dataclass
class PredictConfig(CommandConfig):
    """Classify the rows of a table with a checkpoint.

    Attributes:
        checkpoint: The checkpoint folder, its run, a folder of runs or the name of runs in outputs/train or
            outputs/run, of which the newest is taken, or a name on the hub.
        input: CSV, TSV, JSONL or Parquet with at least a text and a target column; predict.target stands in for the
            second.
        output: Where the table with the predictions goes; its ending tells the format.
        predict: Columns, batches, and what to do with rows that cannot be used.
    """

    examples = (
        "stancelab predict checkpoint=FOLDER input=mine.csv output=mine_predicted.csv",
        "stancelab predict checkpoint=FOLDER input=mine.jsonl output=out.parquet predict.columns.text=Tweet",
        "stancelab predict checkpoint=RUN input=tweets.csv output=out.csv 'predict.target=the carbon tax'",
    )

    hints: ClassVar[dict[str, str]] = {
        "predict.min_confidence": "a threshold of the checkpoint is named with predict.threshold=NAME"
    }

    name: str = "predict"
    checkpoint: str = MISSING
    input: str = MISSING
    output: str = MISSING
    predict: PredictSettings = field(default_factory=PredictSettings)


def execute(config: PredictConfig, run_folder: Path, command_line: str) -> None:
    """Classify the rows of a table."""
    from stancelab.inference.classifier import StanceClassifier
    from stancelab.inference.jobs.local import predict_table, threshold_of
    from stancelab.inference.jobs.plan import check_table

    settings = config.predict
    job = check_table(Path(config.input), Path(config.output), settings)
    checkpoint = one_checkpoint(config.checkpoint, config.output_root)
    classifier = StanceClassifier.from_pretrained(checkpoint, device=settings.device, batch_size=settings.batch_size)
    counts = predict_table(classifier, job)
    manifest = {
        "kind": "predict",
        "command": command_line,
        "config": as_plain(config),
        "checkpoint": checkpoint,
        "counts": counts,
    }
    write_manifest(run_folder, manifest)
    say(_result(counts, threshold_of(classifier, settings), settings))
    say(f"predictions: {config.output}")


def _result(counts: dict[str, int], threshold: float, settings: PredictSettings) -> str:
    """Return the line that says how many rows were predicted, left out, and abstained."""
    parts = [f"{counts['rows']:,} row{'' if counts['rows'] == 1 else 's'} predicted"]
    if counts["rejected"]:
        parts.append(f"{counts['rejected']:,} left out")
    if threshold:
        name = f", {settings.threshold}" if settings.threshold else ""
        share = 100 * counts["abstained"] / counts["rows"]
        parts.append(f"{counts['abstained']:,} abstained ({share:.1f}%; confidence below {threshold:.2f}{name})")
    return ", ".join(parts)

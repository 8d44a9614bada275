"""`stancelab predict`: a table and a checkpoint -> the same table with predictions."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from omegaconf import MISSING

from stancelab.cli.config import CommandConfig, as_plain
from stancelab.cli.steps import say
from stancelab.files import write_manifest
from stancelab.inference.settings import PredictSettings


@dataclass
class PredictConfig(CommandConfig):
    """Classify the rows of a table with a checkpoint.

    Attributes:
        checkpoint: The checkpoint folder, or its name on the hub.
        input: CSV, TSV, JSONL or Parquet with at least a text and a target column.
        output: Where the table with the predictions goes; its ending tells the format.
        predict: Columns, batches, and what to do with rows that cannot be used.
    """

    examples = (
        "stancelab predict checkpoint=FOLDER input=mine.csv output=mine_predicted.csv",
        "stancelab predict checkpoint=FOLDER input=mine.jsonl output=out.parquet predict.columns.text=Tweet",
    )

    name: str = "predict"
    checkpoint: str = MISSING
    input: str = MISSING
    output: str = MISSING
    predict: PredictSettings = field(default_factory=PredictSettings)


def execute(config: PredictConfig, run_folder: Path, command_line: str) -> None:
    """Classify the rows of a table."""
    from stancelab.alias_files import read_aliases
    from stancelab.aliases import Aliases
    from stancelab.inference.classifier import StanceClassifier
    from stancelab.inference.jobs.local import predict_table
    from stancelab.inference.jobs.plan import check_table

    settings = config.predict
    more = Aliases() if settings.aliases is None else read_aliases(Path(settings.aliases))
    job = check_table(Path(config.input), Path(config.output), settings)
    classifier = StanceClassifier.from_pretrained(
        config.checkpoint, device=settings.device, batch_size=settings.batch_size
    )
    classifier.aliases = classifier.aliases.merged(more)
    counts = predict_table(classifier, job)
    manifest = {"kind": "predict", "command": command_line, "config": as_plain(config), "counts": counts}
    write_manifest(run_folder, manifest)
    say(f"{counts['rows']:,} rows predicted" + (f", {counts['rejected']:,} left out" if counts["rejected"] else ""))
    say(f"predictions: {config.output}")

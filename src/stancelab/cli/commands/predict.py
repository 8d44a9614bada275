"""`stancelab predict`: a table and a checkpoint -> the same table with predictions."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from omegaconf import MISSING

from stancelab.cli.checkpoints import one_checkpoint
from stancelab.cli.config import CommandConfig, as_plain
from stancelab.cli.steps import say
from stancelab.cli.streams import input_path, output_path
from stancelab.errors import CheckpointError, count_of
from stancelab.files import write_manifest
from stancelab.inference.settings import PredictSettings
from stancelab.tables.mending import Mending
from stancelab.tables.stdin import DASH

if TYPE_CHECKING:
    from stancelab.aliases import Aliases

logger = logging.getLogger(__name__)


@dataclass
class PredictConfig(CommandConfig):
    """Classify the rows of a table with a checkpoint.

    Attributes:
        checkpoint: The checkpoint folder, its run, a folder of runs or the name of runs in outputs/train or
            outputs/run, of which the newest is taken, or a name on the hub.
        input: CSV, TSV, JSONL, Parquet or Excel with at least a text and a target column (predict.target stands in for
            the second); "-" is standard input. A folder, or a pattern such as "parts/*.csv", is all its tables.
        output: Where the table with the predictions goes; its ending tells the format, also with .gz or .zst. "-" is
            standard output, in the format of the input where that is text. Of several inputs it is a folder, in which
            each becomes a file of its name.
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
    from stancelab.alias_files import read_aliases
    from stancelab.aliases import Aliases
    from stancelab.inference.classifier import StanceClassifier
    from stancelab.inference.jobs.files import DoneFiles, is_several, tables_of
    from stancelab.inference.jobs.local import threshold_of
    from stancelab.inference.jobs.several import plan_tables, predict_tables

    settings, known = config.predict, _known_checkpoint(config)
    if known is not None:
        settings = _as_trained(settings, known)
    more = Aliases() if settings.aliases is None else read_aliases(Path(settings.aliases))
    source = input_path(config.input)
    with output_path(config.output, source, run_folder) as output:
        several = is_several(source)
        pairs = tables_of(source, output) if several else [(source, output)]
        done = DoneFiles(output) if several else None
        plan = plan_tables(pairs, settings, lambda path: _key(path, settings, known, more), done)
        checkpoint = known or one_checkpoint(config.checkpoint, config.output_root)
        classifier = StanceClassifier.from_pretrained(
            checkpoint, device=settings.device, batch_size=settings.batch_size
        )
        classifier.aliases = classifier.aliases.merged(more)
        counts = predict_tables(classifier, plan)
    manifest = {
        "kind": "predict",
        "command": command_line,
        "config": as_plain(config),
        "checkpoint": checkpoint,
        "counts": counts,
    }
    write_manifest(run_folder, manifest)
    if config.output == DASH:  # standard output holds the table
        return
    say(_result(counts, threshold_of(classifier, settings), settings))
    say(f"predictions: {config.output}")


def _key(source: Path, settings: PredictSettings, checkpoint: str | None, aliases: Aliases) -> dict[str, Any]:
    """Return what parts of an output belong to; nothing where a file cannot be read, which is said later."""
    from stancelab.checkpoint import checkpoint_folder
    from stancelab.inference.jobs.key import job_key

    try:
        return {} if checkpoint is None else job_key(source, settings, checkpoint_folder(checkpoint), aliases)
    except (OSError, CheckpointError):
        return {}


def _result(counts: dict[str, int], threshold: float, settings: PredictSettings) -> str:
    """Return the line that says how many rows were predicted, left out, and abstained."""
    parts = [f"{count_of(counts['rows'], 'row')} predicted"]
    if counts["rejected"]:
        parts.append(f"{counts['rejected']:,} left out")
    if threshold:
        name = f", {settings.threshold}" if settings.threshold else ""
        share = 100 * counts["abstained"] / counts["rows"]
        parts.append(f"{counts['abstained']:,} abstained ({share:.1f}%; confidence below {threshold:.2f}{name})")
    return ", ".join(parts)


def _known_checkpoint(config: PredictConfig) -> str | None:
    """Return the checkpoint, None where there is none: that is said after the table was checked."""
    try:
        return one_checkpoint(config.checkpoint, config.output_root)
    except CheckpointError:
        return None


def _as_trained(settings: PredictSettings, checkpoint: str) -> PredictSettings:
    """Return the settings with what the checkpoint says of mending cells, and log it."""
    from stancelab.checkpoint import checkpoint_folder, load_info

    try:
        info = load_info(checkpoint_folder(checkpoint))
    except CheckpointError:
        return settings  # loading it says what is wrong, after the table was checked
    settings = settings.as_trained(info.missing_words, info.repair)
    if settings.mending != Mending():
        words, repair = settings.missing_words, settings.repair
        logger.info("cells are mended before they are classified: missing_words=%s, repair=%s", words, repair)
    return settings

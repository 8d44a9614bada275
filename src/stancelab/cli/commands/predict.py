"""`stancelab predict`: a table and a checkpoint -> the same table with predictions."""

from __future__ import annotations

import logging
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from omegaconf import MISSING

from stancelab.alias_files import given_aliases
from stancelab.cli.checkpoints import one_checkpoint
from stancelab.cli.config import CommandConfig, as_plain
from stancelab.cli.steps import say
from stancelab.cli.streams import input_path, is_folder, output_path
from stancelab.errors import CheckpointError, DataError, count_of
from stancelab.files import write_manifest
from stancelab.inference.backends.threads import use_threads
from stancelab.inference.settings import PredictSettings
from stancelab.tables.formats import listed_formats
from stancelab.tables.mending import Mending
from stancelab.tables.stdin import DASH, begun_stdin, completed

if TYPE_CHECKING:
    from pathlib import Path

    from stancelab.aliases import Aliases
    from stancelab.checkpoint import CheckpointInfo
    from stancelab.inference.classifier import StanceClassifier
    from stancelab.inference.jobs.plan import TableJob

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
    """Classify the rows of a table, or of several."""
    known = _known_checkpoint(config)
    info = None if known is None else _known_info(known)
    settings = config.predict if info is None else _as_trained(config.predict, info)
    predict = _predict_stream if config.input == DASH == config.output else _predict_files
    checkpoint, classifier, counts = predict(config, settings, known, info, run_folder)
    manifest = {
        "kind": "predict",
        "command": command_line,
        "config": as_plain(config),
        "checkpoint": checkpoint,
        "backend": classifier.backend.name,
        "device": classifier.backend.device,
        "counts": counts,
    }
    write_manifest(run_folder, manifest)
    if config.output == DASH:  # standard output holds the table
        return
    from stancelab.inference.jobs.local import threshold_of

    say(_result(counts, threshold_of(classifier, settings), settings))
    say(f"predictions: {config.output}")


def _predict_files(
    config: PredictConfig, settings: PredictSettings, known: str | None, info: CheckpointInfo | None, run_folder: Path
) -> tuple[str, StanceClassifier, dict[str, int]]:
    """Predict a table, or a folder or pattern of them; all are checked before the checkpoint is loaded."""
    source = input_path(config.input)
    with output_path(config.output, source, run_folder) as output:
        return _predict_into(source, output, config, settings, known, info)


def _predict_into(
    source: Path,
    output: Path,
    config: PredictConfig,
    settings: PredictSettings,
    known: str | None,
    info: CheckpointInfo | None,
) -> tuple[str, StanceClassifier, dict[str, int]]:
    from stancelab.inference.jobs.files import DoneFiles, check_file, is_several, tables_of
    from stancelab.inference.jobs.several import plan_tables, predict_tables

    more, several = given_aliases(settings.aliases), is_several(source)
    if not several:
        check_file(source, config.input)
        if is_folder(config.output):
            raise DataError(
                f"{config.output}: is a folder, which is for inputs that are a folder or a pattern; name a file that "
                f"ends in {listed_formats()}"
            )
    plan = plan_tables(
        tables_of(source, output) if several else [(source, output)],
        settings,
        {} if info is None else info.columns,
        lambda path: _key(path, settings, known, more),
        DoneFiles(output) if several else None,
    )
    for job, _ in plan.jobs[:1]:  # what is said of one table holds of all
        _tell_unknown_aliases(job, info)
    checkpoint, classifier = _load(config, settings, known, more)
    return checkpoint, classifier, predict_tables(classifier, plan)


def _predict_stream(
    config: PredictConfig, settings: PredictSettings, known: str | None, info: CheckpointInfo | None, run_folder: Path
) -> tuple[str, StanceClassifier, dict[str, int]]:
    """Predict rows as they come; formats that are read as a whole go the way of files."""
    from stancelab.inference.jobs.stream import check_stream, predict_stream
    from stancelab.tables.streamed import StreamedFile, can_stream

    begun, rest = begun_stdin()
    if not can_stream(begun):
        source = completed(begun, rest)
        with output_path(DASH, source, run_folder) as output:
            return _predict_into(source, output, config, settings, known, info)
    table = StreamedFile(begun, rest, settings.where, settings.table_options())
    job = check_stream(table, run_folder / begun.name, settings, {} if info is None else info.columns)
    _tell_unknown_aliases(job, info)
    checkpoint, classifier = _load(config, settings, known, given_aliases(settings.aliases))
    return checkpoint, classifier, predict_stream(classifier, job, sys.stdout.buffer)


def _load(
    config: PredictConfig, settings: PredictSettings, known: str | None, aliases: Aliases
) -> tuple[str, StanceClassifier]:
    """Return the checkpoint's folder and the checkpoint."""
    from stancelab.inference.classifier import StanceClassifier

    checkpoint = known or one_checkpoint(config.checkpoint, config.output_root)
    use_threads(settings.threads)
    classifier = StanceClassifier.from_pretrained(
        checkpoint, backend=settings.backend, device=settings.device, batch_size=settings.batch_size
    )
    logger.info("computed by %s on %s", classifier.backend.name, classifier.backend.device)
    classifier.backend.batch_tokens = settings.batch_tokens
    classifier.aliases = classifier.aliases.merged(aliases)
    return checkpoint, classifier


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


def _known_info(checkpoint: str) -> CheckpointInfo | None:
    """Return what the checkpoint says of itself, None where it cannot be read: loading it says what is wrong."""
    from stancelab.checkpoint import checkpoint_folder, load_info

    try:
        return load_info(checkpoint_folder(checkpoint))
    except CheckpointError:
        return None


def _tell_unknown_aliases(job: TableJob, info: CheckpointInfo | None) -> None:
    """Log which other names the training had and prediction does not know, where nothing gives any here."""
    from stancelab.checkpoint.names import unknown_aliases

    if info is None or job.settings.aliases is not None or "aliases" in job.columns:
        return
    line = unknown_aliases(info.columns, info.aliases_left_out, "predict.aliases=FILE or a column of aliases")
    if line is not None:
        logger.warning("%s", line)


def _as_trained(settings: PredictSettings, info: CheckpointInfo) -> PredictSettings:
    """Return the settings with what the checkpoint says of mending cells, and log it."""
    settings = settings.as_trained(info.missing_words, info.repair)
    if settings.mending != Mending():
        words, repair = settings.missing_words, settings.repair
        logger.info("cells are mended before they are classified: missing_words=%s, repair=%s", words, repair)
    return settings

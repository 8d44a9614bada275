"""`stancelab predict`: a table and a checkpoint -> the same table with predictions."""

from __future__ import annotations

import logging
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from omegaconf import MISSING

from stancelab.alias_files import given_aliases
from stancelab.cli.checkpoints import one_checkpoint
from stancelab.cli.config import CommandConfig, as_plain
from stancelab.cli.steps import say
from stancelab.cli.streams import input_path, is_folder, output_path
from stancelab.errors import CheckpointError, ConfigError, DataError, count_of
from stancelab.extras import require
from stancelab.files import write_manifest
from stancelab.inference.backends.threads import use_threads
from stancelab.inference.settings import RAY, PredictSettings
from stancelab.tables.formats import listed_formats
from stancelab.tables.mending import Mending
from stancelab.tables.stdin import DASH, begun_stdin, completed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from stancelab.aliases import Aliases
    from stancelab.checkpoint import CheckpointInfo
    from stancelab.inference.engines.base import Engine
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
    _check_engine(config)
    known = _known_checkpoint(config)
    info = None if known is None else _known_info(known, config.predict)
    settings = config.predict if info is None else _as_trained(config.predict, info)
    predict = _predict_stream if config.input == DASH == config.output else _predict_files
    checkpoint, engine, counts = predict(config, settings, known, info, run_folder)
    manifest = {
        "kind": "predict",
        "command": command_line,
        "config": as_plain(config),
        "checkpoint": checkpoint,
        **engine.description(),
        "counts": counts,
    }
    write_manifest(run_folder, manifest)
    if config.output == DASH:  # standard output holds the table
        return
    from stancelab.inference.jobs.table import threshold_of

    say(_result(counts, threshold_of(engine, settings), settings))
    say(f"predictions: {config.output}")


def _check_engine(config: PredictConfig) -> None:
    """Check what the engine needs, before the table is read.

    Raises:
        ConfigError: Rows are to go out as they come in, which one process does.
        MissingPackageError: Ray is asked for and not installed.
    """
    if config.predict.engine != RAY:
        return
    if config.input == DASH == config.output:
        raise ConfigError(
            "predict.engine: rows from standard input to standard output are computed in one process; name a file "
            "with input= or output=, or leave predict.engine out"
        )
    require("ray", "ray", "predict.engine=ray")


def _predict_files(
    config: PredictConfig, settings: PredictSettings, known: str | None, info: CheckpointInfo | None, run_folder: Path
) -> tuple[str, Engine, dict[str, int]]:
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
) -> tuple[str, Engine, dict[str, int]]:
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
    checkpoint = known or one_checkpoint(config.checkpoint, config.output_root)
    with _engine(checkpoint, settings, more) as engine:
        return checkpoint, engine, predict_tables(engine, plan)


def _predict_stream(
    config: PredictConfig, settings: PredictSettings, known: str | None, info: CheckpointInfo | None, run_folder: Path
) -> tuple[str, Engine, dict[str, int]]:
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
    checkpoint = known or one_checkpoint(config.checkpoint, config.output_root)
    with _engine(checkpoint, settings, given_aliases(settings.aliases)) as engine:
        return checkpoint, engine, predict_stream(engine, job, sys.stdout.buffer)


@contextmanager
def _engine(checkpoint: str, settings: PredictSettings, aliases: Aliases) -> Iterator[Engine]:
    """Give what computes: the checkpoint in this process, or workers of a Ray cluster."""
    if settings.engine == RAY:
        from stancelab.inference.engines.ray_engine import open_ray_engine

        with open_ray_engine(checkpoint, settings, aliases) as engine:
            yield engine
        return
    from stancelab.inference.engines.local import LocalEngine, load_classifier

    use_threads(settings.threads)
    classifier = load_classifier(
        checkpoint,
        aliases,
        backend=settings.backend,
        device=settings.device,
        batch_size=settings.batch_size,
        batch_tokens=settings.batch_tokens,
    )
    logger.info("computed by %s on %s", classifier.backend.name, classifier.backend.device)
    yield LocalEngine(classifier)


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


def _known_info(checkpoint: str, settings: PredictSettings) -> CheckpointInfo:
    """Return what the checkpoint says of itself, by which the settings are checked."""
    from stancelab.checkpoint import checkpoint_folder, load_info
    from stancelab.inference.early import check_asked

    folder = checkpoint_folder(checkpoint)
    info = load_info(folder)
    check_asked(folder, info, settings, "predict", is_remote=settings.engine == RAY)
    return info


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

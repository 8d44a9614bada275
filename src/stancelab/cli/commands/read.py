"""`stancelab read`: articles, a codebook and a checkpoint -> who stands where on what, as tables and a page."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

import yaml
from omegaconf import MISSING

from stancelab.article.settings import ReadSettings
from stancelab.cli.checkpoints import one_checkpoint
from stancelab.cli.config import CommandConfig, as_plain
from stancelab.cli.steps import say
from stancelab.errors import CheckpointError, ConfigError, count_of
from stancelab.files import write_manifest
from stancelab.inference.backends.threads import use_threads
from stancelab.layout import MAP_HTML
from stancelab.yaml_texts import load_texts

if TYPE_CHECKING:
    from collections import Counter

logger = logging.getLogger(__name__)


@dataclass
class ReadConfig(CommandConfig):
    """Read articles: which source has which stance toward which target, with the sentences, as tables and a page.

    Attributes:
        checkpoint: The checkpoint folder, its run, a folder of runs or the name of runs in outputs/train or
            outputs/run, of which the newest is taken, or a name on the hub.
        input: Text, Markdown, HTML, MHTML, Word, PDF, or a table with a text column; a folder or a pattern such as
            "saved/*.html"; several as [ONE,TWO]; "-" is standard input; with read.fetch=true a URL.
        codebook: The YAML file of the actors and issues that are looked for, "default" (states and
            their bodies, organisations, parties, armed groups and treaties), or several as [default,mine.yaml]; null
            proposes one from the articles.
        output: The folder of the results: stances.csv, evidence.csv, stances.json, map.html, codebook.yaml and
            manifest.json.
        read: How articles are read, which sentences count, and how they come to a stance.
    """

    examples = (
        "stancelab read checkpoint=RUN input=article.txt codebook=default output=map",
        "stancelab read checkpoint=RUN input=saved_pages/ output=map",
        "stancelab read checkpoint=RUN input=news.csv codebook=[default,mine.yaml] output=map read.explain=true",
    )

    hints: ClassVar[dict[str, str]] = {
        "read.min_confidence": "a threshold of the checkpoint is named with read.threshold=NAME"
    }

    name: str = "read"
    checkpoint: str = MISSING
    input: str = MISSING
    codebook: str | None = None
    output: str = MISSING
    read: ReadSettings = field(default_factory=ReadSettings)


def execute(config: ReadConfig, run_folder: Path, command_line: str) -> None:
    """Read articles."""
    from stancelab.article.job import plan_reading, run_reading
    from stancelab.checkpoint import checkpoint_folder, load_info
    from stancelab.inference.classifier import StanceClassifier
    from stancelab.inference.early import check_asked

    settings = config.read
    known = _known_checkpoint(config)
    folder = None if known is None else checkpoint_folder(known)
    if folder is not None:
        check_asked(folder, load_info(folder), settings, "read")
    elif config.codebook is None:
        one_checkpoint(config.checkpoint, config.output_root)  # before all documents are read for a codebook
    codebook = None if config.codebook is None else _several(config.codebook, "codebook")
    job = plan_reading(_several(config.input, "input"), codebook, _output(config.output), settings, folder)
    if known is None:
        known = one_checkpoint(config.checkpoint, config.output_root)  # says what is wrong with it
    use_threads(settings.threads)
    classifier = StanceClassifier.from_pretrained(
        known, backend=settings.backend, device=settings.device, batch_size=settings.batch_size
    )
    classifier.backend.batch_tokens = settings.batch_tokens
    logger.info("computed by %s on %s", classifier.backend.name, classifier.backend.device)
    _, told = run_reading(job, classifier, command=command_line, config=as_plain(config))
    manifest = {
        "kind": "read",
        "command": command_line,
        "config": as_plain(config),
        "checkpoint": known,
        "backend": classifier.backend.name,
        "device": classifier.backend.device,
        "counts": dict(told.counts),
        "output": config.output,
    }
    write_manifest(run_folder, manifest)
    say(_result(told.counts))
    say(f"map: {_output(config.output) / MAP_HTML}")


def _output(given: str) -> Path:
    """Return the output folder.

    Raises:
        ConfigError: It is standard output.
    """
    if given == "-":
        raise ConfigError("output: found '-'; the results are several files, name a folder")
    return Path(given)


def _several(given: str, setting: str) -> str | list[str]:
    """Return the one value of a setting, or the values of a list in brackets.

    Raises:
        ConfigError: Nothing is given, or the brackets hold something else than a list of names.
    """
    if not given.strip():
        raise ConfigError(f"{setting}: is empty; name a file, or leave the setting out")
    if not (given.startswith("[") and given.endswith("]")) or Path(given).exists():
        return given
    try:
        found: Any = load_texts(given)
    except yaml.YAMLError:
        found = None
    if not isinstance(found, list) or not found or not all(isinstance(each, str) for each in found):
        raise ConfigError(f"{setting}: found {given}, expected one name or a list such as [ONE,TWO]")
    return found


def _known_checkpoint(config: ReadConfig) -> str | None:
    """Return the checkpoint, None where there is none: that is said after inputs and codebook were checked."""
    try:
        return one_checkpoint(config.checkpoint, config.output_root)
    except CheckpointError:
        return None


def _result(counts: Counter[str]) -> str:
    """Return the line that says what was read."""
    parts = [
        f"{count_of(counts['documents'], 'document')} with {count_of(counts['sentences'], 'sentence')} read",
        f"{count_of(counts['pairs'], 'pair')} of source and target, {count_of(counts['answers'], 'answer')}",
    ]
    if left := counts["answers"] - counts["counted"]:
        parts.append(f"{left:,} not counted")
    if counts["skipped"]:
        parts.append(f"{counts['skipped']:,} skipped")
    return ", ".join(parts)

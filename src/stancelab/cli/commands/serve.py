"""`stancelab serve`: a checkpoint behind a web page and an HTTP API."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path

from omegaconf import MISSING

from stancelab.cli.checkpoints import one_checkpoint
from stancelab.cli.config import CommandConfig
from stancelab.cli.steps import say
from stancelab.inference.backends.threads import use_threads
from stancelab.serve.settings import ServeSettings


@dataclass
class ServeConfig(CommandConfig):
    """Serve a checkpoint as a web page and an HTTP API.

    Attributes:
        checkpoint: The checkpoint folder, its run, a folder of runs or the name of runs in outputs/train or
            outputs/run, of which the newest is taken, or a name on the hub.
        serve: Where it listens, who may ask, and its limits.
    """

    examples = (
        "stancelab serve checkpoint=FOLDER",
        "stancelab serve checkpoint=FOLDER serve.port=8080 serve.codebook=mine.yaml serve.labels=labels.csv",
        "stancelab serve checkpoint=FOLDER serve.host=0.0.0.0 serve.token_file=token.txt",
    )

    name: str = "serve"
    checkpoint: str = MISSING
    serve: ServeSettings = field(default_factory=ServeSettings)


def execute(config: ServeConfig, run_folder: Path, command_line: str) -> None:
    """Serve until a signal ends it."""
    checkpoint = one_checkpoint(config.checkpoint, config.output_root)
    use_threads(config.serve.threads)
    from stancelab.checkpoint import load_info
    from stancelab.inference.early import check_asked
    from stancelab.serve.server import serve

    if (folder := Path(checkpoint)).is_dir():  # one of the hub is fetched while the server says that it loads
        check_asked(folder, load_info(folder), config.serve, "serve")
    serve(checkpoint, config.serve, _told_at_once)


def _told_at_once(text: str) -> None:
    say(text)
    sys.stdout.flush()

"""What parts of an output belong to: with another input, checkpoint or setting they would not fit together."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from stancelab.files import fingerprint, sha256_of, versions
from stancelab.inference.backends import AUTO, chosen
from stancelab.layout import MANIFEST

if TYPE_CHECKING:
    from pathlib import Path

    from stancelab.aliases import Aliases
    from stancelab.inference.settings import PredictSettings

#: Settings that change nothing of what is written; of the aliases the names count, not the file.
_LEFT_OUT: Final = ("overwrite", "resume", "aliases", "threads", "backend", "engine", "workers", "address")


def job_key(source: Path, settings: PredictSettings, checkpoint: Path, aliases: Aliases) -> dict[str, Any]:
    """Return what an output is made of, by name, as messages call it.

    Args:
        source: The input.
        settings: The settings, with those of the checkpoint's training.
        checkpoint: The checkpoint's folder, whose manifest has the hashes of its files.
        aliases: Other names that the command gives.

    Raises:
        OSError: A file cannot be read.
    """
    own = {f"predict.{name}": value for name, value in asdict(settings).items() if name not in _LEFT_OUT}
    return {
        "input": sha256_of(source),
        "checkpoint": sha256_of(checkpoint / MANIFEST),
        "predict.aliases": fingerprint(aliases.names),
        "predict.backend": chosen(checkpoint, settings.device) if settings.backend == AUTO else settings.backend,
        "version of stancelab": versions().get("stancelab", ""),
        **own,
    }

"""The state of a training that was interrupted: where it is kept, who may use it, and from where to go on."""

from __future__ import annotations

import dataclasses
import logging
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stancelab.files import fingerprint, locked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from stancelab.encoders import ModelSettings
    from stancelab.training.settings import TrainingSettings

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class TrainingState:
    """The folder in which one training, of exactly these settings and data, keeps its state until it is done.

    Attributes:
        folder: The folder; the Trainer writes its own checkpoints into it.
    """

    folder: Path

    @classmethod
    def of(
        cls, parent: Path, dataset: str, model: ModelSettings, training: TrainingSettings, seed: int
    ) -> TrainingState:
        """Return the state of a training.

        Args:
            parent: The folder of all states.
            dataset: The fingerprint of the prepared dataset.
            model: The encoder and how its input is built.
            training: The optimization; whether it resumes makes no other training of it.
            seed: The seed.
        """
        settings = {**dataclasses.asdict(training), "resume": None}
        encoder = dataclasses.asdict(model)
        for name in ("learning_rate", "head_learning_rate"):
            del encoder[name]  # the rates of the training are among its settings
        return cls(parent / fingerprint([dataset, encoder, settings, seed]))

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other processes from the same training while the block runs.

        Raises:
            ConfigError: Another process is at it.
        """
        busy = (
            f"{self.folder}: another process is training with the same settings, data and seed; wait for it, or give "
            "one of them another model.name"
        )
        with locked(self.folder.with_suffix(".lock"), busy):
            yield

    def start_from(self, *, resume: bool) -> str | None:
        """Return the last complete checkpoint to go on from, or None; without `resume` an old state is removed."""
        last = self._last()
        if not resume:
            if last is not None:
                logger.warning(
                    "starting anew: the state of an interrupted run of these settings and data, after update %d, is "
                    "removed; training.resume=true goes on from such a state",
                    _update(last),
                )
            self.remove()
            return None
        if last is None:
            logger.warning(
                "training.resume=true, but no interrupted run of these settings and data is kept; starting from the "
                "pretrained encoder"
            )
            return None
        logger.info("resuming after update %d", _update(last))
        return str(last)

    @contextmanager
    def told(self) -> Iterator[None]:
        """Say, where the block is interrupted, what is kept and how to go on; what nobody can go on from is removed."""
        try:
            yield
        except KeyboardInterrupt:
            last = self._last()
            if last is None:
                self.remove()
                logger.warning("interrupted before the first evaluation: nothing of this training is kept")
            else:
                logger.warning(
                    "interrupted: the state after update %d is kept in %s; the same settings, data and seed with "
                    "training.resume=true go on from it",
                    _update(last),
                    self.folder,
                )
            raise

    def _last(self) -> Path | None:
        """Return the last complete checkpoint of the Trainer, None where there is none."""
        # The Trainer writes trainer_state.json last.
        states = [path.parent for path in self.folder.glob("checkpoint-*/trainer_state.json")]
        return max(states, key=_update, default=None)

    def remove(self) -> None:
        """Remove the state, where there is one."""
        shutil.rmtree(self.folder, ignore_errors=True)


def _update(checkpoint: Path) -> int:
    """Return after which update the Trainer wrote a checkpoint."""
    return int(checkpoint.name.rpartition("-")[2])

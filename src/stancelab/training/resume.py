"""The state of a training that was interrupted: where it is kept, who may use it, and from where to go on."""

from __future__ import annotations

import dataclasses
import logging
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stancelab.errors import CheckpointError, InterruptedTraining
from stancelab.files import fingerprint, locked
from stancelab.training.state_check import STATE, damage, update_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
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
        cls,
        parent: Path,
        dataset: str,
        model: ModelSettings,
        training: TrainingSettings,
        seed: int,
        start: str | None = None,
    ) -> TrainingState:
        """Return the state of a training.

        Args:
            parent: The folder of all states.
            dataset: The fingerprint of the prepared dataset.
            model: The encoder and how its input is built.
            training: The optimization; whether it resumes makes no other training of it.
            seed: The seed.
            start: What tells the checkpoint that the training starts from; None for a pretrained encoder.
        """
        settings = {**dataclasses.asdict(training), "resume": None}
        for name in ("save_minutes", "device", "report_to"):  # what of it is kept, and where it runs, changes nothing
            del settings[name]
        encoder = dataclasses.asdict(model)
        for name in ("learning_rate", "head_learning_rate"):
            del encoder[name]  # the rates of the training are among its settings
        known = [] if start is None else [start]
        return cls(parent / fingerprint([dataset, encoder, settings, seed, *known]))

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
        """Return the last sound state to go on from, or None; without `resume` old states are removed.

        Raises:
            CheckpointError: States are kept, and none of them can be read.
        """
        states = self._states()
        if not resume:
            if states:
                logger.warning(
                    "starting anew: the state of an interrupted run of these settings and data, after update %d, is "
                    "removed; training.resume=true goes on from such a state",
                    update_of(states[0]),
                )
            self.remove()
            return None
        if not states:
            logger.warning(
                "training.resume=true, but no interrupted run of these settings and data is kept; starting from the "
                "pretrained encoder"
            )
            return None
        sound = self._last_sound(states)
        logger.info("resuming after update %d", update_of(sound))
        return str(sound)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Hold the lock while the block runs, and say what is kept where it is interrupted.

        Raises:
            ConfigError: Another process is at the same training.
        """
        with self.locked(), self.told():
            yield

    @contextmanager
    def told(self) -> Iterator[None]:
        """Say, where the block is interrupted, what is kept and how to go on; what nobody can go on from is removed."""
        try:
            yield
        except KeyboardInterrupt as interruption:
            states = self._states()
            if not states:
                self.remove()
                logger.warning("interrupted before the first state was kept: nothing of this training is kept")
                raise
            logger.warning(
                "interrupted: the state after update %d is kept in %s; the same settings, data and seed with "
                "training.resume=true go on from it",
                update_of(states[0]),
                self.folder,
            )
            raise InterruptedTraining from interruption

    def _states(self) -> list[Path]:
        """Return the states that were written to their end, the last first."""
        return sorted((path.parent for path in self.folder.glob(f"checkpoint-*/{STATE}")), key=update_of, reverse=True)

    def _last_sound(self, states: Sequence[Path]) -> Path:
        """Return the last state that can be read; damaged ones after it are removed, which a warning says."""
        damaged: list[tuple[Path, str]] = []
        for state in states:
            wrong = damage(state)
            if wrong is None:
                break
            damaged.append((state, wrong))
        told = ", ".join(f"that after update {update_of(state)} ({wrong})" for state, wrong in damaged)
        if len(damaged) == len(states):
            raise CheckpointError(
                f"{self.folder}: no state that is kept here can be read: {told}; training.resume=false starts anew"
            )
        for state, _ in damaged:
            shutil.rmtree(state)
        if damaged:
            logger.warning("states that cannot be read are removed, and the one before is taken: %s", told)
        return states[len(damaged)]

    def remove(self) -> None:
        """Remove the state, where there is one."""
        shutil.rmtree(self.folder, ignore_errors=True)

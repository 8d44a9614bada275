"""Callbacks of the Trainer that keep the state of a training, and find what an earlier process kept."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from transformers import TrainerCallback

from stancelab.training.together import agreed

if TYPE_CHECKING:
    from transformers import TrainerControl, TrainerState, TrainingArguments


class KeepByTime(TrainerCallback):
    """Keeps a state where the last one is so many minutes old: an epoch may take hours.

    Args:
        minutes: How many; 0 keeps states at evaluations alone.
    """

    def __init__(self, minutes: float) -> None:
        self.seconds = 60 * minutes
        self.kept = time.monotonic()

    def on_train_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        """Count from the first update."""
        self.kept = time.monotonic()

    def on_step_end(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any) -> None:
        """Ask for a state where it is time."""
        # Processes that share a training wait for each other where they save.
        if self.seconds and agreed(time.monotonic() - self.kept >= self.seconds):
            control.should_save = True

    def on_save(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any) -> None:
        """Count from this state."""
        self.kept = time.monotonic()


class FindBest(TrainerCallback):
    """Finds the best state so far where the folder of states was moved: a state names it by its path of then."""

    def on_train_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        """Set the path by the update."""
        state.best_model_checkpoint = best_folder(args, state) or state.best_model_checkpoint


def best_folder(args: TrainingArguments, state: TrainerState) -> str | None:
    """Return the folder of the best state so far, None where there is none."""
    assert args.output_dir is not None
    folder = Path(args.output_dir) / f"checkpoint-{state.best_global_step}"
    return str(folder) if state.best_global_step and folder.is_dir() else None

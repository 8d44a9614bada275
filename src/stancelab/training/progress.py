"""The progress bars of a training."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from tqdm import tqdm
from transformers import ProgressCallback

if TYPE_CHECKING:
    from transformers import TrainerControl, TrainerState, TrainingArguments


class DevProgress(ProgressCallback):
    """The Trainer's progress bars, with one line for each evaluation instead of a dict for each logging step."""

    def __init__(self, metric: str) -> None:
        super().__init__()
        self.metric = metric

    def on_train_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        """Open the bar, which is not drawn where nobody sees it: a log would hold a line for each stage of it."""
        if sys.stderr.isatty():
            super().on_train_begin(args, state, control, **kwargs)  # type: ignore[no-untyped-call]  # transformers' own
            return
        self.current_step = 0
        # One that is switched off later has been drawn once.
        bar: Any = tqdm(total=state.max_steps, disable=True) if state.is_world_process_zero else None
        self.training_bar = bar

    def close(self) -> None:
        """Close the bars that are open."""
        bars: list[Any] = [self.training_bar, self.prediction_bar]
        for bar in bars:
            if bar is not None:
                bar.close()
        self.training_bar = self.prediction_bar = None

    def on_log(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, logs: Any = None, **kwargs: Any
    ) -> None:
        """Write the dev metric beside the bar; every logged value is in the TensorBoard logs and in training.json."""
        measured = (logs or {}).get(f"eval_{self.metric}")
        bar: Any = self.training_bar
        if measured is not None and bar is not None:
            bar.write(f"epoch {state.epoch:.2f}: dev {self.metric} {100 * float(measured):.1f}")

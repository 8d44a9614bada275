"""How long a training takes, measured on its first updates and said once."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Any, Final

from transformers import TrainerCallback

if TYPE_CHECKING:
    from transformers import TrainerControl, TrainerState, TrainingArguments

logger = logging.getLogger(__name__)

#: The first updates are slower than the others, and are left out.
_WARM_UP: Final = 3
#: Updates and seconds that are measured at least.
_UPDATES: Final = 10
_SECONDS: Final = 10.0
#: Shorter trainings need no estimate.
_SHORT: Final = 60.0


class Estimate(TrainerCallback):
    """Says after the first updates how long the rest takes, evaluations on dev not counted."""

    def __init__(self) -> None:
        self._first: tuple[int, float] | None = None
        self._said = False

    def on_train_begin(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any
    ) -> None:
        """Begin to count where the training begins, or goes on."""
        self._begin = state.global_step

    def on_step_end(self, args: TrainingArguments, state: TrainerState, control: TrainerControl, **kwargs: Any) -> None:
        """Measure, and say it once."""
        if self._said or state.global_step < self._begin + _WARM_UP:
            return
        now = time.monotonic()
        if self._first is None:
            self._first = (state.global_step, now)
            return
        updates, seconds = state.global_step - self._first[0], now - self._first[1]
        if updates < _UPDATES or seconds < _SECONDS:
            return
        self._said = True
        left = seconds / updates * (state.max_steps - state.global_step)
        if left >= _SHORT:
            logger.info(
                "the training takes about %d more minutes (%d updates at %.2f s, measured on the first %d)",
                round(left / 60),
                state.max_steps - state.global_step,
                seconds / updates,
                updates,
            )

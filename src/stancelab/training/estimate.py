"""How long a training, and what comes after it, takes: measured on its first updates and said once."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
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
#: An update computes the gradients as well, which takes about twice as long as the answers.
_PASSES_OF_UPDATE: Final = 3


@dataclass(frozen=True)
class Later:
    """What comes after a training in the same command.

    Attributes:
        texts: How many texts the trained model answers then.
        baselines: Seconds that the baselines take; None where that is not known.
    """

    texts: int
    baselines: float | None = None


class Estimate(TrainerCallback):
    """Says after the first updates how long the rest takes, as long as it is not stopped early.

    Args:
        dev_texts: Texts of an evaluation on dev.
        later: What comes after the training; None where nothing does.
        passes: How often an update reads each of its texts.
    """

    def __init__(self, dev_texts: int = 0, later: Later | None = None, *, passes: int = 1) -> None:
        self._dev_texts = dev_texts
        self._passes = passes * _PASSES_OF_UPDATE
        self._later = later
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
        left = state.max_steps - state.global_step
        per_text = seconds / updates / (args.train_batch_size * args.gradient_accumulation_steps) / self._passes
        on_dev = left // max(1, int(args.eval_steps or left or 1)) * self._dev_texts * per_text
        parts: dict[str, float | None] = {"training": left * seconds / updates + on_dev}
        if self._later is not None:
            parts |= {"baselines": self._later.baselines, "answers on the test files": self._later.texts * per_text}
        if sum(part or 0 for part in parts.values()) >= _SHORT:
            measured = f"{left:,} updates at {seconds / updates:.2f} s, measured on the first {updates}"
            logger.info("%s", estimate_sentence(parts, measured))


def estimate_sentence(parts: dict[str, float | None], measured: str) -> str:
    """Say how long the parts of a command take, for people.

    Args:
        parts: The seconds of each; None where nobody knows.
        measured: What the estimate is by.
    """
    known = {name: seconds for name, seconds in parts.items() if seconds is not None}
    shown = ", ".join(f"{name} {_minutes(seconds)}" for name, seconds in known.items())
    unknown = " and ".join(name for name, seconds in parts.items() if seconds is None)
    more = f"; {unknown} not known, on top" if unknown else ""
    return f"an estimate: about {_minutes(sum(known.values()))} left: {shown} ({measured}{more})"


def _minutes(seconds: float) -> str:
    return f"{round(seconds / 60):,} min" if seconds >= 30 else "less than 1 min"

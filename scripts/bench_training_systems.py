"""The trainings that `bench_training.py` compares, each in a process of its own that waits for its turns."""

from __future__ import annotations

import json
import logging
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from transformers import AutoConfig, Trainer, TrainerCallback
from transformers.utils import logging as transformers_logging

from bench_machine import END, TURN, Clock, EncoderFlops, Taken, matmul_peak, next_turn, own_pipe, peak_megabytes, timed
from bench_training import EXAMPLE, MATMUL, OURS, SCRIPT, WHOLE
from bench_training_example import example_trainer, longest, run_script, whole_example, whole_script
from stancelab.data.prepared import load_prepared
from stancelab.encoders import ModelSettings, resolve_encoder
from stancelab.encoding import InputSettings
from stancelab.metrics.classification import scores_of
from stancelab.training.settings import TrainingSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from stancelab.data.prepared import PreparedDataset
    from stancelab.schema import Example

#: A pass for the gradients costs twice one for the answers.
_PASSES: Final = 3


class Turns(TrainerCallback):
    """Lets a training wait after so many updates until it is its turn again.

    Args:
        trainer: The trainer, whose batches are counted.
        updates: Updates of a turn.
        flops: The FLOPs of the encoder.
        answer: What answers the process that gives the turns.
    """

    def __init__(
        self, trainer: Trainer, updates: int, flops: EncoderFlops, answer: Callable[[Mapping[str, Any]], None]
    ) -> None:
        self.updates, self.flops, self.answer = updates, flops, answer
        self.rows, self.gflop, self.done = 0, 0.0, 0
        self._count_batches(trainer)
        self._clock = Clock()

    def on_step_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """Count an update; after the last one of the turn, say what it took and wait."""
        self.done += 1
        if self.done < self.updates:
            return
        taken = self._clock.taken()
        found = {"rows": self.rows, "gflop": self.gflop, "wall": taken.wall, "cpu": taken.cpu}
        self.answer({**found, "peak_mb": peak_megabytes()})
        if next_turn() == END:
            control.should_training_stop = True
            control.should_evaluate = control.should_save = False
        self.rows, self.gflop, self.done = 0, 0.0, 0
        self._clock = Clock()

    def _count_batches(self, trainer: Any) -> None:
        step = trainer.training_step

        def counted(model: Any, inputs: dict[str, Any], *others: Any, **options: Any) -> Any:
            self.rows += len(inputs["labels"])
            self.gflop += _PASSES * self.flops.of(inputs["attention_mask"].sum(dim=1).tolist()) / 1e9
            return step(model, inputs, *others, **options)

        trainer.training_step = counted


def our_trainer(
    job: dict[str, Any], dataset: PreparedDataset, folder: Path, examples: Sequence[Example] | None = None
) -> Trainer:
    """Return our trainer, as `finetune` makes it.

    Args:
        job: What `bench_training.job_of` returns; `batch_size` and `r_drop` besides where they are not the defaults.
        dataset: The prepared dataset.
        folder: Where states and logs would be written.
        examples: The rows to train on; by default all training rows.
    """
    from stancelab.training.finetune import fix_seed
    from stancelab.training.load_encoder import load_encoder
    from stancelab.training.trainer import make_trainer

    model, training = settings(job)
    fix_seed(job["seed"])
    network, builder, _ = load_encoder(model, None)
    return make_trainer(
        network,
        builder,
        dataset,
        training.resolved_for(model),
        examples=dataset.train if examples is None else examples,
        seed=job["seed"],
        state=folder / "state",
        logs=folder / "one" / "two" / "logs",
    )


def settings(job: dict[str, Any]) -> tuple[ModelSettings, TrainingSettings]:
    """Return the default settings of our training."""
    config = AutoConfig.from_pretrained(resolve_encoder(job["encoder"]), trust_remote_code=False)
    model = ModelSettings(
        name_or_path=job["encoder"],
        head=job["head"],
        input=InputSettings(max_length=longest(config)),
        **job["rates"],
    )
    changed = {name: job[name] for name in ("batch_size", "r_drop") if name in job}
    return model, TrainingSettings(epochs=job["epochs"], device="cpu", report_to=[], save_minutes=0, **changed)


def whole_ours(job: dict[str, Any], dataset: PreparedDataset, folder: Path) -> tuple[Taken, NDArray[np.int64]]:
    """Run `finetune`; return what that took, and the answers of the checkpoint on the validation rows."""
    from stancelab.inference.classifier import StanceClassifier
    from stancelab.training.finetune import finetune

    model, training = settings(job)
    found: list[Path] = []
    taken = timed(
        lambda: found.append(
            finetune(dataset, model, training, seed=job["seed"], output=folder / "runs" / "one").checkpoint
        )
    )
    classifier = StanceClassifier.from_pretrained(found[0], backend="torch", device="cpu")
    return taken, classifier.predict_proba(dataset.validation).argmax(axis=1)


def train_in_turns(
    name: str,
    job: dict[str, Any],
    dataset: PreparedDataset,
    folder: Path,
    answer: Callable[[Mapping[str, Any]], None],
) -> None:
    """Train until no more turns are given."""

    def take_turns(trainer: Trainer) -> None:
        flops = EncoderFlops.of_config(trainer.model.config)  # type: ignore[union-attr]
        trainer.add_callback(Turns(trainer, job["updates"], flops, answer))

    if name == SCRIPT:
        run_script(job, dataset, folder, take_turns)
        return
    trainer = example_trainer(job, dataset, folder)[0] if name == EXAMPLE else our_trainer(job, dataset, folder)
    take_turns(trainer)
    trainer.train()


def main() -> None:
    """Answer the turns of one system."""
    answer = own_pipe()
    logging.disable(logging.WARNING)
    transformers_logging.set_verbosity_error()
    transformers_logging.disable_progress_bar()
    name, job = sys.argv[1], json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
    if name == MATMUL:
        while next_turn() != END:
            answer({precision: matmul_peak(precision) for precision in ("fp32", "bf16")})
        return
    dataset = load_prepared(Path(job["dataset"]))
    asked = next_turn()
    with tempfile.TemporaryDirectory() as folder:
        if asked == TURN:
            train_in_turns(name, job, dataset, Path(folder), answer)
        elif asked == WHOLE:
            whole = {SCRIPT: whole_script, EXAMPLE: whole_example, OURS: whole_ours}
            taken, answers = whole[name](job, dataset, Path(folder))
            gold = np.array([row.stance_id for row in dataset.validation])
            score = float(scores_of(gold, answers).value("macro_f1"))
            answer({"wall": taken.wall, "cpu": taken.cpu, "dev_macro_f1": score, "peak_mb": peak_megabytes()})


if __name__ == "__main__":
    main()

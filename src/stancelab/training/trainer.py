"""transformers.Trainer for stances: order of texts, loss, optimizer, dev metric, progress and precision."""

from __future__ import annotations

import dataclasses
import logging
import shutil
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from transformers import (
    EarlyStoppingCallback,
    ProgressCallback,
    Trainer,
    TrainerCallback,
    TrainerState,
)

from stancelab.errors import StancelabError, count_of
from stancelab.metrics.classes import class_ids
from stancelab.processes import is_first
from stancelab.schema import STANCES
from stancelab.training.arguments import training_arguments
from stancelab.training.dev_rows import DevRows
from stancelab.training.devices import CPU
from stancelab.training.disk import explain_write_error
from stancelab.training.dropout import cheap_dropout
from stancelab.training.estimate import Estimate
from stancelab.training.losses import StanceLoss, balanced_weights, divergence_of_passes
from stancelab.training.optimizer import give_head_learning_rate
from stancelab.training.progress import DevProgress
from stancelab.training.reporting import TENSORBOARD
from stancelab.training.sampling import LikeLengthSampler, mixture_of
from stancelab.training.state_callbacks import FindBest, KeepByTime, best_folder
from stancelab.training.state_check import STATE, is_stopped
from stancelab.training.texts import NO_LABEL, Collator, TrainingTexts, twice

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import torch
    from numpy.typing import NDArray

    from stancelab.data.prepared import PreparedDataset
    from stancelab.encoding import Builder
    from stancelab.schema import Example
    from stancelab.training.estimate import Later
    from stancelab.training.settings import TrainingSettings

logger = logging.getLogger(__name__)


class StanceTrainer(Trainer):
    """transformers.Trainer over texts with several rows: their order, their loss, and the dev metric over rows.

    Args:
        stance_loss: The loss.
        dev: Measures the dev metric.
        training: The settings of the optimization.
    """

    def __init__(
        self,
        *args: Any,
        stance_loss: StanceLoss,
        dev: DevRows,
        training: TrainingSettings,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        # DataParallel would cut texts and their pairs at different places; one process takes one GPU.
        self.args._n_gpu = min(self.args.n_gpu, 1)
        self.stance_loss = stance_loss
        self.dev = dev
        self.training = training
        # The rows of an update are counted over its batches, so that each row weighs the same.
        self.model_accepts_loss_kwargs = True

    def start(self, state: str | None) -> None:
        """Train, or go on from a state; where the training had ended by then, take its best weights.

        Args:
            state: The folder of a state that the Trainer kept, None to begin.
        """
        if state is None or not is_stopped(Path(state)):
            try:
                self.train(resume_from_checkpoint=state)
            finally:
                self._close_bars()
            self._tell_of_early_stop()
            return
        # The Trainer itself would forget the stop and train on until the next evaluation.
        self.state = TrainerState.load_from_json(str(Path(state) / STATE))
        self.state.best_model_checkpoint = best_folder(self.args, self.state)
        self._load_best_model()
        self._tell_of_early_stop()

    def train(self, *args: Any, **kwargs: Any) -> Any:
        """Train as transformers does, on a CPU with dropout whose random numbers cost less."""
        assert self.model is not None
        with cheap_dropout(self.model) if self.args.device.type == CPU else nullcontext():
            return super().train(*args, **kwargs)

    def _tell_of_early_stop(self) -> None:
        """Say that the training stopped before its last epoch, where it did, and why."""
        if not self.training.patience or self.state.global_step >= self.state.max_steps or not is_first():
            return
        logger.info(
            "stopped early after epoch %.1f of %d: in %s the dev %s was not above %.1f, that of update %d, whose "
            "weights are kept (training.patience=%d)",
            self.state.epoch or 0.0,
            self.state.num_train_epochs,
            count_of(self.training.patience, "evaluation"),
            self.dev.metric,
            100 * (self.state.best_metric or 0.0),
            self.state.best_global_step or 0,
            self.training.patience,
        )

    def _close_bars(self) -> None:
        """Close the progress bars, so that what is said of an interruption stands below them."""
        for callback in self.callback_handler.callbacks:
            if isinstance(callback, DevProgress):
                callback.close()

    def _save_checkpoint(self, model: Any, trial: Any) -> None:
        assert self.args.output_dir is not None
        folder = Path(self.args.output_dir) / f"checkpoint-{self.state.global_step}"
        try:
            with explain_write_error(folder):
                super()._save_checkpoint(model, trial)
        except StancelabError:
            shutil.rmtree(folder, ignore_errors=True)
            raise

    def _get_train_sampler(self, train_dataset: Any = None) -> LikeLengthSampler:
        texts: Any = self.train_dataset if train_dataset is None else train_dataset
        mixture = mixture_of(texts.corpora, self.training, self.args.seed, texts.corpora_of_rows)
        return LikeLengthSampler(texts.lengths, self.args.train_batch_size, self.args.seed, mixture)

    def create_optimizer(self, model: Any = None) -> torch.optim.Optimizer:
        """Make the optimizer as transformers does, and give the head its learning rate."""
        is_made = self.optimizer is not None
        optimizer = super().create_optimizer(model)
        if self.training.head_learning_rate is not None and not is_made:
            trained: Any = self.model if model is None else model
            give_head_learning_rate(optimizer, trained, self.training.head_learning_rate)
        return optimizer

    def compute_loss(
        self, model: Any, inputs: dict[str, Any], return_outputs: bool = False, num_items_in_batch: Any = None
    ) -> Any:
        """Return the loss of a batch."""
        labels, soft = inputs.pop("labels"), inputs.pop("soft")
        if self.training.r_drop:
            outputs = model(**twice(inputs))
            first, second = outputs.logits.chunk(2)
            losses = [self.stance_loss(logits, labels, soft, num_items_in_batch) for logits in (first, second)]
            rows = len(labels) if num_items_in_batch is None else num_items_in_batch
            loss = sum(losses) / 2 + self.training.r_drop * divergence_of_passes(first, second, rows)
        else:
            outputs = model(**inputs)
            loss = self.stance_loss(outputs.logits, labels, soft, num_items_in_batch)
        if num_items_in_batch is not None:
            # These are the rows of all processes, whose gradients are averaged.
            loss = loss * self.accelerator.num_processes
        return (loss, outputs) if return_outputs else loss

    def evaluate(self, eval_dataset: Any = None, ignore_keys: Any = None, metric_key_prefix: str = "eval") -> Any:
        """Measure the dev metric and tell the callbacks.

        The Trainer's own loop takes the items of a batch for its rows, and here they are texts.
        """
        assert self.model is not None
        was_training = self.model.training
        metrics = {f"{metric_key_prefix}_{name}": value for name, value in self.dev.measure(self.model).items()}
        self.model.train(was_training)
        self.log(metrics)
        self.control = self.callback_handler.on_evaluate(self.args, self.state, self.control, metrics)
        return metrics


def make_trainer(
    model: Any,
    builder: Builder,
    dataset: PreparedDataset,
    training: TrainingSettings,
    *,
    examples: Sequence[Example],
    soft: NDArray[np.float64] | None = None,
    seed: int,
    state: Path,
    logs: Path,
    later: Later | None = None,
    new_head: bool = True,
) -> StanceTrainer:
    """Return the trainer of a model.

    Args:
        model: The encoder with its head.
        builder: Builds its input.
        dataset: The prepared dataset, whose validation rows choose the checkpoint.
        training: The optimization; its learning rates are set.
        examples: The rows to train on.
        soft: The teacher's probabilities of these rows, see `TrainingTexts`.
        seed: The seed.
        state: The folder of the training's state.
        logs: The folder of the TensorBoard logs.
        later: What comes after the training, for the estimate of how long all takes.
        new_head: Whether the head starts from random weights, which takes more updates.
    """
    train = TrainingTexts(builder, examples, soft)
    labels = train.labels[train.labels != NO_LABEL].tolist()
    weights = balanced_weights(labels) if training.class_weights == "balanced" else None
    dev = DevRows(builder, dataset.validation, dataset.metric, 2 * training.batch_size, class_ids(dataset.classes))
    if weights is not None and is_first():
        shown = ", ".join(f"{stance} {weight:.2f}" for stance, weight in zip(STANCES, weights, strict=True))
        logger.info("training.class_weights=balanced: a row counts by its class, %s", shown)
    callbacks: list[TrainerCallback] = [FindBest(), KeepByTime(training.save_minutes)]
    if is_first():
        callbacks += [
            *_tensorboard(training, logs),
            Estimate(len(dev.texts), later, passes=2 if training.r_drop else 1),
        ]
    if training.patience:
        callbacks.append(EarlyStoppingCallback(training.patience))
    run_name = f"{'/'.join(logs.absolute().parts[-3:-1])} seed {seed}"
    texts = training.epoch_texts or len(train)
    training = dataclasses.replace(training, epochs=training.epochs_for(texts, new_head=new_head))
    trainer = StanceTrainer(
        model=model,
        args=training_arguments(training, dataset.metric, texts, seed, state, run_name),
        train_dataset=train,
        eval_dataset=train,  # the Trainer asks for one; `evaluate` takes the rows of `dev`
        data_collator=Collator(builder),
        processing_class=builder.tokenizer,
        callbacks=callbacks,
        stance_loss=StanceLoss(training, weights),
        dev=dev,
        training=training,
    )
    trainer.remove_callback(ProgressCallback)
    trainer.add_callback(DevProgress(dataset.metric))
    return trainer


def _tensorboard(training: TrainingSettings, logs: Path) -> list[TrainerCallback]:
    """Return the callback that writes TensorBoard's files, where it is asked for."""
    if TENSORBOARD not in training.report_to:
        return []
    from torch.utils.tensorboard import SummaryWriter
    from transformers.integrations.integration_utils import TensorBoardCallback

    return [TensorBoardCallback(SummaryWriter(log_dir=str(logs)))]

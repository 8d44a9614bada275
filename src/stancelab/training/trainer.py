"""transformers.Trainer for stances: order of rows, loss, optimizer, dev metric, progress and precision."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import torch
from transformers import (
    DataCollatorWithPadding,
    EarlyStoppingCallback,
    ProgressCallback,
    Trainer,
    TrainerCallback,
    TrainingArguments,
)

from stancelab.metrics.classification import scores_of
from stancelab.training.losses import StanceLoss, balanced_weights
from stancelab.training.optimizer import give_head_learning_rate
from stancelab.training.sampling import LikeLengthSampler

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from datasets import Dataset
    from transformers import EvalPrediction, PreTrainedModel, TrainerControl, TrainerState

    from stancelab.data.prepared import PreparedDataset
    from stancelab.encoding import InputBuilder
    from stancelab.schema import Example
    from stancelab.training.settings import TrainingSettings

logger = logging.getLogger(__name__)

_ENCODE_BATCH: Final = 1000


class StanceTrainer(Trainer):
    """transformers.Trainer with batches of like length and, where asked for, a learning rate of the head's own.

    Args:
        head_learning_rate: Peak learning rate of head and pooler; None takes that of the other weights.
    """

    def __init__(self, *args: Any, head_learning_rate: float | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.head_learning_rate = head_learning_rate

    def _get_train_sampler(self, train_dataset: Any = None) -> LikeLengthSampler:
        rows: Any = self.train_dataset if train_dataset is None else train_dataset
        lengths = [len(ids) for ids in rows["input_ids"]]
        return LikeLengthSampler(lengths, self.args.train_batch_size, self.args.seed)

    def create_optimizer(self, model: Any = None) -> torch.optim.Optimizer:
        """Make the optimizer as transformers does, and give the head its learning rate."""
        is_made = self.optimizer is not None
        optimizer = super().create_optimizer(model)
        if self.head_learning_rate is not None and not is_made:
            trained: Any = self.model if model is None else model
            give_head_learning_rate(optimizer, trained, self.head_learning_rate)
        return optimizer


class DevProgress(ProgressCallback):
    """The Trainer's progress bars, with one line for each evaluation instead of a dict for each logging step."""

    def __init__(self, metric: str) -> None:
        super().__init__()
        self.metric = metric

    def on_log(
        self, args: TrainingArguments, state: TrainerState, control: TrainerControl, logs: Any = None, **kwargs: Any
    ) -> None:
        """Write the dev metric beside the bar; every logged value is in the TensorBoard logs and in training.json."""
        measured = (logs or {}).get(f"eval_{self.metric}")
        bar: Any = self.training_bar
        if measured is not None and bar is not None:
            bar.write(f"epoch {state.epoch:.2f}: dev {self.metric} {100 * float(measured):.1f}")


def make_trainer(
    model: PreTrainedModel,
    builder: InputBuilder,
    dataset: PreparedDataset,
    training: TrainingSettings,
    *,
    seed: int,
    state: Path,
    logs: Path,
) -> StanceTrainer:
    """Return the trainer of a model.

    Args:
        model: The encoder with its new head.
        builder: Builds its input.
        dataset: Its training and validation rows.
        training: The optimization; its learning rate is set.
        seed: The seed.
        state: The folder of the training's state.
        logs: The folder of the TensorBoard logs.
    """
    from torch.utils.tensorboard import SummaryWriter
    from transformers.integrations.integration_utils import TensorBoardCallback

    train, validation = encode(builder, dataset.train), encode(builder, dataset.validation)
    # Rows of like length share a batch in evaluation too; the metric does not depend on their order.
    order = sorted(range(len(validation)), key=lambda row: len(validation[row]["input_ids"]))
    validation = validation.select(order)
    weights = balanced_weights(train["labels"]) if training.class_weights == "balanced" else None
    callbacks: list[TrainerCallback] = [TensorBoardCallback(SummaryWriter(log_dir=str(logs)))]
    if training.patience:
        callbacks.append(EarlyStoppingCallback(training.patience))
    trainer = StanceTrainer(
        model=model,
        args=training_arguments(training, dataset.metric, len(train), seed, state),
        train_dataset=train,
        eval_dataset=validation,
        data_collator=DataCollatorWithPadding(builder.tokenizer),
        processing_class=builder.tokenizer,
        compute_loss_func=StanceLoss(weights, training.label_smoothing),
        compute_metrics=dev_metric(dataset.metric, [dataset.validation[row].corpus for row in order]),
        callbacks=callbacks,
        head_learning_rate=training.head_learning_rate,
    )
    trainer.remove_callback(ProgressCallback)
    trainer.add_callback(DevProgress(dataset.metric))
    return trainer


def training_arguments(
    training: TrainingSettings, metric: str, rows: int, seed: int, output: Path
) -> TrainingArguments:
    """Return the settings as transformers takes them.

    Args:
        training: The optimization; its learning rate is set.
        metric: What the best checkpoint is chosen by.
        rows: The number of training rows.
        seed: The seed.
        output: Where the Trainer keeps its checkpoints.
    """
    assert training.learning_rate is not None
    batches = -(-rows // training.batch_size)
    updates = -(-batches // training.gradient_accumulation)
    epochs = training.epochs_for(rows)
    evaluate_every = max(1, updates // training.evaluations_per_epoch)
    return TrainingArguments(
        output_dir=str(output),
        num_train_epochs=epochs,
        learning_rate=training.learning_rate,
        per_device_train_batch_size=training.batch_size,
        per_device_eval_batch_size=2 * training.batch_size,
        gradient_accumulation_steps=training.gradient_accumulation,
        warmup_steps=int(training.warmup_ratio * updates * epochs),
        lr_scheduler_type="linear",
        weight_decay=training.weight_decay,
        max_grad_norm=training.max_grad_norm,
        bf16=choose_precision(training.precision) == "bf16",
        use_cpu=not (torch.cuda.is_available() or torch.backends.mps.is_available()),
        eval_strategy="steps",
        save_strategy="steps",
        eval_steps=evaluate_every,
        save_steps=evaluate_every,
        save_total_limit=2,
        load_best_model_at_end=True,
        metric_for_best_model=metric,
        greater_is_better=True,
        logging_steps=max(1, min(50, updates // 4)),
        report_to="none",
        seed=seed,
        data_seed=seed,
        full_determinism=True,
        dataloader_pin_memory=False,
        disable_tqdm=False,  # else no bar where transformers' own warnings are silenced
    )


def encode(builder: InputBuilder, examples: Sequence[Example]) -> Dataset:
    """Return labeled examples as token ids, with the ids of their stances in the column `labels`."""
    from datasets import Dataset, concatenate_datasets

    parts = []
    for start in range(0, len(examples), _ENCODE_BATCH):
        batch = examples[start : start + _ENCODE_BATCH]
        labels = [example.stance_id for example in batch]
        parts.append(Dataset.from_dict({**builder(batch), "labels": labels}))
    return concatenate_datasets(parts)


def dev_metric(name: str, corpora: Sequence[str]) -> Callable[[EvalPrediction], dict[str, float]]:
    """Return the function by which the Trainer chooses the best checkpoint.

    Args:
        name: One of `PRIMARY_METRICS`.
        corpora: The corpus of each validation row; with several corpora the metric is their unweighted mean, so that
            a large one does not decide alone.
    """
    corpus = np.asarray(corpora)
    names = sorted(set(corpora))

    def measure(prediction: EvalPrediction) -> dict[str, float]:
        gold = np.asarray(prediction.label_ids)
        predicted = np.asarray(prediction.predictions).argmax(axis=1)
        values = [scores_of(gold[corpus == one], predicted[corpus == one]).value(name) for one in names]
        return {name: float(np.mean(values))}

    return measure


def choose_precision(wanted: str) -> str:
    """Return "bf16" or "fp32": what was asked for where the hardware computes it, with a message where it does not."""
    if wanted == "fp32":
        return "fp32"
    if torch.cuda.is_available():
        has_bf16 = torch.cuda.is_bf16_supported(including_emulation=False)
    elif torch.backends.mps.is_available():
        has_bf16 = False
    else:
        # Where the CPU lacks these instructions, PyTorch emulates bf16, slower than fp32.
        capabilities = torch.cpu.get_capabilities()
        has_bf16 = bool(capabilities.get("avx512_bf16") or capabilities.get("amx_bf16"))
    if has_bf16:
        return "bf16"
    level = logging.WARNING if wanted == "bf16" else logging.INFO
    logger.log(level, "this hardware does not compute bf16 natively; training in fp32")
    return "fp32"

"""The station: prepared dataset -> checkpoint."""

from __future__ import annotations

import dataclasses
import gc
import logging
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import softmax

from stancelab.checkpoint import CheckpointInfo, save_checkpoint
from stancelab.errors import DataError
from stancelab.files import atomic_folder, fingerprint, locked
from stancelab.metrics.classification import scores_of
from stancelab.metrics.names import PRIMARY_METRICS
from stancelab.metrics.temperature import (
    TEMPERATURE_RANGE,
    confidence_thresholds,
    fit_temperature,
    negative_log_likelihood,
)
from stancelab.training.load_encoder import check_encoder, load_encoder
from stancelab.training.model_card import model_card

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from datasets import Dataset
    from numpy.typing import NDArray
    from transformers import PreTrainedModel, TrainingArguments

    from stancelab.data.prepared import PreparedDataset
    from stancelab.encoders import ModelSettings
    from stancelab.encoding import Cut, InputBuilder
    from stancelab.schema import Example
    from stancelab.training.settings import TrainingSettings
    from stancelab.training.trainer import StanceTrainer

logger = logging.getLogger(__name__)

ENCODE_BATCH = 1000
#: Below so many validation rows what is chosen and fitted on them is said to be uncertain.
FEW_ROWS = 100


@dataclass(frozen=True)
class TrainedModel:
    """What a training run leaves.

    Attributes:
        checkpoint: The checkpoint folder.
        info: The content of its `stancelab.json`.
        history: The Trainer's log: one dict per logging step or evaluation.
        cut: What the encoder could not see, per split.
    """

    checkpoint: Path
    info: CheckpointInfo
    history: list[dict[str, Any]]
    cut: dict[str, Cut]


def finetune(
    dataset: PreparedDataset,
    model_settings: ModelSettings,
    training: TrainingSettings,
    *,
    seed: int,
    output: Path,
    state: Path,
    logs: Path,
) -> TrainedModel:
    """Fine-tune an encoder on a prepared dataset, choose the best checkpoint on dev, fit the temperature, save.

    Args:
        dataset: The prepared dataset; only its train and validation rows are read.
        model_settings: The encoder and how the input is built.
        training: The optimization.
        seed: Decides the new weights, the order of rows and the dropout.
        output: Where the checkpoint goes.
        state: Where interrupted runs keep their state, one folder per run's settings and data.
        logs: Where the TensorBoard logs go.

    Raises:
        CheckpointError: The encoder cannot be loaded.
        ConfigError: Another process is at the same training, or the input is too long for the encoder.
        DataError: The dataset has no validation rows.
    """
    if not dataset.validation:
        raise DataError(f"{dataset.folder}: holds no validation rows; prepare it with split.validation above 0")
    training = training.resolved_for(model_settings)
    check_encoder(model_settings)
    run = state / _run_key(dataset, model_settings, training, seed)
    _set_seed(seed)
    busy = (
        f"{run}: another process is training with the same settings, data and seed; wait for it, or give one of them "
        "another model.name"
    )
    with locked(run.with_suffix(".lock"), busy):
        with _quiet_transformers():
            model, builder, encoder = load_encoder(model_settings)
            cut = _count_cut(builder, dataset)
            trainer = _make_trainer(model, builder, dataset, training, seed, run, logs)
            trainer.train(resume_from_checkpoint=_state_to_resume(run, resume=training.resume))
        info = _describe(dataset, model_settings, training, trainer, seed, encoder)
        history = list(trainer.state.log_history)
        model.float().eval()  # the Trainer has put the best weights back
        del trainer
        gc.collect()
        logits, gold = _dev_logits(model, builder, dataset, training.batch_size)
        info.temperature = fit_temperature(logits, gold)
        if not TEMPERATURE_RANGE[0] * 1.01 < info.temperature < TEMPERATURE_RANGE[1] / 1.01:
            logger.warning(
                "the temperature %.3g is at the end of its range: on the validation rows the model %s",
                info.temperature,
                "makes no mistake"
                if info.temperature < 1
                else "knows no more than chance, so its probabilities are all alike",
            )
        info.thresholds = confidence_thresholds(softmax(logits / info.temperature, axis=1), gold)
        info.dev = _measure_dev(logits, gold, info.temperature, dataset)
        with atomic_folder(output) as folder:
            card = model_card(info, f"{dataset.name}-{model_settings.name}", builder)
            save_checkpoint(folder, model, builder.tokenizer, info, card)
        shutil.rmtree(run)
    return TrainedModel(checkpoint=output, info=info, history=history, cut=cut)


def _describe(
    dataset: PreparedDataset,
    model: ModelSettings,
    training: TrainingSettings,
    trainer: StanceTrainer,
    seed: int,
    encoder: dict[str, Any],
) -> CheckpointInfo:
    return CheckpointInfo(
        name=model.name,
        input=model.input,
        encoder=encoder,
        dataset={
            "name": dataset.name,
            "fingerprint": dataset.fingerprint,
            "train_rows": len(dataset.train),
            "validation_rows": len(dataset.validation),
        },
        seed=seed,
        training={
            **dataclasses.asdict(training),
            "epochs": int(trainer.args.num_train_epochs),
            "precision": "bf16" if trainer.args.bf16 else "fp32",
        },
    )


def _run_key(dataset: PreparedDataset, model: ModelSettings, training: TrainingSettings, seed: int) -> str:
    """Return the name under which a run of exactly these settings and data keeps its state."""
    settings = {**dataclasses.asdict(training), "resume": None}
    return fingerprint([dataset.fingerprint, dataclasses.asdict(model), settings, seed])


@contextmanager
def _quiet_transformers() -> Iterator[None]:
    """Silence warnings that hold of every fine-tuning, such as that the classifier's head is new."""
    from transformers.utils import logging as transformers_logging

    before, bars = transformers_logging.get_verbosity(), transformers_logging.is_progress_bar_enabled()
    transformers_logging.set_verbosity_error()
    transformers_logging.disable_progress_bar()
    try:
        yield
    finally:
        transformers_logging.set_verbosity(before)
        if bars:
            transformers_logging.enable_progress_bar()


def _set_seed(seed: int) -> None:
    import torch
    from transformers import enable_full_determinism

    enable_full_determinism(seed)
    # Deterministic mode also fills fresh memory, so that a program that reads it before writing repeats its results.
    # Nothing here does, and the filling costs a tenth of a training on a CPU.
    torch.utils.deterministic.fill_uninitialized_memory = False  # type: ignore[attr-defined]


def _count_cut(builder: InputBuilder, dataset: PreparedDataset) -> dict[str, Cut]:
    cuts = {"train": builder.count_cut(dataset.train), "validation": builder.count_cut(dataset.validation)}
    for split, cut in cuts.items():
        if cut.texts or cut.targets:
            logger.warning(
                "%s: %d of %d texts are cut at %d tokens (model.input.max_length), with them %d mentions of the target",
                split,
                cut.texts,
                cut.rows,
                builder.settings.max_length,
                cut.targets,
            )
    return cuts


def _encode(builder: InputBuilder, examples: Sequence[Example]) -> Dataset:
    from datasets import Dataset, concatenate_datasets

    parts = []
    for start in range(0, len(examples), ENCODE_BATCH):
        batch = examples[start : start + ENCODE_BATCH]
        labels = [example.stance_id for example in batch]
        parts.append(Dataset.from_dict({**builder(batch), "labels": labels}))
    return concatenate_datasets(parts)


def _make_trainer(
    model: PreTrainedModel,
    builder: InputBuilder,
    dataset: PreparedDataset,
    training: TrainingSettings,
    seed: int,
    run: Path,
    logs: Path,
) -> StanceTrainer:
    from torch.utils.tensorboard import SummaryWriter
    from transformers import DataCollatorWithPadding, EarlyStoppingCallback, ProgressCallback, TrainerCallback
    from transformers.integrations.integration_utils import TensorBoardCallback

    from stancelab.training.trainer import DevProgress, StanceLoss, StanceTrainer, balanced_weights, dev_metric

    train, validation = _encode(builder, dataset.train), _encode(builder, dataset.validation)
    # Rows of like length share a batch in evaluation too; the metric does not depend on their order.
    order = sorted(range(len(validation)), key=lambda row: len(validation[row]["input_ids"]))
    validation = validation.select(order)
    weights = balanced_weights(train["labels"]) if training.class_weights == "balanced" else None
    callbacks: list[TrainerCallback] = [TensorBoardCallback(SummaryWriter(log_dir=str(logs)))]
    if training.patience:
        callbacks.append(EarlyStoppingCallback(training.patience))
    trainer = StanceTrainer(
        model=model,
        args=_arguments(training, dataset.metric, len(train), seed, run),
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


def _arguments(training: TrainingSettings, metric: str, rows: int, seed: int, run: Path) -> TrainingArguments:
    import torch
    from transformers import TrainingArguments

    from stancelab.training.trainer import choose_precision

    batches = -(-rows // training.batch_size)
    updates = -(-batches // training.gradient_accumulation)
    assert training.learning_rate is not None
    epochs = training.epochs_for(rows)
    evaluate_every = max(1, updates // training.evaluations_per_epoch)
    return TrainingArguments(
        output_dir=str(run),
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


def _state_to_resume(run: Path, *, resume: bool) -> str | None:
    """Return the last complete state of an interrupted run, or None; without `resume` an old state is removed."""
    if not resume:
        shutil.rmtree(run, ignore_errors=True)
        return None
    # The Trainer writes trainer_state.json last.
    states = [path.parent for path in run.glob("checkpoint-*/trainer_state.json")]
    if not states:
        logger.warning("training.resume=true, but no interrupted run of these settings and data is kept; starting anew")
        return None
    last = max(states, key=lambda path: int(path.name.rpartition("-")[2]))
    logger.info("resuming after update %s", last.name.rpartition("-")[2])
    return str(last)


def _dev_logits(
    model: PreTrainedModel, builder: InputBuilder, dataset: PreparedDataset, batch_size: int
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the logits of the validation rows, in fp32 as prediction computes them, and their gold stances."""
    from stancelab.inference.classifier import compute_logits

    logits = compute_logits(model, builder, dataset.validation, batch_size=2 * batch_size)
    gold = np.array([example.stance_id for example in dataset.validation])
    if len(gold) < FEW_ROWS:
        logger.warning(
            "only %d validation rows: the choice of the checkpoint, its temperature and its dev scores rest on them",
            len(gold),
        )
    return logits, gold


def _measure_dev(
    logits: NDArray[np.float64], gold: NDArray[np.int64], temperature: float, dataset: PreparedDataset
) -> dict[str, Any]:
    """Return dev metrics, over all rows and by corpus."""
    predicted = logits.argmax(axis=1)
    corpora = np.array([example.corpus for example in dataset.validation])
    per_corpus: dict[str, Any] = {}
    for corpus in sorted(set(corpora.tolist())):
        here: NDArray[np.bool_] = corpora == corpus
        scores = scores_of(gold[here], predicted[here])
        measured = {name: float(getattr(scores, name)) for name in PRIMARY_METRICS}
        per_corpus[corpus] = {"rows": int(here.sum()), **measured}
    return {
        "metric": dataset.metric,
        dataset.metric: float(np.mean([values[dataset.metric] for values in per_corpus.values()])),
        "nll_before": negative_log_likelihood(logits, gold),
        "nll_after": negative_log_likelihood(logits, gold, temperature),
        "corpora": per_corpus,
    }

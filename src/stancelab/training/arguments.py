"""The settings of a training as transformers takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from transformers import TrainingArguments

from stancelab.processes import count
from stancelab.training.devices import CPU, choose_device, choose_precision
from stancelab.training.reporting import services

if TYPE_CHECKING:
    from pathlib import Path

    from stancelab.training.settings import TrainingSettings


def training_arguments(
    training: TrainingSettings, metric: str, texts: int, seed: int, output: Path, run_name: str | None = None
) -> TrainingArguments:
    """Return the settings as transformers takes them.

    Args:
        training: The optimization; its learning rate is set.
        metric: What the best checkpoint is chosen by.
        texts: The number of training texts.
        seed: The seed.
        output: Where the Trainer keeps its checkpoints.
        run_name: What services that the training is reported to call it.
    """
    assert training.learning_rate is not None
    batches = -(-texts // training.batch_size)
    updates = -(-batches // training.gradient_accumulation)
    epochs = training.epochs_for(texts)
    evaluate_every = max(1, updates // training.evaluations_per_epoch)
    device = choose_device(training.device)
    precision = choose_precision(training.precision, device)
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
        bf16=precision == "bf16",
        fp16=precision == "fp16",
        use_cpu=device == CPU,
        eval_strategy="steps",
        save_strategy="steps",
        eval_steps=evaluate_every,
        save_steps=evaluate_every,
        save_total_limit=2,
        load_best_model_at_end=True,
        restore_callback_states_from_checkpoint=True,  # else `patience` counts from 0 again
        metric_for_best_model=metric,
        greater_is_better=True,
        logging_steps=max(1, min(50, updates // 4)),
        report_to=services(training.report_to) or "none",
        hub_private_repo=True,  # of what trackio uploads where its environment asks for it
        run_name=run_name,
        project="stancelab",
        remove_unused_columns=False,
        seed=seed,
        data_seed=seed,
        full_determinism=True,
        # Several processes divide the texts of a batch, so that an update is as with one.
        accelerator_config={"split_batches": True},
        ddp_backend="gloo" if device == CPU and count() > 1 else None,
        dataloader_pin_memory=False,
        disable_tqdm=False,  # else no bar where transformers' own warnings are silenced
    )

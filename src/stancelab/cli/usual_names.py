"""Settings by the names that other libraries give them, for people who look for them here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from stancelab.errors import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Collection

#: A name of transformers, scikit-learn or another library -> the setting here.
_USUAL: Final = {
    "class_weight": "training.class_weights",
    "cuda": "training.device",
    "early_stopping": "training.patience",
    "early_stopping_patience": "training.patience",
    "early_stopping_rounds": "training.patience",
    "eval_steps": "training.evaluations_per_epoch",
    "bf16": "training.precision",
    "fp16": "training.precision",
    "gradient_accumulation_steps": "training.gradient_accumulation",
    "label_smoothing_factor": "training.label_smoothing",
    "lr": "training.learning_rate",
    "max_epochs": "training.epochs",
    "max_length": "model.input.max_length",
    "max_seq_length": "model.input.max_length",
    "mixed_precision": "training.precision",
    "model_name_or_path": "model.name_or_path",
    "no_cuda": "training.device",
    "num_epochs": "training.epochs",
    "num_train_epochs": "training.epochs",
    "output_dir": "output_root",
    "per_device_train_batch_size": "training.batch_size",
    "random_state": "seed",
    "resume_from_checkpoint": "training.resume",
    "run_name": "name",
    "save_steps": "training.save_minutes",
    "train_batch_size": "training.batch_size",
    "use_cpu": "training.device",
    "warmup_steps": "training.warmup_ratio",
}


def nearest_setting(found: str, settings: Collection[str]) -> str:
    """Return " Here it is called 'x'." for a usual name, " Did you mean 'x'?" for one that is near, or "".

    Args:
        found: A setting that there is not.
        settings: Those that there are.
    """
    usual = _USUAL.get(found.lstrip("+~").rpartition(".")[2].lower())
    if usual in settings:
        return f" Here it is called {usual!r}."
    return did_you_mean(found, settings)

"""Settings by the names that other libraries and commands give them, for people who look for them here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from stancelab.errors import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Collection

#: A name of transformers, scikit-learn or another program -> the setting here, or several, of which a command takes
#: the first that it has.
_USUAL: Final[dict[str, tuple[str, ...]]] = {
    "batch_size": ("training.batch_size",),
    "bf16": ("training.precision",),
    "checkpoint_path": ("checkpoint",),
    "class_weight": ("training.class_weights",),
    "commit_message": ("push.message",),
    "cuda": ("training.device", "predict.device", "read.device", "serve.device"),
    "data_file": ("input", "data.path"),
    "data_path": ("input", "data.path"),
    "early_stopping": ("training.patience",),
    "early_stopping_patience": ("training.patience",),
    "early_stopping_rounds": ("training.patience",),
    "eval_steps": ("training.evaluations_per_epoch",),
    "force": ("predict.overwrite", "read.overwrite"),
    "fp16": ("training.precision",),
    "gradient_accumulation_steps": ("training.gradient_accumulation",),
    "hub_model_id": ("repo",),
    "input_file": ("input", "data.path"),
    "input_path": ("input", "data.path"),
    "label_column": ("data.columns.stance",),
    "label_smoothing_factor": ("training.label_smoothing",),
    "lr": ("training.learning_rate",),
    "max_epochs": ("training.epochs",),
    "max_length": ("model.input.max_length",),
    "max_seq_length": ("model.input.max_length",),
    "mixed_precision": ("training.precision",),
    "model": ("checkpoint",),
    "model_name_or_path": ("model.name_or_path", "checkpoint"),
    "model_path": ("checkpoint", "model.name_or_path"),
    "no_cuda": ("training.device", "predict.device", "read.device", "serve.device"),
    "num_epochs": ("training.epochs",),
    "num_threads": ("predict.threads", "read.threads", "serve.threads"),
    "num_train_epochs": ("training.epochs",),
    "num_workers": ("predict.workers",),
    "out": ("output",),
    "output_dir": ("output", "output_root"),
    "output_file": ("output",),
    "output_path": ("output", "output_root"),
    "per_device_eval_batch_size": ("predict.batch_size",),
    "per_device_train_batch_size": ("training.batch_size",),
    "random_state": ("seed",),
    "rdrop_alpha": ("training.r_drop",),
    "repo_id": ("repo",),
    "resume_from_checkpoint": ("training.resume",),
    "run_name": ("name",),
    "save_steps": ("training.save_minutes",),
    "source_column": ("predict.columns.source", "data.columns.source"),
    "target_column": ("predict.columns.target", "data.columns.target"),
    "text_column": ("predict.columns.text", "data.columns.text"),
    "train_batch_size": ("training.batch_size",),
    "use_cpu": ("training.device", "predict.device", "read.device", "serve.device"),
    "warmup_steps": ("training.warmup_ratio",),
}


def nearest_setting(found: str, settings: Collection[str]) -> str:
    """Return " Here it is called 'x'." for a usual name, " Did you mean 'x'?" for one that is near, or "".

    Args:
        found: A setting that there is not.
        settings: Those that there are.
    """
    called = usual_setting(found, settings)
    return f" Here it is called {called!r}." if called else did_you_mean(found, settings)


def usual_setting(found: str, settings: Collection[str]) -> str:
    """Return what a setting is called here that is written without its group or by its name elsewhere, "" for others.

    Args:
        found: What was written, such as "resume", "dry-run" or "lr".
        settings: The settings that there are.
    """
    name = found.lstrip("+~-").rpartition(".")[2].lower().replace("-", "_")
    of_group = [each for each in settings if each.rpartition(".")[2] == name and each != found]
    if len(of_group) == 1:
        return of_group[0]
    return next((each for each in _USUAL.get(name, ()) if each in settings and each != found), "")

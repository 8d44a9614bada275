"""transformers' example of text classification for `bench_training.py`: the script itself, or its settings."""

from __future__ import annotations

import json
import runpy
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Final
from unittest.mock import patch

import datasets
import numpy as np
import transformers
from torch.utils.data import Dataset
from transformers import (
    AutoConfig,
    AutoModelForSequenceClassification,
    AutoTokenizer,
    Trainer,
    TrainingArguments,
    default_data_collator,
    set_seed,
)

from bench_machine import Taken, timed
from stancelab.encoders import positions_of, resolve_encoder
from stancelab.schema import STANCES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from stancelab.data.prepared import PreparedDataset
    from stancelab.schema import Example

#: What run_classification.py does unless it is told otherwise, and the batch of its documentation's commands.
_LENGTH: Final = 128
_BATCH: Final = 32
_EPOCHS: Final = 3
_COLUMNS: Final = ("text", "source", "target")


class Padded(Dataset[dict[str, Any]]):
    """Rows as the example reads them: the text columns joined by a blank, each padded to the same length."""

    def __init__(self, tokenizer: Any, rows: Sequence[Example], length: int) -> None:
        texts = [" ".join(getattr(row, column) for column in _COLUMNS) for row in rows]
        self.inputs = tokenizer(texts, padding="max_length", truncation=True, max_length=length)
        self.labels = [row.stance_id for row in rows]

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, place: int) -> dict[str, Any]:
        return {**{name: values[place] for name, values in self.inputs.items()}, "labels": self.labels[place]}


def example_trainer(job: dict[str, Any], dataset: PreparedDataset, folder: Path) -> tuple[Trainer, Padded]:
    """Return a trainer with the example's settings, and its validation rows.

    The settings are those of examples/pytorch/text-classification/run_classification.py of transformers: the Trainer's
    own, in fp32, and the learning rate that is given.
    """
    resolved = resolve_encoder(job["encoder"])
    set_seed(job["seed"])
    tokenizer = AutoTokenizer.from_pretrained(resolved)
    model = AutoModelForSequenceClassification.from_pretrained(
        resolved, num_labels=len(STANCES), use_safetensors=True, dtype="float32"
    )
    arguments = TrainingArguments(
        output_dir=str(folder),
        per_device_train_batch_size=_BATCH,
        learning_rate=job["learning_rate"],
        num_train_epochs=job["epochs"] or _EPOCHS,
        seed=job["seed"],
        use_cpu=True,
        report_to="none",
        disable_tqdm=True,
        dataloader_pin_memory=False,
    )
    length = longest(model.config)
    rows, validation = (Padded(tokenizer, each, length) for each in (dataset.train, dataset.validation))
    trainer = Trainer(
        model=model,
        args=arguments,
        train_dataset=rows,
        processing_class=tokenizer,
        data_collator=default_data_collator,
    )
    return trainer, validation


def whole_example(job: dict[str, Any], dataset: PreparedDataset, folder: Path) -> tuple[Taken, NDArray[np.int64]]:
    """Train with the example's settings, evaluate and save; return what that took, and the answers on validation."""
    found: list[Any] = []

    def work() -> None:
        trainer, validation = example_trainer(job, dataset, folder)
        trainer.train()
        trainer.save_model()
        found.append(trainer.predict(validation).predictions)

    return timed(work), np.asarray(found[0]).argmax(axis=1)


def run_script(
    job: dict[str, Any],
    dataset: PreparedDataset,
    folder: Path,
    began: Callable[[Trainer], None] = lambda _: None,
    *,
    predict: bool = False,
) -> None:
    """Run the script itself in this process.

    The file is run as it is. Of what it imports, its trainer is told to `began` before it trains, and no metric is
    loaded from the hub: nothing that is measured here needs one.

    Args:
        job: What `bench_training.job_of` returns, and `script`, its path.
        dataset: The prepared dataset, whose rows are written as the files that the script reads.
        folder: An empty folder for them, and for what the script writes.
        began: What is done with the trainer when it is made.
        predict: Whether the validation rows are answered after the training (`whole_script`).
    """

    class Told(Trainer):
        def __init__(self, *given: Any, **named: Any) -> None:
            super().__init__(*given, **named)
            began(self)

    write_rows(folder / "train.json", dataset.train)
    write_rows(folder / "validation.json", dataset.validation)
    datasets.disable_progress_bars()
    with ExitStack() as stack:
        stack.enter_context(patch.object(transformers, "Trainer", Told))
        stack.enter_context(patch("evaluate.load"))
        stack.enter_context(patch.object(datasets.config, "HF_DATASETS_CACHE", folder / "cache"))
        stack.enter_context(patch.object(sys, "argv", [job["script"], *script_words(job, folder, predict=predict)]))
        runpy.run_path(job["script"], run_name="__main__")


def script_words(job: dict[str, Any], folder: Path, *, predict: bool = False) -> list[str]:
    """Return what the script is told on its command line."""
    encoder = resolve_encoder(job["encoder"])
    options = {
        "model_name_or_path": encoder,
        "train_file": folder / "train.json",
        "validation_file": folder / "validation.json",
        "text_column_names": ",".join(_COLUMNS),
        "max_seq_length": longest(AutoConfig.from_pretrained(encoder, trust_remote_code=False)),
        "per_device_train_batch_size": _BATCH,
        "learning_rate": job["learning_rate"],
        "num_train_epochs": job["epochs"] or _EPOCHS,
        "seed": job["seed"],
        "output_dir": folder / "output",
        "use_cpu": True,
        "report_to": "none",
        "disable_tqdm": True,
        "log_level": "error",
        "dataloader_pin_memory": False,
        "do_train": True,
    }
    if predict:
        options |= {"do_predict": True, "test_file": folder / "validation.json"}
    return [str(word) for name, value in options.items() for word in (f"--{name}", value)]


def write_rows(path: Path, rows: Sequence[Example]) -> None:
    """Write rows as JSON Lines; in CSV the script would take an empty source as a missing cell and end."""
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            cells = {column: getattr(row, column) for column in _COLUMNS}
            file.write(json.dumps({**cells, "label": row.stance_id}) + "\n")


def whole_script(job: dict[str, Any], dataset: PreparedDataset, folder: Path) -> tuple[Taken, NDArray[np.int64]]:
    """Run the script to its end; return what that took, and its answers on the validation rows."""
    taken = timed(lambda: run_script(job, dataset, folder, predict=True))
    lines = (folder / "output" / "predict_results.txt").read_text(encoding="utf-8").splitlines()
    return taken, np.array([int(line.split("\t")[1]) for line in lines[1:]])


def longest(config: Any) -> int:
    """Return the length of an input in tokens: 128, or fewer where the encoder has fewer positions."""
    return min(_LENGTH, positions_of(config) or _LENGTH)

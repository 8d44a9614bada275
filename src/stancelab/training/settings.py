"""Settings of the optimization: the group `training`."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from stancelab.errors import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stancelab.encoders import ModelSettings

PRECISIONS = ("auto", "bf16", "fp16", "fp32")
DEVICES = ("auto", "cpu", "cuda", "mps")
FEWEST_EPOCHS, MOST_EPOCHS = 3, 20
#: With a head that was trained before: epochs at most, and the part of `min_updates` that they are to reach.
MOST_EPOCHS_FURTHER, UPDATES_FURTHER = 10, 5
REPORTS = ("tensorboard", "wandb", "mlflow", "trackio")
CLASS_WEIGHTS = ("none", "balanced")


@dataclass
class TrainingSettings:
    """The optimization, in the terms of transformers.TrainingArguments.

    Attributes:
        epochs: Passes over the training rows; null makes 3, and more (at most 20) where train is so small that 3 would
            be fewer than `min_updates` updates; with the head of a checkpoint more (at most 10) where 3 would be fewer
            than a fifth of them.
        min_updates: Updates below which a head that starts from random weights has seen too little.
        learning_rate: Peak learning rate of AdamW, which rises over the warm-up, then falls linearly to 0; null takes
            `model.learning_rate`.
        head_learning_rate: Peak learning rate of the classification head and of a pooler under it, whose weights
            are new or were not trained with the encoder; null takes `model.head_learning_rate`.
        batch_size: Texts in a batch; with the sequence head every row is a text of its own.
        gradient_accumulation: Batches in an update.
        warmup_ratio: Share of all updates in which the learning rate rises.
        weight_decay: Decoupled weight decay; norms and biases are left out.
        max_grad_norm: Gradients are clipped to this norm.
        label_smoothing: Probability mass spread over all classes.
        r_drop: Weight of the divergence between two passes over a batch with different dropout (R-Drop, Liang et al.,
            2021), relative to the mean loss of both; 0 makes one pass. An update takes 1.7 times as long and twice the
            memory.
        corpus_temperature: How the corpora of a mixture share an epoch: a corpus of n texts gets n to this power; 1
            takes each text once, 0 as many texts of each corpus.
        corpus_shares: Corpus -> its part of an epoch, relative to the others, 0 to leave it out; in place of the
            temperature.
        epoch_texts: Texts of an epoch; null takes as many as there are.
        teacher: What the model learns from besides the labels: checkpoints, whose probabilities are averaged, or a
            table of probabilities (.parquet); "corpus" is the table that comes with a corpus of the project.
        unlabeled: Tables of rows without a stance, with the columns that `stancelab predict` reads, which the teacher
            answers, so that the model learns from more text than was labeled; or `diplomacy`, the rows that come with
            that corpus.
        teacher_temperature: What softens the teacher's probabilities and the model's, where they are compared.
        label_weight: Share of the label in the loss of a row that has one, where there is a teacher; the teacher's
            probabilities have the rest.
        class_weights: "none", or "balanced" to weigh each class by its inverse frequency in train.
        device: "cpu", "cuda" (an NVIDIA or AMD GPU) or "mps" (Apple's); "auto" takes a GPU where there is one.
        precision: "auto" takes bf16 autocast where the hardware computes it, else fp32; "fp16", with a scaled loss, is
            for GPUs that lack bf16.
        evaluations_per_epoch: How often the dev metric is measured and a checkpoint is kept.
        patience: Stop after so many evaluations without a better dev metric; 0 never stops early.
        report_to: Where losses and dev scores go while the training runs: tensorboard (files in the run folder), wandb,
            mlflow, trackio; [] for nowhere.
        save_minutes: Minutes after which a state is kept to go on from, besides those at evaluations; 0 keeps none.
        resume: Go on with an interrupted run of the same settings and data, where there is one.
    """

    epochs: int | None = None
    min_updates: int = 500
    learning_rate: float | None = None
    head_learning_rate: float | None = None
    batch_size: int = 16
    gradient_accumulation: int = 1
    warmup_ratio: float = 0.1
    weight_decay: float = 0.01
    max_grad_norm: float = 1.0
    label_smoothing: float = 0.0
    r_drop: float = 0.0
    corpus_temperature: float = 1.0
    corpus_shares: dict[str, float] = field(default_factory=dict)
    epoch_texts: int | None = None
    teacher: list[str] = field(default_factory=list)
    unlabeled: list[str] = field(default_factory=list)
    teacher_temperature: float = 2.0
    label_weight: float = 0.3
    class_weights: str = "none"
    device: str = "auto"
    precision: str = "auto"
    evaluations_per_epoch: int = 1
    patience: int = 0
    report_to: list[str] = field(default_factory=lambda: ["tensorboard"])
    save_minutes: float = 5.0
    resume: bool = False

    def epochs_for(self, texts: int, *, new_head: bool = True) -> int:
        """Return the number of epochs.

        Args:
            texts: The number of training texts (rows, with the sequence head).
            new_head: Whether the head starts from random weights, in place of those of a checkpoint.
        """
        if self.epochs is not None:
            return self.epochs
        most, needed = MOST_EPOCHS, self.min_updates
        if not new_head:
            most, needed = MOST_EPOCHS_FURTHER, -(-needed // UPDATES_FURTHER)
        updates = -(-texts // (self.batch_size * self.gradient_accumulation))
        return min(most, max(FEWEST_EPOCHS, -(-needed // updates)))

    def resolved_for(self, model: ModelSettings) -> TrainingSettings:
        """Return the settings with the learning rates that the training of an encoder and its head takes."""
        rate = model.learning_rate if self.learning_rate is None else self.learning_rate
        of_head = model.head_learning_rate if self.head_learning_rate is None else self.head_learning_rate
        return replace(self, learning_rate=rate, head_learning_rate=of_head)

    def problems(self) -> list[str]:
        """Return what is wrong with the settings, one line each."""
        kinds = self._wrong_kinds()
        if kinds:
            return kinds
        checks = [
            ("epochs", self.epochs is None or self.epochs >= 1, "1 or more, or null"),
            ("min_updates", self.min_updates >= 0, "0 or more"),
            ("learning_rate", self.learning_rate is None or 0 < self.learning_rate <= 1, "above 0, at most 1, or null"),
            (
                "head_learning_rate",
                self.head_learning_rate is None or 0 < self.head_learning_rate <= 1,
                "above 0, at most 1, or null",
            ),
            ("batch_size", self.batch_size >= 1, "1 or more"),
            ("gradient_accumulation", self.gradient_accumulation >= 1, "1 or more"),
            ("warmup_ratio", 0 <= self.warmup_ratio <= 1, "0 to 1"),
            ("weight_decay", 0 <= self.weight_decay <= 1, "0 to 1"),
            ("max_grad_norm", 0 < self.max_grad_norm < math.inf, "a finite number above 0"),
            ("label_smoothing", 0 <= self.label_smoothing < 1, "0 to less than 1"),
            ("r_drop", 0 <= self.r_drop < math.inf, "a finite number from 0"),
            ("corpus_temperature", 0 <= self.corpus_temperature <= 1, "0 to 1"),
            ("epoch_texts", self.epoch_texts is None or self.epoch_texts >= 1, "1 or more, or null"),
            (
                "corpus_shares",
                all(share >= 0 for share in self.corpus_shares.values())
                and (not self.corpus_shares or sum(self.corpus_shares.values()) > 0),
                "0 or more for each corpus, above 0 for one",
            ),
            ("teacher_temperature", 0 < self.teacher_temperature < math.inf, "a finite number above 0"),
            ("label_weight", 0 <= self.label_weight <= 1, "0 to 1"),
            ("class_weights", self.class_weights in CLASS_WEIGHTS, " or ".join(CLASS_WEIGHTS)),
            ("device", self.device in DEVICES, ", ".join(DEVICES)),
            ("precision", self.precision in PRECISIONS, ", ".join(PRECISIONS)),
            ("evaluations_per_epoch", self.evaluations_per_epoch >= 1, "1 or more"),
            ("patience", self.patience >= 0, "0 or more"),
            ("report_to", set(self.report_to) <= set(REPORTS), _allowed_reports(self.report_to)),
            ("save_minutes", 0 <= self.save_minutes < math.inf, "a finite number from 0"),
        ]
        return [
            f"{name}: found {getattr(self, name)!r}, allowed is {allowed}" for name, ok, allowed in checks if not ok
        ]

    def _wrong_kinds(self) -> list[str]:
        """Return which settings are of another kind than they should be, as only Python lets them be."""
        teacher: Any = self.teacher
        shares: Any = self.corpus_shares
        reports: Any = self.report_to
        found = []
        if not isinstance(teacher, list | tuple):
            found.append(f"teacher: found {teacher!r}, allowed is a list, such as ['{teacher}']")
        if not isinstance(reports, list | tuple):
            found.append(f"report_to: found {reports!r}, allowed is a list, such as ['{reports}']")
        if not isinstance(shares, Mapping):
            found.append(f"corpus_shares: found {shares!r}, allowed is a dict of corpus and share")
        return found


def _allowed_reports(given: Sequence[str]) -> str:
    """Return what `report_to` may be, and what was probably meant."""
    unknown = next((str(name) for name in given if name not in REPORTS), "")
    hint = "; [] reports to nothing" if unknown.lower() in ("none", "null", "no", "off", "false") else ""
    return f"a list of {', '.join(REPORTS)}, or []{hint or '.' + did_you_mean(unknown, REPORTS)}".removesuffix(".")

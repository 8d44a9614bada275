"""The little that is added to transformers.Trainer: batches of like length by seed, the loss, the dev metric."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch.nn.functional import cross_entropy
from torch.utils.data import Sampler
from transformers import ProgressCallback, Trainer

from stancelab.metrics.classification import scores_of
from stancelab.schema import STANCES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from transformers import EvalPrediction, TrainerControl, TrainerState, TrainingArguments

logger = logging.getLogger(__name__)

#: Batches in the block of random rows within which rows are sorted by length.
BLOCK_BATCHES = 50


class LikeLengthSampler(Sampler[int]):
    """Orders rows so that a batch's rows are of like length; the order depends on the seed and the epoch alone.

    transformers' own sampler draws from the global random state, so a resumed run could not repeat its order. It also
    gives the batches of a block from the longest to the shortest: where labels go with length, as those of sources far
    from their target do, many updates in a row then pull to one label, and a small encoder may not learn at all.

    Args:
        lengths: Length of each row in tokens.
        batch_size: Rows in a batch.
        seed: Seed of the run.
    """

    def __init__(self, lengths: Sequence[int], batch_size: int, seed: int) -> None:
        self.lengths = torch.tensor(lengths)
        self.batch_size = batch_size
        self.seed = seed
        self.epoch = 0

    def set_epoch(self, epoch: int) -> None:
        """Tell which epoch comes next; the data loader calls this."""
        self.epoch = epoch

    def __len__(self) -> int:
        return len(self.lengths)

    def __iter__(self) -> Iterator[int]:
        generator = torch.Generator().manual_seed(self.seed * 100_003 + self.epoch)
        rows = torch.randperm(len(self), generator=generator)
        batches: list[torch.Tensor] = []
        for block in rows.split(BLOCK_BATCHES * self.batch_size):
            by_length = block[self.lengths[block].argsort(descending=True, stable=True)]
            batches += by_length.split(self.batch_size)
        # The data loader cuts the order into batches by itself, so the one that is not full has to stay last.
        full = [batch for batch in batches if len(batch) == self.batch_size]
        rest = [batch for batch in batches if len(batch) < self.batch_size]
        for place in torch.randperm(len(full), generator=generator).tolist():
            yield from full[place].tolist()
        for batch in rest:
            yield from batch.tolist()


class StanceLoss:
    """Cross-entropy with class weights and label smoothing, averaged over all rows of an update.

    Args:
        weights: One weight per class, or None.
        smoothing: Probability mass spread over all classes.
    """

    def __init__(self, weights: Sequence[float] | None, smoothing: float) -> None:
        self.weights = weights
        self.smoothing = smoothing

    def __call__(self, outputs: Any, labels: torch.Tensor, num_items_in_batch: Any = None) -> torch.Tensor:
        """Return the loss; `num_items_in_batch` is the number of rows in the update, over all accumulated batches."""
        logits = outputs["logits"].float()
        weights = None if self.weights is None else torch.tensor(self.weights, device=logits.device)
        total = cross_entropy(logits, labels, weight=weights, label_smoothing=self.smoothing, reduction="sum")
        return total / (len(labels) if num_items_in_batch is None else num_items_in_batch)


def balanced_weights(labels: Sequence[int]) -> list[float]:
    """Return weights inverse to the class frequencies, scaled so that the mean weight of a row is 1."""
    counts = np.bincount(labels, minlength=len(STANCES))
    # A class that train lacks weighs nothing: with label smoothing an infinite weight would make the loss NaN.
    weights: list[float] = np.where(counts > 0, len(labels) / (len(STANCES) * np.maximum(counts, 1)), 0.0).tolist()
    return weights


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


def is_head(name: str, base: str) -> bool:
    """Return whether a parameter belongs to the classification head or to a pooler under it.

    Args:
        name: The parameter's name in the model.
        base: `base_model_prefix` of the model.
    """
    return not name.startswith(f"{base}.") or ".pooler." in name


class StanceTrainer(Trainer):
    """transformers.Trainer with the sampler above and, where asked for, a learning rate of the head's own.

    Args:
        head_learning_rate: Peak learning rate of head and pooler; None takes that of the other weights.
    """

    def __init__(self, *args: Any, head_learning_rate: float | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.head_learning_rate = head_learning_rate

    def _get_train_sampler(self, train_dataset: Any = None) -> Sampler[int]:
        rows: Any = self.train_dataset if train_dataset is None else train_dataset
        lengths = [len(ids) for ids in rows["input_ids"]]
        return LikeLengthSampler(lengths, self.args.train_batch_size, self.args.seed)

    def create_optimizer(self, model: Any = None) -> torch.optim.Optimizer:
        """Make the optimizer as transformers does, then part each of its groups into encoder and head."""
        is_made = self.optimizer is not None
        optimizer = super().create_optimizer(model)
        if self.head_learning_rate is None or is_made:
            return optimizer
        trained: Any = self.model if model is None else model
        head = {id(p) for name, p in trained.named_parameters() if is_head(name, trained.base_model_prefix)}
        for group in list(optimizer.param_groups):
            of_head = [parameter for parameter in group["params"] if id(parameter) in head]
            group["params"] = [parameter for parameter in group["params"] if id(parameter) not in head]
            optimizer.add_param_group({**group, "params": of_head, "lr": self.head_learning_rate})
        return optimizer


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
        values = [getattr(scores_of(gold[corpus == one], predicted[corpus == one]), name) for one in names]
        return {name: float(np.mean(values))}

    return measure


def choose_precision(wanted: str) -> str:
    """Return "bf16" or "fp32": what was asked for, where the hardware has it, and say so where it has not."""
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

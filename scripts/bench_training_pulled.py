"""Levers on the speed of our training, and a training with one of them, for `bench_training_levers.py`."""

from __future__ import annotations

import resource
import statistics
import tempfile
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import torch
from torch import nn

from bench_machine import Clock
from bench_training_systems import our_trainer
from stancelab.training.dropout import cheap_dropout
from stancelab.training.texts import NO_LABEL

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import ExitStack

    from stancelab.data.prepared import PreparedDataset
    from stancelab.schema import Example

AS_IT_IS: Final = "as it is"


@dataclass(frozen=True)
class Lever:
    """One change of the training.

    Attributes:
        batch_size: Texts in a batch.
        compiled: Whether `torch.compile` compiles the encoder, for any sizes.
        torch_dropout: Whether PyTorch's own dropout takes the place of ours.
        weights: What is kept in bf16 between updates: "" for nothing, "linear" for copies of the linear layers'
            weights, which autocast would make in each pass, "all" for the network, whose fp32 weights only the
            optimizer has.
        r_drop: Weight of the divergence between two passes over a batch.
    """

    batch_size: int = 16
    compiled: bool = False
    torch_dropout: bool = False
    weights: str = ""
    r_drop: float = 0.0


LEVERS: Final = {
    AS_IT_IS: Lever(),
    "batches of 32": Lever(batch_size=32),
    "batches of 64": Lever(batch_size=64),
    "bf16 copies once an update": Lever(weights="linear"),
    "network in bf16": Lever(weights="all"),
    "R-Drop": Lever(r_drop=1.0),
    "compiled": Lever(compiled=True),
    "compiled, PyTorch's dropout": Lever(compiled=True, torch_dropout=True),
}


def keep_copies(network: nn.Module, optimizer: torch.optim.Optimizer) -> None:
    """Let linear layers compute with bf16 copies of their weights that are made once an update."""
    originals: list[torch.Tensor] = []
    copies: list[torch.Tensor] = []
    for layer in network.modules():
        if type(layer) is not nn.Linear:
            continue
        known = [parameter for parameter in (layer.weight, layer.bias) if isinstance(parameter, nn.Parameter)]
        own = [_copy_of(parameter) for parameter in known]
        originals += known
        copies += own
        layer.forward = partial(_linear, own)  # type: ignore[method-assign]

    def renew(*_: Any) -> None:
        with torch.no_grad():
            torch._foreach_copy_(copies, originals)

    optimizer.register_step_post_hook(renew)


def _linear(own: Sequence[torch.Tensor], states: torch.Tensor) -> torch.Tensor:
    return nn.functional.linear(states, *own)


def _copy_of(parameter: nn.Parameter) -> torch.Tensor:
    """Return a bf16 copy of a weight, whose gradient becomes that of the weight."""
    copy = parameter.detach().bfloat16().requires_grad_()

    def hand_on(of_copy: torch.Tensor) -> None:
        assert of_copy.grad is not None
        parameter.grad, of_copy.grad = of_copy.grad.float(), None

    copy.register_post_accumulate_grad_hook(hand_on)
    return copy


def keep_in_bf16(optimizer: torch.optim.Optimizer) -> None:
    """Turn the weights that an optimizer has into bf16, and give it fp32 weights of its own."""
    low: list[torch.Tensor] = []
    own: list[torch.Tensor] = []
    for group in optimizer.param_groups:
        weights = [weight.detach().clone() for weight in group["params"]]
        low += group["params"]
        own += weights
        group["params"] = weights
    for weight in low:
        weight.data = weight.data.bfloat16()

    def hand_on(*_: Any) -> None:
        for weight, known in zip(own, low, strict=True):
            weight.grad = None if known.grad is None else known.grad.float()

    def renew(*_: Any) -> None:
        with torch.no_grad():
            torch._foreach_copy_(low, own)

    optimizer.register_step_pre_hook(hand_on)
    optimizer.register_step_post_hook(renew)


class Pulled:
    """A training with a lever, one pass at a time; its updates are those of the Trainer, without logs and schedule.

    Args:
        lever: The lever.
        job: What `bench_training.job_of` returns.
        dataset: The prepared dataset.
        rows: The rows of a pass.
        open_until: What it changes in the network is put back when this is closed.
    """

    def __init__(
        self,
        lever: Lever,
        job: dict[str, Any],
        dataset: PreparedDataset,
        rows: Sequence[Example],
        open_until: ExitStack,
    ) -> None:
        scratch = Path(open_until.enter_context(tempfile.TemporaryDirectory()))
        given = {**job, "batch_size": lever.batch_size, "r_drop": lever.r_drop, "epochs": 1}
        self.trainer: Any = our_trainer(given, dataset, scratch, rows)
        self.trainer.current_gradient_accumulation_steps = 1
        self.optimizer = self.trainer.create_optimizer()
        self.network = self.trainer.accelerator.prepare(self.trainer.model)
        self.seed, self.passes = job["seed"], 0
        if not lever.torch_dropout:
            open_until.enter_context(cheap_dropout(self.network))
        if lever.weights == "linear":
            keep_copies(self.network, self.optimizer)
        elif lever.weights == "all":
            keep_in_bf16(self.optimizer)
        if lever.compiled:
            getattr(self.network, self.network.base_model_prefix).compile(dynamic=True)

    def turn(self) -> dict[str, float]:
        """Make a pass over the rows, and return what it took.

        Returns:
            seconds: The processor's, of this process.
            compiling: Those of compilers that it started.
            updates: The updates.
            padding: The share of the tokens that is padding.
            loss: The mean loss.
        """
        batches = self.trainer.get_train_dataloader()
        batches.set_epoch(self.passes)
        torch.manual_seed(self.passes)
        self.passes += 1
        losses, tokens, places = [], 0, 0
        of_others = _seconds_of_others()
        clock = Clock()
        for inputs in batches:
            tokens += int(inputs["attention_mask"].sum())
            places += inputs["attention_mask"].numel()
            losses.append(self._update(inputs))
        return {
            "seconds": clock.taken().cpu,
            "compiling": _seconds_of_others() - of_others,
            "updates": len(losses),
            "padding": 1 - tokens / places,
            "loss": statistics.fmean(losses),
        }

    def _update(self, inputs: dict[str, Any]) -> float:
        loss = self.trainer.training_step(self.network, inputs, (inputs["labels"] != NO_LABEL).sum())
        nn.utils.clip_grad_norm_(self.network.parameters(), self.trainer.args.max_grad_norm)
        self.optimizer.step()
        self.network.zero_grad()
        return float(loss)


def _seconds_of_others() -> float:
    """Return the processor's seconds of processes that this one started and that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime

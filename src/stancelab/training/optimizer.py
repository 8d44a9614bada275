"""A learning rate of the classification head's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import nn
    from torch.optim import Optimizer


def is_head(name: str, base: str) -> bool:
    """Return whether a parameter belongs to the classification head or to a pooler under it.

    Args:
        name: The parameter's name in the model.
        base: `base_model_prefix` of the model.
    """
    return not name.startswith(f"{base}.") or ".pooler." in name


def give_head_learning_rate(optimizer: Optimizer, model: nn.Module, learning_rate: float) -> None:
    """Part each group of an optimizer's weights into encoder and head, and give the head its own learning rate.

    Args:
        optimizer: The optimizer, before its first step.
        model: A transformers model with a classification head.
        learning_rate: Peak learning rate of head and pooler.
    """
    base: Any = model.base_model_prefix
    head = {id(parameter) for name, parameter in model.named_parameters() if is_head(name, base)}
    for group in list(optimizer.param_groups):
        of_head = [parameter for parameter in group["params"] if id(parameter) in head]
        group["params"] = [parameter for parameter in group["params"] if id(parameter) not in head]
        optimizer.add_param_group({**group, "params": of_head, "lr": learning_rate})

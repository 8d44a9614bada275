"""Dropout whose random numbers cost a quarter on a CPU, in a network's dropout layers and in its attention.

PyTorch generates one number for each value and turns it into a floating-point number. Here one number of 64 bits
decides for four values. The numbers are those of PyTorch's own generator, so that a seed and a state to resume from
hold for them.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import torch
from torch import nn
from transformers import AttentionInterface, AttentionMaskInterface
from transformers.integrations.sdpa_attention import sdpa_attention_forward
from transformers.masking_utils import sdpa_mask

if TYPE_CHECKING:
    from collections.abc import Iterator

#: The name of the attention in transformers' register, and that of the one whose place it takes.
ATTENTION: Final = "stancelab_dropout"
_REPLACED: Final = "sdpa"
_BITS: Final = 16
_LOWEST: Final = -(1 << (_BITS - 1))
_PER_NUMBER: Final = 64 // _BITS


def kept(shape: torch.Size, share: float) -> torch.Tensor:
    """Return which values stay, True with a probability of 1 - share, which is rounded to a multiple of 2 ** -16.

    Args:
        shape: The shape of the values.
        share: The share that is dropped, from 0 to below 1.
    """
    size = shape.numel()
    numbers = torch.empty(-(-size // _PER_NUMBER), dtype=torch.int64).random_(-(2**63), None)
    return (numbers.view(torch.int16)[:size] >= _LOWEST + round(share * 2**_BITS)).view(shape)


class _Dropped(torch.autograd.Function):
    """Values of which a share is 0 and the others are scaled so that the expectation stays."""

    @staticmethod
    def forward(context: Any, values: torch.Tensor, share: float) -> torch.Tensor:
        """Return the values."""
        mask = kept(values.shape, share)
        context.save_for_backward(mask)
        context.scale = 1 / (1 - share)
        return (values * mask).mul_(context.scale)

    @staticmethod
    def backward(context: Any, gradient: torch.Tensor) -> tuple[torch.Tensor, None]:
        """Return the gradient of the values."""
        (mask,) = context.saved_tensors
        return torch.ops.aten.native_dropout_backward(gradient, mask, context.scale), None


def drop(values: torch.Tensor, share: float) -> torch.Tensor:
    """Return values as `torch.nn.functional.dropout` does in training, by the cheaper numbers on a CPU."""
    if values.device.type != "cpu" or not 0 < share < 1:
        return nn.functional.dropout(values, share)
    dropped: torch.Tensor = _Dropped.apply(values, share)  # type: ignore[no-untyped-call]
    return dropped


class CheapDropout(nn.Dropout):
    """`torch.nn.Dropout` by the cheaper numbers."""

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        """Return the values, in training with a share of them dropped."""
        return drop(values, self.p) if self.training else values


def attention(
    module: nn.Module,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attention_mask: torch.Tensor | None,
    dropout: float = 0.0,
    scaling: float | None = None,
    **options: Any,
) -> tuple[torch.Tensor, None]:
    """Return attention as transformers' "sdpa" does, with the cheaper dropout of its weights where it can.

    PyTorch's own function computes it in steps as well where weights are dropped on a CPU, and in fp32 under autocast.

    Args:
        module: The attention layer.
        query: Shape (texts, heads, tokens, size of a head), as `key` and `value`.
        key: The keys.
        value: The values.
        attention_mask: True where a token may be seen, shape (texts, 1, tokens, tokens); None: all may be.
        dropout: The share of the weights that is dropped.
        scaling: The factor of the products; by default the root of the head's size in the denominator.
        options: What else transformers gives; where it changes what is computed, transformers' own function is used.
    """
    if dropout == 0 or query.device.type != "cpu" or not _is_plain(module, query, key, attention_mask, options):
        return sdpa_attention_forward(
            module, query, key, value, attention_mask, dropout=dropout, scaling=scaling, **options
        )
    scale = query.shape[-1] ** -0.5 if scaling is None else scaling
    scores = torch.matmul(query * scale, key.transpose(-1, -2))
    if attention_mask is not None:
        scores = scores.masked_fill(~attention_mask, torch.finfo(scores.dtype).min)
    weights = drop(torch.softmax(scores, dim=-1), dropout)
    return torch.matmul(weights, value).transpose(1, 2).contiguous(), None


def _is_plain(
    module: nn.Module, query: torch.Tensor, key: torch.Tensor, mask: torch.Tensor | None, options: dict[str, Any]
) -> bool:
    """Return whether each token sees each other one that the mask allows, and nothing else changes the weights."""
    causal = options.get("is_causal")
    causal = getattr(module, "is_causal", True) if causal is None else causal
    return (
        (mask is not None or not causal)
        and (mask is None or mask.dtype == torch.bool)
        and query.shape[1] == key.shape[1]
        and all(options.get(name) is None for name in ("position_bias", "softcap", "cache"))
    )


@contextmanager
def cheap_dropout(network: nn.Module) -> Iterator[None]:
    """Let a network that is trained on a CPU drop values by the cheaper numbers, and put back what was there.

    Args:
        network: The network; dropout that is not a layer of its own and not of its attention stays as it is.
    """
    layers = [
        (parent, name, child)
        for parent in network.modules()
        for name, child in parent.named_children()
        if type(child) is nn.Dropout
    ]
    configs = _configs(network)
    AttentionInterface.register(ATTENTION, attention)
    AttentionMaskInterface.register(ATTENTION, sdpa_mask)
    try:
        for parent, name, child in layers:
            setattr(parent, name, CheapDropout(child.p).train(child.training))
        for config in configs:
            config._attn_implementation = ATTENTION
        yield
    finally:
        for parent, name, child in layers:
            setattr(parent, name, child.train(getattr(parent, name).training))
        for config in configs:
            config._attn_implementation = _REPLACED


def _configs(network: nn.Module) -> list[Any]:
    """Return the configurations of a network's parts whose attention transformers takes from its register."""
    found = {id(config): config for module in network.modules() if (config := getattr(module, "config", None))}
    return [config for config in found.values() if getattr(config, "_attn_implementation", None) == _REPLACED]

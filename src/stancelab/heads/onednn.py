"""Linear layers in fp32 by oneDNN, on processors on which PyTorch's MKL leaves AVX-512 unused."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import torch
from torch.nn.functional import linear
from torch.overrides import TorchFunctionMode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


class OneDnn(TorchFunctionMode):
    """Lets oneDNN compute linear layers in fp32 that PyTorch would leave to MKL.

    The sums are in fp32 all the same, in another order: probabilities differ by some 1e-6. Within it gradients are not
    known.
    """

    def __torch_function__(
        self, func: Callable[..., Any], types: Iterable[type], args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        """Compute what PyTorch's functions compute."""
        if func is linear and not kwargs and args[0].dtype == torch.float32 and args[0].numel():
            states, weight, bias = (*args, None)[:3]
            return torch.ops.mkldnn._linear_pointwise(states, weight, bias, "none", [], "")
        return func(*args, **(kwargs or {}))


@cache
def onednn_is_faster() -> bool:
    """Tell whether oneDNN computes products in fp32 faster than MKL, which uses AVX-512 on Intel's processors alone.

    It is told by the processor's kind, not by a measurement, so that the same machine always gives the same answers.
    """
    if not (torch.backends.mkl.is_available() and torch.backends.mkldnn.is_available()):
        return False
    processor = torch.cpu.get_capabilities()
    is_of_intel = "intel" in str(processor.get("cpu_name", "intel")).lower()
    # The operation is the one that torch.compile uses; a PyTorch that has another one goes on with MKL.
    return bool(processor.get("avx512_f")) and not is_of_intel and hasattr(torch.ops.mkldnn, "_linear_pointwise")

"""Where a training is computed, and in which precision."""

from __future__ import annotations

import logging
from typing import Final

import torch

from stancelab.errors import ConfigError

logger = logging.getLogger(__name__)

CPU: Final = "cpu"
_AUTO: Final = "auto"
_CUDA: Final = "cuda"
_MPS: Final = "mps"
_FP32: Final = "fp32"


def check_device(wanted: str) -> None:
    """Raise a `ConfigError` where PyTorch does not find the device that `training.device` names."""
    if wanted not in (_AUTO, *_found()):
        raise ConfigError(
            f"training.device: found {wanted!r}, but PyTorch finds no such device here; there is "
            f"{' and '.join(reversed(_found()))}. A PyTorch without {wanted} support finds none either"
        )


def choose_device(wanted: str) -> str:
    """Return "cuda", "mps" or "cpu": what was asked for, and with "auto" the first of them that is there."""
    check_device(wanted)
    return _found()[0] if wanted == _AUTO else wanted


def choose_precision(wanted: str, device: str) -> str:
    """Return "bf16", "fp16" or "fp32": what was asked for where the device computes it, with a message where not.

    Args:
        wanted: `training.precision`; "auto" takes bf16 where the hardware computes it.
        device: What `choose_device` returned.
    """
    if wanted == _FP32:
        return _FP32
    if wanted == "fp16":
        if device == _CUDA:
            return wanted
        logger.warning("training.precision=fp16 is for GPUs with CUDA; training in fp32 on this %s", device)
        return _FP32
    if _computes_bf16(device):
        return "bf16"
    level = logging.WARNING if wanted == "bf16" else logging.INFO
    logger.log(level, "this hardware does not compute bf16 natively; training in fp32")
    return _FP32


def _computes_bf16(device: str) -> bool:
    if device == _CUDA:
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    if device == _MPS:
        return False
    # Where the CPU lacks these instructions, PyTorch emulates bf16, slower than fp32.
    capabilities = torch.cpu.get_capabilities()
    return bool(capabilities.get("avx512_bf16") or capabilities.get("amx_bf16"))


def _found() -> list[str]:
    """Return the devices that are here, the fastest first."""
    there = {_CUDA: torch.cuda.is_available(), _MPS: torch.backends.mps.is_available(), CPU: True}
    # The Trainer takes CUDA before MPS; no machine has both.
    return [name for name, is_there in there.items() if is_there]

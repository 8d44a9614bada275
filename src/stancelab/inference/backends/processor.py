"""What the processor can compute."""

from __future__ import annotations

from pathlib import Path
from typing import Final

#: Where Linux says what a processor can do, and its words for products of int8 whose sums have 32 bits.
_CPUINFO: Final = Path("/proc/cpuinfo")
_INT8_FLAGS: Final = {"avx512_vnni", "avx_vnni", "amx_int8"}


def has_int8(cpuinfo: Path = _CPUINFO) -> bool:
    """Tell whether the processor may have instructions for int8; where that cannot be known, it may.

    Without them int8 is slower than fp32, and sums of 16 bits overflow, so that answers are others. OpenVINO names
    INT8 among the capabilities of every processor.

    Args:
        cpuinfo: Where Linux says what the processor can do.
    """
    try:
        lines = cpuinfo.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return True
    # Only x86 has lines of this name.
    flags = next((line.partition(":")[2].split() for line in lines if line.startswith("flags")), None)
    return flags is None or not _INT8_FLAGS.isdisjoint(flags)

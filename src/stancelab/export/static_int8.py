"""A checkpoint's network in int8 with scales that are fixed beforehand, made by NNCF of the fp32 one."""

from __future__ import annotations

import io
import random
from contextlib import redirect_stdout
from typing import TYPE_CHECKING, Final

import onnx

from stancelab.errors import CheckpointError, ConfigError, DataError
from stancelab.export.graph import MOST_INSIDE, quiet
from stancelab.extras import require
from stancelab.inference.backends.base import LONGEST, batches_by_length
from stancelab.inference.backends.memory import most_memory
from stancelab.inference.backends.processor import has_int8

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from stancelab.encoding import Builder
    from stancelab.schema import Example

    Batch = Mapping[str, NDArray[np.int64]]

#: What it needs besides the other packages of the extra `export`.
PACKAGES: Final = ("nncf", "openvino")
#: Rows that the scales are found by.
CALIBRATION_ROWS: Final = 512
_SEED: Final = 0
#: The memory that it takes: times the fp32 network, and besides; measured were 2.6 GB with 93 MB, 7.8 GB with 448 MB.
_MEMORY_TIMES: Final = 15
_MEMORY_BESIDES: Final = 1_300_000_000


def check_possible(fp32: Path | None = None) -> None:
    """Check that the network can be made here.

    Args:
        fp32: The network in fp32, where there is one already.

    Raises:
        MissingPackageError: A package is not installed.
        ConfigError: The processor has no instructions for int8, so that its answers cannot be compared, or the machine
            has too little memory.
        CheckpointError: The fp32 network is larger than NNCF can read.
    """
    for name in PACKAGES:
        require(name, "export", "static int8")
    if not has_int8():
        raise ConfigError(
            "export.static_int8: needs a processor with instructions for int8 (AVX512_VNNI, AVX_VNNI or AMX), which "
            "this one does not have; export on another machine"
        )
    if fp32 is not None:
        _check_size(fp32)


def _check_size(fp32: Path) -> None:
    data = fp32.with_name(f"{fp32.name}.data")
    if data.exists() and (size := data.stat().st_size) > MOST_INSIDE:
        raise CheckpointError(f"{data.name}: takes {size:,} bytes, of which static int8 allows {MOST_INSIDE:,} at most")
    needed = _MEMORY_TIMES * fp32.stat().st_size + _MEMORY_BESIDES
    if (memory := most_memory()) is not None and memory < needed:
        raise ConfigError(
            f"export.static_int8: takes some {needed / 1e9:.1f} GB of memory with this network, and this machine, or "
            f"the process's control group, has {memory / 1e9:.1f} GB; export on another machine"
        )


def calibration_batches(builder: Builder, examples: Sequence[Example]) -> tuple[list[Batch], int]:
    """Return some of the rows, the same ones each time, as the batches in which prediction computes them.

    Args:
        builder: Builds the input.
        examples: The rows, of which `CALIBRATION_ROWS` are taken at most.

    Returns:
        The batches, and of how many rows they are.

    Raises:
        DataError: There are no rows.
    """
    if not examples:
        raise DataError("static int8 finds its scales by training rows, and the prepared dataset has none")
    chosen = random.Random(_SEED).sample(list(examples), min(CALIBRATION_ROWS, len(examples)))  # noqa: S311
    return [builder.collate(batch) for batch in batches_by_length(builder.encode(chosen))], len(chosen)


def write_static_int8(fp32: Path, path: Path, batches: Sequence[Batch], left: Sequence[str] = ()) -> None:
    """Write a network whose weights, embeddings among them, and what they multiply are int8 with fixed scales.

    What is multiplied has one scale for all numbers, found by some rows; before that SmoothQuant (Xiao et al., 2023)
    moves its outliers into the weights, and the biases are corrected after it (Nagel et al., 2019).

    Args:
        fp32: The network in fp32.
        path: The file.
        batches: What the scales are found by.
        left: The names of the nodes that stay in fp32.

    Raises:
        CheckpointError: NNCF cannot do it with this network.
    """
    # Imported first, it keeps out the package by which NNCF tells Intel of each use, as OpenVINO's tools do.
    import stancelab.inference.backends.openvino  # noqa: F401

    # isort: split
    import nncf

    network = onnx.load(fp32)
    names = [each.name for each in network.graph.input]
    try:
        with quiet(), redirect_stdout(io.StringIO()):
            made = nncf.quantize(
                network,
                nncf.Dataset(batches, lambda batch: {name: batch[name] for name in names}),
                model_type=nncf.ModelType.TRANSFORMER,
                preset=nncf.QuantizationPreset.MIXED,
                subset_size=len(batches),
                ignored_scope=nncf.IgnoredScope(names=list(left)) if left else None,
            )
    except Exception as error:  # its errors, and those of what it calls, have no common base
        line = (str(error).strip().splitlines() or [type(error).__name__])[0][:LONGEST]
        raise CheckpointError(f"NNCF cannot make the static int8 network: {line}") from error
    onnx.save(made, path)

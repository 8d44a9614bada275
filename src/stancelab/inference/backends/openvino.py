"""Logits by OpenVINO, without PyTorch and transformers. Imported when a checkpoint is loaded, not before."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np

#: Code that is kept for sizes of batches that were computed. OpenVINO keeps that of 5,000 operations and oneDNN, in it,
#: that of 1,024, and since batches of a large file have ever new sizes, memory grows with them.
_KEPT_SIZES: Final = "200"
# It is read when the first network is computed.
os.environ.setdefault("ONEDNN_PRIMITIVE_CACHE_CAPACITY", _KEPT_SIZES)

# Its tools, which its import loads, tell Intel of each start unless this package is not there.
sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
import openvino  # noqa: E402

# Absl, which its import loads, would close what standard error is now when logging is configured anew and standard
# error is something else then, as in a notebook.
if (absl := sys.modules.get("absl.logging")) is not None:
    absl.get_absl_handler().python_handler.setStream(sys.__stderr__)

from stancelab.cores import fitting_threads  # noqa: E402
from stancelab.errors import CheckpointError, ConfigError  # noqa: E402
from stancelab.inference.backends.base import BATCH_SIZE, LONGEST, NetworkBackend  # noqa: E402
from stancelab.inference.backends.exported import (  # noqa: E402
    LOGITS,
    builder_of,
    check_device,
    check_network,
    checked_logits,
)
from stancelab.inference.backends.processor import has_int8  # noqa: E402
from stancelab.layout import ONNX, ONNX_FP32, ONNX_STATIC_INT8  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from stancelab.checkpoint import CheckpointInfo
    from stancelab.encoding import Builder

BF16: Final = "openvino-bf16"
INT8: Final = "openvino-int8"


class OpenvinoBackend(NetworkBackend):
    """A network of an export on the CPU: the fp32 one computed in bf16, or the one in int8 with fixed scales.

    Args:
        network: The compiled network.
        builder: Builds its input as in training.
        name: "openvino-bf16" or "openvino-int8".
        path: The file of the network, for messages.
        batch_size: Texts in a batch at most.
        progress: Whether to show a progress bar where standard error is a terminal.
    """

    device = "cpu"

    def __init__(
        self,
        network: Any,
        builder: Builder,
        *,
        name: str = BF16,
        path: str = "",
        batch_size: int = BATCH_SIZE,
        progress: bool = False,
    ) -> None:
        super().__init__(builder, path=path or name, batch_size=batch_size, progress=progress)
        self.network = network
        self.name = name
        self._request = network.create_infer_request()
        self._inputs = [each.any_name for each in network.inputs]

    @classmethod
    def load(
        cls,
        folder: Path,
        info: CheckpointInfo,
        *,
        int8: bool = False,
        device: str | None = None,
        batch_size: int = BATCH_SIZE,
        progress: bool = False,
    ) -> Self:
        """Load the export of a checkpoint folder.

        Args:
            folder: The checkpoint folder; `check_onnx_file` has checked its network.
            info: What its `stancelab.json` says.
            int8: Whether to take the network in int8 with fixed scales.
            device: "cpu", or None, which is the same.
            batch_size: Texts in a batch at most.
            progress: Whether to show a progress bar where standard error is a terminal.

        Raises:
            CheckpointError: A file is damaged, or asks for what no checkpoint needs.
            ConfigError: Another device is asked for, or the processor does not compute in bf16, or in int8.
        """
        check_device(device)
        builder = builder_of(folder, info)
        path = folder / ONNX / (ONNX_STATIC_INT8 if int8 else ONNX_FP32)
        network = open_network(path, int8=int8)
        inputs, outputs = ([each.any_name for each in side] for side in (network.inputs, network.outputs))
        check_network(path, inputs, outputs, builder, info.head)
        name = INT8 if int8 else BF16
        return cls(network, builder, name=name, path=str(path), batch_size=batch_size, progress=progress)

    def compute(self, inputs: Mapping[str, NDArray[np.int64]]) -> NDArray[np.float32]:
        """Return the logits of a batch's rows, shape (rows, labels)."""
        try:
            found = self._request.infer({name: inputs[name] for name in self._inputs})[LOGITS]
        except RuntimeError as error:
            raise CheckpointError(
                f"{self.path}: OpenVINO cannot compute a batch: {_reason(error)}; export the checkpoint again"
            ) from error
        # What it returns is overwritten by the next batch.
        return checked_logits(self.path, np.array(found, dtype=np.float32), inputs)


def open_network(path: Path, *, int8: bool = False) -> Any:
    """Open a network that `check_onnx_file` has checked, for batches of any size.

    Args:
        path: The file.
        int8: Whether it is one in int8. What of it is not int8 is computed in bf16 where the processor does that.

    Raises:
        CheckpointError: OpenVINO cannot read it.
        ConfigError: The processor does not compute in bf16, or in int8.
    """
    core = openvino.Core()
    if int8 and not has_int8():
        raise ConfigError(
            f"backend: {INT8} needs a processor with instructions for int8 (AVX512_VNNI, AVX_VNNI or AMX), which this "
            "one does not have; take onnx or onnx-int8"
        )
    if not int8 and not has_bf16(core):
        raise ConfigError(
            f"backend: {BF16} needs a processor with instructions for bf16 (AVX512_BF16 or AMX), which this one does "
            "not have; take onnx"
        )
    settings = {
        "INFERENCE_PRECISION_HINT": "bf16" if has_bf16(core) else "f32",
        "INFERENCE_NUM_THREADS": fitting_threads(),
        "NUM_STREAMS": "1",
        "CPU_RUNTIME_CACHE_CAPACITY": _KEPT_SIZES,
    }
    try:
        return core.compile_model(core.read_model(path), "CPU", settings)
    except RuntimeError as error:
        raise CheckpointError(f"{path}: OpenVINO cannot read it: {_reason(error)}") from error


def has_bf16(core: Any = None) -> bool:
    """Tell whether the processor computes in bf16."""
    return "BF16" in (core or openvino.Core()).get_property("CPU", "OPTIMIZATION_CAPABILITIES")


def _reason(error: Exception) -> str:
    """Return what OpenVINO tells of an error, on one line and without the places in its code that come first."""
    lines = [line.strip() for line in str(error).splitlines()]
    told = [line for line in lines if line and not line.startswith("Exception from ")]
    return " ".join(told or [type(error).__name__])[:LONGEST]

"""Logits by OpenVINO in bf16, without PyTorch and transformers. Imported when a checkpoint is loaded, not before."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np

# Its tools, which its import loads, tell Intel of each start unless this package is not there.
sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
import openvino  # noqa: E402

from stancelab.errors import CheckpointError, ConfigError  # noqa: E402
from stancelab.inference.backends.base import BATCH_SIZE, NetworkBackend  # noqa: E402
from stancelab.inference.backends.exported import (  # noqa: E402
    LOGITS,
    builder_of,
    check_device,
    check_network,
    checked_logits,
    first_line,
)
from stancelab.inference.backends.threads import fitting_threads  # noqa: E402
from stancelab.layout import ONNX, ONNX_FP32  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from stancelab.checkpoint import CheckpointInfo
    from stancelab.encoding import Builder

_BF16: Final = "bf16"


class OpenvinoBackend(NetworkBackend):
    """The fp32 network of an export, computed in bf16 on the CPU.

    Args:
        network: The compiled network.
        builder: Builds its input as in training.
        path: The file of the network, for messages.
        batch_size: Texts in a batch at most.
        progress: Whether to show a progress bar where standard error is a terminal.
    """

    name = "openvino-bf16"
    device = "cpu"

    def __init__(
        self, network: Any, builder: Builder, *, path: str = "", batch_size: int = BATCH_SIZE, progress: bool = False
    ) -> None:
        super().__init__(builder, path=path or self.name, batch_size=batch_size, progress=progress)
        self.network = network
        self._request = network.create_infer_request()
        self._inputs = [each.any_name for each in network.inputs]

    @classmethod
    def load(
        cls,
        folder: Path,
        info: CheckpointInfo,
        *,
        device: str | None = None,
        batch_size: int = BATCH_SIZE,
        progress: bool = False,
    ) -> Self:
        """Load the export of a checkpoint folder.

        Args:
            folder: The checkpoint folder; `check_onnx_file` has checked its network.
            info: What its `stancelab.json` says.
            device: "cpu", or None, which is the same.
            batch_size: Texts in a batch at most.
            progress: Whether to show a progress bar where standard error is a terminal.

        Raises:
            CheckpointError: A file is damaged, or asks for what no checkpoint needs.
            ConfigError: Another device is asked for, or the processor does not compute in bf16.
        """
        check_device(device)
        builder = builder_of(folder, info)
        path = folder / ONNX / ONNX_FP32
        network = open_network(path)
        inputs, outputs = ([each.any_name for each in side] for side in (network.inputs, network.outputs))
        check_network(path, inputs, outputs, builder, info.head)
        return cls(network, builder, path=str(path), batch_size=batch_size, progress=progress)

    def compute(self, inputs: Mapping[str, NDArray[np.int64]]) -> NDArray[np.float32]:
        """Return the logits of a batch's rows, shape (rows, labels)."""
        try:
            found = self._request.infer({name: inputs[name] for name in self._inputs})[LOGITS]
        except RuntimeError as error:
            raise CheckpointError(
                f"{self.path}: OpenVINO cannot compute a batch: {first_line(error)}; export the checkpoint again"
            ) from error
        # What it returns is overwritten by the next batch.
        return checked_logits(self.path, np.array(found, dtype=np.float32), inputs)


def open_network(path: Path) -> Any:
    """Open a network that `check_onnx_file` has checked, for batches of any size.

    Raises:
        CheckpointError: OpenVINO cannot read it.
        ConfigError: The processor does not compute in bf16.
    """
    core = openvino.Core()
    if not has_bf16(core):
        raise ConfigError(
            f"backend: {OpenvinoBackend.name} needs a processor with instructions for bf16 (AVX512_BF16 or AMX), which "
            "this one does not have; take onnx"
        )
    settings = {
        "INFERENCE_PRECISION_HINT": _BF16,
        "INFERENCE_NUM_THREADS": fitting_threads(),
        "NUM_STREAMS": "1",
    }
    try:
        return core.compile_model(core.read_model(path), "CPU", settings)
    except RuntimeError as error:
        raise CheckpointError(f"{path}: OpenVINO cannot read it: {first_line(error)}") from error


def has_bf16(core: Any = None) -> bool:
    """Tell whether the processor computes in bf16."""
    return "BF16" in (core or openvino.Core()).get_property("CPU", "OPTIMIZATION_CAPABILITIES")

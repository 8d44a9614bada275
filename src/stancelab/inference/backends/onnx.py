"""Logits by ONNX Runtime, without PyTorch and transformers. Imported when a checkpoint is loaded, not before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Self

import onnxruntime

from stancelab.cores import fitting_threads
from stancelab.errors import CheckpointError
from stancelab.inference.backends.base import BATCH_SIZE, NetworkBackend
from stancelab.inference.backends.exported import (
    LOGITS,
    builder_of,
    check_device,
    check_network,
    checked_logits,
    first_line,
)
from stancelab.inference.backends.memory import most_memory
from stancelab.layout import ONNX, ONNX_FP32, ONNX_INT8

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from stancelab.checkpoint import CheckpointInfo
    from stancelab.encoding import Builder

#: Errors are not logged: they are in the exceptions that are raised.
_FATAL_ONLY: Final = 4


class OnnxBackend(NetworkBackend):
    """A network that was exported to ONNX, on the CPU.

    Args:
        session: The network.
        builder: Builds its input as in training.
        name: "onnx" or "onnx-int8".
        path: The file of the network, for messages.
        batch_size: Texts in a batch.
        progress: Whether to show a progress bar where standard error is a terminal.
    """

    device = "cpu"

    def __init__(
        self,
        session: Any,
        builder: Builder,
        *,
        name: str = "onnx",
        path: str = "",
        batch_size: int = BATCH_SIZE,
        progress: bool = False,
    ) -> None:
        super().__init__(builder, path=path or name, batch_size=batch_size, progress=progress)
        self.session = session
        self.name = name
        self._inputs = [each.name for each in session.get_inputs()]

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
            folder: The checkpoint folder.
            info: What its `stancelab.json` says.
            int8: Whether to take the network with int8 weights.
            device: "cpu", or None, which is the same.
            batch_size: Texts in a batch.
            progress: Whether to show a progress bar where standard error is a terminal.

        Raises:
            CheckpointError: A file is damaged, or asks for what no checkpoint needs.
            ConfigError: Another device is asked for.
        """
        check_device(device)
        builder = builder_of(folder, info)
        path = folder / ONNX / (ONNX_INT8 if int8 else ONNX_FP32)
        session = open_session(path)
        inputs, outputs = ([each.name for each in side] for side in (session.get_inputs(), session.get_outputs()))
        check_network(path, inputs, outputs, builder, info.head)
        name = "onnx-int8" if int8 else "onnx"
        return cls(session, builder, name=name, path=str(path), batch_size=batch_size, progress=progress)

    def compute(self, inputs: Mapping[str, NDArray[np.int64]]) -> NDArray[np.float32]:
        """Return the logits of a batch's rows, shape (rows, labels)."""
        try:
            [found] = self.session.run([LOGITS], {name: inputs[name] for name in self._inputs})
        except Exception as error:  # its errors have no other base
            raise CheckpointError(
                f"{self.path}: ONNX Runtime cannot compute a batch: {first_line(error)}; if it says that an index is "
                "out of bounds, the tokenizer is another network's: export the checkpoint again"
            ) from error
        return checked_logits(self.path, found, inputs)


def open_session(path: Path) -> Any:
    """Open a network that `check_onnx_file` has checked.

    Raises:
        CheckpointError: ONNX Runtime cannot read it.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = fitting_threads()
    options.inter_op_num_threads = 1
    options.log_severity_level = _FATAL_ONLY
    # Threads that wait by spinning take the cores from other processes.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    _limit_memory(options)
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # its errors have no other base
        raise CheckpointError(f"{path}: ONNX Runtime cannot read it: {first_line(error)}") from error


def _limit_memory(options: Any) -> None:
    """Let a session take no more memory than there is: what a network asks for is not known before it runs."""
    most = most_memory()
    if most is None:
        return
    kinds = (onnxruntime.OrtAllocatorType.ORT_ARENA_ALLOCATOR, 0, onnxruntime.OrtMemType.DEFAULT)
    memory = onnxruntime.OrtMemoryInfo("Cpu", *kinds)
    onnxruntime.create_and_register_allocator(memory, onnxruntime.OrtArenaCfg({"max_mem": most}))
    options.add_session_config_entry("session.use_env_allocators", "1")

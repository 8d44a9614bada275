"""Logits by ONNX Runtime, without PyTorch and transformers. Imported when a checkpoint is loaded, not before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Self

import onnxruntime

from stancelab.encoding import PAIR, make_builder
from stancelab.encoding.fast_tokenizer import INPUT, TOKENIZER, FastTokenizer
from stancelab.errors import CheckpointError, ConfigError, DataError
from stancelab.files import read_json
from stancelab.inference.backends.base import BATCH_SIZE, LONGEST, NetworkBackend
from stancelab.inference.backends.memory import most_memory
from stancelab.inference.backends.onnx_file import check_onnx_file
from stancelab.inference.backends.threads import fitting_threads
from stancelab.layout import CONFIG, ONNX, ONNX_FP32, ONNX_INT8
from stancelab.schema import STANCES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from stancelab.checkpoint import CheckpointInfo
    from stancelab.encoding import Builder

#: What the network gives.
LOGITS: Final = "logits"
#: The inputs of the pair head, besides those of the encoder.
PLACES: Final = ("pair_text", "source_place", "target_place")
_ERRORS_ONLY: Final = 3


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
        if device not in (None, "cpu"):
            raise ConfigError(
                f"device: found {device!r}; the exported network computes on the cpu alone (backend=torch)"
            )
        # It stands for one of transformers: it has all that builders use.
        tokenizer: Any = FastTokenizer.load(folder / ONNX)
        size = len(tokenizer)
        builder = make_builder(info.head, tokenizer, info.input)
        if len(tokenizer) != size:
            raise CheckpointError(
                f"{folder / ONNX}: the tokenizer lacks the markers of the training; export the checkpoint again"
            )
        _check_ids(folder, tokenizer.highest_id)
        path = folder / ONNX / (ONNX_INT8 if int8 else ONNX_FP32)
        session = open_session(path)
        built = {*tokenizer.model_input_names, *(PLACES if info.head == PAIR else ())}
        if lacking := [each.name for each in session.get_inputs() if each.name not in built]:
            raise CheckpointError(
                f"{folder / ONNX / INPUT}: inputs: found {', '.join(tokenizer.model_input_names)}, but {path.name} "
                f"also reads {', '.join(lacking)}; export the checkpoint again"
            )
        name = "onnx-int8" if int8 else "onnx"
        return cls(session, builder, name=name, path=str(path), batch_size=batch_size, progress=progress)

    def compute(self, inputs: Mapping[str, NDArray[np.int64]]) -> NDArray[np.float32]:
        """Return the logits of a batch's rows, shape (rows, labels)."""
        rows = len(inputs["pair_text"] if "pair_text" in inputs else inputs["input_ids"])
        try:
            [found] = self.session.run([LOGITS], {name: inputs[name] for name in self._inputs})
        except Exception as error:  # its errors have no other base
            raise CheckpointError(
                f"{self.path}: ONNX Runtime cannot compute a batch: {_first_line(error)}; if it says that an index is "
                "out of bounds, the tokenizer is another network's: export the checkpoint again"
            ) from error
        if found.shape != (rows, len(STANCES)):
            raise CheckpointError(
                f"{self.path}: the network gives {found.shape} for {rows} rows; export the checkpoint again"
            )
        logits: NDArray[np.float32] = found
        return logits


def files_of(folder: Path, *, int8: bool = False) -> list[str]:
    """Return the names of the files of a checkpoint that prediction with ONNX Runtime reads.

    Args:
        folder: The checkpoint folder.
        int8: Whether the network with int8 weights is read.

    Raises:
        CheckpointError: The network's file cannot be read, or refers to files outside of its folder.
    """
    name = ONNX_INT8 if int8 else ONNX_FP32
    if not (folder / ONNX / name).is_file():
        raise CheckpointError(f"{folder}: has no {ONNX}/{name}; make it with 'stancelab export checkpoint={folder}'")
    beside = check_onnx_file(folder / ONNX / name)
    return [f"{ONNX}/{each}" for each in (name, TOKENIZER, INPUT, *(path.name for path in beside))]


def open_session(path: Path) -> Any:
    """Open a network that `check_onnx_file` has checked.

    Raises:
        CheckpointError: ONNX Runtime cannot read it, or it is no network of a checkpoint.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = fitting_threads()
    options.inter_op_num_threads = 1
    options.log_severity_level = _ERRORS_ONLY
    # Threads that wait by spinning take the cores from other processes.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    _limit_memory(options)
    try:
        session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # its errors have no other base
        raise CheckpointError(f"{path}: ONNX Runtime cannot read it: {_first_line(error)}") from error
    names = {each.name for each in session.get_inputs()}
    outputs = [each.name for each in session.get_outputs()]
    if "input_ids" not in names or outputs != [LOGITS]:
        raise CheckpointError(
            f"{path}: reads {', '.join(sorted(names))} and gives {', '.join(outputs)}, as no network of a checkpoint "
            "does; export the checkpoint again"
        )
    return session


def _limit_memory(options: Any) -> None:
    """Let a session take no more memory than there is: what a network asks for is not known before it runs."""
    most = most_memory()
    if most is None:
        return
    kinds = (onnxruntime.OrtAllocatorType.ORT_ARENA_ALLOCATOR, 0, onnxruntime.OrtMemType.DEFAULT)
    memory = onnxruntime.OrtMemoryInfo("Cpu", *kinds)
    onnxruntime.create_and_register_allocator(memory, onnxruntime.OrtArenaCfg({"max_mem": most}))
    options.add_session_config_entry("session.use_env_allocators", "1")


def _check_ids(folder: Path, highest: int) -> None:
    """Refuse a tokenizer whose ids go beyond the embedding that the checkpoint's config.json states."""
    try:
        config = read_json(folder / CONFIG)
    except DataError:  # an export that is being made has none yet
        return
    tokens = config.get("vocab_size") if isinstance(config, dict) else None
    if type(tokens) is int and highest >= tokens:
        raise CheckpointError(
            f"{folder / ONNX / TOKENIZER}: found a token with the id {highest}, allowed are 0 to {tokens - 1} "
            f"(vocab_size in {CONFIG}); export the checkpoint again"
        )


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:LONGEST]

"""What the backends of an exported checkpoint share: its files, its input, and what they check of its network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from stancelab.encoding import PAIR, make_builder
from stancelab.encoding.fast_tokenizer import INPUT, FastTokenizer
from stancelab.encoding.tokenizer_file import TOKENIZER
from stancelab.errors import CheckpointError, ConfigError, DataError
from stancelab.files import read_json
from stancelab.inference.backends.base import LONGEST
from stancelab.inference.backends.onnx_file import check_onnx_file
from stancelab.layout import CONFIG, ONNX, ONNX_FP32, ONNX_STATIC_INT8
from stancelab.schema import STANCES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from stancelab.checkpoint import CheckpointInfo
    from stancelab.encoding import Builder

#: What the network gives.
LOGITS: Final = "logits"
#: The inputs of the pair head, besides those of the encoder.
PLACES: Final = ("pair_text", "source_place", "target_place")


def files_of(folder: Path, name: str = ONNX_FP32) -> list[str]:
    """Return the names of the files of a checkpoint that prediction without PyTorch reads.

    Args:
        folder: The checkpoint folder.
        name: The file of the network that is read.

    Raises:
        CheckpointError: The network's file cannot be read, or refers to files outside of its folder.
    """
    check_exported(folder, name)
    beside = check_onnx_file(folder / ONNX / name)
    return [f"{ONNX}/{each}" for each in (name, TOKENIZER, INPUT, *(path.name for path in beside))]


def check_exported(folder: Path, name: str) -> None:
    """Raise a `CheckpointError` where a checkpoint folder has no network of a name."""
    if not (folder / ONNX / name).is_file():
        asked = " export.static_int8=true" if name == ONNX_STATIC_INT8 else ""
        raise CheckpointError(
            f"{folder}: has no {ONNX}/{name}; make it with 'stancelab export checkpoint={folder}{asked}'"
        )


def builder_of(folder: Path, info: CheckpointInfo) -> Builder:
    """Return what builds the input of an export as in training.

    Raises:
        CheckpointError: The tokenizer is damaged, or another network's.
    """
    # It stands for one of transformers: it has all that builders use.
    tokenizer: Any = FastTokenizer.load(folder / ONNX)
    size = len(tokenizer)
    builder = make_builder(info.head, tokenizer, info.input)
    if len(tokenizer) != size:
        raise CheckpointError(
            f"{folder / ONNX}: the tokenizer lacks the markers of the training; export the checkpoint again"
        )
    _check_ids(folder, tokenizer.highest_id)
    return builder


def check_device(device: str | None) -> None:
    """Refuse other devices than the CPU.

    Raises:
        ConfigError: Another one is asked for.
    """
    if device not in (None, "cpu"):
        raise ConfigError(f"device: found {device!r}; the exported network computes on the cpu alone (backend=torch)")


def check_network(path: Path, inputs: Sequence[str], outputs: Sequence[str], builder: Builder, head: str) -> None:
    """Check that a network reads what the builder builds, and gives logits.

    Args:
        path: The file of the network.
        inputs: The names of what it reads.
        outputs: The names of what it gives.
        builder: Builds its input.
        head: The head of the checkpoint.

    Raises:
        CheckpointError: It does not.
    """
    if "input_ids" not in inputs or list(outputs) != [LOGITS]:
        raise CheckpointError(
            f"{path}: reads {', '.join(sorted(inputs))} and gives {', '.join(outputs)}, as no network of a checkpoint "
            "does; export the checkpoint again"
        )
    own = builder.tokenizer.model_input_names
    if lacking := [name for name in inputs if name not in {*own, *(PLACES if head == PAIR else ())}]:
        raise CheckpointError(
            f"{path.parent / INPUT}: inputs: found {', '.join(own)}, but {path.name} also reads {', '.join(lacking)}; "
            "export the checkpoint again"
        )


def checked_logits(
    path: str, found: NDArray[np.float32], inputs: Mapping[str, NDArray[np.int64]]
) -> NDArray[np.float32]:
    """Return what a network gave for a batch, shape (rows, labels).

    Args:
        path: The file of the network, for messages.
        found: What it gave.
        inputs: The batch.

    Raises:
        CheckpointError: It has another shape.
    """
    rows = len(inputs["pair_text"] if "pair_text" in inputs else inputs["input_ids"])
    if found.shape != (rows, len(STANCES)):
        raise CheckpointError(f"{path}: the network gives {found.shape} for {rows} rows; export the checkpoint again")
    return found


def first_line(error: Exception) -> str:
    """Return the first line of what a runtime tells of an error."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:LONGEST]


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

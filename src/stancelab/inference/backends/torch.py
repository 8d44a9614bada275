"""Logits by PyTorch and transformers. Imported when a checkpoint is loaded, not before."""

from __future__ import annotations

from contextlib import nullcontext
from functools import cache
from typing import TYPE_CHECKING, Any, Self

import torch
from torch.nn.functional import linear
from torch.overrides import TorchFunctionMode
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from stancelab.encoders import explain_hub_error
from stancelab.encoding import PAIR, make_builder
from stancelab.errors import CheckpointError, ConfigError
from stancelab.heads.pair import PairClassifier
from stancelab.heads.quiet import without_loading_bar
from stancelab.inference.backends.base import BATCH_SIZE, NetworkBackend
from stancelab.inference.backends.threads import fitting_threads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from stancelab.checkpoint import CheckpointInfo
    from stancelab.encoding import Builder


class TorchBackend(NetworkBackend):
    """A network with a classification head.

    Args:
        model: A transformers classifier, or a `PairClassifier`.
        builder: Builds its input as in training.
        batch_size: Texts in a batch at most.
        progress: Whether to show a progress bar where standard error is a terminal.
    """

    name = "torch"

    def __init__(self, model: Any, builder: Builder, *, batch_size: int = BATCH_SIZE, progress: bool = False) -> None:
        super().__init__(builder, batch_size=batch_size, progress=progress)
        self.model = model.eval()
        self.device = str(model.device)
        self.by_onednn = model.device.type == "cpu" and onednn_is_faster()

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
        """Load weights and tokenizer of a checkpoint folder.

        Args:
            folder: The checkpoint folder.
            info: What its `stancelab.json` says.
            device: Such as "cpu" or "cuda"; by default a GPU where there is one.
            batch_size: Texts in a batch at most.
            progress: Whether to show a progress bar where standard error is a terminal.

        Raises:
            CheckpointError: A file is damaged, or the tokenizer lacks the markers of the training.
            ConfigError: There is no such device.
        """
        with explain_hub_error(str(folder)), without_loading_bar():
            tokenizer = AutoTokenizer.from_pretrained(folder)
            model: Any
            if info.head == PAIR:
                model = PairClassifier.from_pretrained(folder)
            else:
                model = AutoModelForSequenceClassification.from_pretrained(
                    folder, use_safetensors=True, dtype="float32"
                )
        size = len(tokenizer)
        builder = make_builder(info.head, tokenizer, info.input)
        if len(tokenizer) != size:
            raise CheckpointError(
                f"{folder}: the tokenizer lacks the markers of the training; copy it from its run again"
            )
        tokens = (model.encoder if info.head == PAIR else model).get_input_embeddings().num_embeddings
        if (highest := max(tokenizer.get_vocab().values(), default=0)) >= tokens:
            raise CheckpointError(
                f"{folder}: the tokenizer has a token with the id {highest}, allowed are 0 to {tokens - 1}, the rows "
                "of the embedding; take the folder from its run again"
            )
        try:
            model.to(device or ("cuda" if torch.cuda.is_available() else "cpu"))
        except (RuntimeError, AssertionError) as error:
            raise ConfigError(_no_such_device(str(device), error)) from None
        if torch.get_num_threads() > (threads := fitting_threads()):  # PyTorch knows no quota of a control group
            torch.set_num_threads(threads)
        return cls(model, builder, batch_size=batch_size, progress=progress)

    def compute(self, inputs: Mapping[str, NDArray[np.int64]]) -> NDArray[np.float32]:
        """Return the logits of a batch's rows, shape (rows, labels)."""
        with torch.inference_mode(), OneDnn() if self.by_onednn else nullcontext():
            tensors = {name: torch.from_numpy(values).to(self.model.device) for name, values in inputs.items()}
            found: NDArray[np.float32] = self.model(**tensors).logits.float().cpu().numpy()
        return found


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


def _no_such_device(device: str, error: Exception) -> str:
    """Return what is said of a device that PyTorch did not take."""
    there = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if there.get(device.partition(":")[0]):  # such as cuda:7
        return f"device: found {device!r}, which cannot be used here ({str(error).splitlines()[0]})"
    return (
        f"device: found {device!r}, but PyTorch finds no such device here; there is "
        f"{' and '.join(name for name, is_there in there.items() if is_there)}. A PyTorch without {device} support "
        "finds none either"
    )

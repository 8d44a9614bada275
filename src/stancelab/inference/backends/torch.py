"""Logits by PyTorch and transformers. Imported when a checkpoint is loaded, not before."""

from __future__ import annotations

import logging
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, Self

import torch
from transformers import AutoConfig, AutoModelForSequenceClassification, AutoTokenizer

from stancelab.cores import fitting_threads
from stancelab.encoders import explain_hub_error
from stancelab.encoding import PAIR, make_builder
from stancelab.encoding.tokenizer_file import check_tokenizer_of
from stancelab.errors import CheckpointError, ConfigError, shorten
from stancelab.heads.loading import check_size, check_weights
from stancelab.heads.onednn import OneDnn, onednn_is_faster
from stancelab.heads.pair import PairClassifier
from stancelab.heads.quiet import quiet_transformers
from stancelab.inference.backends.base import BATCH_SIZE, LONGEST, NetworkBackend
from stancelab.layout import WEIGHTS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from stancelab.checkpoint import CheckpointInfo
    from stancelab.encoding import Builder

logger = logging.getLogger(__name__)


class TorchBackend(NetworkBackend):
    """A network with a classification head.

    Args:
        model: A transformers classifier, or a `PairClassifier`.
        builder: Builds its input as in training.
        path: The checkpoint's folder, for messages; "" for a network that is being trained.
        name: "torch" or "torch-bf16".
        batch_size: Texts in a batch at most.
        progress: Whether to show a progress bar where standard error is a terminal.
    """

    def __init__(
        self,
        model: Any,
        builder: Builder,
        *,
        path: str = "",
        name: str = "torch",
        batch_size: int = BATCH_SIZE,
        progress: bool = False,
    ) -> None:
        super().__init__(builder, path=path, batch_size=batch_size, progress=progress)
        self.name = name
        self.model = model.eval()
        self.device = str(model.device)
        self.by_onednn = model.device.type == "cpu" and onednn_is_faster()

    @classmethod
    def load(
        cls,
        folder: Path,
        info: CheckpointInfo,
        *,
        bf16: bool = False,
        device: str | None = None,
        batch_size: int = BATCH_SIZE,
        progress: bool = False,
    ) -> Self:
        """Load weights and tokenizer of a checkpoint folder.

        Args:
            folder: The checkpoint folder.
            info: What its `stancelab.json` says.
            bf16: Whether weights and states are bf16, which is a difference of up to 0.4% in each number.
            device: Such as "cpu" or "cuda"; by default a GPU where there is one.
            batch_size: Texts in a batch at most.
            progress: Whether to show a progress bar where standard error is a terminal.

        Raises:
            CheckpointError: A file is damaged, or the tokenizer lacks the markers of the training.
            ConfigError: There is no such device.
        """
        device = _checked_device(device)
        check_tokenizer_of(folder, "take the folder from its run again")
        with explain_hub_error(str(folder)), quiet_transformers():
            tokenizer = AutoTokenizer.from_pretrained(folder, trust_remote_code=False)
            model: Any = PairClassifier.from_pretrained(folder) if info.head == PAIR else _with_own_head(folder)
        size = len(tokenizer)
        if size <= len(tokenizer.all_special_tokens):  # transformers makes an empty one where it finds no vocabulary
            raise CheckpointError(f"{folder}: its tokenizer knows no words; take the folder from its run again")
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
        if bf16:
            model.to(torch.bfloat16)
        try:
            model.to(device)
        except RuntimeError as error:  # such as too little memory
            raise ConfigError(_no_such_device(device, error)) from None
        if torch.get_num_threads() > (threads := fitting_threads()):  # PyTorch knows no quota of a control group
            torch.set_num_threads(threads)
        if bf16 and not computes_bf16(str(model.device)):
            logger.warning(
                "this processor has no instructions for bf16 (such as AVX512_BF16 or AMX), so torch-bf16 may be slower "
                "than torch"
            )
        name = "torch-bf16" if bf16 else "torch"
        return cls(model, builder, path=str(folder), name=name, batch_size=batch_size, progress=progress)

    def compute(self, inputs: Mapping[str, NDArray[np.int64]]) -> NDArray[np.float32]:
        """Return the logits of a batch's rows, shape (rows, labels)."""
        with torch.inference_mode(), OneDnn() if self.by_onednn else nullcontext():
            tensors = {name: torch.from_numpy(values).to(self.model.device) for name, values in inputs.items()}
            try:
                found: NDArray[np.float32] = self.model(**tensors).logits.float().cpu().numpy()
            except torch.OutOfMemoryError:  # of a GPU, which smaller batches may mend
                raise
            # What config.json says besides sizes is tried by the first batch; its errors have no common base.
            except Exception as error:
                if not self.path:  # a network that is being trained
                    raise
                raise CheckpointError(
                    f"{self.path}: PyTorch cannot compute a batch: {shorten(error, LONGEST)}; if it says "
                    "that an index is out of range, the tokenizer is another network's, or the input longer than the "
                    "encoder's positions: take the folder from its run again"
                ) from error
        return found


def _checked_device(given: str | None) -> str:
    """Return the device to compute on, which is there: a GPU where none is given and there is one.

    Raises:
        ConfigError: There is no such device.
    """
    device = given or ("cuda" if torch.cuda.is_available() else "cpu")
    try:
        torch.empty(0, device=device)
    except (RuntimeError, AssertionError) as error:
        raise ConfigError(_no_such_device(device, error)) from None
    return device


def _with_own_head(folder: Path) -> Any:
    """Load an encoder with its own classification head."""
    config = AutoConfig.from_pretrained(folder, trust_remote_code=False)
    with torch.device("meta"):
        network = AutoModelForSequenceClassification.from_config(config, trust_remote_code=False)
    check_size(str(folder), network, [folder / WEIGHTS])
    model, loading = AutoModelForSequenceClassification.from_pretrained(
        folder,
        use_safetensors=True,
        dtype="float32",
        trust_remote_code=False,
        ignore_mismatched_sizes=True,  # `check_weights` says more than transformers does
        output_loading_info=True,
    )
    check_weights(str(folder), loading, network.state_dict(), whole=True)
    return model


def computes_bf16(device: str = "cpu") -> bool:
    """Tell whether a device has instructions for bf16; of others than CPUs it is taken for granted."""
    if device != "cpu":
        return True
    known = torch.cpu.get_capabilities()
    return any(known.get(name) for name in ("avx512_bf16", "amx_bf16", "bf16"))


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

"""Logits by PyTorch and transformers. Imported when a checkpoint is loaded, not before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import numpy as np
import torch
from tqdm.auto import tqdm
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from stancelab.encoders import explain_hub_error
from stancelab.encoding import InputBuilder
from stancelab.errors import CheckpointError, ConfigError
from stancelab.inference.backends.base import Backend, batches_by_length

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from stancelab.encoding import InputSettings
    from stancelab.schema import Example


class TorchBackend(Backend):
    """A transformers model with a classification head.

    Args:
        model: The model.
        builder: Builds its input as in training.
        batch_size: Rows in a batch.
        progress: Whether to show a progress bar.
    """

    def __init__(self, model: Any, builder: InputBuilder, *, batch_size: int = 32, progress: bool = False) -> None:
        super().__init__(batch_size=batch_size, progress=progress)
        self.model = model.eval()
        self.builder = builder

    @classmethod
    def load(
        cls,
        folder: Path,
        settings: InputSettings,
        *,
        device: str | None = None,
        batch_size: int = 32,
        progress: bool = False,
    ) -> Self:
        """Load weights and tokenizer of a checkpoint folder.

        Args:
            folder: The checkpoint folder.
            settings: How an example becomes its input.
            device: Such as "cpu" or "cuda"; by default a GPU where there is one.
            batch_size: Rows in a batch.
            progress: Whether to show a progress bar.

        Raises:
            CheckpointError: A file is damaged, or the tokenizer lacks the markers of the training.
            ConfigError: There is no such device.
        """
        with explain_hub_error(str(folder)):
            tokenizer = AutoTokenizer.from_pretrained(folder)
            model = AutoModelForSequenceClassification.from_pretrained(folder, use_safetensors=True, dtype="float32")
        size = len(tokenizer)
        builder = InputBuilder(tokenizer, settings)
        if len(tokenizer) != size:
            raise CheckpointError(
                f"{folder}: the tokenizer lacks the markers of the training; copy it from its run again"
            )
        try:
            model.to(device or ("cuda" if torch.cuda.is_available() else "cpu"))
        except (RuntimeError, AssertionError) as error:
            reason = str(error).splitlines()[0]
            raise ConfigError(f"device: found {device!r}, which cannot be used here ({reason})") from None
        return cls(model, builder, batch_size=batch_size, progress=progress)

    def logits(self, examples: Sequence[Example]) -> NDArray[np.float64]:
        """Return the logits, shape (len(examples), labels), in the order of the examples."""
        logits = np.zeros((len(examples), self.model.config.num_labels), dtype=np.float64)
        if not examples:
            return logits
        encoded = self.builder(examples)
        lengths = [len(ids) for ids in encoded["input_ids"]]
        with torch.inference_mode(), tqdm(total=len(examples), unit="row", disable=not self.progress) as bar:
            for rows in batches_by_length(lengths, self.batch_size):
                batch = self.builder.tokenizer.pad(
                    {name: [values[row] for row in rows] for name, values in encoded.items()}, return_tensors="pt"
                )
                output = self.model(**batch.to(self.model.device)).logits
                logits[rows] = output.float().cpu().numpy()
                bar.update(len(rows))
        return logits

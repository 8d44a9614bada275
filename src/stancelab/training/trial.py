"""A trial of an encoder before any work: whether it answers rows like those that come, up to the longest input."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, Final

from stancelab.errors import CheckpointError, ConfigError
from stancelab.schema import STANCES, Example

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stancelab.encoders import ModelSettings
    from stancelab.encoding import Builder

#: Rows of different lengths, which have to be padded; one names its source and target in a second segment.
ROWS: Final = (
    Example(id="", text="Norway welcomed the ceasefire.", source="Norway", target="the ceasefire"),
    Example(id="", text="They spoke.", source="Iran", target="a treaty on fisheries " * 30),
)
#: Tokens of the longest input that is tried: the memory of a pass grows with their square.
_LONGEST: Final = 1024


def try_encoder(network: Any, builder: Builder, settings: ModelSettings) -> None:
    """Let an encoder with its head answer a few rows.

    Args:
        network: The encoder with its head.
        builder: Builds its input.
        settings: What the encoder was loaded by.

    Raises:
        CheckpointError: It does not answer, or not with numbers.
        ConfigError: It answers short texts, but none of `model.input.max_length` tokens.
    """
    # Names that the text does not mention stand behind it, and the text is then cut to the last token.
    long = dataclasses.replace(ROWS[0], text="They spoke. " * min(settings.input.max_length, _LONGEST))
    try:
        finite = _answers(network, builder, ROWS)
    except Exception as error:
        raise CheckpointError(
            f"{settings.name_or_path}: cannot be fine-tuned as an encoder of texts ({_cause(error)}); take another "
            "one, such as model=minilm"
        ) from error
    if not finite:
        raise CheckpointError(f"{settings.name_or_path}: its weights give no numbers but NaN; fetch its files again")
    if settings.input.max_length > _LONGEST:
        return
    try:
        _answers(network, builder, (long,))
    except Exception as error:
        raise ConfigError(
            f"model.input.max_length: found {settings.input.max_length}, but {settings.name_or_path} reads no text of "
            f"so many tokens ({_cause(error)}); set a lower one"
        ) from error


def _answers(network: Any, builder: Builder, rows: Sequence[Example]) -> bool:
    """Return whether the logits of rows are numbers."""
    import torch

    training = network.training
    with torch.inference_mode():
        inputs = builder.collate(builder.encode(rows))
        logits = network.eval()(**{name: torch.from_numpy(values) for name, values in inputs.items()}).logits
    network.train(training)
    if logits.shape != (len(rows), len(STANCES)):
        raise ValueError(f"its answer has the shape {tuple(logits.shape)}")
    return bool(torch.isfinite(logits).all())


def _cause(error: Exception) -> str:
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__

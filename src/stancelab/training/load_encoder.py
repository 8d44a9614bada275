"""A pretrained encoder -> a model to fine-tune: a new head, new markers, and the builder of its input."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from stancelab.checkpoint import EncoderInfo
from stancelab.encoders import encoder_hash, explain_hub_error, resolve_encoder
from stancelab.encoding import MARKERS, PAIR, make_builder
from stancelab.errors import ConfigError
from stancelab.schema import SOURCE, STANCE_ID, STANCES, TARGET

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

    from stancelab.encoders import ModelSettings
    from stancelab.encoding import Builder
    from stancelab.schema import Part

#: Signs whose embeddings the markers may start from.
MARKER_SIGNS: Final[dict[Part, str]] = {TARGET: "@", SOURCE: "#"}

#: Families that number positions from the one after the padding's id, so that the first are never used.
_POSITIONS_AFTER_PADDING: Final = (
    "camembert", "data2vec-text", "ibert", "longformer", "mpnet", "roberta", "roberta-prelayernorm", "xlm-roberta",
    "xlm-roberta-xl", "xmod",
)  # fmt: skip


def check_encoder(settings: ModelSettings) -> None:
    """Check, before any work, that an encoder can be found and takes an input of the length that is asked for.

    Raises:
        CheckpointError: The encoder cannot be found or read.
        ConfigError: The input is longer than the encoder's positions.
    """
    from transformers import AutoConfig

    resolved = resolve_encoder(settings.name_or_path, settings.sha256)
    with explain_hub_error(settings.name_or_path):
        config = AutoConfig.from_pretrained(resolved)
    positions = getattr(config, "max_position_embeddings", None)
    if positions is not None and config.model_type in _POSITIONS_AFTER_PADDING:
        positions -= (config.pad_token_id or 0) + 1
    if positions is not None and settings.input.max_length > positions:
        raise ConfigError(
            f"model.input.max_length: found {settings.input.max_length}, allowed are at most the {positions} positions "
            f"of {settings.name_or_path}"
        )


def load_encoder(settings: ModelSettings) -> tuple[Any, Builder, EncoderInfo]:
    """Return an encoder with a new head for the stances, the builder of its input, and what it is, for the checkpoint.

    Raises:
        CheckpointError: The encoder cannot be found or read.
    """
    from transformers import AutoTokenizer

    resolved = resolve_encoder(settings.name_or_path, settings.sha256)
    with explain_hub_error(settings.name_or_path):
        tokenizer = AutoTokenizer.from_pretrained(resolved)
        builder = make_builder(settings.head, tokenizer, settings.input)
        model = _with_pair_head(resolved) if settings.head == PAIR else _with_own_head(resolved, tokenizer, settings)
    on_hub = resolved == settings.name_or_path and not Path(resolved).exists()
    encoder = EncoderInfo(name=settings.name_or_path, sha256=encoder_hash(resolved), on_hub=on_hub)
    return model, builder, encoder


def _with_pair_head(resolved: str) -> Any:
    from stancelab.heads.pair import PairClassifier

    return PairClassifier.from_encoder(resolved)


def _with_own_head(resolved: str, tokenizer: PreTrainedTokenizerBase, settings: ModelSettings) -> PreTrainedModel:
    """Return the encoder with its own classification head, and embeddings for the markers of the tokenizer."""
    from transformers import AutoModelForSequenceClassification

    model: PreTrainedModel = AutoModelForSequenceClassification.from_pretrained(
        resolved,
        num_labels=len(STANCES),
        id2label=dict(enumerate(STANCES)),
        label2id=STANCE_ID,
        problem_type="single_label_classification",
        use_safetensors=True,
        dtype="float32",
    )
    embeddings: Any = model.get_input_embeddings()
    if len(tokenizer) > embeddings.num_embeddings:
        model.resize_token_embeddings(len(tokenizer))
    if settings.marker_start == "punctuation":
        start_markers(model, tokenizer)
    return model


def start_markers(model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase) -> None:
    """Copy the embeddings of signs that the encoder knows to the markers; a marker keeps its own if it knows none."""
    weights: Any = model.get_input_embeddings().weight
    vocabulary = tokenizer.get_vocab()
    for part, sign in MARKER_SIGNS.items():
        for marker in MARKERS[part]:
            # Byte-level vocabularies hold the sign after a space ("\u0120@"), sentencepiece's after "\u2581".
            known = next((form for form in (f"\u0120{sign}", f"\u2581{sign}", sign) if form in vocabulary), None)
            if known is not None and marker in vocabulary:
                weights.data[vocabulary[marker]] = weights.data[vocabulary[known]]

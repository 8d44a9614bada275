"""A pretrained encoder or a checkpoint -> a model to fine-tune: its head, new markers, the builder of its input."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from stancelab.checkpoint import EncoderInfo
from stancelab.encoders import encoder_hash, explain_hub_error, positions_of, resolve_encoder
from stancelab.encoding import MARKERS, PAIR, make_builder
from stancelab.encoding.tokenizer_file import TOKENIZER, check_tokenizer_file
from stancelab.errors import CheckpointError, ConfigError, shorten
from stancelab.files import fingerprint
from stancelab.heads.quiet import quiet_transformers
from stancelab.schema import SOURCE, STANCE_ID, STANCES, TARGET
from stancelab.training.start import start_of
from stancelab.training.trial import try_encoder

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

    from stancelab.encoders import ModelSettings
    from stancelab.encoding import Builder
    from stancelab.schema import Part
    from stancelab.training.start import Start

logger = logging.getLogger(__name__)

#: Signs whose embeddings the markers may start from.
MARKER_SIGNS: Final[dict[Part, str]] = {TARGET: "@", SOURCE: "#"}

#: Tokens that a tokenizer may know beyond the encoder's embeddings; one with more is of another encoder.
_MOST_NEW_TOKENS: Final = 16
#: What was tried, so that a training that follows a check does not try it again.
_TRIED: set[str] = set()


def check_encoder(settings: ModelSettings) -> Start | None:
    """Check, before any work, that an encoder loads, takes inputs of the length asked for, and answers.

    Returns:
        The checkpoint that the settings name, None where they name a pretrained encoder.

    Raises:
        CheckpointError: The encoder cannot be found, read or used.
        ConfigError: The input is longer than the encoder's positions, or the head cannot use its tokenizer.
    """
    from transformers import AutoConfig

    start = start_of(settings)
    resolved = _resolved(settings, start)
    with explain_hub_error(settings.name_or_path):
        config = AutoConfig.from_pretrained(resolved, trust_remote_code=False)
    positions = positions_of(config)
    if positions is not None and settings.input.max_length > positions:
        raise ConfigError(
            f"model.input.max_length: found {settings.input.max_length}, allowed are at most the {positions} positions "
            f"of {settings.name_or_path}"
        )
    files = Path(resolved).glob("*") if Path(resolved).is_dir() else ()
    known = None if start is None else start.fingerprint
    tried = fingerprint([str(settings), sorted((str(path), path.stat().st_mtime_ns) for path in files), known])
    if tried in _TRIED:
        return start
    with quiet_transformers():
        model, builder, _ = load_encoder(settings, start)
        try_encoder(model, builder, settings)
    _TRIED.add(tried)
    return start


def load_encoder(settings: ModelSettings, start: Start | None) -> tuple[Any, Builder, EncoderInfo]:
    """Return an encoder with a head for the stances, the builder of its input, and what it is, for the checkpoint.

    Args:
        settings: The encoder and how its input is built.
        start: What `start_of` returned: the checkpoint whose weights are taken over, those of its head too where it is
            of the kind asked for. Else the head is new.

    Raises:
        CheckpointError: The encoder cannot be found or read.
        ConfigError: The head cannot use its tokenizer.
    """
    from transformers import AutoTokenizer

    resolved = _resolved(settings, start)
    with_its_head = start is not None and start.record.head_taken
    with explain_hub_error(settings.name_or_path):
        _check_tokenizer(resolved)
        tokenizer = AutoTokenizer.from_pretrained(resolved, trust_remote_code=False)
        size = len(tokenizer)
        if size <= len(tokenizer.all_special_tokens):
            raise CheckpointError(f"{settings.name_or_path}: its tokenizer knows no words; fetch its files again")
        builder = make_builder(settings.head, tokenizer, settings.input)
        if start is not None and with_its_head:
            model = start.network()
        else:
            model = _with_pair_head(resolved) if settings.head == PAIR else _with_own_head(resolved)
        _fit_embeddings(model.encoder if settings.head == PAIR else model, tokenizer, size, settings.name_or_path)
    if settings.head != PAIR and settings.marker_start == "punctuation" and not with_its_head:
        start_markers(model, tokenizer)
    if model.config.pad_token_id is None:  # decoders, whose heads look for the last token that is no padding
        model.config.pad_token_id = tokenizer.pad_token_id
    return model, builder, _description(settings, resolved, start)


def _check_tokenizer(resolved: str) -> None:
    """Refuse a tokenizer with which the checkpoint of the training could not be loaded."""
    from transformers.utils.hub import cached_file

    file = cached_file(resolved, TOKENIZER, _raise_exceptions_for_missing_entries=False)
    if file is not None:
        check_tokenizer_file(Path(file), "take another encoder")


def _resolved(settings: ModelSettings, start: Start | None) -> str:
    return resolve_encoder(settings.name_or_path, settings.sha256) if start is None else str(start.folder)


def _description(settings: ModelSettings, resolved: str, start: Start | None) -> EncoderInfo:
    """Return what the pretrained encoder is: that of a checkpoint is the one that it was trained from."""
    if start is not None:
        return start.info.encoder
    on_hub = resolved == settings.name_or_path and not Path(resolved).exists()
    return EncoderInfo(name=settings.name_or_path, sha256=encoder_hash(resolved), on_hub=on_hub)


def _with_pair_head(resolved: str) -> Any:
    from stancelab.heads.pair import PairClassifier

    return PairClassifier.from_encoder(resolved)


def _with_own_head(resolved: str) -> PreTrainedModel:
    """Return the encoder with its own classification head, a new one where its files have none for the stances."""
    from transformers import AutoConfig, AutoModelForSequenceClassification

    from stancelab.heads.loading import check_weights

    own = AutoConfig.from_pretrained(resolved, trust_remote_code=False)
    model: PreTrainedModel
    model, loading = AutoModelForSequenceClassification.from_pretrained(
        resolved,
        num_labels=len(STANCES),
        id2label=dict(enumerate(STANCES)),
        label2id=STANCE_ID,
        problem_type="single_label_classification",
        use_safetensors=True,
        dtype="float32",
        trust_remote_code=False,
        ignore_mismatched_sizes=True,  # a head of another size is replaced by a new one
        output_loading_info=True,
    )
    of_encoder = [key for key in model.state_dict() if key.startswith(f"{model.base_model_prefix}.")]
    check_weights(resolved, loading, of_encoder)
    of_head = set(model.state_dict()) - set(of_encoder)
    new = {*loading["missing_keys"], *(key for key, *_ in loading["mismatched_keys"])}
    labels = [own.id2label.get(number) for number in range(len(STANCES))]
    if of_head and not of_head & new and (own.num_labels != len(STANCES) or labels != list(STANCES)):
        # Weights that answer other labels are a worse start than none.
        names = ", ".join(str(label) for label in own.id2label.values())
        logger.info("%s: its head answers %s; a new one takes its place", resolved, shorten(names))
        fresh: PreTrainedModel = AutoModelForSequenceClassification.from_config(model.config)
        fresh.base_model.load_state_dict(model.base_model.state_dict())
        return fresh
    return model


def _fit_embeddings(model: Any, tokenizer: PreTrainedTokenizerBase, size: int, name: str) -> None:
    """Give the markers of the tokenizer, and a few tokens of its own that the encoder does not know, embeddings.

    Args:
        model: The encoder.
        tokenizer: Its tokenizer, with the markers.
        size: How many tokens it knew without them.
        name: The encoder, for messages.
    """
    try:
        known = getattr(model.get_input_embeddings(), "num_embeddings", None)
    except NotImplementedError:  # families that read characters
        return
    if known is None or len(tokenizer) <= known:
        return
    if size - known > _MOST_NEW_TOKENS:
        raise CheckpointError(
            f"{name}: its tokenizer knows {size:,} tokens and the encoder {known:,}; they are not of one encoder: "
            "fetch its files again"
        )
    model.resize_token_embeddings(len(tokenizer))


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

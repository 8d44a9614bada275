"""Writes a checkpoint folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stancelab.checkpoint.info import weights_of
from stancelab.files import write_json, write_manifest, write_text
from stancelab.layout import CONFIG, DESCRIPTION, README, TRAINING_TEXTS

if TYPE_CHECKING:
    from pathlib import Path

    from transformers import PreTrainedTokenizerBase

    from stancelab.checkpoint.info import CheckpointInfo
    from stancelab.training_texts import TrainingTextHashes


def save_checkpoint(
    folder: Path,
    model: Any,
    tokenizer: PreTrainedTokenizerBase,
    info: CheckpointInfo,
    card: str,
    texts: TrainingTextHashes | None = None,
) -> None:
    """Fill a folder with weights (safetensors), tokenizer, `stancelab.json`, model card and, last, the manifest.

    Args:
        folder: The folder, which is there.
        model: A transformers classifier, or a `PairClassifier`.
        tokenizer: The encoder's tokenizer.
        info: The content of `stancelab.json`.
        card: The model card.
        texts: Hashes of the texts it was trained on, None where they are not known.
    """
    model.config.id2label = dict(enumerate(info.labels))
    model.config.label2id = {label: index for index, label in enumerate(info.labels)}
    model.save_pretrained(folder)
    # safetensors writes for the owner alone; others shall be able to load the checkpoint too.
    for weights in weights_of(info.head):
        (folder / weights).chmod((folder / CONFIG).stat().st_mode)
    tokenizer.save_pretrained(folder)
    write_json(folder / DESCRIPTION, info.as_json())
    write_text(folder / README, card)
    if texts is not None:
        texts.write(folder / TRAINING_TEXTS)
    write_manifest(folder, {"kind": "checkpoint", "seed": info.seed, "dataset": info.dataset.fingerprint or None})

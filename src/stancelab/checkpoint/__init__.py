"""What a checkpoint folder holds: an ordinary transformers folder, and `stancelab.json` with what stance needs besides.

With the sequence head the folder loads with plain `AutoModelForSequenceClassification.from_pretrained`; with the pair
head its encoder loads with `AutoModel.from_pretrained`, and the head lies beside it in `head.safetensors`.
`stancelab.json` says what the logits' columns mean, how the input is built and by which temperature the logits are
divided; prediction takes all of that from here and never from a config of its own.
"""

from stancelab.checkpoint.exported import ApproximateScores, ExportInfo
from stancelab.checkpoint.find import checkpoint_folder, is_hub_name, not_finished, unfinished_run
from stancelab.checkpoint.hashes import files_fingerprint, verify, verify_all, weights_sha256
from stancelab.checkpoint.info import (
    FORMAT,
    CheckpointInfo,
    CorpusScores,
    DevScores,
    EncoderInfo,
    StartInfo,
    TrainingData,
)
from stancelab.checkpoint.names import names_kept
from stancelab.checkpoint.read import load_info, load_training_texts
from stancelab.checkpoint.write import save_checkpoint

__all__ = [
    "FORMAT",
    "ApproximateScores",
    "CheckpointInfo",
    "CorpusScores",
    "DevScores",
    "EncoderInfo",
    "ExportInfo",
    "StartInfo",
    "TrainingData",
    "checkpoint_folder",
    "files_fingerprint",
    "is_hub_name",
    "load_info",
    "load_training_texts",
    "names_kept",
    "not_finished",
    "save_checkpoint",
    "unfinished_run",
    "verify",
    "verify_all",
    "weights_sha256",
]

"""The names of files and folders inside a prepared dataset, a run and a checkpoint."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Final

#: Where the package lies: in `src/` of a clone, or among the installed packages.
PACKAGE: Final = Path(__file__).resolve().parent

#: Written last into every folder: its presence means that the folder is complete.
MANIFEST: Final = "manifest.json"
README: Final = "README.md"

# A prepared dataset: one Parquet file for train, one for all validation rows, one for each test.
DATASETS: Final = "datasets"
AUDIT: Final = "audit.json"
REJECTED: Final = "rejected.csv"
PARQUET: Final = ".parquet"

# A run.
CHECKPOINT: Final = "checkpoint"
METRICS: Final = "metrics.json"
PREDICTIONS: Final = "predictions"
TRAINING: Final = "training.json"
TENSORBOARD: Final = "tensorboard"
LABEL_ISSUES: Final = "label_issues.csv"
BLIND_SAMPLE: Final = "blind_sample.csv"
REPORT_HTML: Final = "report.html"
REPORT_MARKDOWN: Final = "report.md"
REPORT_LATEX: Final = "table.tex"
CURVE: Final = "curve.json"
CURVE_TABLE: Final = "curve.csv"
RUN_LOG: Final = "run.log"
# What articles say.
STANCES_JSON: Final = "stances.json"
STANCES_TABLE: Final = "stances.csv"
EVIDENCE_TABLE: Final = "evidence.csv"
MAP_HTML: Final = "map.html"
CODEBOOK: Final = "codebook.yaml"
HYDRA: Final = ".hydra"
#: What Hydra writes into the folder of a sweep.
MULTIRUN: Final = "multirun.yaml"
#: Held by the process that is at work on the run; where it is there and nobody holds it, that process was killed.
AT_WORK: Final = ".at_work.lock"
#: Beside the runs: the state of trainings that were interrupted, and what teachers said of training rows.
INTERRUPTED: Final = "interrupted"
TEACHERS: Final = "teachers"

#: Beside a corpus of the project: what a teacher says of its training rows and of its unlabeled ones.
TEACHER: Final = "teacher.parquet"
UNLABELED_ROWS: Final = "unlabeled.csv"

# A checkpoint: an ordinary transformers folder, and what stance needs besides.
DESCRIPTION: Final = "stancelab.json"
CONFIG: Final = "config.json"
WEIGHTS: Final = "model.safetensors"
#: The pair head, beside the weights of its encoder.
HEAD_WEIGHTS: Final = "head.safetensors"
#: Hashes of the texts it was trained on.
TRAINING_TEXTS: Final = "training_texts.npy"
#: What `stancelab export` adds: the network for prediction without PyTorch, in fp32, with int8 weights, and in int8
#: with scales that are fixed beforehand.
ONNX: Final = "onnx"
ONNX_FP32: Final = "model.onnx"
ONNX_INT8: Final = "model.int8.onnx"
ONNX_STATIC_INT8: Final = "model.static-int8.onnx"
SHARD_INDEX: Final = "model.safetensors.index.json"


def is_word_character(character: str) -> bool:
    """Tell whether a character may stand in the name of a file on any system: a letter or digit of any script, or "_".

    Marks belong to the letters before them, in Hindi as in an umlaut of two characters.
    """
    return character == "_" or unicodedata.category(character)[0] in "LMN"


def split_file(split: str) -> str:
    """Return the file of a split in a prepared dataset: each test has its own, all validation rows are in one."""
    return f"{'validation' if split.startswith('validation') else split}{PARQUET}"

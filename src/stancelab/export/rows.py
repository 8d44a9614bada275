"""The rows of an export: those on which it is compared with its checkpoint, and those that scales are found by."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Final

from stancelab.data.manifest import read_dataset_manifest
from stancelab.data.prepared import PreparedDataset, load_prepared
from stancelab.errors import DataError, count_of
from stancelab.layout import DATASETS, MANIFEST

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from stancelab.checkpoint import CheckpointInfo
    from stancelab.schema import Example
    from stancelab.training_texts import TrainingTextHashes

logger = logging.getLogger(__name__)

#: How far above a checkpoint its output folder lies: outputs/train/NAME/DATE_TIME/checkpoint, one more in a sweep.
_LEVELS = 6
#: With fewer rows one row is more than a point of accuracy.
FEW_ROWS: Final = 100


def dataset_of(info: CheckpointInfo, checkpoint: Path, rows: str | None, output_root: str) -> PreparedDataset:
    """Return the prepared dataset whose validation rows answers are compared on.

    Args:
        info: What the checkpoint's `stancelab.json` says.
        checkpoint: Its folder.
        rows: The folder of a prepared dataset; None looks for the one of the training.
        output_root: The output folder.

    Raises:
        DataError: There is no such dataset, it was changed, or it has no validation rows.
    """
    if rows is None:
        dataset = _of_training(info, checkpoint, output_root)
    else:
        dataset = load_prepared(Path(rows).expanduser())
        if info.dataset.fingerprint and dataset.fingerprint != info.dataset.fingerprint:
            logger.warning("%s is not the dataset that the checkpoint was trained on, %s", rows, _trained_on(info))
    if not dataset.validation:
        raise DataError(f"{dataset.folder}: has no validation rows; name another prepared dataset with export.rows")
    return dataset


def described(dataset: PreparedDataset, split: str) -> str:
    """Return which rows those of a split are, such as "validation rows of mine (fingerprint 0a)".

    Args:
        dataset: The prepared dataset.
        split: What its rows are called.
    """
    return f"{split} rows of {dataset.name} (fingerprint {dataset.fingerprint})"


def warnings_of(examples: Sequence[Example], texts: TrainingTextHashes | None) -> list[str]:
    """Return what speaks against relying on a comparison on some rows, one sentence each without its full stop.

    Args:
        examples: The rows.
        texts: Hashes of the texts that the checkpoint was trained on, None where they are not known.
    """
    found = []
    if len(examples) < FEW_ROWS:
        found.append(
            f"answers are compared on {count_of(len(examples), 'row')}, which is few: with fewer than {FEW_ROWS} the "
            "figures say little of other rows"
        )
    seen = 0 if texts is None else int(texts.among(example.text for example in examples).sum())
    if seen:
        found.append(
            f"the text of {seen:,} of the {count_of(len(examples), 'row')} is one that the "
            "checkpoint was trained on; take rows that it has not seen"
        )
    return found


def _of_training(info: CheckpointInfo, checkpoint: Path, output_root: str) -> PreparedDataset:
    roots = [Path(output_root), *checkpoint.resolve().parents[:_LEVELS]]
    for folder in _prepared([root / DATASETS for root in roots]):
        try:
            manifest = read_dataset_manifest(folder)
        except DataError:  # of another version, or broken
            continue
        if PreparedDataset(folder, manifest).fingerprint == info.dataset.fingerprint:
            return load_prepared(folder)
    raise DataError(
        f"{checkpoint}: the answers are compared on the validation rows of {_trained_on(info)}, and no prepared "
        f"dataset in {Path(output_root) / DATASETS} is that; give the folder of a prepared dataset: export.rows=FOLDER "
        "('stancelab prepare' makes one of labeled rows)"
    )


def _prepared(folders: list[Path]) -> Iterator[Path]:
    """Yield the folders of prepared datasets in some folders, each once."""
    seen: set[Path] = set()
    for folder in folders:
        for path in sorted(folder.glob(f"*/{MANIFEST}")):
            if path.parent.resolve() not in seen:
                seen.add(path.parent.resolve())
                yield path.parent


def _trained_on(info: CheckpointInfo) -> str:
    return f"{info.dataset.name or 'a dataset without a name'} (fingerprint {info.dataset.fingerprint or 'not known'})"

"""Reads and checks the files of a checkpoint folder that say what it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from stancelab.checkpoint.checks import problems_of_content, problems_of_values
from stancelab.checkpoint.config_file import problems_of_config
from stancelab.checkpoint.find import not_finished, unfinished_run
from stancelab.checkpoint.info import READABLE, CheckpointInfo, weights_of
from stancelab.errors import CheckpointError, DataError, shorten
from stancelab.files import read_json
from stancelab.json_types import MOST_BYTES, is_writable, shown
from stancelab.layout import CONFIG, DESCRIPTION, MANIFEST, TRAINING_TEXTS, WEIGHTS
from stancelab.schema import STANCES
from stancelab.training_texts import TrainingTextHashes

if TYPE_CHECKING:
    from pathlib import Path


#: Characters of a message of Python that are shown.
_LONGEST: Final = 400


def load_info(folder: Path) -> CheckpointInfo:
    """Read and check `stancelab.json`.

    Raises:
        CheckpointError: The folder is missing or incomplete, was written by a newer version, holds values of other
            types or out of bounds, or its two files disagree on what the columns of the logits mean.
    """
    if not folder.is_dir():
        raise CheckpointError(f"{folder}: no such folder; expected a checkpoint made by 'stancelab train'")
    lacking = [name for name in (DESCRIPTION, CONFIG, WEIGHTS, MANIFEST) if not (folder / name).is_file()]
    if lacking:
        raise CheckpointError(_incomplete(folder, lacking))
    try:
        content, config = (read_json(folder / name, most=MOST_BYTES) for name in (DESCRIPTION, CONFIG))
    except DataError as error:
        raise CheckpointError(str(error)) from None
    info = _parse(folder, content)
    lacking = [name for name in weights_of(info.head) if not (folder / name).is_file()]
    if lacking:
        raise CheckpointError(_incomplete(folder, lacking))
    if not isinstance(config, dict):
        raise CheckpointError(
            f"{folder / 'config.json'}: not a transformers config; take the folder from its run again"
        )
    if problems := problems_of_config(config):
        raise CheckpointError(f"{folder / CONFIG}: {'; '.join(problems)}. Take the folder from its run again")
    names = config.get("id2label")
    columns = [names.get(str(index)) if isinstance(names, dict) else None for index in range(len(info.labels))]
    if sorted(info.labels) != sorted(STANCES) or columns != info.labels:
        raise CheckpointError(
            f"{folder}: the columns of the logits are {shown(info.labels)} in {DESCRIPTION} but {shown(columns)} in "
            "config.json; "
            f"they must be {', '.join(STANCES)}, in one order in both. Take the folder from its run again"
        )
    return info


def load_training_texts(folder: Path) -> TrainingTextHashes | None:
    """Return hashes of the texts that a checkpoint was trained on, None where it is of a version that kept none.

    Raises:
        CheckpointError: Their file is damaged.
    """
    path = folder / TRAINING_TEXTS
    return TrainingTextHashes.read(path) if path.is_file() else None


def _parse(folder: Path, content: dict[str, Any]) -> CheckpointInfo:
    if not isinstance(content, dict):
        raise CheckpointError(f"{folder / DESCRIPTION}: not a JSON object; take the folder from its run again")
    written = content.get("format")
    if type(written) is not int or written not in READABLE:
        raise CheckpointError(
            f"{folder / DESCRIPTION}: format is {shown(written)}, this version of stancelab reads "
            f"{' and '.join(map(str, READABLE))}; "
            "use the version of stancelab that wrote it, or train again"
        )
    if not is_writable(content):
        raise CheckpointError(
            f"{folder / DESCRIPTION}: holds half of a character (a lone surrogate); take the folder from its run again"
        )
    try:
        problems = problems_of_content(content)
        if not problems:
            info = CheckpointInfo.from_json(content)
            problems = problems_of_values(info)
    except (TypeError, KeyError, AttributeError, RecursionError) as error:
        raise CheckpointError(
            f"{folder / DESCRIPTION}: {shorten(error, _LONGEST)}; take the folder from its run again"
        ) from None
    if problems:
        raise CheckpointError(f"{folder / DESCRIPTION}: {'; '.join(problems)}. Take the folder from its run again")
    return info


def _incomplete(folder: Path, lacking: list[str]) -> str:
    run = unfinished_run(folder)
    if run is not None:
        return not_finished(folder, run)
    return (
        f"{folder}: not a complete checkpoint, {', '.join(lacking)} missing; expected a folder made by "
        "'stancelab train' (for a pretrained encoder to fine-tune, see model.name_or_path)"
    )

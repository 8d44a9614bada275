"""What teachers say: a table, the tables that come with corpora, or checkpoints that are asked, and what they are."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from stancelab.checkpoint import checkpoint_folder, files_fingerprint, load_info
from stancelab.data.corpora import own_corpus
from stancelab.errors import CheckpointError, ConfigError, count_of
from stancelab.files import fingerprint, sha256_of
from stancelab.inference.classifier import StanceClassifier
from stancelab.layout import PARQUET, TEACHER, UNLABELED_ROWS
from stancelab.text_keys import text_key
from stancelab.training.every_pair import PAIRS_VERSION, every_pair, unlabeled_pairs
from stancelab.training.soft_labels import (
    SoftLabels,
    check_columns,
    key_of,
    no_soft_labels,
    read_soft_labels,
    write_soft_labels,
)
from stancelab.training.unlabeled import read_unlabeled

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stancelab.data.prepared import PreparedDataset
    from stancelab.schema import Example

logger = logging.getLogger(__name__)

#: The teacher that comes with a corpus of the project, as a table beside it.
WITH_CORPUS: Final = "corpus"


@dataclass(frozen=True, kw_only=True)
class TeacherRecord:
    """What taught a model, and how much.

    Attributes:
        tables: The tables of probabilities: "file" and "sha256" of each.
        checkpoints: The checkpoints that were asked: "folder" and "fingerprint" of each.
        labeled_rows: The number of training rows that the teacher answers.
        other_pairs: The number of other pairs of their texts that it answers and the model learns.
        unlabeled_texts: The number of texts without a label that it answers and the model learns.
        unlabeled_pairs: The number of their pairs.
        with_other_pairs: Whether the model learns pairs that no row has, if there are any.
    """

    tables: list[dict[str, str]] = field(default_factory=list)
    checkpoints: list[dict[str, str]] = field(default_factory=list)
    labeled_rows: int = 0
    other_pairs: int = 0
    unlabeled_texts: int = 0
    unlabeled_pairs: int = 0
    with_other_pairs: bool = True


@dataclass(frozen=True)
class Answers:
    """What teachers say of training texts and of unlabeled rows, and what they are, as the record names them."""

    labels: SoftLabels
    record: TeacherRecord
    unlabeled: list[Example] = field(default_factory=list)


def check_teachers(teachers: Sequence[str], unlabeled: Sequence[str] = ()) -> None:
    """Check, before any work, that the teachers and the unlabeled texts can be found.

    Args:
        teachers: `training.teacher`.
        unlabeled: `training.unlabeled`.

    Raises:
        CheckpointError: There is no checkpoint of a name.
        ConfigError: A table among several teachers, a checkpoint twice, or unlabeled texts without a teacher.
        DataError: There is no table of a name, a file is no table of probabilities, or a row of the unlabeled texts
            cannot be used.
    """
    if unlabeled and not teachers:
        raise ConfigError(
            f"training.unlabeled: found {', '.join(unlabeled)}, but no training.teacher, which would say what their "
            "stances are; name checkpoints, or take the files out"
        )
    read_unlabeled(unlabeled)
    alone = [each for each in teachers if each == WITH_CORPUS or each.endswith(PARQUET)]
    if alone and len(teachers) > 1:
        raise ConfigError(
            f"training.teacher: found {alone[0]} among {len(teachers)} teachers; allowed are checkpoints, whose "
            f"probabilities are averaged, or one table (.parquet, or {WITH_CORPUS!r}) alone"
        )
    if alone:
        if alone[0] != WITH_CORPUS:
            check_columns(Path(alone[0]).expanduser())
        return
    for each in teachers:
        if Path(each).expanduser().is_file():
            raise no_soft_labels(Path(each).expanduser())
    _check_different(teachers, _folders(teachers))


def _check_different(teachers: Sequence[str], folders: Sequence[Path]) -> None:
    """Raise a `ConfigError` where a checkpoint is given twice, by one path or as a copy."""
    first: dict[str, str] = {}
    for name, folder in zip(teachers, folders, strict=True):
        weights = files_fingerprint(folder)
        if (other := first.get(weights)) is not None:
            twice = f"{name} is given twice" if other == name else f"{other} and {name} are the same checkpoint"
            raise ConfigError(f"training.teacher: {twice}; name each checkpoint once, they count the same in the mean")
        first[weights] = name


def answers_of(
    dataset: PreparedDataset,
    teachers: Sequence[str],
    cache: Path,
    *,
    unlabeled: Sequence[str] = (),
    with_pairs: bool = True,
) -> Answers | None:
    """Return what teachers say of a dataset's training rows, None where a corpus's own may not be used.

    Args:
        dataset: The prepared dataset.
        teachers: `training.teacher`, at least one.
        cache: The folder that keeps the answers of checkpoints.
        unlabeled: `training.unlabeled`.
        with_pairs: Whether checkpoints are asked about pairs that no row has, and unlabeled texts are taken.

    Raises:
        CheckpointError: A teacher cannot be loaded.
        ConfigError: A table among several teachers, a checkpoint twice, or unlabeled texts without a teacher.
        DataError: A table cannot be read.
    """
    check_teachers(teachers, unlabeled)
    rows = read_unlabeled(unlabeled, _held_out(dataset)) if with_pairs else []
    if teachers[0] == WITH_CORPUS:
        found = _with_corpora(dataset, with_pairs=with_pairs)
        return None if found is None else replace(found, unlabeled=[*rows, *found.unlabeled])
    if teachers[0].endswith(PARQUET):
        table = Path(teachers[0]).expanduser()
        return Answers(read_soft_labels(table), TeacherRecord(tables=[_entry(table, table.name)]), rows)
    return _of_checkpoints(dataset, teachers, rows, cache, with_pairs=with_pairs)


def _held_out(dataset: PreparedDataset) -> set[str]:
    """Return the texts of validation and test rows."""
    return {text_key(row.text) for rows in (dataset.validation, *dataset.tests.values()) for row in rows}


def _of_checkpoints(
    dataset: PreparedDataset, teachers: Sequence[str], unlabeled: list[Example], cache: Path, *, with_pairs: bool
) -> Answers:
    """Return the mean probabilities of checkpoints, from the cache where they were asked before."""
    folders = _folders(teachers)
    made_by = [_identity(folder) for folder in folders]
    others = [each["name"] for each in made_by if each["dataset"] != dataset.fingerprint]
    if others:
        logger.warning(
            "training.teacher: %s was trained on another dataset; texts of this one's validation or test rows must not "
            "have been among its training rows",
            ", ".join(others),
        )
    asked = [{"folder": name, "fingerprint": each["weights"]} for name, each in zip(teachers, made_by, strict=True)]
    record = TeacherRecord(checkpoints=asked)
    without_labels = unlabeled_pairs(unlabeled)
    key = [dataset.fingerprint, made_by, PAIRS_VERSION, *([] if with_pairs else ["labeled rows"])]
    key += [repr(key_of(pair)) for pair in without_labels]
    table = cache / f"{fingerprint(key)}.parquet"
    if table.is_file():
        return Answers(read_soft_labels(table), record, unlabeled)
    examples = [*dataset.train, *(every_pair(dataset.train) if with_pairs else []), *without_labels]
    logger.info(
        "asking %s about %s, %d of them of unlabeled texts",
        count_of(len(teachers), "teacher"),
        count_of(len(examples), "pair"),
        len(without_labels),
    )
    # One after the other, so that memory holds one of them.
    of_each = [
        StanceClassifier.from_pretrained(folder, backend="torch", progress=True).predict_proba(examples)
        for folder in folders
    ]
    probabilities = np.mean(of_each, axis=0)
    made = {
        "teachers": [_description(folder) for folder in folders],
        "dataset": dataset.name,
        "dataset_fingerprint": dataset.fingerprint,
        "unlabeled_texts": len({row.text for row in unlabeled}),
    }
    write_soft_labels(table, examples, probabilities, made)
    logger.info("the teachers' probabilities are kept in %s", table)
    return Answers(read_soft_labels(table), record, unlabeled)


def _folders(teachers: Sequence[str]) -> list[Path]:
    """Return the folders of checkpoints, which are complete."""
    folders = []
    for each in teachers:
        try:
            folders.append(checkpoint_folder(each))
            load_info(folders[-1])
        except CheckpointError as error:
            raise CheckpointError(f"training.teacher: {error}") from None
    return folders


def _identity(folder: Path) -> dict[str, Any]:
    """Return what makes a checkpoint the teacher it is."""
    info = load_info(folder)
    return {
        "name": info.name,
        "seed": info.seed,
        "weights": files_fingerprint(folder),
        "dataset": info.dataset.fingerprint,
    }


def _description(folder: Path) -> dict[str, Any]:
    """Return what the table says of a checkpoint: what it is, what it was trained on, and how good it is on dev."""
    info = load_info(folder)
    return {
        **_identity(folder),
        # Tables are passed on, and folders are of this machine alone.
        "encoder": info.encoder.name if info.encoder.on_hub else Path(info.encoder.name).name,
        "trained_on": info.dataset.name,
        "train_rows": info.dataset.train_rows,
        "dev": None if info.dev is None else info.dev.as_json(),
    }


def _with_corpora(dataset: PreparedDataset, *, with_pairs: bool) -> Answers | None:
    """Return what comes with the dataset's corpora, None where nothing does or nothing may be used."""
    beside = _beside_corpora(dataset)
    if not beside:
        logger.info("no corpus of this dataset comes with a teacher; learning from the labels alone")
        return None
    sample = dataset.provenance().sample
    if sample is not None:
        logger.info(
            "the teacher was trained on all of train, and split.%s keeps a part: it is not used", sample.setting
        )
        return None
    if any(corpus.corrections for corpus in dataset.manifest.settings.data):
        logger.info("labels were corrected, which the teacher does not know: it is not used")
        return None
    several = _that_answer(dataset, beside)
    if not several:
        return None
    answers = SoftLabels.of_all(several.values())
    # With another split, what the teacher was trained on is now held out.
    held_out = _held_out(dataset)
    if any(text_key(pair.text) in held_out for pair in answers.pairs):
        logger.info("the teacher was trained on texts that this split holds out: it is not used")
        return None
    tables = [_entry(beside[name], f"{name}/{beside[name].name}") for name in several]
    files = [str(beside[name].with_name(UNLABELED_ROWS)) for name in several if with_pairs]
    unlabeled = read_unlabeled([file for file in files if Path(file).is_file()], held_out)
    return Answers(answers, TeacherRecord(tables=tables), unlabeled)


def _beside_corpora(dataset: PreparedDataset) -> dict[str, Path]:
    """Return the tables that come with the corpora of the training rows, by corpus."""
    corpora = {name: own_corpus(name) for name in sorted({example.corpus for example in dataset.train})}
    tables = {name: corpus.with_name(TEACHER) for name, corpus in corpora.items() if corpus is not None}
    return {name: table for name, table in tables.items() if table.is_file()}


def _that_answer(dataset: PreparedDataset, tables: Mapping[str, Path]) -> dict[str, SoftLabels]:
    """Return the tables that answer rows of their corpus: a table of a person's own may be called like ours."""
    found = {}
    for name, table in tables.items():
        answers = read_soft_labels(table)
        if any(example.corpus == name and key_of(example) in answers.probabilities for example in dataset.train):
            found[name] = answers
        else:
            logger.warning(
                "training.teacher=[%s]: the table that comes with the project's corpus %s answers none of the training "
                "rows that data.name=%s calls so: it is not used. Give the corpus another data.name, or set "
                "training.teacher=[]",
                WITH_CORPUS,
                name,
                name,
            )
    return found


def _entry(table: Path, name: str) -> dict[str, str]:
    """Return what the record says of a table."""
    return {"file": name, "sha256": sha256_of(table)}

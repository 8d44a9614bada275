"""A teacher: what checkpoints say of the training rows and of every other pair of their texts.

A small encoder that learns the probabilities of a larger one besides the labels is right more often than from the
labels alone (Hinton et al., 2015; Sanh et al., 2019), and a teacher can answer pairs that nobody labeled. The
probabilities of several checkpoints are averaged.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from stancelab.checkpoint import checkpoint_folder, files_fingerprint, load_info
from stancelab.data.corpora import own_corpus
from stancelab.errors import CheckpointError, ConfigError
from stancelab.files import fingerprint
from stancelab.inference.classifier import StanceClassifier
from stancelab.layout import PARQUET, TEACHER
from stancelab.schema import PARTS, STANCES, TARGET, Example, Span, normal_text
from stancelab.training.soft_labels import SoftLabels, existing_table, key_of, read_soft_labels, write_soft_labels

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from stancelab.data.prepared import PreparedDataset

logger = logging.getLogger(__name__)

#: The teacher that comes with a corpus of the project, as a table beside it.
WITH_CORPUS: Final = "corpus"
#: Another way of making pairs has another cache.
PAIRS_VERSION: Final = 1


@dataclass(frozen=True)
class Taught:
    """What a model is trained on.

    Attributes:
        examples: The labeled rows, then the pairs that only the teacher answers, which have no stance.
        soft: The teacher's probabilities, NaN where it gives none, shape (len(examples), stances); None without one.
        teachers: What was really used of `training.teacher`.
    """

    examples: list[Example]
    soft: NDArray[np.float64] | None = None
    teachers: tuple[str, ...] = ()


def taught(dataset: PreparedDataset, teachers: Sequence[str], cache: Path, *, hidden: bool = False) -> Taught:
    """Return the training rows with what the teachers say of them and of every other pair of their texts.

    Args:
        dataset: The prepared dataset.
        teachers: `training.teacher`.
        cache: The folder that keeps the answers of checkpoints.
        hidden: Whether source or target are hidden from the model.

    Raises:
        CheckpointError: A teacher cannot be loaded.
        ConfigError: A table among several teachers, or a table that answers none of the rows.
        DataError: A table cannot be read.
    """
    if not teachers:
        return Taught(dataset.train)
    if hidden:
        # Rows of a text that differ in what is hidden would ask for different answers to one input.
        logger.info(
            "source or target are hidden from the model, which its teacher sees: learning from the labels alone"
        )
        return Taught(dataset.train)
    check_teachers(teachers)
    if teachers[0] == WITH_CORPUS:
        with_corpora = _with_corpora(dataset)
        if with_corpora is None:
            return Taught(dataset.train)
        answers = with_corpora
    elif teachers[0].endswith(PARQUET):
        answers = read_soft_labels(Path(teachers[0]).expanduser())
    else:
        answers = _of_checkpoints(dataset, teachers, cache)
    return _joined(dataset.train, answers, teachers)


def check_teachers(teachers: Sequence[str]) -> None:
    """Check, before any work, that the teachers can be found.

    Args:
        teachers: `training.teacher`.

    Raises:
        CheckpointError: There is no checkpoint of a name.
        ConfigError: A table among several teachers.
        DataError: There is no table of a name.
    """
    alone = [each for each in teachers if each == WITH_CORPUS or each.endswith(PARQUET)]
    if alone and len(teachers) > 1:
        raise ConfigError(
            f"training.teacher: found {alone[0]} among {len(teachers)} teachers; allowed are checkpoints, whose "
            f"probabilities are averaged, or one table (.parquet, or {WITH_CORPUS!r}) alone"
        )
    if not alone:
        _folders(teachers)
    elif alone[0] != WITH_CORPUS:
        existing_table(Path(alone[0]).expanduser())


def every_pair(examples: Sequence[Example]) -> list[Example]:
    """Return the pairs of mentions that no row of their text has, as examples without stance.

    The sources and targets of a text's rows, and its author, are each paired with every source and target that they do
    not overlap.

    Args:
        examples: The rows; those of one text may lie anywhere.
    """
    by_text: dict[str, list[Example]] = {}
    for example in examples:
        by_text.setdefault(example.text, []).append(example)
    found: list[Example] = []
    for rows in by_text.values():
        known = {key_of(row) for row in rows}
        mentions = _mentions(rows)
        for (source, source_span), (target, target_span) in product([("", None), *mentions], mentions):
            if source_span is not None and _overlap(source_span, target_span):
                continue
            pair = replace(
                rows[0],
                id=f"{rows[0].id}~{len(found)}",
                source=source,
                target=target,
                source_span=source_span,
                target_span=target_span,
                stance=None,
                extra={},
            )
            if key_of(pair) not in known:
                known.add(key_of(pair))
                found.append(pair)
    return found


def _mentions(rows: Sequence[Example]) -> list[tuple[str, Span]]:
    """Return the different mentions of a text, in the order of their places."""
    spans: dict[Span, str] = {}
    for row in rows:
        for part in PARTS:
            span = row.mention(part)
            if span is not None:
                spans.setdefault(span, row.target if part == TARGET else row.source)
    return [(words, span) for span, words in sorted(spans.items())]


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _of_checkpoints(dataset: PreparedDataset, teachers: Sequence[str], cache: Path) -> SoftLabels:
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
    table = cache / f"{fingerprint([dataset.fingerprint, made_by, PAIRS_VERSION])}.parquet"
    if table.is_file():
        return read_soft_labels(table)
    examples = [*dataset.train, *every_pair(dataset.train)]
    logger.info("asking %d teachers about %d pairs of the training texts", len(teachers), len(examples))
    # One after the other, so that memory holds one of them.
    of_each = [StanceClassifier.from_pretrained(folder, progress=True).predict_proba(examples) for folder in folders]
    probabilities = np.mean(of_each, axis=0)
    made = {
        "teachers": [_description(folder) for folder in folders],
        "dataset": dataset.name,
        "dataset_fingerprint": dataset.fingerprint,
    }
    write_soft_labels(table, examples, probabilities, made)
    logger.info("the teachers' probabilities are kept in %s", table)
    return read_soft_labels(table)


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
        "encoder": info.encoder.name,
        "trained_on": info.dataset.name,
        "train_rows": info.dataset.train_rows,
        "dev": None if info.dev is None else info.dev.as_json(),
    }


def _with_corpora(dataset: PreparedDataset) -> SoftLabels | None:
    """Return the tables that come with the dataset's corpora, None where none does or none may be used."""
    tables = []
    for name in sorted({example.corpus for example in dataset.train}):
        corpus = own_corpus(name)
        if corpus is not None and corpus.with_name(TEACHER).is_file():
            tables.append(corpus.with_name(TEACHER))
    if not tables:
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
    answers = SoftLabels.of_all([read_soft_labels(table) for table in tables])
    # With another split, what the teacher was trained on is now held out.
    held_out = {normal_text(row.text) for rows in (dataset.validation, *dataset.tests.values()) for row in rows}
    if any(normal_text(pair.text) in held_out for pair in answers.pairs):
        logger.info("the teacher was trained on texts that this split holds out: it is not used")
        return None
    return answers


def _joined(train: Sequence[Example], answers: SoftLabels, teachers: Sequence[str]) -> Taught:
    """Return the rows, labeled ones first, with the answers that are there."""
    corpus_of: dict[str, str] = {}
    for example in train:
        corpus_of.setdefault(example.text, example.corpus)
    known = {key_of(example) for example in train}
    soft = [answers.probabilities.get(key_of(example)) for example in train]
    if all(each is None for each in soft):
        raise ConfigError(
            f"training.teacher: {', '.join(teachers)} answers none of the {len(train)} training rows; take a teacher "
            "of this dataset, or a checkpoint, which can answer any row"
        )
    others = []
    for pair in answers.pairs:
        if pair.text in corpus_of and key_of(pair) not in known:
            known.add(key_of(pair))
            others.append(replace(pair, corpus=corpus_of[pair.text]))
    soft += [answers.probabilities[key_of(pair)] for pair in others]
    logger.info(
        "the teacher answers %d of %d training rows and %d other pairs of their texts",
        sum(each is not None for each in soft[: len(train)]),
        len(train),
        len(others),
    )
    none = np.full(len(STANCES), np.nan)
    return Taught([*train, *others], np.array([none if each is None else each for each in soft]), tuple(teachers))

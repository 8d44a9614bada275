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
from stancelab.layout import PARQUET, TEACHER, UNLABELED_ROWS
from stancelab.schema import PARTS, SOURCE, STANCES, TARGET, Example, Part, Span, normal_text
from stancelab.training.soft_labels import SoftLabels, existing_table, key_of, read_soft_labels, write_soft_labels
from stancelab.training.unlabeled import read_unlabeled

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from stancelab.data.prepared import PreparedDataset

logger = logging.getLogger(__name__)

#: The teacher that comes with a corpus of the project, as a table beside it.
WITH_CORPUS: Final = "corpus"
#: Another way of making pairs has another cache.
PAIRS_VERSION: Final = 1
#: The corpus of texts without labels, where train has several corpora.
UNLABELED: Final = "unlabeled"


@dataclass(frozen=True)
class Taught:
    """What a model is trained on.

    Attributes:
        examples: The labeled rows, then the pairs that only the teacher answers, which have no stance: those of the
            same texts, and those of unlabeled texts.
        soft: The teacher's probabilities, NaN where it gives none, shape (len(examples), stances); None without one.
        teachers: What was really used of `training.teacher`.
    """

    examples: list[Example]
    soft: NDArray[np.float64] | None = None
    teachers: tuple[str, ...] = ()


def taught(
    dataset: PreparedDataset,
    teachers: Sequence[str],
    cache: Path,
    *,
    unlabeled: Sequence[str] = (),
    hidden: bool = False,
) -> Taught:
    """Return the training rows and what the teachers say of them, of all pairs of their texts, and of unlabeled texts.

    Args:
        dataset: The prepared dataset.
        teachers: `training.teacher`.
        cache: The folder that keeps the answers of checkpoints.
        unlabeled: `training.unlabeled`.
        hidden: Whether source or target are hidden from the model.

    Raises:
        CheckpointError: A teacher cannot be loaded.
        ConfigError: A table among several teachers, a table that answers none of the rows, or unlabeled texts without
            a teacher.
        DataError: A table cannot be read.
    """
    check_teachers(teachers, unlabeled)
    if not teachers:
        return Taught(dataset.train)
    if hidden:
        # Rows of a text that differ in what is hidden would ask for different answers to one input.
        logger.info(
            "source or target are hidden from the model, which its teacher sees: learning from the labels alone"
        )
        return Taught(dataset.train)
    rows = read_unlabeled(unlabeled, _held_out(dataset))
    if teachers[0] == WITH_CORPUS:
        with_corpora = _with_corpora(dataset)
        if with_corpora is None:
            return Taught(dataset.train)
        answers, of_corpora = with_corpora
        rows += of_corpora
    elif teachers[0].endswith(PARQUET):
        answers = read_soft_labels(Path(teachers[0]).expanduser())
    else:
        answers = _of_checkpoints(dataset, teachers, rows, cache)
    return _joined(dataset.train, rows, answers, teachers)


def check_teachers(teachers: Sequence[str], unlabeled: Sequence[str] = ()) -> None:
    """Check, before any work, that the teachers and the unlabeled texts can be found.

    Args:
        teachers: `training.teacher`.
        unlabeled: `training.unlabeled`.

    Raises:
        CheckpointError: There is no checkpoint of a name.
        ConfigError: A table among several teachers, or unlabeled texts without a teacher.
        DataError: There is no table of a name, or a row of the unlabeled texts cannot be used.
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
        mentions = _mentions(rows)
        known = {key_of(row) for row in rows}
        found += (pair for pair in _pairs(rows[0], mentions, mentions) if key_of(pair) not in known)
    return [replace(pair, id=f"{pair.id}~{number}") for number, pair in enumerate(found)]


def unlabeled_pairs(rows: Sequence[Example]) -> list[Example]:
    """Return the pairs of texts without labels: each text's sources and its author with its sources and targets.

    What its rows name as targets alone is no source.

    Args:
        rows: The rows; those of one text may lie anywhere.
    """
    by_text: dict[str, list[Example]] = {}
    for row in rows:
        by_text.setdefault(row.text, []).append(row)
    found: list[Example] = []
    for own in by_text.values():
        found += _pairs(own[0], _mentions(own, (SOURCE,)), _mentions(own))
    return [replace(pair, id=f"{UNLABELED}~{number}") for number, pair in enumerate(found)]


def _pairs(row: Example, sources: Sequence[tuple[str, Span]], targets: Sequence[tuple[str, Span]]) -> Iterator[Example]:
    """Yield each pair of a source, or the author, and a target that it does not overlap, as rows without stance."""
    for (source, source_span), (target, target_span) in product([("", None), *sources], targets):
        if source_span is None or not _overlap(source_span, target_span):
            yield replace(
                row,
                source=source,
                target=target,
                source_span=source_span,
                target_span=target_span,
                stance=None,
                extra={},
            )


def _mentions(rows: Sequence[Example], parts: Sequence[Part] = PARTS) -> list[tuple[str, Span]]:
    """Return the different mentions of a text, in the order of their places."""
    spans: dict[Span, str] = {}
    for row in rows:
        for part in parts:
            span = row.mention(part)
            if span is not None:
                spans.setdefault(span, row.target if part == TARGET else row.source)
    return [(words, span) for span, words in sorted(spans.items())]


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _of_checkpoints(
    dataset: PreparedDataset, teachers: Sequence[str], unlabeled: Sequence[Example], cache: Path
) -> SoftLabels:
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
    without_labels = unlabeled_pairs(unlabeled)
    asked = [repr(key_of(pair)) for pair in without_labels]
    table = cache / f"{fingerprint([dataset.fingerprint, made_by, PAIRS_VERSION, *([asked] if asked else [])])}.parquet"
    if table.is_file():
        return read_soft_labels(table)
    examples = [*dataset.train, *every_pair(dataset.train), *without_labels]
    logger.info(
        "asking %d teachers about %d pairs, %d of them of unlabeled texts",
        len(teachers),
        len(examples),
        len(without_labels),
    )
    # One after the other, so that memory holds one of them.
    of_each = [StanceClassifier.from_pretrained(folder, progress=True).predict_proba(examples) for folder in folders]
    probabilities = np.mean(of_each, axis=0)
    made = {
        "teachers": [_description(folder) for folder in folders],
        "dataset": dataset.name,
        "dataset_fingerprint": dataset.fingerprint,
        "unlabeled_texts": len({pair.text for pair in without_labels}),
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


def _with_corpora(dataset: PreparedDataset) -> tuple[SoftLabels, list[Example]] | None:
    """Return the tables that come with the dataset's corpora and their unlabeled rows, None where none may be used."""
    tables, unlabeled = [], []
    for name in sorted({example.corpus for example in dataset.train}):
        corpus = own_corpus(name)
        if corpus is not None and corpus.with_name(TEACHER).is_file():
            tables.append(corpus.with_name(TEACHER))
            unlabeled += [str(path) for path in [corpus.with_name(UNLABELED_ROWS)] if path.is_file()]
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
    held_out = _held_out(dataset)
    if any(normal_text(pair.text) in held_out for pair in answers.pairs):
        logger.info("the teacher was trained on texts that this split holds out: it is not used")
        return None
    return answers, read_unlabeled(unlabeled, held_out)


def _held_out(dataset: PreparedDataset) -> set[str]:
    """Return the texts of validation and test rows."""
    return {normal_text(row.text) for rows in (dataset.validation, *dataset.tests.values()) for row in rows}


def _joined(
    train: Sequence[Example], unlabeled: Sequence[Example], answers: SoftLabels, teachers: Sequence[str]
) -> Taught:
    """Return the rows, labeled ones first, with the answers that are there."""
    corpora = {example.corpus for example in train}
    corpus_of = dict.fromkeys((row.text for row in unlabeled), corpora.pop() if len(corpora) == 1 else UNLABELED)
    without_labels = set(corpus_of)
    for example in reversed(train):
        corpus_of[example.text] = example.corpus
    without_labels -= {example.text for example in train}
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
    of_unlabeled = [pair.text for pair in others if pair.text in without_labels]
    logger.info(
        "the teacher answers %d of %d training rows, %d other pairs of their texts, and %d pairs of %d unlabeled texts",
        sum(each is not None for each in soft[: len(train)]),
        len(train),
        len(others) - len(of_unlabeled),
        len(of_unlabeled),
        len(set(of_unlabeled)),
    )
    none = np.full(len(STANCES), np.nan)
    return Taught([*train, *others], np.array([none if each is None else each for each in soft]), tuple(teachers))

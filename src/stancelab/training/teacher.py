"""A teacher: what checkpoints say of the training rows and of every other pair of their texts.

A small encoder that learns the probabilities of a larger one besides the labels is right more often than from the
labels alone (Hinton et al., 2015; Sanh et al., 2019), and a teacher can answer pairs that nobody labeled. The
probabilities of several checkpoints are averaged.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from stancelab.errors import ConfigError, count_of
from stancelab.schema import STANCES, Example
from stancelab.training.answers import answers_of
from stancelab.training.sampling import UNLABELED
from stancelab.training.soft_labels import key_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from stancelab.data.prepared import PreparedDataset
    from stancelab.training.answers import Answers, TeacherRecord

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Taught:
    """What a model is trained on.

    Attributes:
        examples: The labeled rows, then the pairs that only the teacher answers, which have no stance: those of the
            same texts, and those of unlabeled texts.
        soft: The teacher's probabilities, NaN where it gives none, shape (len(examples), stances); None without one.
        teachers: What was really used of `training.teacher`.
        record: What taught how much, for `training.json` and the model card; None without a teacher.
    """

    examples: list[Example]
    soft: NDArray[np.float64] | None = None
    teachers: tuple[str, ...] = ()
    record: TeacherRecord | None = None


def taught(
    dataset: PreparedDataset,
    teachers: Sequence[str],
    cache: Path,
    *,
    unlabeled: Sequence[str] = (),
    hidden: bool = False,
    with_pairs: bool = True,
) -> Taught:
    """Return the training rows and what the teachers say of them, of all pairs of their texts, and of unlabeled texts.

    Args:
        dataset: The prepared dataset.
        teachers: `training.teacher`.
        cache: The folder that keeps the answers of checkpoints.
        unlabeled: `training.unlabeled`.
        hidden: Whether source or target are hidden from the model.
        with_pairs: Whether the model learns pairs that no row has: with the sequence head each would be a text of its
            own, and a training would take many times as long.

    Raises:
        CheckpointError: A teacher cannot be loaded.
        ConfigError: A table among several teachers, a checkpoint twice, a table that answers none of the rows, or
            unlabeled texts without a teacher.
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
    answers = answers_of(dataset, teachers, cache, unlabeled=unlabeled, with_pairs=with_pairs)
    if answers is None:
        return Taught(dataset.train)
    return _joined(dataset.train, answers, teachers, with_pairs=with_pairs)


def _joined(train: Sequence[Example], answers: Answers, teachers: Sequence[str], *, with_pairs: bool) -> Taught:
    """Return the rows, labeled ones first, with the answers that are there."""
    probabilities = answers.labels.probabilities
    soft = [probabilities.get(key_of(example)) for example in train]
    answered = sum(each is not None for each in soft)
    if not answered:
        raise ConfigError(
            f"training.teacher: {', '.join(teachers)} answers none of the {len(train)} training rows; take a teacher "
            "of this dataset, or a checkpoint, which can answer any row, or set training.teacher=[] to learn from the "
            "labels alone"
        )
    others = _other_pairs(train, answers) if with_pairs else []
    texts = {example.text for example in train}
    of_unlabeled = [pair.text for pair in others if pair.text not in texts]
    if not with_pairs:
        logger.info(
            "with model.head=sequence each pair is a text of its own: the model learns of the teacher on labeled rows "
            "alone, and the other pairs of their texts are left out"
        )
    soft += [probabilities[key_of(pair)] for pair in others]
    record = replace(
        answers.record,
        labeled_rows=answered,
        other_pairs=len(others) - len(of_unlabeled),
        unlabeled_texts=len(set(of_unlabeled)),
        unlabeled_pairs=len(of_unlabeled),
        with_other_pairs=with_pairs,
    )
    logger.info(
        "the teacher answers %d of %s, %s of their texts, and %s of %s",
        answered,
        count_of(len(train), "training row"),
        count_of(record.other_pairs, "other pair"),
        count_of(record.unlabeled_pairs, "pair"),
        count_of(record.unlabeled_texts, "unlabeled text"),
    )
    none = np.full(len(STANCES), np.nan)
    return Taught(
        [*train, *others],
        np.array([none if each is None else each for each in soft]),
        tuple(teachers),
        record,
    )


def _other_pairs(train: Sequence[Example], answers: Answers) -> list[Example]:
    """Return the pairs of the rows' texts and of unlabeled texts that teachers answer and no row has."""
    corpora = {example.corpus for example in train}
    of_unlabeled = corpora.pop() if len(corpora) == 1 else UNLABELED
    corpus_of = {row.text: of_unlabeled for row in answers.unlabeled}
    corpus_of |= {example.text: example.corpus for example in reversed(train)}
    known = {key_of(example) for example in train}
    others = []
    for pair in answers.labels.pairs:
        if pair.text in corpus_of and key_of(pair) not in known:
            known.add(key_of(pair))
            others.append(replace(pair, corpus=corpus_of[pair.text]))
    return others

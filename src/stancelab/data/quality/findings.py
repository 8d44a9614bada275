"""`audit.json` as types: what the audit of a prepared dataset found, read and written in one place.

The field names of these classes are the keys of the file.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from stancelab.data.notes import Note  # noqa: TC001 - msgspec reads the types at run time
from stancelab.data.quality.agreement import Agreement  # noqa: TC001 - msgspec reads the types at run time
from stancelab.data.typed_json import read_typed
from stancelab.files import write_json
from stancelab.layout import AUDIT
from stancelab.tables.careless import Traces  # noqa: TC001 - msgspec reads the types at run time

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class SplitComposition:
    """The rows of a split, or of one corpus in it.

    Attributes:
        rows: Rows.
        stances: Rows by stance.
        texts: Different texts.
        targets: Different targets; spellings and names of one target count once.
        documents: Different documents; rows that name none are not counted.
        repeated_rows: Rows that repeat text, source, target and stance of an earlier row, those in conflict left aside.
        conflicting_rows: Rows whose text, source and target another row has with another stance.
        near_duplicate_texts: Texts less the groups that they form when near duplicates are put together.
        truncated_rows: Rows longer than the encoder's input, None where no tokens were counted.
        truncated_share: Their share of the rows, None where no tokens were counted or there are no rows.
        corrected_rows: Rows whose label a person corrected.
        targets_not_in_text: Rows whose text does not mention the target, and in which no span marks it; None in
            datasets of older versions, as are the next two.
        sources_not_in_text: Rows whose text does not mention the source, and in which no span marks it.
        rows_with_source: Rows with a source.
    """

    rows: int
    stances: dict[str, int]
    texts: int
    targets: int
    documents: int
    repeated_rows: int
    conflicting_rows: int
    near_duplicate_texts: int
    truncated_rows: int | None
    truncated_share: float | None
    corrected_rows: int
    targets_not_in_text: int | None = None
    sources_not_in_text: int | None = None
    rows_with_source: int | None = None


@dataclass(frozen=True, kw_only=True)
class Overlap:
    """What of one split is in another one too.

    Attributes:
        exact_texts: Texts that are in both.
        near_texts: Further texts of which the other split has a near duplicate.
        rows: Rows that have one of these texts.
    """

    exact_texts: int
    near_texts: int
    rows: int


@dataclass(frozen=True, kw_only=True)
class Duplicates:
    """Texts that are in two splits, and what counts as a duplicate.

    Attributes:
        similarity: Jaccard similarity of character n-grams from which two texts are near duplicates.
        ngram: Characters in an n-gram.
        permutations: Permutations of the MinHash signatures.
        leakage: What became of training rows whose text is in validation or test: "remove" or "keep".
        across_before_removal: By pair of splits, such as "train in test", the overlap before leaks were removed.
        across: The same in the end. Pairs without overlap are in neither.
    """

    similarity: int | float  # as it was set: an evaluation shows 1 where the file has 1, not 1.0
    ngram: int
    permutations: int
    leakage: str
    across_before_removal: dict[str, Overlap]
    across: dict[str, Overlap]


@dataclass(frozen=True, kw_only=True)
class SharedWithTrain:
    """The targets and documents that a split shares with train.

    Attributes:
        targets: Different targets of the split.
        targets_in_train: Those that train has too.
        rows_of_targets_in_train: Rows of the split with one of these targets.
        documents: Different documents of the split.
        documents_in_train: Those that train has too.
        rows_of_documents_in_train: Rows of the split from one of these documents.
    """

    targets: int
    targets_in_train: int
    rows_of_targets_in_train: int
    documents: int
    documents_in_train: int
    rows_of_documents_in_train: int


@dataclass(frozen=True, kw_only=True)
class Spellings:
    """Targets that are written in several ways, or that `data.targets` puts together, over all splits.

    Attributes:
        targets: How many they are.
        spellings: How many ways to write them there are; letter case does not count.
        rows: The rows that have one of them.
        examples: Those with the most rows: spelling -> its rows, the most frequent first.
    """

    targets: int
    spellings: int
    rows: int
    examples: list[dict[str, int]]


@dataclass(frozen=True, kw_only=True)
class MarkedSpans:
    """The spans of a corpus, those of targets and of sources together.

    Attributes:
        marked: How many there are.
        named: How many stand in a text that has the words of the target (or source).
        other_words: How many of these hold other words, such as a pronoun.
        examples: Some of those: what is marked, and the target (or source).
    """

    marked: int
    named: int
    other_words: int
    examples: list[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class Audit:
    """The content of audit.json.

    Attributes:
        splits: By split, its rows: train first, then validation, then tests.
        corpora: By corpus and split, the rows of that corpus.
        removed: Rows that are in no split, counted by reason.
        duplicates: Texts that are in two splits.
        shared: By validation and test split, what it shares with train.
        spellings: Targets that are written in several ways.
        agreement: By corpus, how far annotators agree; None where no row was labeled by two of them.
        max_length: Tokens that the encoder takes, None where no tokens were counted.
        notes: What was told of the inputs while they were read.
        traces: By corpus, what careless exports have left in the rows that could be read.
        spans: By corpus, what its spans mark; empty where no table has any.
    """

    splits: dict[str, SplitComposition]
    corpora: dict[str, dict[str, SplitComposition]]
    removed: dict[str, int]
    duplicates: Duplicates
    shared: dict[str, SharedWithTrain]
    spellings: Spellings
    agreement: dict[str, Agreement | None]
    max_length: int | None
    notes: list[Note] = field(default_factory=list)
    traces: dict[str, Traces] = field(default_factory=dict)
    spans: dict[str, MarkedSpans] = field(default_factory=dict)


def write_audit(folder: Path, audit: Audit) -> None:
    """Write a prepared dataset's audit.json."""
    # asdict, since msgspec takes no NumPy float, which the similarity may be where settings come from Python.
    write_json(folder / AUDIT, asdict(audit))


def read_audit(folder: Path) -> Audit:
    """Read a prepared dataset's audit.json.

    Raises:
        DataError: The file is missing, broken or incomplete.
    """
    return read_typed(folder / AUDIT, Audit)

"""What is in a dataset and what is wrong with it: balance, repeats, leaks between splits, conflicts, cut-off rows."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from stancelab.data.quality.agreement import agreement
from stancelab.data.quality.duplicates import PERMUTATIONS, near_duplicate_groups
from stancelab.data.quality.findings import Audit, Duplicates, Overlap, SharedWithTrain, SplitComposition
from stancelab.data.quality.spellings import spellings_of
from stancelab.data.store.codes import DROPPED, TRAIN, of_kind
from stancelab.data.store.hashing import mix
from stancelab.data.store.rows import ABSENT_SOURCE, ABSENT_TARGET
from stancelab.progress import progress
from stancelab.schema import STANCES
from stancelab.text_keys import text_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from stancelab.data.quality.agreement import Agreement
    from stancelab.data.split_settings import AuditSettings
    from stancelab.data.store.rows import Keys, RowStore


def text_groups(store: RowStore, settings: AuditSettings) -> NDArray[np.uint64]:
    """Return for each row a key that rows of the same text and of near-duplicate texts share."""
    # Different texts are in the order of their hashes, so that groups do not depend on the order of the rows.
    texts, first, inverse = np.unique(store.keys.text, return_index=True, return_inverse=True)
    groups = near_duplicate_groups(
        len(texts),
        _first_texts(store, first),
        lambda position: text_key(store.value("text", int(first[position]))),
        settings.near_duplicates,
        settings.ngram,
        store.folder,
    )
    _, smallest = np.unique(groups, return_index=True)
    return np.asarray(texts[smallest][groups][inverse])


def text_numbers(texts: Sequence[str], settings: AuditSettings) -> NDArray[np.int64]:
    """Return for each text a number that equal and near-duplicate texts share."""
    different, inverse = np.unique(_text_keys(texts), return_inverse=True)
    normal = different.tolist()
    batches = [(np.arange(len(normal)), normal)]
    groups = near_duplicate_groups(len(normal), batches, normal.__getitem__, settings.near_duplicates, settings.ngram)
    return np.asarray(groups[inverse])


def _text_keys(texts: Sequence[str]) -> list[str]:
    keys = []
    with progress("Near duplicates, reading", len(texts), "text") as read:
        for text in texts:
            keys.append(text_key(text))
            read()
    return keys


def _first_texts(store: RowStore, first: NDArray[np.int64]) -> Iterator[tuple[NDArray[np.int64], list[str]]]:
    """Yield (positions, texts): each different text once, in batches, from the row where it comes first."""
    positions = np.argsort(first)
    rows = first[positions]
    for start, batch in store.batches():
        low, high = np.searchsorted(rows, [start, start + batch.num_rows])
        if high > low:
            column = batch.column("text").take(rows[low:high] - start)
            yield positions[low:high], [text_key(text) for text in column.to_pylist()]


def leaked(names: Sequence[str], codes: NDArray[np.int16], groups: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Tell which training rows share their text, or a near duplicate of it, with validation or test."""
    scored = of_kind(names, codes, "validation") | of_kind(names, codes, "test")
    return np.asarray((codes == TRAIN) & np.isin(groups, np.unique(groups[scored])))


def repeated(
    keys: Keys, rows: NDArray[np.int64], *, by_majority: bool = False
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Tell which rows repeat text, source and target of another row of their split, and which contradict another.

    Args:
        keys: The keys of all rows.
        rows: The rows to look at.
        by_majority: Whether the stance that most rows of a group have settles what the others contradict.

    Returns:
        Two masks over `rows`: rows that another one of their group and stance stands for; rows whose stance is
        contradicted (without `by_majority`, all rows of a group that does not agree; with it, those that do not have
        the group's most frequent stance, and all where two stances are equally frequent).
    """
    group = np.unique(keys.pair[rows] ^ mix(keys.split[rows].astype(np.uint64)), return_inverse=True)[1]
    counts = np.zeros((int(group.max()) + 1 if len(group) else 0, len(STANCES)), dtype=np.int64)
    np.add.at(counts, (group, keys.stance[rows].astype(np.int64)), 1)
    if by_majority:
        winners = counts == counts.max(axis=1, keepdims=True)
        settled = winners & (winners.sum(axis=1, keepdims=True) == 1)
    else:
        settled = (counts > 0) & ((counts > 0).sum(axis=1, keepdims=True) == 1)
    kept = settled[group, keys.stance[rows]]
    first = np.zeros(len(rows), dtype=bool)
    # Which row stands for its group is told by the ids, so that the order of the file plays no part.
    places = np.flatnonzero(kept)
    places = places[np.argsort(keys.id[rows[places]], kind="stable")]
    first[places[np.unique(group[places], return_index=True)[1]]] = True
    return kept & ~first, ~kept


@dataclass(frozen=True)
class Assigned:
    """Rows with their splits, as the audit sees them.

    Attributes:
        keys: The keys of all rows.
        names: The names of the splits; a code is a place in it.
        before: The split of each row before leaks were removed.
        after: The split of each row in the end, `DROPPED` where it is in none.
        usable: Which rows were read and not rejected, whatever their split.
        groups: For each row a key that near-duplicate texts share.
        corpora: The names of the corpora.
        corrected: Which rows have a label that a person corrected.
        target_of: Returns the target of a row.
    """

    keys: Keys
    names: Sequence[str]
    before: NDArray[np.int16]
    after: NDArray[np.int16]
    usable: NDArray[np.bool_]
    groups: NDArray[np.uint64]
    corpora: Sequence[str]
    corrected: NDArray[np.bool_]
    target_of: Callable[[int], str]


def audit(rows: Assigned, settings: AuditSettings, removed: dict[str, int], max_length: int | None) -> Audit:
    """Return what is in the splits and what is wrong with them.

    Args:
        rows: All rows and their splits.
        settings: What counts as a duplicate.
        removed: Rows that are in no split, counted by reason.
        max_length: Tokens the encoder takes, None where no tokens were counted.
    """
    used = [code for code in np.unique(rows.after).tolist() if code != DROPPED]
    used.sort(key=lambda code: (["tr", "va", "te"].index(rows.names[code][:2]), rows.names[code]))
    return Audit(
        splits={rows.names[code]: _composition(rows, rows.after == code, max_length) for code in used},
        corpora={
            name: {
                rows.names[code]: _composition(rows, (rows.after == code) & (rows.keys.corpus == index), max_length)
                for code in used
                if ((rows.after == code) & (rows.keys.corpus == index)).any()
            }
            for index, name in enumerate(rows.corpora)
        },
        removed=removed,
        duplicates=Duplicates(
            similarity=settings.near_duplicates,
            ngram=settings.ngram,
            permutations=PERMUTATIONS,
            leakage=settings.leakage,
            across_before_removal=_across(rows, rows.before, used),
            across=_across(rows, rows.after, used),
        ),
        shared={rows.names[code]: _shared(rows, code) for code in used if code != TRAIN},
        spellings=spellings_of(rows.keys, np.flatnonzero(rows.after != DROPPED), rows.target_of),
        agreement={name: _agreement(rows, index) for index, name in enumerate(rows.corpora)},
        max_length=max_length,
    )


def _composition(rows: Assigned, here: NDArray[np.bool_], max_length: int | None) -> SplitComposition:
    """Describe the rows of a mask."""
    keys, index = rows.keys, np.flatnonzero(here)
    counts = np.bincount(keys.stance[index], minlength=len(STANCES)).tolist()
    texts = np.unique(keys.text[index])
    documents = np.unique(keys.document[index])
    later, conflicting = repeated(keys, index)
    cut = None if max_length is None else int((keys.tokens[index] > max_length).sum())
    return SplitComposition(
        rows=len(index),
        stances=dict(zip(STANCES, counts, strict=True)),
        texts=len(texts),
        targets=len(np.unique(keys.target[index])),
        documents=int((documents != 0).sum()),
        repeated_rows=int(later.sum()),
        conflicting_rows=int(conflicting.sum()),
        near_duplicate_texts=len(texts) - len(np.unique(rows.groups[index])),
        truncated_rows=cut,
        truncated_share=None if cut is None or not len(index) else round(cut / len(index), 4),
        corrected_rows=int(rows.corrected[index].sum()),
        targets_not_in_text=int((keys.absent[index] & ABSENT_TARGET != 0).sum()),
        sources_not_in_text=int((keys.absent[index] & ABSENT_SOURCE != 0).sum()),
        rows_with_source=int(keys.has_source[index].sum()),
    )


def _across(rows: Assigned, codes: NDArray[np.int16], used: Sequence[int]) -> dict[str, Overlap]:
    """Count for each pair of splits the texts of the first that are in the second, exactly or nearly."""
    found = {}
    for first, second in itertools.combinations(used, 2):
        here, there = codes == first, codes == second
        exact = np.isin(rows.keys.text, rows.keys.text[there]) & here
        near = np.isin(rows.groups, rows.groups[there]) & here & ~exact
        if exact.any() or near.any():
            found[f"{rows.names[first]} in {rows.names[second]}"] = Overlap(
                exact_texts=len(np.unique(rows.keys.text[exact])),
                near_texts=len(np.unique(rows.keys.text[near])),
                rows=int((exact | near).sum()),
            )
    return found


def _shared(rows: Assigned, code: int) -> SharedWithTrain:
    """Count what a split shares with train: its targets and its documents, and the rows they have there."""
    here, train = rows.after == code, rows.after == TRAIN
    targets, targets_in_train, rows_of_targets = _in_train(rows.keys.target, here, train)
    documents, documents_in_train, rows_of_documents = _in_train(rows.keys.document, here, train)
    return SharedWithTrain(
        targets=targets,
        targets_in_train=targets_in_train,
        rows_of_targets_in_train=rows_of_targets,
        documents=documents,
        documents_in_train=documents_in_train,
        rows_of_documents_in_train=rows_of_documents,
    )


def _in_train(key: NDArray[np.uint64], here: NDArray[np.bool_], train: NDArray[np.bool_]) -> tuple[int, int, int]:
    """Count the different keys of a split, those that train has too, and the split's rows with one of these."""
    mine = np.unique(key[here & (key != 0)])
    seen = np.intersect1d(mine, key[train])
    return len(mine), len(seen), int(np.isin(key[here], seen).sum())


def _agreement(rows: Assigned, corpus: int) -> Agreement | None:
    """Describe how far the annotators of a corpus agree, None where no row was labeled by two of them."""
    keys = rows.keys
    here = np.flatnonzero(rows.usable & (keys.corpus == corpus) & (keys.annotator != 0))
    return agreement(keys.pair[here], keys.annotator[here], keys.stance[here])

"""The split of every row: repeats and leaks taken out, validation carved out of train, training rows sampled."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import numpy as np

from stancelab.data.quality.audit import Assigned, leaked, repeated, text_groups
from stancelab.data.splits import assign, carve_validation, few_shots, sample
from stancelab.data.store.codes import DROPPED, TRAIN, of_kind
from stancelab.errors import DataError, count_of
from stancelab.schema import STANCES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from stancelab.data.ingest import Ingested
    from stancelab.data.settings import CorpusSettings
    from stancelab.data.split_settings import AuditSettings, SplitSettings
    from stancelab.data.store.rows import Keys

logger = logging.getLogger(__name__)


def divide(
    corpora: Sequence[CorpusSettings], ingested: Ingested, split: SplitSettings, settings: AuditSettings
) -> tuple[Assigned, dict[str, int]]:
    """Give each row its split.

    Args:
        corpora: The corpora, each of which is divided for itself.
        ingested: Their rows.
        split: How to divide.
        settings: What counts as a duplicate, and whether leaks are removed from train.

    Returns:
        The rows with their splits, and the number of rows that are in none, by reason.

    Raises:
        DataError: A corpus cannot be divided in this way.
    """
    keys, usable = ingested.store.keys, ingested.usable.copy()
    groups = text_groups(ingested.store, settings)
    removed = {"rejected": ingested.rejected}
    members = [np.flatnonzero(usable & (keys.corpus == index)) for index in range(len(corpora))]
    removed |= {"repeated": 0, "conflicting": 0}
    codes = np.full(len(keys), DROPPED, dtype=np.int16)
    for index, corpus in enumerate(corpora):
        if corpus.repeats != "keep":
            later, conflicting = repeated(keys, members[index], by_majority=corpus.repeats == "majority")
            removed["repeated"] += int(later.sum())
            removed["conflicting"] += int(conflicting.sum())
            members[index] = members[index][~later & ~conflicting]
        rows = members[index]
        if not len(rows):
            raise DataError(f"{corpus.name}: no rows left; all were repeats that contradict each other, or rejected")
        codes[rows] = assign(
            corpus.name,
            keys,
            rows,
            groups[rows],
            split,
            ingested.names,
            lambda row: ingested.store.value("target", row),
        )
    before = codes.copy()
    removed["straddling"] = 0
    removed["leaked"] = _remove_leaks(codes, groups, keys, settings)
    for corpus, rows in zip(corpora, members, strict=True):
        if not of_kind(keys.splits, codes[rows], "validation").any():
            carved = carve_validation(corpus.name, keys, rows, codes[rows], groups[rows], split)
            # What had to go for validation is in no split, as if it had never been in train.
            now = rows[(carved != codes[rows])]
            codes[rows] = carved
            before[now] = codes[now]
        lost = int((before[rows] == DROPPED).sum())
        removed["straddling"] += lost
        if lost > len(rows) / 2:
            logger.warning(
                "%s: left out, since their target or document is in test or validation: %s of %s",
                corpus.name,
                f"{lost:,}",
                count_of(len(rows), "row"),
            )
    removed["leaked"] += _remove_leaks(codes, groups, keys, settings)
    removed["not_sampled"] = _sample(codes, groups, keys, split)
    return _named(corpora, ingested, before, codes, groups), removed


def _remove_leaks(codes: NDArray[np.int16], groups: NDArray[np.uint64], keys: Keys, settings: AuditSettings) -> int:
    """Take training rows out whose text is in validation or test, if the settings say so; return how many."""
    if settings.leakage != "remove":
        return 0
    leaks = leaked(keys.splits, codes, groups)
    codes[leaks] = DROPPED
    return int(leaks.sum())


def _sample(codes: NDArray[np.int16], groups: NDArray[np.uint64], keys: Keys, split: SplitSettings) -> int:
    """Keep only as many training rows as the settings say; return how many had to go."""
    train = np.flatnonzero(codes == TRAIN)
    if split.shots is not None:
        kept = few_shots(keys.id[train], groups[train], keys.stance[train], split.shots, split.draw)
        codes[train[~kept]] = DROPPED
        return int((~kept).sum())
    wanted = split.most_rows(len(train))
    if wanted == len(train):
        return 0
    kept = sample(groups[train], keys.stance[train], wanted, split.draw)
    codes[train[~kept]] = DROPPED
    return int((~kept).sum())


def _named(
    corpora: Sequence[CorpusSettings],
    ingested: Ingested,
    before: NDArray[np.int16],
    after: NDArray[np.int16],
    groups: NDArray[np.uint64],
) -> Assigned:
    """Name the splits; where there are several corpora, validation and test are named after them."""
    keys = ingested.store.keys
    names = list(keys.splits)
    if len(corpora) > 1:
        for index, corpus in enumerate(corpora):
            mine = keys.corpus == index
            for code in np.unique(np.concatenate([before[mine], after[mine]])).tolist():
                if code in (DROPPED, TRAIN):
                    continue
                kind, _, suffix = keys.splits[code].partition("_")
                for codes in (before, after):
                    codes[mine & (codes == code)] = len(names)
                names.append("_".join(filter(None, [kind, corpus.name, suffix])))
    return Assigned(
        keys=keys,
        names=names,
        before=before,
        after=after,
        usable=ingested.usable,
        groups=groups,
        corpora=[corpus.name for corpus in corpora],
        corrected=np.isin(keys.id, np.array(list(ingested.earlier), dtype=np.uint64)),
        target_of=lambda row: ingested.store.value("target", row),
    )


def check_result(rows: Assigned, split: SplitSettings) -> None:
    """Raise a `DataError` where a model could not be trained on, chosen by or scored on what is left."""
    train = rows.after == TRAIN
    for kind in ("train", "validation", "test"):
        if not of_kind(rows.names, rows.after, kind).any():
            left = int((rows.after != DROPPED).sum())
            if kind == "train" and (split.train_rows is not None or split.train_share is not None):
                key = "train_rows" if split.train_share is None else "train_share"
                raise DataError(
                    f"{', '.join(rows.corpora)}: split.{key}={getattr(split, key)} keeps fewer rows than any one text "
                    "has, which stay together; allow more"
                )
            raise DataError(
                f"{', '.join(rows.corpora)}: no rows are left for {kind}, of {left:,} in all; look for repeated texts,"
                " choose another split, or keep leaks with audit.leakage=keep"
            )
    present = [stance for code, stance in enumerate(STANCES) if (rows.keys.stance[rows.after != DROPPED] == code).any()]
    if len(present) < 2:
        raise DataError(
            f"{', '.join(rows.corpora)}: all rows are {present[0]!r}; a classifier needs two classes at least"
        )
    for code, stance in enumerate(STANCES):
        if stance in present and not (rows.keys.stance[train] == code).any():
            raise DataError(
                f"{', '.join(rows.corpora)}: no row in train is {stance!r}, though validation or test has some;"
                " choose another split (split=random is stratified) or another split.seed"
            )

"""The ways to split a corpus: decided on keys and a seed, whatever the order of the rows.

A text is never in two splits, whatever number of targets it has. Rows of one unit (a text with its near duplicates, or
a document) stay together, in validation as in test. Splits are codes here, places in `Keys.splits`.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

import numpy as np

from stancelab.data.held_out_targets import draw_targets, hold_out, smallest_target
from stancelab.data.known_targets import list_targets
from stancelab.data.store.codes import DROPPED, TEST, TRAIN, VALIDATION, of_kind
from stancelab.data.store.hashing import key_of, seeded
from stancelab.errors import DataError
from stancelab.targets import TargetNames

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from stancelab.data.held_out_targets import HeldOut
    from stancelab.data.split_settings import SplitSettings
    from stancelab.data.store.rows import Keys

logger = logging.getLogger(__name__)

_ALTERNATIVES: Final = (
    "add a column 'split' (train, validation, test), or choose split=random (stratified by stance), split=grouped"
    " (by document) or split=unseen_targets"
)


def assign(
    name: str,
    keys: Keys,
    rows: NDArray[np.int64],
    units: NDArray[np.uint64],
    settings: SplitSettings,
    names: TargetNames | None = None,
    target_of: Callable[[int], str] | None = None,
) -> NDArray[np.int16]:
    """Return the split of each row of one corpus, `DROPPED` where a row has to go.

    All but "random" and "grouped" may leave validation empty; `carve_validation` fills it when train is final.

    Args:
        name: The corpus, for messages.
        keys: The keys of all rows.
        rows: The indices of this corpus's rows.
        units: For each of these rows a key that it shares with the near duplicates of its text.
        settings: How to divide.
        names: Which targets are one.
        target_of: Returns a row's target as it is written, for messages.

    Raises:
        DataError: The corpus gives no test split, or has too little of what the rows are grouped by.
    """
    if settings.kind == "given":
        codes = _given(name, keys, rows)
        if settings.exclude_target is None:
            return codes
        return _across_targets(name, keys, rows, codes, settings.exclude_target, names or TargetNames(), target_of)
    if settings.kind == "unseen_targets":
        return _unseen_targets(name, keys, rows, _documents(keys, rows, units), settings)
    if settings.kind == "leave_target_out":
        target, names = settings.target or "", names or TargetNames()
        test = _rows_of_target(name, keys, rows, target, names, target_of)
        return _codes(hold_out(test, _documents(keys, rows, units), keys.text[rows], every_row=True), TEST)
    if settings.kind == "kfold":
        return _one_fold(name, _documents(keys, rows, units), keys.stance[rows], settings)
    what = "texts"
    if settings.kind == "grouped":
        units, what = keys.document[rows], "documents"
        lacking = int((units == 0).sum())
        if lacking:
            raise DataError(
                f"{name}: rows without a document: {lacking:,} of {len(rows):,}, so they cannot be grouped by it;"
                " name the column with data.columns.document=COLUMN, or choose split=random"
            )
    shares = {TEST: settings.test, VALIDATION: settings.validation}
    return _divide(name, units, keys.stance[rows], shares, settings.seed, what)


def carve_validation(
    name: str,
    keys: Keys,
    rows: NDArray[np.int64],
    codes: NDArray[np.int16],
    groups: NDArray[np.uint64],
    settings: SplitSettings,
) -> NDArray[np.int16]:
    """Return the splits with a share of train turned into validation, by the unit that keeps test apart from train.

    Where test has unseen targets, so has validation; where test is of documents that train lacks, so is validation.
    Otherwise texts stay whole. Documents and texts are stratified by stance.

    Args:
        name: The corpus, for messages.
        keys: The keys of all rows.
        rows: The indices of this corpus's rows.
        codes: The split of each of these rows.
        groups: For each of these rows a key that it shares with the near duplicates of its text.
        settings: How to divide.
    """
    at = np.flatnonzero(codes == TRAIN)
    train, result = rows[at], codes.copy()
    documents = _documents(keys, train, groups[at])
    if settings.kind in ("unseen_targets", "leave_target_out"):
        drawn = draw_targets(keys.target[train], documents, settings.validation, validation_seed(settings))
        if drawn is not None:
            result[at] = _codes(hold_out(drawn, documents, keys.text[train]), VALIDATION)
            return result
        logger.warning(
            "%s: every target of train has more than twice the rows of validation, so validation is drawn from rows of"
            " all of them: dev scores are not of unseen targets",
            name,
        )
    by_document = settings.kind != "given" or _has_own_documents(keys, rows, codes)
    units, what = (documents, "documents or texts") if by_document else (groups[at], "texts")
    shares = {VALIDATION: settings.validation}
    result[at] = _divide(name, units, keys.stance[train], shares, validation_seed(settings), what)
    return result


def validation_seed(settings: SplitSettings) -> int:
    """Return the seed by which validation is drawn from train.

    In a cross-validation each part has its own. With one for all, units would stand in the same order in every part,
    and all parts but one would choose their models on the same first units, which are those of the first part's test.
    """
    parts = {"kfold": settings.fold, "leave_target_out": settings.target}
    if settings.kind not in parts:
        return settings.seed
    return key_of(settings.kind, str(settings.seed), str(parts[settings.kind]))


def _has_own_documents(keys: Keys, rows: NDArray[np.int64], codes: NDArray[np.int16]) -> bool:
    """Tell whether all rows name their document, and test has none of train's."""
    documents = keys.document[rows]
    is_test = of_kind(keys.splits, codes, "test")
    return bool((documents != 0).all()) and not np.isin(documents[is_test], documents[codes == TRAIN]).any()


def sample(units: NDArray[np.uint64], stance: NDArray[np.int8], wanted: int, seed: int) -> NDArray[np.bool_]:
    """Tell which rows are in a sample of at most `wanted` rows; whole units, stratified by stance."""
    unit, sizes, strata, inverse = _units(units, stance)
    order = _stratified_order(unit, strata, seed)
    kept = np.zeros(len(unit), dtype=bool)
    kept[order[np.cumsum(sizes[order]) <= wanted]] = True
    return np.asarray(kept[inverse])


def few_shots(
    ids: NDArray[np.uint64], units: NDArray[np.uint64], stance: NDArray[np.int8], shots: int, seed: int
) -> NDArray[np.bool_]:
    """Tell which rows are among at most `shots` of each stance, by chance, different units first.

    Args:
        ids: A key for each row.
        units: A key that rows of one text share.
        stance: Their stances.
        shots: How many of each stance.
        seed: Another seed gives another sample.
    """
    kept = np.zeros(len(ids), dtype=bool)
    order = np.argsort(seeded(ids, seed), kind="stable")
    for one in np.unique(stance):
        own = order[stance[order] == one]
        first = np.zeros(len(own), dtype=bool)
        first[np.unique(units[own], return_index=True)[1]] = True
        kept[np.concatenate([own[first], own[~first]])[:shots]] = True
    return kept


def _given(name: str, keys: Keys, rows: NDArray[np.int64]) -> NDArray[np.int16]:
    codes = keys.split[rows]
    missing = int((codes == 0).sum())
    if missing == len(rows):
        raise DataError(f"{name}: no row says its split; {_ALTERNATIVES}")
    if missing:
        raise DataError(
            f"{name}: rows that do not say their split: {missing:,} of {len(rows):,}; fill it in, or {_ALTERNATIVES}"
        )
    for kind in ("train", "test"):
        if not of_kind(keys.splits, codes, kind).any():
            found = ", ".join(keys.splits[code] for code in np.unique(codes))
            raise DataError(f"{name}: no row is in a split {kind!r}, only in {found}; {_ALTERNATIVES}")
    return codes


def _across_targets(
    name: str,
    keys: Keys,
    rows: NDArray[np.int64],
    codes: NDArray[np.int16],
    target: str,
    names: TargetNames,
    target_of: Callable[[int], str] | None,
) -> NDArray[np.int16]:
    """Return the given splits without a target in train and validation, and with no other one in test."""
    is_test = of_kind(keys.splits, codes, "test")
    of_target = np.zeros(len(rows), dtype=bool)
    at = np.flatnonzero(is_test)
    of_target[at] = keys.target[rows[at]] == key_of(names.canonical(target))
    if not of_target.any():
        listed = "" if target_of is None else f": {list_targets(target, keys.target, rows[at], target_of)}"
        raise DataError(
            f"{name}: no row of the test files has the target {target!r}; name another with "
            f"split.exclude_target{listed}"
        )
    in_training = ~is_test & (keys.target[rows] == key_of(names.canonical(target)))
    return np.where((is_test & ~of_target) | in_training, DROPPED, codes).astype(np.int16)


def _unseen_targets(
    name: str, keys: Keys, rows: NDArray[np.int64], units: NDArray[np.uint64], settings: SplitSettings
) -> NDArray[np.int16]:
    """Draw test targets by chance until the test share is full."""
    targets = keys.target[rows]
    if len(np.unique(targets)) < 2:
        raise DataError(f"{name}: has one target only, so none can be kept out of train; choose split=random")
    drawn = draw_targets(targets, units, settings.test, settings.seed)
    if drawn is None:  # every target alone is far more than the share; the smallest is nearest to it
        drawn = smallest_target(targets)
    return _codes(hold_out(drawn, units, keys.text[rows]), TEST)


def _rows_of_target(
    name: str,
    keys: Keys,
    rows: NDArray[np.int64],
    target: str,
    names: TargetNames,
    target_of: Callable[[int], str] | None,
) -> NDArray[np.bool_]:
    """Tell which rows have a target; raise a `DataError` where none has it, or every one."""
    found: NDArray[np.bool_] = keys.target[rows] == key_of(names.canonical(target))
    if found.all():
        raise DataError(f"{name}: every row has the target {target!r}; name another with split.target")
    if not found.any():
        listed = "" if target_of is None else f": {list_targets(target, keys.target, rows, target_of)}"
        raise DataError(f"{name}: no row has the target {target!r}; name another with split.target{listed}")
    return found


def _codes(held: HeldOut, code: int) -> NDArray[np.int16]:
    codes = np.where(held.scored, code, TRAIN).astype(np.int16)
    codes[held.dropped] = DROPPED
    return codes


def _documents(keys: Keys, rows: NDArray[np.int64], groups: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return for each row the key of its document, and of its text's group where it names none."""
    documents = keys.document[rows]
    return np.where(documents == 0, groups, documents)


def _one_fold(
    name: str, units: NDArray[np.uint64], stance: NDArray[np.int8], settings: SplitSettings
) -> NDArray[np.int16]:
    """Divide the units into folds of about as many rows each, stratified by stance, and test on one of them."""
    unit, sizes, strata, inverse = _units(units, stance)
    if len(unit) < settings.folds:
        raise DataError(
            f"{name}: documents or texts: {len(unit)}, too few for {settings.folds} folds; lower split.folds"
        )
    order = _stratified_order(unit, strata, settings.seed)
    middle = np.cumsum(sizes[order]) - sizes[order] / 2
    fold = np.empty(len(unit), dtype=np.int64)
    fold[order] = np.minimum(settings.folds * middle / len(units), settings.folds - 1).astype(np.int64)
    codes = np.where(fold[inverse] == settings.fold, TEST, TRAIN).astype(np.int16)
    if not (codes == TEST).any():
        raise DataError(f"{name}: fold {settings.fold} is empty; lower split.folds")
    return codes


def _divide(
    name: str, units: NDArray[np.uint64], stance: NDArray[np.int8], shares: dict[int, float], seed: int, what: str
) -> NDArray[np.int16]:
    """Give units to splits until each has its share of the rows; what is left is for training."""
    unit, sizes, strata, inverse = _units(units, stance)
    if len(unit) <= len(shares):
        raise DataError(
            f"{name}: different {what}: {len(unit)}, too few for {len(shares) + 1} splits; every split needs one"
        )
    order = _stratified_order(unit, strata, seed)
    # A unit far larger than a split would be all there is in it; such go to train.
    huge = sizes[order] > 2 * max(1.0, min(shares.values()) * len(units))
    order = np.concatenate([order[~huge], order[huge]])
    middle = np.cumsum(sizes[order]) - sizes[order] / 2
    result = np.full(len(unit), TRAIN, dtype=np.int16)
    filled, upto, left = 0, 0.0, len(shares)
    for code, share in shares.items():
        upto += share * len(units)
        # Every split gets one unit at least, those that are filled later too.
        end = int(np.clip(np.searchsorted(middle, upto, side="right"), filled + 1, len(unit) - left))
        result[order[filled:end]] = code
        filled, left = end, left - 1
    return result[inverse]


def _units(
    units: NDArray[np.uint64], stance: NDArray[np.int8]
) -> tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return the different units, their sizes, their strata (which stances they hold), and the unit of each row."""
    unit, inverse, sizes = np.unique(units, return_inverse=True, return_counts=True)
    strata = np.zeros(len(unit), dtype=np.int64)
    np.bitwise_or.at(strata, inverse, np.left_shift(1, stance.astype(np.int64)))
    return unit, sizes, strata, inverse


def _stratified_order(unit: NDArray[np.uint64], strata: NDArray[np.int64], seed: int) -> NDArray[np.int64]:
    """Order units by chance so that every stretch of the order holds about its share of each stratum.

    The r-th of a stratum's n units, in the order of their seeded hashes, stands at (r + u) / n, with u by chance.
    """
    chance = seeded(unit, seed)
    order = np.lexsort((chance, strata))
    kinds, starts, counts = np.unique(strata[order], return_index=True, return_counts=True)
    offset = seeded(kinds.astype(np.uint64), seed) / 2.0**64
    rank = np.arange(len(order)) - np.repeat(starts, counts)
    place = (rank + np.repeat(offset, counts)) / np.repeat(counts, counts)
    return np.asarray(order[np.lexsort((chance[order], place))])

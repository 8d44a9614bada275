"""The station: corpora in, a prepared dataset out. Read, map, audit, split, write.

Input is read once, in batches; texts, keys and signatures wait in files that are mapped, so that the system can take
their pages back. What the process keeps for itself grows by 112 bytes a row (`scripts/bench_prepare.py` measures it):
103 MB for 20,000 rows, of which the libraries are most, and 213 MB for a million.
"""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from stancelab.data.card import dataset_card
from stancelab.data.quality.audit import Assigned, AuditSettings, audit, leaked, repeated, text_groups
from stancelab.data.splits import DROPPED, TRAIN, SplitSettings, assign, carve_validation, few_shots, of_kind, sample
from stancelab.data.store.ingest import Intake, intake
from stancelab.data.store.split_files import write_splits
from stancelab.errors import ConfigError, DataError, list_problems
from stancelab.files import atomic_folder, write_json, write_manifest, write_text
from stancelab.layout import AUDIT, README, REJECTED
from stancelab.schema import STANCES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from stancelab.data.corpora import CorpusSettings
    from stancelab.data.store.rows import Keys
    from stancelab.schema import Example

KIND: Final = "prepared dataset"
FORMAT: Final = 1
_log = logging.getLogger(__name__)


def prepare(
    corpora: Sequence[CorpusSettings],
    split: SplitSettings,
    audit_settings: AuditSettings,
    output: Path,
    *,
    count_tokens: Callable[[Sequence[Example]], Sequence[int]] | None = None,
    max_length: int | None = None,
    counted_for: Mapping[str, Any] | None = None,
) -> Path:
    """Make a prepared dataset of one or more corpora.

    Several corpora are trained together and evaluated apart: one train and one validation file, a test file for each
    corpus and test ("test_newsmtsc_rw"), ids with the corpus in front.

    Args:
        corpora: What to read; their names differ.
        split: How rows are divided, each corpus for itself.
        audit_settings: What counts as a duplicate, and whether leaks are removed from train.
        output: The folder to write. A prepared dataset that is there is replaced as a whole.
        count_tokens: Returns for each example the length of the encoder's input, uncut; None where the share of
            truncated rows is not wanted.
        max_length: Tokens that the encoder takes; goes with `count_tokens`.
        counted_for: Which encoder and input the tokens were counted for, for the manifest.

    Returns:
        `output`, complete.

    Raises:
        ConfigError: Settings are impossible.
        DataError: Files or rows cannot be used; nothing is written.
    """
    _check_settings(corpora, split, audit_settings)
    with atomic_folder(output) as folder:
        with intake(corpora, folder, count_tokens) as taken:
            rows, removed = _divide(corpora, taken, split, audit_settings)
            _check_result(rows, split)
            findings = audit(rows, audit_settings, removed, None if count_tokens is None else max_length)
            write_splits(taken.spool, rows.after, rows.names, folder, prefix_ids=len(corpora) > 1)
        metrics = {corpus.metric for corpus in corpora}
        manifest = {
            "kind": KIND,
            "format": FORMAT,
            "name": "+".join(corpus.name for corpus in corpora),
            # Corpora that choose by different metrics have none in common but the one that fits all.
            "metric": metrics.pop() if len(metrics) == 1 else "macro_f1",
            "counts": {name: {"rows": part["rows"], **part["stances"]} for name, part in findings["splits"].items()},
            "inputs": taken.inputs(),
            "rejected": taken.rejected,
            "skipped": dict(taken.skipped),
            "corrected": dict(taken.corrected),
            "settings": {
                "data": [asdict(corpus) for corpus in corpora],
                "split": asdict(split),
                "audit": asdict(audit_settings),
            },
            "counted_for": None if counted_for is None else dict(counted_for),
        }
        write_json(folder / AUDIT, findings)
        write_text(folder / README, dataset_card(manifest, findings))
        write_manifest(folder, manifest)
    if taken.rejected:
        _log.warning(
            "%s: %d rows were left out; they are listed with reasons in %s", output, taken.rejected, output / REJECTED
        )
    _log.info("%s: %s", output, ", ".join(f"{name} {part['rows']:,}" for name, part in findings["splits"].items()))
    return output


def _check_settings(corpora: Sequence[CorpusSettings], split: SplitSettings, audit_settings: AuditSettings) -> None:
    lines = [f"data ({corpus.name}): {line}" for corpus in corpora for line in corpus.problems()]
    lines += [f"split.{line}" for line in split.problems()] + [f"audit.{line}" for line in audit_settings.problems()]
    names = Counter(corpus.name for corpus in corpora)
    lines += [f"data: {n} corpora are called {name!r}; each needs its own name" for name, n in names.items() if n > 1]
    if not corpora:
        lines.append("data: no corpus is given")
    if lines:
        raise ConfigError(f"the settings cannot be used\n{list_problems(lines)}")


def _divide(
    corpora: Sequence[CorpusSettings], taken: Intake, split: SplitSettings, settings: AuditSettings
) -> tuple[Assigned, dict[str, int]]:
    """Give each row its split, and count those that end up in none, by reason."""
    keys, usable = taken.spool.keys, taken.usable.copy()
    groups = text_groups(taken.spool, settings)
    removed = {"rejected": taken.rejected}
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
        codes[rows] = assign(corpus.name, keys, rows, groups[rows], split)
    removed["straddling"] = int(sum((codes[rows] == DROPPED).sum() for rows in members))
    before = codes.copy()
    leaks = leaked(keys.splits, codes, groups)
    removed["leaked"] = int(leaks.sum()) if settings.leakage == "remove" else 0
    if settings.leakage == "remove":
        codes[leaks] = DROPPED
    for corpus, rows in zip(corpora, members, strict=True):
        if not of_kind(keys.splits, codes[rows], "validation").any():
            codes[rows] = carve_validation(corpus.name, codes[rows], groups[rows], keys.stance[rows], split)
    removed["not_sampled"] = _sample(codes, groups, keys, split)
    return _named(corpora, taken, before, codes, groups), removed


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
    taken: Intake,
    before: NDArray[np.int16],
    after: NDArray[np.int16],
    groups: NDArray[np.uint64],
) -> Assigned:
    """Name the splits; where there are several corpora, validation and test are named after them."""
    keys = taken.spool.keys
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
    return Assigned(keys, names, before, after, taken.usable, groups, [corpus.name for corpus in corpora])


def _check_result(rows: Assigned, split: SplitSettings) -> None:
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

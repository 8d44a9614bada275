"""Label issues: rows whose label is likely wrong, by a model that was not trained on them, and by contradiction.

Likely label errors are found by confident learning (Northcutt, Jiang and Chuang, JAIR 2021; the cleanlab package) from
out-of-fold probabilities. A weak model lists many labels that are right: the list says where to look, not what is
wrong.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from stancelab.data.store.hashing import key_of, seeded
from stancelab.schema import STANCES
from stancelab.tables.csv_lines import PLAIN, Style
from stancelab.tables.writers import write_csv
from stancelab.text_keys import row_key

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence
    from pathlib import Path

    from stancelab.metrics.classification import Floats, Ids
    from stancelab.schema import Example

LABEL: Final = "label unlike what a model expects"
CONFLICT: Final = "another row of the same text, source and target has another stance"
NEAR: Final = "a near duplicate with the same source and target has another stance"

COLUMNS: Final = (
    "id", "corpus", "split", "text", "source", "target", "stance", "expected", "p_stance", "reasons", "correction",
)  # fmt: skip
BLIND_COLUMNS: Final = ("id", "corpus", "text", "source", "target", "correction")


@dataclass(frozen=True, slots=True)
class LabelIssue:
    """One row that a person should look at.

    Attributes:
        example: The row.
        expected: The stance that the model finds likeliest.
        p_stance: The model's probability of the row's own stance.
        reasons: Why it is listed.
    """

    example: Example
    expected: str
    p_stance: float
    reasons: list[str]


def find_label_issues(examples: Sequence[Example], probabilities: Floats, near: Ids) -> list[LabelIssue]:
    """Return the rows that a person should look at, contradictions first, then the least likely label first.

    Args:
        examples: Labeled rows.
        probabilities: Out-of-fold probabilities, shape (n, 3).
        near: For each row a number that near-duplicate texts share, shape (n,).
    """
    gold = np.array([example.stance_id for example in examples])
    reasons: defaultdict[int, list[str]] = defaultdict(list)
    for row in _unlikely(gold, probabilities):
        reasons[int(row)].append(LABEL)
    keys = [row_key(example) for example in examples]
    same = _contradicting(examples, keys)
    alike = _contradicting(examples, [(number, *key[1:]) for number, key in zip(near.tolist(), keys, strict=True)])
    for row in sorted(alike):
        reasons[row].append(CONFLICT if row in same else NEAR)
    own = probabilities[np.arange(len(gold)), gold]
    issues = [
        LabelIssue(examples[row], STANCES[int(probabilities[row].argmax())], float(own[row]), why)
        for row, why in reasons.items()
    ]
    # Contradictions are facts, so they come first.
    return sorted(issues, key=lambda issue: (issue.reasons == [LABEL], issue.p_stance, issue.example.id))


def write_label_issues(path: Path, issues: Sequence[LabelIssue], style: Style = PLAIN) -> None:
    """Write label issues as CSV, with an empty column `correction` for a person to fill in."""
    rows = []
    for issue in issues:
        e, why = issue.example, "; ".join(issue.reasons)
        own = [e.id, e.corpus, e.split, e.text, e.source, e.target, e.stance]
        rows.append([*own, issue.expected, f"{issue.p_stance:.4f}", why, ""])
    write_csv(path, COLUMNS, rows, style)


def blind_sample(examples: Sequence[Example], rows: int, seed: int) -> list[Example]:
    """Return a random sample of rows, in random order; it depends on the ids of the rows and the seed alone.

    Whether a row is listed as a label issue plays no part, so that what is found in the sample holds for all rows: the
    share of wrong labels, and scores on labels that no model chose.
    """
    chance = seeded(np.array([key_of(each.corpus, each.id) for each in examples], dtype=np.uint64), seed)
    return [examples[row] for row in np.argsort(chance, kind="stable")[:rows].tolist()]


def write_blind_sample(path: Path, examples: Sequence[Example], style: Style = PLAIN) -> None:
    """Write rows as CSV without their labels, with an empty column `correction` for a person to fill in."""
    rows = [[e.id, e.corpus, e.text, e.source, e.target, ""] for e in examples]
    write_csv(path, BLIND_COLUMNS, rows, style)


def _unlikely(gold: Ids, probabilities: Floats) -> Ids:
    from cleanlab import filter as cleanlab_filter

    present = np.unique(gold)
    if len(present) < 2:
        return np.empty(0, dtype=np.int64)
    # cleanlab wants the classes that occur, numbered from 0.
    shares = np.maximum(probabilities[:, present], 1e-12)
    found = cleanlab_filter.find_label_issues(
        labels=np.searchsorted(present, gold),
        pred_probs=shares / shares.sum(axis=1, keepdims=True),
        filter_by="confident_learning",
        return_indices_ranked_by="self_confidence",
        n_jobs=1,
    )
    return np.asarray(found, dtype=np.int64)


def _contradicting(examples: Sequence[Example], keys: Sequence[Hashable]) -> set[int]:
    rows: defaultdict[Hashable, list[int]] = defaultdict(list)
    for row, key in enumerate(keys):
        rows[key].append(row)
    return {row for own in rows.values() if len({examples[each].stance for each in own}) > 1 for row in own}

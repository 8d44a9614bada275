"""Predictions that were made elsewhere, by another program, a person or a language model: a table of ids and labels."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from stancelab.errors import DataError, RowProblem, list_problems, shorten
from stancelab.formats import read_raw
from stancelab.schema import STANCE_ID, STANCES, Example

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from stancelab.evaluation.metrics import Floats

#: What the column of labels may be called; the first that the table has is taken.
LABEL_COLUMNS: Final = ("predicted", "label")
PROBABILITY_COLUMNS: Final = tuple(f"p_{stance}" for stance in STANCES)
#: How far printed probabilities may be from summing to 1: two decimals each.
_SUM_TOLERANCE: Final = 0.02


class SavedPredictions:
    """A system whose answers are known already.

    Attributes:
        name: As in tables and file names.
        seed: Tells runs of one system apart, None where there is one.
        has_probabilities: Whether the table gives probabilities; without them only labels are scored.
        can_be_probed: False: it knows the answers to its own rows alone.
    """

    can_be_probed = False

    def __init__(self, name: str, seed: int | None, answers: Mapping[str, Floats], *, has_probabilities: bool) -> None:
        self.name = name
        self.seed = seed
        self.has_probabilities = has_probabilities
        self._answers = answers

    def predict_proba(self, examples: Sequence[Example]) -> Floats:
        """Return the answers by id, shape (len(examples), 3); a label alone counts as certain."""
        return np.stack([self._answers[example.id] for example in examples])


def read_saved(
    name: str,
    seed: int | None,
    path: Path,
    tests: Mapping[str, Sequence[Example]],
    stance_of: Callable[[str], str | None],
) -> SavedPredictions:
    """Read a table of predictions: CSV, TSV, JSON Lines or Parquet with `id` and `predicted` (or `label`).

    `p_against`, `p_neutral` and `p_favor` are read where the table has them, so the prediction tables of a run are read
    as they are. Other columns are not read.

    Args:
        name: What to call the system.
        seed: Tells runs of one system apart.
        path: The table.
        tests: The test files that are evaluated; the table has to have all their ids, and may have others.
        stance_of: Returns the stance that a label means, None where it means none.

    Raises:
        DataError: The table cannot be read, lacks a column or a row, repeats an id, or says what is no stance.
    """
    wanted = {example.id: split for split, examples in tests.items() for example in examples}
    answers: dict[str, Floats] = {}
    problems: list[RowProblem] = []
    labels: str | None = None
    probabilities = False
    for batch in read_raw(path):
        problems += batch.problems
        for row, cells in batch.rows:
            if labels is None:
                labels, probabilities = _columns(path, list(cells))
            key = cells.get("id", "")
            if key not in wanted:
                continue
            found = _answer(cells, labels, stance_of, probabilities=probabilities)
            if key in answers:
                found = "id", key, "occurs already; each row has one prediction"
            if isinstance(found, tuple):
                problems.append(RowProblem(str(path), row, *found))
            else:
                answers[key] = found
    if problems:
        raise DataError(f"predictions of {name} cannot be used\n{list_problems(problems)}")
    _check_complete(name, path, wanted, answers)
    return SavedPredictions(name, seed, answers, has_probabilities=probabilities)


def _columns(path: Path, names: list[str]) -> tuple[str, bool]:
    """Return which column has the labels, and whether there are probabilities."""
    label = next((name for name in LABEL_COLUMNS if name in names), None)
    if "id" not in names or label is None:
        raise DataError(
            f"{path}: has the columns {', '.join(map(repr, names))}; expected 'id' and one of "
            f"{', '.join(map(repr, LABEL_COLUMNS))} (and {', '.join(PROBABILITY_COLUMNS)}, if there are any)"
        )
    given = [name for name in PROBABILITY_COLUMNS if name in names]
    if given and len(given) < len(PROBABILITY_COLUMNS):
        raise DataError(f"{path}: has {', '.join(given)}; expected all of {', '.join(PROBABILITY_COLUMNS)}, or none")
    return label, bool(given)


def _answer(
    cells: dict[str, str], label: str, stance_of: Callable[[str], str | None], *, probabilities: bool
) -> Floats | tuple[str, str, str]:
    """Return a row's probabilities, or (column, found, reason) where it cannot be used."""
    said = cells.get(label, "")
    stance = stance_of(said)
    if stance is None:
        known = ", ".join(STANCES)
        return label, said, f"no known stance; allowed are {known} and the values of data.labels"
    if not probabilities:
        return np.array([float(each == stance) for each in STANCES])
    texts = [cells.get(name, "") for name in PROBABILITY_COLUMNS]
    try:
        values = np.array([float(text) for text in texts])
    except ValueError:
        return "p_*", " ".join(texts), "expected three numbers"
    total = values.sum()
    if not (values >= 0).all() or not abs(total - 1) <= _SUM_TOLERANCE:
        return "p_*", " ".join(texts), "expected probabilities, from 0 to 1, that sum to 1"
    if values[STANCE_ID[stance]] < values.max():
        return (
            label,
            said,
            f"but {STANCES[int(values.argmax())]} has the highest probability; expected the two to agree",
        )
    return np.asarray(values / total)


def _check_complete(name: str, path: Path, wanted: Mapping[str, str], answers: Mapping[str, Any]) -> None:
    missing = [f"{split}: id {shorten(key)!r}" for key, split in wanted.items() if key not in answers]
    if not missing:
        return
    rows, lacking = Counter(wanted.values()), Counter(split for key, split in wanted.items() if key not in answers)
    whole = [split for split in rows if lacking[split] == rows[split]]
    if whole and len(whole) < len(rows):
        rest = ",".join(split for split in rows if split not in whole)
        advice = f"; it has none of {', '.join(whole)}: choose the others with 'evaluation.tests=[{rest}]'"
    else:
        advice = "; ids are those of the prepared dataset's test files"
    raise DataError(
        f"{path}: lacks {len(missing):,} of {len(wanted):,} predictions of {name}{advice}\n{list_problems(missing)}"
    )

"""External predictions, made by another program, a person or a language model: a table of ids and labels."""

from __future__ import annotations

import logging
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from stancelab.errors import DataError, RowProblem, count_of, list_problems, shorten
from stancelab.evaluation.unparsed import ABSTAIN, as_answer, named_values
from stancelab.grouped import ValueGroups
from stancelab.schema import (
    EXAMPLE_COLUMNS,
    PREDICTION_COLUMNS,
    PROBABILITY_COLUMNS,
    STANCE_ID,
    STANCES,
    TRAINED_ON,
    Example,
    System,
)
from stancelab.tables.table_file import TableFile
from stancelab.tables.unread import refuse_variants

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from stancelab.metrics.classification import Floats

logger = logging.getLogger(__name__)

#: What the column of labels may be called; the first that the table has is taken.
LABEL_COLUMNS: Final = ("predicted", "label")
#: How far printed probabilities may be from summing to 1: two decimals each.
_SUM_TOLERANCE: Final = 0.02


class ExternalPredictions(System):
    """A system whose answers are known already, by row id.

    Args:
        answers: Row id -> probabilities, shape (3,); where its answer could not be read, zeros (an error) or NaN (left
            out of its scores).
        overlap: Row id -> whether the system was trained on the row's text, None where that is not known.

    Attributes:
        name: As in tables and file names.
        seed: Distinguishes runs of one system, None where there is one.
        has_probabilities: Whether the table gives probabilities; without them only labels are scored.
        is_baseline: Whether the evaluation that the table is from calls it a baseline.
        answers_any_example: False: it knows the answers to its own rows alone.
        answers_every_row: Whether all of its answers could be read.
        unparsed: The values that are no stance, with their counts.
    """

    answers_any_example = False

    def __init__(
        self,
        name: str,
        seed: int | None,
        answers: Mapping[str, Floats],
        *,
        has_probabilities: bool,
        is_baseline: bool = False,
        overlap: Mapping[str, bool] | None = None,
        unparsed: Mapping[str, int] | None = None,
    ) -> None:
        self.name = name
        self.seed = seed
        self.has_probabilities = has_probabilities
        self.is_baseline = is_baseline
        self.unparsed = unparsed or {}
        self.answers_every_row = all(answer.any() and not np.isnan(answer).any() for answer in answers.values())
        self._answers = answers
        self._overlap = overlap

    def predict_proba(self, examples: Sequence[Example]) -> Floats:
        """Return the answers by id, shape (len(examples), 3); a label alone has the probability 1."""
        return np.stack([self._answers[example.id] for example in examples])

    def trained_on(self, examples: Sequence[Example]) -> NDArray[np.bool_] | None:
        """Tell of which examples the text was among its training texts, None where the evaluation does not say it."""
        return None if self._overlap is None else np.array([self._overlap[example.id] for example in examples])


def read_external(
    name: str,
    seed: int | None,
    path: Path,
    tests: Mapping[str, Sequence[Example]],
    stance_of: Callable[[str], str | None] = lambda label: label if label in STANCES else None,
    *,
    on_unparsed: str = "error",
) -> ExternalPredictions:
    """Read a table of predictions: CSV, TSV, JSON Lines or Parquet with `id` and `predicted` (or `label`).

    `p_against`, `p_neutral` and `p_favor` are read where the table has them, so the prediction tables of a run are read
    as they are; with them the labels may be missing. Other columns are not read. Rows of other ids are passed over.

    Args:
        name: What to call the system.
        seed: Distinguishes runs of one system.
        path: The table.
        tests: The test files that are evaluated; the table has to have all their ids, and may have others.
        stance_of: Returns the stance of a label, None where it has none; by default labels are stances.
        on_unparsed: What becomes of labels that have none: "error", "wrong" (they count as errors) or "abstain" (they
            are left out of the system's scores). Probabilities of a table with such labels are not scored.

    Raises:
        DataError: The table cannot be read, lacks a column or a row, repeats an id, or says what is no stance.
    """
    wanted = {example.id: split for split, examples in tests.items() for example in examples}
    answers: dict[str, Floats] = {}
    problems: list[RowProblem] = []
    unknown: list[str] = []
    unparsed = ValueGroups()
    table = TableFile(path)
    # Where no row of JSON Lines can be read there are no columns; the problems of the rows say why.
    labels, probabilities = _columns(path, table.columns) if table.columns else (None, False)
    for batch in table.text_rows(["id", *LABEL_COLUMNS, *PROBABILITY_COLUMNS]):
        problems += batch.problems
        for line in batch.warnings:
            logger.warning("%s", line)
        for row, cells in batch.rows:
            key = cells.get("id", "")
            if key not in wanted:
                unknown.append(key)
                continue
            if labels is not None and stance_of(cells.get(labels, "")) is None:
                unparsed.add(row, cells.get(labels, ""))
                found: Floats | tuple[str, str, str] = as_answer(None, abstained=on_unparsed == ABSTAIN)
            else:
                found = _answer(cells, labels, stance_of, probabilities=probabilities)
            if key in answers:
                found = "id", key, "occurs already; each row has one prediction"
            if isinstance(found, tuple):
                problems.append(RowProblem(str(path), row, *found))
            else:
                answers[key] = found
    if problems or (unparsed.total and on_unparsed == "error"):
        raise DataError(
            f"predictions of {name} cannot be used"
            + (f"\n{list_problems(problems)}" if problems else "")
            + (_unparsed_problem(path, labels or "", unparsed) if unparsed.total and on_unparsed == "error" else "")
        )
    _check_complete(name, path, wanted, answers, unknown)
    _check_answered(name, path, tests, answers)
    if unparsed.total:
        logger.warning(
            "%s: %s of %s predictions of %s are no stance (%s); %s",
            path,
            f"{unparsed.total:,}",
            f"{len(answers):,}",
            name,
            named_values(unparsed.counts),
            "they are left out of its scores" if on_unparsed == ABSTAIN else "they count as errors",
        )
    if unknown:
        logger.warning(
            "%s: passed over: %s with ids that the test files do not have, such as %r",
            path,
            count_of(len(unknown), "row"),
            shorten(unknown[0]),
        )
    _check_not_gold(path, tests, answers)
    scored = probabilities and not unparsed.total
    return ExternalPredictions(name, seed, answers, has_probabilities=scored, unparsed=unparsed.counts)


def _unparsed_problem(path: Path, column: str, unparsed: ValueGroups) -> str:
    """Return what labels are no stance, and the setting that takes them."""
    lines = "".join(f"\n  {line}" for line in unparsed.lines(STANCES))
    return (
        f"\n{path}, column {column!r}: {unparsed.total:,} "
        f"value{' is' if unparsed.total == 1 else 's are'} no known stance; allowed are {', '.join(STANCES)} "
        f"and the values of data.labels{lines}\n"
        "Correct them, or say what they are: evaluation.on_unparsed=wrong counts them as errors, "
        "evaluation.on_unparsed=abstain leaves them out of the system's scores and states its coverage"
    )


def _check_answered(
    name: str, path: Path, tests: Mapping[str, Sequence[Example]], answers: Mapping[str, Floats]
) -> None:
    """Raise a `DataError` where no prediction of a test file is a stance."""
    nothing = [split for split, rows in tests.items() if not any(np.nansum(answers[each.id]) for each in rows)]
    if nothing:
        size = len(tests[nothing[0]])
        raise DataError(f"{path}: none of the {size:,} predictions of {name} on {nothing[0]!r} is a stance")


def _columns(path: Path, names: list[str]) -> tuple[str | None, bool]:
    """Return which column has the labels, if any has, and whether there are probabilities."""
    refuse_variants(str(path), names, ["id", *LABEL_COLUMNS, *PROBABILITY_COLUMNS])
    labels = [name for name in LABEL_COLUMNS if name in names]
    own = set(PREDICTION_COLUMNS) <= set(names)  # a table of ours; its other columns are the corpus's
    if len(labels) > 1 and not own:
        raise DataError(f"{path}: has both {' and '.join(map(repr, labels))}; leave one of them out or rename it")
    label = labels[0] if labels else None
    if "id" not in names or (label is None and not set(PROBABILITY_COLUMNS) <= set(names)):
        raise DataError(
            f"{path}: has the columns {', '.join(map(repr, names))}; expected 'id' and one of "
            f"{', '.join(map(repr, LABEL_COLUMNS))} (and {', '.join(PROBABILITY_COLUMNS)}, if there are any)"
        )
    given = [name for name in PROBABILITY_COLUMNS if name in names]
    if given and len(given) < len(PROBABILITY_COLUMNS):
        raise DataError(f"{path}: has {', '.join(given)}; expected all of {', '.join(PROBABILITY_COLUMNS)}, or none")
    _tell_unread(path, names, {"id", *given, *([] if label is None else [label])})
    return label, bool(given)


def _tell_unread(path: Path, names: Sequence[str], read: set[str]) -> None:
    """Log the columns of another program's table that are not read; those of a table of ours are not told."""
    known = {*EXAMPLE_COLUMNS, *PREDICTION_COLUMNS, TRAINED_ON}
    unread = [name for name in names if name not in read and name not in known]
    if unread:
        logger.info("%s: not read: %s", path, ", ".join(map(repr, unread)))


def _answer(
    cells: dict[str, str], label: str | None, stance_of: Callable[[str], str | None], *, probabilities: bool
) -> Floats | tuple[str, str, str]:
    """Return a row's probabilities, or (column, found, reason) where it cannot be used."""
    given = "" if label is None else cells.get(label, "")
    stance = None if label is None else stance_of(given)
    if not probabilities:
        return np.array([float(each == stance) for each in STANCES])
    numbers = []
    for name in PROBABILITY_COLUMNS:
        try:
            numbers.append(float(cells.get(name, "").replace("_", "?")))  # "0_5" is a number for Python alone
        except ValueError:
            return name, cells.get(name, ""), "expected a probability, from 0 to 1"
    values = np.array(numbers)
    total = values.sum()
    if not (values >= 0).all() or not abs(total - 1) <= _SUM_TOLERANCE:
        hint = "; divide percent by 100" if abs(total - 100) <= 100 * _SUM_TOLERANCE else ""
        found = " ".join(f"{value:g}" for value in numbers)
        return ", ".join(PROBABILITY_COLUMNS), found, f"expected probabilities, from 0 to 1, that sum to 1{hint}"
    if label is not None and stance is not None and values[STANCE_ID[stance]] < values.max():
        highest = STANCES[int(values.argmax())]
        return label, given, f"but {highest} has the highest probability; expected the two to agree"
    return np.asarray(values / total)


def _check_complete(
    name: str, path: Path, wanted: Mapping[str, str], answers: Mapping[str, Any], unknown: Sequence[str]
) -> None:
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
        if unknown:
            advice += f", and {len(unknown):,} ids here are none of them, such as {shorten(unknown[0])!r}"
    raise DataError(
        f"{path}: lacks {len(missing):,} of {len(wanted):,} predictions of {name}{advice}\n{list_problems(missing)}"
    )


def _check_not_gold(path: Path, tests: Mapping[str, Sequence[Example]], answers: Mapping[str, Floats]) -> None:
    rows = [(each.stance_id, answers[each.id]) for examples in tests.values() for each in examples]
    if all(answer[gold] > 0 and int(answer.argmax()) == gold for gold, answer in rows):
        logger.warning(
            "%s: all %s answers are the gold labels; make sure that the column holds predictions",
            path,
            f"{len(rows):,}",
        )

"""External predictions, made by another program, a person or a language model: a table of ids and labels."""

from __future__ import annotations

import logging
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from stancelab.errors import DataError, RowProblem, count_of, list_problems, shorten
from stancelab.evaluation.runs.joined import Reading, TestRows
from stancelab.row_ids import COMPARED
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
#: What the stated label is preferred by where others are as likely: far below what printed probabilities tell.
_NUDGE: Final = 1e-9


class ExternalPredictions(System):
    """A system whose answers are known already, by row id.

    Args:
        answers: Row id -> probabilities, shape (3,).
        overlap: Row id -> whether the system was trained on the row's text, None where that is not known.

    Attributes:
        name: As in tables and file names.
        seed: Distinguishes runs of one system, None where there is one.
        has_probabilities: Whether the table gives probabilities; without them only labels are scored.
        is_baseline: Whether the evaluation that the table is from calls it a baseline.
        answers_any_example: False: it knows the answers to its own rows alone.
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
    ) -> None:
        self.name = name
        self.seed = seed
        self.has_probabilities = has_probabilities
        self.is_baseline = is_baseline
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
    reading_of: Callable[[str], Reading] = lambda _: Reading(),
) -> ExternalPredictions:
    """Read a table of predictions: CSV, TSV, JSON Lines or Parquet with `id` and `predicted` (or `label`).

    `p_against`, `p_neutral` and `p_favor` are read where the table has them, so the prediction tables of a run are read
    as they are; with them the labels may be missing. Of two equal probabilities the label's counts. Where the table has
    the columns text, source, target or stance, they are compared with the test files'. Other columns are not read. Rows
    of other ids are passed over; where test rows have no ids of their own, they are also found by what they say.

    Args:
        name: What to call the system.
        seed: Distinguishes runs of one system.
        path: The table.
        tests: The test files that are evaluated; the table has to have all their ids, and may have others.
        reading_of: Returns how a table speaks of the rows of a corpus, by its name; by default labels are stances.

    Raises:
        DataError: The table cannot be read, lacks a column or a row, repeats an id, says what is no stance, or has
            another text, source, target or stance than the row of its id.
    """
    wanted = {example.id: split for split, examples in tests.items() for example in examples}
    rows = TestRows(tests, reading_of)
    answers: dict[str, Floats] = {}
    problems: list[RowProblem] = []
    others: list[RowProblem] = []
    ties = 0
    table = TableFile(path)
    compared = _compared(tests, reading_of)
    # Where no row of JSON Lines can be read there are no columns; the problems of the rows say why.
    labels, probabilities = _columns(path, table.columns, compared) if table.columns else (None, False)
    own = set(PREDICTION_COLUMNS) <= set(table.columns)
    for batch in table.text_rows(["id", *LABEL_COLUMNS, *PROBABILITY_COLUMNS, *compared]):
        problems += batch.problems
        for line in batch.warnings:
            logger.warning("%s", line)
        for row, cells in batch.rows:
            example = rows.find(cells)
            if example is None:
                continue
            reading = reading_of(example.corpus)
            others += [RowProblem(str(path), row, *each) for each in reading.contradictions(example, cells, labels)]
            # A table of ours has the stances' own names, whatever the corpus calls them.
            stance_of = Reading().stance_of if own else reading.stance_of
            found = _answer(cells, labels, stance_of, probabilities=probabilities)
            if example.id in answers:
                found = "id", cells.get("id", ""), "occurs already; each row has one prediction"
            if isinstance(found, tuple):
                problems.append(RowProblem(str(path), row, *found))
            else:
                answers[example.id] = found
                ties += bool((found == found.max()).sum() > 1)
    if others:
        raise DataError(
            f"predictions of {name} cannot be used: {len(others):,} cells are not those of the test rows of their ids. "
            "The table was made for other rows, or the corpus was changed since; predict again, or rename a column "
            f"that is none of the row's own\n{list_problems(others)}"
        )
    if problems:
        raise DataError(f"predictions of {name} cannot be used\n{list_problems(problems)}")
    _check_complete(name, path, wanted, answers, rows)
    _tell(path, rows, ties)
    _check_not_gold(path, tests, answers)
    return ExternalPredictions(name, seed, answers, has_probabilities=probabilities)


def _compared(tests: Mapping[str, Sequence[Example]], reading_of: Callable[[str], Reading]) -> list[str]:
    """Return the columns that are compared with the test rows, where a table has them."""
    readings = [reading_of(corpus) for corpus in {row.corpus for examples in tests.values() for row in examples}]
    own = [each.wording.columns.get(name, name) for each in readings for name in COMPARED]
    return list(dict.fromkeys([*COMPARED, "stance", *own, *(each.stance for each in readings)]))


def _columns(path: Path, names: list[str], compared: Sequence[str]) -> tuple[str | None, bool]:
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
    _tell_unread(path, names, {"id", *compared, *given, *([] if label is None else [label])})
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
    if label is not None and stance is None:
        known = ", ".join(STANCES)
        return label, given, f"no known stance; allowed are {known} and the values of data.labels"
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
    values = values / total
    if stance is not None and (values == values.max()).sum() > 1:
        values[STANCE_ID[stance]] += _NUDGE  # the stated label, where others are as likely
    return np.asarray(values)


def _check_complete(
    name: str, path: Path, wanted: Mapping[str, str], answers: Mapping[str, Any], rows: TestRows
) -> None:
    missing = [f"{split}: id {shorten(key)!r}" for key, split in wanted.items() if key not in answers]
    if not missing:
        return
    sizes, lacking = Counter(wanted.values()), Counter(split for key, split in wanted.items() if key not in answers)
    whole = [split for split in sizes if lacking[split] == sizes[split]]
    if whole and len(whole) < len(sizes):
        rest = ",".join(split for split in sizes if split not in whole)
        advice = f"; it has none of {', '.join(whole)}: choose the others with 'evaluation.tests=[{rest}]'"
    else:
        advice = f"; ids are those of the prepared dataset's test files{rows.advice()}"
    raise DataError(
        f"{path}: lacks {len(missing):,} of {len(wanted):,} predictions of {name}{advice}\n{list_problems(missing)}"
    )


def _tell(path: Path, rows: TestRows, ties: int) -> None:
    """Say how rows of a table were found, and what in it is not as it should be."""
    if rows.unknown:
        logger.warning(
            "%s: passed over: %s with ids that the test files do not have, such as %r",
            path,
            count_of(len(rows.unknown), "row"),
            shorten(rows.unknown[0]),
        )
    if rows.in_blanks:
        logger.warning("%s: %s with blanks around it, which do not count", path, count_of(rows.in_blanks, "id"))
    if rows.by_content:
        logger.info(
            "%s: found by text, source and target: %s with other ids than those of the test files",
            path,
            count_of(rows.by_content, "row"),
        )
    if ties:
        logger.warning(
            "%s: %s with several highest probabilities and no label; the first of %s counts",
            path,
            count_of(ties, "row"),
            ", ".join(STANCES),
        )


def _check_not_gold(path: Path, tests: Mapping[str, Sequence[Example]], answers: Mapping[str, Floats]) -> None:
    rows = [(each.stance_id, answers[each.id]) for examples in tests.values() for each in examples]
    if all(int(answer.argmax()) == gold for gold, answer in rows):
        logger.warning(
            "%s: all %s answers are the gold labels; make sure that the column holds predictions",
            path,
            f"{len(rows):,}",
        )

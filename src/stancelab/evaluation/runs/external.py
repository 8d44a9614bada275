"""External predictions, made by another program, a person or a language model: a table of ids and labels."""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from stancelab.errors import DataError, RowProblem, count_of, list_problems, shorten
from stancelab.evaluation.runs.joined import Reading, TestRows
from stancelab.evaluation.unparsed import ABSTAIN, as_answer, named_values
from stancelab.grouped import ValueGroups
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
from stancelab.tables.unread import listed_columns, refuse_variants

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
    reading_of: Callable[[str], Reading] = lambda _: Reading(),
    *,
    on_unparsed: str = "error",
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
        on_unparsed: What becomes of labels that are no stance: "error", "wrong" (they count as errors) or "abstain"
            (they are left out of the system's scores). Probabilities of a table with such labels are not scored.

    Raises:
        DataError: The table cannot be read, lacks a column or a row, repeats an id, says what is no stance, or has
            another text, source, target or stance than the row of its id.
    """
    wanted = {example.id: split for split, examples in tests.items() for example in examples}
    rows, table, found = TestRows(tests, reading_of), TableFile(path), _Found()
    compared = _compared(tests, reading_of)
    # Where no row of JSON Lines can be read there are no columns; the problems of the rows say why.
    labels, probabilities = _columns(path, table.columns, compared) if table.columns else (None, False)
    own = set(PREDICTION_COLUMNS) <= set(table.columns)
    for batch in table.text_rows(["id", *LABEL_COLUMNS, *PROBABILITY_COLUMNS, *compared]):
        found.problems += batch.problems
        for line in batch.warnings:
            logger.warning("%s", line)
        for row, cells in batch.rows:
            example = rows.find(cells)
            if example is None:
                continue
            reading = reading_of(example.corpus)
            different = reading.contradictions(example, cells, labels)
            found.others += [RowProblem(str(path), row, *each) for each in different]
            # A table of ours has the stances' own names, whatever the corpus calls them.
            stance_of = Reading().stance_of if own else reading.stance_of
            if labels is not None and stance_of(cells.get(labels, "")) is None:
                found.unparsed.add(row, cells.get(labels, ""))
                answer: Floats | tuple[str, str, str] = as_answer(None, abstained=on_unparsed == ABSTAIN)
            else:
                answer = _answer(cells, labels, stance_of, probabilities=probabilities)
            found.add(path, row, example.id, cells, answer)
    _refuse(name, path, found, labels, on_unparsed)
    _check_complete(name, path, wanted, found.answers, rows)
    _check_answered(name, path, tests, found.answers)
    _tell_unparsed(name, path, found, on_unparsed)
    _tell(path, rows, found.ties)
    _check_not_gold(path, tests, found.answers)
    unparsed = found.unparsed
    scored = probabilities and not unparsed.total
    return ExternalPredictions(name, seed, found.answers, has_probabilities=scored, unparsed=unparsed.counts)


@dataclass
class _Found:
    """What the rows of a table say.

    Attributes:
        answers: Row id -> probabilities, shape (3,).
        problems: Rows that cannot be used.
        others: Cells that are not those of the test rows of their ids.
        unparsed: The labels that are no stance.
        ties: How many rows have several highest probabilities and no label.
    """

    answers: dict[str, Floats] = field(default_factory=dict)
    problems: list[RowProblem] = field(default_factory=list)
    others: list[RowProblem] = field(default_factory=list)
    unparsed: ValueGroups = field(default_factory=ValueGroups)
    ties: int = 0

    def add(
        self, path: Path, row: int, key: str, cells: Mapping[str, str], answer: Floats | tuple[str, str, str]
    ) -> None:
        """Take the answer to a test row, or why there is none."""
        if key in self.answers:
            answer = "id", cells.get("id", ""), "occurs already; each row has one prediction"
        if isinstance(answer, tuple):
            self.problems.append(RowProblem(str(path), row, *answer))
            return
        self.answers[key] = answer
        self.ties += bool(answer.any() and (answer == answer.max()).sum() > 1)


def _refuse(name: str, path: Path, found: _Found, labels: str | None, on_unparsed: str) -> None:
    """Raise a `DataError` where rows are of other data, or cannot be used."""
    if found.others:
        cells = count_of(len(found.others), "cell")
        raise DataError(
            f"predictions of {name} cannot be used: {cells} of other content than the test rows of the ids. The table "
            "was made for other rows, or the corpus was changed since; predict again, or rename a column that is none "
            f"of the row's own\n{list_problems(found.others)}"
        )
    unparsed = found.unparsed.total > 0 and on_unparsed == "error"
    if found.problems or unparsed:
        raise DataError(
            f"predictions of {name} cannot be used"
            + (f"\n{list_problems(found.problems)}" if found.problems else "")
            + (_unparsed_problem(path, labels or "", found.unparsed) if unparsed else "")
        )


def _tell_unparsed(name: str, path: Path, found: _Found, on_unparsed: str) -> None:
    """Say how many labels are no stance, and what becomes of them."""
    if not found.unparsed.total:
        return
    logger.warning(
        "%s: %s of %s predictions of %s are no stance (%s); %s",
        path,
        f"{found.unparsed.total:,}",
        f"{len(found.answers):,}",
        name,
        named_values(found.unparsed.counts),
        "they are left out of its scores" if on_unparsed == ABSTAIN else "they count as errors",
    )


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
        raise DataError(f"{path}: none of the {count_of(size, 'prediction')} of {name} on {nothing[0]!r} is a stance")


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
        logger.info("%s: not read: %s", path, listed_columns(unread))


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
        f"{path}: lacks {len(missing):,} of {count_of(len(wanted), 'prediction')} of "
        f"{name}{advice}\n{list_problems(missing)}"
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
    if all(answer[gold] > 0 and int(answer.argmax()) == gold for gold, answer in rows):
        logger.warning(
            "%s: all %s answers are the gold labels; make sure that the column holds predictions",
            path,
            f"{len(rows):,}",
        )

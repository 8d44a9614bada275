"""Rows of a request -> examples; probabilities -> answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from stancelab.errors import SHOWN_PROBLEMS, DataError, count_of
from stancelab.inference.classifier import to_prediction
from stancelab.inference.dicts import DictReader, problems_in
from stancelab.inference.keys import names_of
from stancelab.offsets import problems_of_offsets
from stancelab.schema import control_problem
from stancelab.serve.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    from numpy.typing import NDArray

    from stancelab.schema import Example
    from stancelab.serve.schemas import PredictRequest
    from stancelab.serve.settings import ServeSettings
    from stancelab.tables.mending import Mending

#: Decimals of numbers in answers, as in stances.json.
DECIMALS: Final = 6


def examples_of(request: PredictRequest, settings: ServeSettings, mending: Mending) -> list[Example]:
    """Return the rows of a request as examples.

    Args:
        request: The request.
        settings: The limits.
        mending: What is done to the cells, as in the checkpoint's training.

    Raises:
        Problem: 422, there are too many rows, or some cannot be used: they are named by their place from 0.
    """
    if len(request.rows) > settings.rows:
        found = f"found {len(request.rows):,}, allowed are {settings.rows:,}"
        raise Problem(422, f"rows: {found} (serve.rows); send them in several requests")
    if wrong := problems_of_offsets(request.offsets):
        raise Problem(422, wrong[0])
    reader = DictReader(names_of({}), mending, request.offsets)
    examples: list[Example] = []
    problems: list[str] = []
    for number, row in enumerate(request.rows):
        where = f"rows[{number}]"
        unreadable = [
            f"{where}.{name}: {reason}"
            for name, value in (("text", row.text), ("target", row.target), ("source", row.source))
            if (reason := _too_long(value, settings) or control_problem(value))
        ]
        if unreadable:
            problems += unreadable
            continue
        try:
            example = reader.example(row.model_dump(), str(number))
        except DataError as error:
            problems.append(f"{where}: {error}")
            continue
        problems += [f"{where}.{name}: {reason}" for name, reason in problems_in(example)]
        examples.append(example)
    if not problems and (refusal := reader.votes.refusal("the rows", "offsets", request.offsets)):
        problems.append(refusal)
    if problems:
        raise unusable("rows", problems)
    return examples


def _too_long(value: str, settings: ServeSettings) -> str:
    """Return what is said of a cell that is too long, "" of another one."""
    if len(value) <= settings.row_characters:
        return ""
    return (
        f"found {len(value):,} characters, allowed are {settings.row_characters:,} (serve.row_characters); send a "
        "sentence at a time"
    )


def unusable(what: str, problems: list[str]) -> Problem:
    """Return the problem of a request whose parts cannot be used; the first of them are named."""
    shown = problems[:SHOWN_PROBLEMS]
    if len(problems) > len(shown):
        shown.append(f"... and {len(problems) - len(shown):,} more")
    return Problem(422, f"{what}: {count_of(len(problems), 'problem')}; mend what `errors` lists", shown)


def answers_of(probabilities: NDArray[np.float64], threshold: float) -> list[dict[str, Any]]:
    """Return the prediction columns of each row, numbers rounded to six decimals."""
    return [_rounded(to_prediction(row, threshold).cells().items()) for row in probabilities]


def _rounded(cells: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    return {name: round(value, DECIMALS) if isinstance(value, float) else value for name, value in cells}

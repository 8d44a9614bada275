"""What a caller gives to a classifier -> checked examples: Examples, dicts, or a DataFrame."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from stancelab.errors import ConfigError, DataError, count_of, list_problems
from stancelab.inference.dicts import DictReader, problems_in
from stancelab.inference.keys import check_frame, check_named, names_of, problems_of_keys, tell_unread
from stancelab.offsets import CHARACTERS, problems_of_offsets
from stancelab.schema import Example
from stancelab.tables.careless import Traces
from stancelab.tables.mending import Mending

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

logger = logging.getLogger(__name__)

#: Examples that are named of each problem.
_SHOWN: Final = 3


def checked_examples(
    examples: Iterable[Example | Mapping[str, Any]] | pd.DataFrame,
    told: set[str] | None = None,
    mending: Mending | None = None,
    *,
    columns: Mapping[str, str] | None = None,
    offsets: str = CHARACTERS,
    trained: Mapping[str, Sequence[str]] | None = None,
) -> list[Example]:
    """Return rows as examples that can be predicted, in the order given.

    Args:
        examples: Examples, dicts with the keys `text` and `target` (and, if known, `source`, `target_start`,
            `target_end`, `source_start`, `source_end`, `aliases`), or a DataFrame with such columns. Other keys are not
            read, and a warning names them.
        told: The keys that earlier calls have named; those of this call are added.
        mending: What is done to the cells of dicts and DataFrames; `Example` objects are taken as they are.
        columns: Field -> the key or column that holds it, where it is not called like the field.
        offsets: How the spans of dicts and DataFrames are counted; those of `Example` objects are in characters.
        trained: Field -> what its columns were called in the checkpoint's training, to be suggested.

    Raises:
        ConfigError: `columns` names no field, or a column that is not there, or there is no such way to count.
        DataError: A row lacks its text or target, a span lies outside the text (all such rows are named, equal problems
            together), the spans are plainly counted otherwise, a key differs from one that is read by letter case or
            blanks, or a DataFrame has a column twice.
    """
    names = names_of(columns or {})
    _check_offsets(offsets)
    reader = DictReader(names, mending or Mending(), offsets)
    found: list[Example] = []
    problems: dict[tuple[str, str], list[int]] = {}
    keys: dict[str, None] = {}
    for number, row in enumerate(_rows(examples, names)):
        try:
            example = row if isinstance(row, Example) else reader.example(row, str(number))
        except DataError as error:
            problems.setdefault(("", str(error)), []).append(number)
            continue
        for problem in problems_in(example):
            problems.setdefault(problem, []).append(number)
        if isinstance(row, Mapping):
            keys.update(dict.fromkeys(map(str, row)))
        found.append(example)
    check_named(columns or {}, list(keys), found=bool(found))
    lines = [*map(_told, problems.items()), *problems_of_keys(list(keys), names)]
    if lines:
        raise DataError("cannot predict:\n" + list_problems(lines))
    refusal = reader.votes.refusal("the examples", "offsets", offsets)
    if refusal is not None:
        raise DataError(refusal)
    told = set() if told is None else told
    tell_unread(list(keys), names, told, trained or {})
    if keys:
        _tell_traces(found, told)
    return found


def _check_offsets(offsets: str) -> None:
    wrong = problems_of_offsets(offsets) if isinstance(offsets, str) else [f"offsets: found {offsets!r}, expected text"]
    if wrong:
        raise ConfigError(wrong[0])


def _told(problem: tuple[tuple[str, str], list[int]]) -> str:
    """Return a problem with the examples that have it."""
    (field, reason), numbers = problem
    place = f", {field}" if field else ""
    if len(numbers) == 1:
        return f"example {numbers[0]}{place}: {reason}"
    named = ", ".join(map(str, numbers[:_SHOWN]))
    such_as = ":" if len(numbers) <= _SHOWN else ", such as example"
    return f"{count_of(len(numbers), 'example')}{such_as} {named}{place}: {reason}"


def _tell_traces(examples: list[Example], told: set[str]) -> None:
    """Log what careless exports have left in the rows of dicts, each kind of it once."""
    traces = Traces()
    traces.add(examples)
    kinds = {*traces.kinds, *(f"{name} {word}" for name, words in traces.missing_words.items() for word in words)}
    if kinds - told:
        told |= kinds
        for line in traces.lines("examples", None):
            logger.warning("%s", line)


def _rows(
    examples: Iterable[Example | Mapping[str, Any]] | pd.DataFrame, names: Mapping[str, str]
) -> Iterable[Example | Mapping[str, Any]]:
    if hasattr(examples, "itertuples"):
        frame: Any = examples
        check_frame(list(frame.columns), names)
        return (dict(zip(frame.columns, row, strict=True)) for row in frame.itertuples(index=False, name=None))
    if isinstance(examples, Mapping | str | Example) or not isinstance(examples, Iterable):
        raise DataError(f"predict takes a list of examples, found one {type(examples).__name__}; write predict([...])")
    return examples

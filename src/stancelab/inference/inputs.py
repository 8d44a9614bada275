"""What a caller gives to a classifier -> checked examples: Examples, dicts, or a DataFrame."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from stancelab.errors import DataError, list_problems
from stancelab.schema import EXAMPLE_COLUMNS, PREDICTION_COLUMNS, SOURCE, Example, Span, problems_of
from stancelab.tables.careless import Traces
from stancelab.tables.mending import Mending
from stancelab.tables.unread import source_warning, synonym, variants

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

logger = logging.getLogger(__name__)

#: The keys of a dict, and the columns of a DataFrame, that are read besides `id`.
FIELDS: Final = ("text", "source", "target", "target_start", "target_end", "source_start", "source_end")


def checked_examples(
    examples: Iterable[Example | Mapping[str, Any]] | pd.DataFrame,
    told: set[str] | None = None,
    mending: Mending | None = None,
) -> list[Example]:
    """Return rows as examples that can be predicted, in the order given.

    Args:
        examples: Examples, dicts with the keys `text` and `target` (and, if known, `source`, `target_start`,
            `target_end`, `source_start`, `source_end`), or a DataFrame with such columns. A span's start and end are
            counted in characters. Other keys are not read, and a warning names them.
        told: The keys that earlier calls have named; those of this call are added.
        mending: What is done to the cells of dicts and DataFrames; `Example` objects are taken as they are.

    Raises:
        DataError: A row lacks its text or target, or a span lies outside the text (all such rows are named at once), or
            a key differs from one that is read by letter case or blanks.
    """
    found: list[Example] = []
    problems: list[str] = []
    keys: dict[str, None] = {}
    for number, row in enumerate(_rows(examples)):
        try:
            example = row if isinstance(row, Example) else _to_example(row, str(number), mending or Mending())
        except DataError as error:
            problems.append(f"example {number}: {error}")
            continue
        problems += [f"example {number}, {field}: {reason}" for field, _, reason in problems_of(example)]
        found.append(example)
        if isinstance(row, Mapping):
            keys.update(dict.fromkeys(map(str, row)))
    near = variants(keys, FIELDS, ())
    problems += [f"the key {key!r} is not read, since {field!r} is written otherwise; rename it" for key, field in near]
    if problems:
        raise DataError("cannot predict:\n" + list_problems(problems))
    told = set() if told is None else told
    _tell_unread(list(keys), told)
    if keys:
        traces = Traces()
        traces.add(found)
        _tell_traces(traces, told)
    return found


def _tell_traces(traces: Traces, told: set[str]) -> None:
    """Log what careless exports have left in the rows, each kind of it once."""
    kinds = {*traces.kinds, *(f"{name} {word}" for name, words in traces.missing_words.items() for word in words)}
    if kinds - told:
        told |= kinds
        for line in traces.lines("examples", None):
            logger.warning("%s", line)


def _tell_unread(keys: Sequence[str], told: set[str]) -> None:
    """Log a warning that names the keys that are not read, but for those that were told and those of our own tables."""
    known = {"id", *FIELDS, *EXAMPLE_COLUMNS, *PREDICTION_COLUMNS}
    unread = [key for key in keys if key not in known and key not in told]
    told.update(unread)
    if not unread:
        return
    speaker = None if SOURCE in keys else synonym(SOURCE, unread)
    if speaker is not None:
        logger.warning("%s", source_warning("", speaker, None))
    logger.warning("not read: %s; the keys that are read are %s", ", ".join(map(repr, unread)), ", ".join(FIELDS))


def _rows(examples: Iterable[Example | Mapping[str, Any]] | pd.DataFrame) -> Iterable[Example | Mapping[str, Any]]:
    if hasattr(examples, "itertuples"):
        frame: Any = examples
        twice = [str(name) for name, count in Counter(frame.columns).items() if count > 1]
        if twice:
            raise DataError(f"the DataFrame has the column {twice[0]!r} more than once; rename one of them")
        return (dict(zip(frame.columns, row, strict=True)) for row in frame.itertuples(index=False, name=None))
    if isinstance(examples, Mapping | str):
        raise DataError(f"predict takes a list of examples, found one {type(examples).__name__}; write predict([...])")
    return examples


def _to_example(row: Mapping[str, Any], number: str, mending: Mending) -> Example:
    if not isinstance(row, Mapping):
        raise DataError(f"found {type(row).__name__}, expected an Example or a dict with text and target")
    values = {name: (None if _is_missing(row.get(name)) else row.get(name)) for name in FIELDS}
    for name in ("text", "target"):
        if name not in row:
            raise DataError(f"no key {name!r}; found {', '.join(map(repr, row)) or 'none'}")
    for name in ("text", "target", "source"):
        if values[name] is not None and not isinstance(values[name], str):
            raise DataError(f"{name} is {type(values[name]).__name__}, expected str")
    for name, value in values.items():
        if isinstance(value, str) and mending.is_missing(value):
            values[name] = None
    example = Example(
        id=str(row.get("id", number)),
        text=values["text"] or "",
        target=values["target"] or "",
        source=values["source"] or "",
        target_span=_span(values["target_start"], values["target_end"], "target"),
        source_span=_span(values["source_start"], values["source_end"], "source"),
    )
    mended = example if problems_of(example) else mending.repaired(example)
    if not isinstance(mended, Example):
        field, found, reason = mended
        raise DataError(f"{field} {found}: {reason}")
    return mended


def _span(start: Any, end: Any, part: str) -> Span | None:
    if start is None and end is None:
        return None
    span: Span | None
    try:
        span = Span(int(start), int(end))
    except (TypeError, ValueError, OverflowError):
        span = None
    if span is None or (span.start, span.end) != (start, end):
        raise DataError(f"{part}_start and {part}_end are {start!r} and {end!r}; give two whole numbers or neither")
    return span


def _is_missing(value: Any) -> bool:
    # NaN, as pandas has it, is unlike itself; pandas' own NA refuses to be compared.
    return value is None or type(value).__name__ in ("NAType", "NaTType") or value != value

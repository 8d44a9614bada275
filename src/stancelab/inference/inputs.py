"""What a caller gives to a classifier -> checked examples: Examples, dicts, or a DataFrame."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from stancelab.errors import ConfigError, DataError, did_you_mean, list_problems, shorten
from stancelab.schema import EXAMPLE_COLUMNS, PREDICTION_COLUMNS, SOURCE, SPAN_COLUMNS, Example, Span, problems_of
from stancelab.tables.careless import Traces
from stancelab.tables.mending import Mending
from stancelab.tables.unread import source_warning, synonym, variants

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

logger = logging.getLogger(__name__)

#: The keys of a dict, and the columns of a DataFrame, that are read besides `id`.
FIELDS: Final = ("text", "source", "target", *SPAN_COLUMNS)


def checked_examples(
    examples: Iterable[Example | Mapping[str, Any]] | pd.DataFrame,
    told: set[str] | None = None,
    mending: Mending | None = None,
    *,
    columns: Mapping[str, str] | None = None,
) -> list[Example]:
    """Return rows as examples that can be predicted, in the order given.

    Args:
        examples: Examples, dicts with the keys `text` and `target` (and, if known, `source`, `target_start`,
            `target_end`, `source_start`, `source_end`), or a DataFrame with such columns. A span's start and end are
            counted in characters. Other keys are not read, and a warning names them.
        told: The keys that earlier calls have named; those of this call are added.
        mending: What is done to the cells of dicts and DataFrames; `Example` objects are taken as they are.
        columns: Field -> the key or column that holds it, where it is not called like the field.

    Raises:
        ConfigError: `columns` names no field, or a column that is not there.
        DataError: A row lacks its text or target, a span lies outside the text (all such rows are named at once), a key
            differs from one that is read by letter case or blanks, or a DataFrame has a column twice.
    """
    names = _names(columns or {})
    found: list[Example] = []
    problems: list[str] = []
    keys: dict[str, None] = {}
    for number, row in enumerate(_rows(examples, names)):
        try:
            example = row if isinstance(row, Example) else _to_example(row, str(number), names, mending or Mending())
            problems += [f"example {number}, {field}: {reason}" for field, reason in _problems(example)]
        except DataError as error:
            problems.append(f"example {number}: {error}")
            continue
        if isinstance(row, Mapping):
            keys.update(dict.fromkeys(map(str, row)))
        found.append(example)
    _check_named(columns or {}, list(keys), found=bool(found))
    problems += _problems_of_keys(list(keys), names)
    if problems:
        raise DataError("cannot predict:\n" + list_problems(problems))
    told = set() if told is None else told
    _tell_unread(list(keys), names, told)
    if keys:
        traces = Traces()
        traces.add(found)
        _tell_traces(traces, told)
    return found


def _names(columns: Mapping[str, str]) -> dict[str, str]:
    """Return the key or column of each field."""
    if not isinstance(columns, Mapping):
        raise ConfigError(f"columns: found {type(columns).__name__}, expected a dict such as {{'text': 'Tweet'}}")
    unknown = [name for name in columns if name not in (*FIELDS, "id")]
    if unknown:
        turned = [field for field in columns.values() if field in FIELDS]
        hint = " (the field comes first: {'text': 'Tweet'})" if turned else did_you_mean(str(unknown[0]), FIELDS)
        raise ConfigError(f"columns: found {unknown[0]!r}, allowed are id, {', '.join(FIELDS)}.{hint}")
    return {name: columns.get(name, name) for name in ("id", *FIELDS)}


def _check_named(columns: Mapping[str, str], keys: list[str], *, found: bool) -> None:
    """Raise a `ConfigError` where a column that the caller named is in no row."""
    missing = [(field, name) for field, name in columns.items() if str(name) not in keys]
    if missing and found and keys:
        field, name = missing[0]
        raise ConfigError(
            f"columns: no row has {name!r}, which is to be the {field}; found {', '.join(map(repr, keys))}."
            f"{did_you_mean(str(name), keys)}"
        )


def _problems_of_keys(keys: Sequence[str], names: Mapping[str, str]) -> list[str]:
    """Return the keys that can only be meant for a field that no key is read as, but for letter case or blanks."""
    unnamed = [field for field in FIELDS if names[field] == field]
    return [
        f"the key {key!r} is not read, since {field!r} is written otherwise; rename it, or read it with "
        f"columns={{{field!r}: {key!r}}}"
        for key, field in variants(keys, unnamed, set(names.values()))
    ]


def _tell_traces(traces: Traces, told: set[str]) -> None:
    """Log what careless exports have left in the rows, each kind of it once."""
    kinds = {*traces.kinds, *(f"{name} {word}" for name, words in traces.missing_words.items() for word in words)}
    if kinds - told:
        told |= kinds
        for line in traces.lines("examples", None):
            logger.warning("%s", line)


def _tell_unread(keys: Sequence[str], names: Mapping[str, str], told: set[str]) -> None:
    """Log a warning that names the keys that are not read, but for those that were told and those of our own tables."""
    known = {*map(str, names.values()), *EXAMPLE_COLUMNS, *PREDICTION_COLUMNS}
    unread = [key for key in keys if key not in known and key not in told]
    told.update(unread)
    if not unread:
        return
    speaker = None if names[SOURCE] in keys else synonym(SOURCE, unread)
    if speaker is not None:
        logger.warning("%s", source_warning("", speaker, None))
    read = ", ".join(str(names[field]) for field in FIELDS)
    logger.warning("not read: %s; the keys that are read are %s", ", ".join(map(repr, unread)), read)


def _rows(
    examples: Iterable[Example | Mapping[str, Any]] | pd.DataFrame, names: Mapping[str, str]
) -> Iterable[Example | Mapping[str, Any]]:
    if hasattr(examples, "itertuples"):
        frame: Any = examples
        _check_frame(list(frame.columns), names)
        return (dict(zip(frame.columns, row, strict=True)) for row in frame.itertuples(index=False, name=None))
    if isinstance(examples, Mapping | str | Example) or not isinstance(examples, Iterable):
        raise DataError(f"predict takes a list of examples, found one {type(examples).__name__}; write predict([...])")
    return examples


def _check_frame(found: list[Any], names: Mapping[str, str]) -> None:
    """Raise a `DataError` where a DataFrame has a column twice or lacks one that is needed."""
    twice = [name for name, count in Counter(found).items() if count > 1]
    if twice:
        raise DataError(f"the DataFrame has the column {twice[0]!r} {Counter(found)[twice[0]]} times; keep one of them")
    lacking = [field for field in ("text", "target") if names[field] not in found]
    if lacking:
        raise DataError(
            f"the DataFrame has no column {names[lacking[0]]!r} for the {lacking[0]}; found "
            f"{', '.join(map(repr, found)) or 'none'}"
            f"{_hint(lacking[0], found) or f'. Name it with columns={{{lacking[0]!r}: COLUMN}}'}"
        )


def _hint(field: str, found: Iterable[Any]) -> str:
    """Return what to write where one of the names looks like a field, else ""."""
    names = [name for name in found if isinstance(name, str)]
    near = next((name for name, _ in variants(names, [field], ())), None) or synonym(field, names)
    return "" if near is None else f"; to read {near!r}, give columns={{{field!r}: {near!r}}}"


def _to_example(row: Mapping[str, Any], number: str, names: Mapping[str, str], mending: Mending) -> Example:
    if not isinstance(row, Mapping):
        raise DataError(f"found {type(row).__name__}, expected an Example or a dict with text and target")
    values = {field: (None if _is_missing(row.get(name)) else row.get(name)) for field, name in names.items()}
    for field in ("text", "target"):
        if names[field] not in row:
            raise DataError(f"no key {names[field]!r}; found {', '.join(map(repr, row)) or 'none'}{_hint(field, row)}")
    for field in ("text", "target", "source"):
        if values[field] is not None and not isinstance(values[field], str):
            raise DataError(f"{field} is {type(values[field]).__name__}, expected str")
    for field in FIELDS:
        value = values[field]
        if isinstance(value, str) and mending.is_missing(value):
            values[field] = None
    example = Example(
        id=number if values["id"] is None else str(values["id"]),
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


def _problems(example: Example) -> list[tuple[str, str]]:
    """Return what is wrong with an example as (field, reason); one that a caller built may hold anything."""
    for field in ("text", "target", "source"):
        value: object = getattr(example, field)
        if not isinstance(value, str):
            return [(field, f"found {shorten(repr(value))}, expected str")]
    return [(field, reason) for field, _, reason in problems_of(example)]


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

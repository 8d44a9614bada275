"""What a checkpoint keeps of the names in its training: other names of targets and sources, and of columns.

Other names that a file gives (`data.aliases`, `data.targets`) hold wherever their target is, so that prediction looks
for them too. Those of a column hold for the rows that name them ("the president" is another one elsewhere), so that
only the column is kept, and prediction says that it knows none of them. Names of columns are kept to be suggested: a
column of that name in another table may hold something else.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Final

from stancelab.errors import count_of
from stancelab.json_types import shown
from stancelab.schema import SPAN_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

logger = logging.getLogger(__name__)

#: So many other names are kept at most; `stancelab.json` is read as a whole.
MOST_ALIASES: Final = 100_000
#: The field of a table's column of other names.
ALIASES: Final = "aliases"
#: The fields that prediction reads.
_PREDICTED: Final = ("text", "source", "target", *SPAN_COLUMNS)


def names_kept(aliases: Mapping[str, Sequence[str]], columns: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Return what `CheckpointInfo` keeps: its `aliases`, `aliases_left_out` and `columns`.

    Args:
        aliases: Canonical form of a target or source -> its other names.
        columns: Field -> what its columns are called in the tables of the training.
    """
    total = sum(map(len, aliases.values()))
    kept = {
        field: list(names)
        for field, names in columns.items()
        if field == ALIASES or (field in _PREDICTED and list(names) != [field])
    }
    if total <= MOST_ALIASES:
        return {"aliases": {name: list(others) for name, others in aliases.items()}, "columns": kept}
    message = "aliases: %s are more than a checkpoint keeps; predict.aliases=FILE gives them to prediction"
    logger.warning(message, count_of(total, "other name"))
    return {"aliases": {}, "aliases_left_out": total, "columns": kept}


def unknown_aliases(columns: Mapping[str, Sequence[str]], left_out: int, setting: str) -> str | None:
    """Return the line that says which other names of the training are not known in prediction, None for none.

    Args:
        columns: The `columns` of the checkpoint.
        left_out: Its `aliases_left_out`.
        setting: What gives such names here.
    """
    if left_out:
        return (
            f"the checkpoint was trained with {count_of(left_out, 'other name')} of targets and sources, more than it "
            f"keeps; {setting} gives them"
        )
    if ALIASES not in columns:
        return None
    named = ", ".join(map(repr, columns[ALIASES]))
    return (
        f"the tables of the training had a column of other names ({named}), which hold for its rows alone and are not "
        f"known here; {setting} gives some"
    )


def problems_of_names(field: str, content: Any, most: int = MOST_ALIASES) -> list[str]:
    """Return what is wrong with lists of names as `stancelab.json` has them, one line each."""
    if not isinstance(content, dict):
        return [f"{field}: found {shown(content)}, allowed are lists of names by name"]
    for name, names in content.items():
        if not isinstance(names, list) or not all(isinstance(each, str) for each in names):
            return [f'{field}: found {shown(names)} for {shown(name)}, allowed is a list of names such as ["a", "b"]']
    total = sum(map(len, content.values()))
    return [f"{field}: found {total:,} names, allowed are {most:,} at most"] if total > most else []

"""The check that no setting of a table is given which concerns none of its files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stancelab.data.column_settings import SPAN_PAIRS
from stancelab.errors import ConfigError, did_you_mean, list_problems
from stancelab.offsets import CHARACTERS
from stancelab.tables.unread import listed_columns

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from stancelab.data.settings import CorpusSettings
    from stancelab.tables.formats import Format


def check_options(formats: Collection[Format], settings: CorpusSettings) -> None:
    """Check that what is said of how files are written concerns one of their formats.

    Args:
        formats: The formats of the files.
        settings: The settings of the table.

    Raises:
        ConfigError: Names each setting that concerns none.
    """
    unused = settings.table_options().unused(formats)
    _refuse(
        [
            f"data.{name}: found {getattr(settings, name)!r}, which is for tables ending in {concerned}, none of the "
            "files; leave it out"
            for name, concerned in unused.items()
        ]
    )


def check_columns(found: Collection[str], fields: Collection[str], settings: CorpusSettings) -> None:
    """Check that what is said of columns concerns one of a table's files.

    Args:
        found: The columns of all files.
        fields: The fields that are read.
        settings: The settings of the table.

    Raises:
        ConfigError: Names each setting that concerns none.
    """
    _refuse(list(_of_columns(found, fields, settings)))


def _of_columns(found: Collection[str], fields: Collection[str], settings: CorpusSettings) -> Iterator[str]:
    if settings.offsets != CHARACTERS and not any(start in fields for start, _ in SPAN_PAIRS):
        yield (
            f"data.offsets: found {settings.offsets!r}, and no column of spans is read; name them with "
            "data.columns.target_start and data.columns.target_end, or leave it out"
        )
    for name in settings.ignore:
        if name not in found:
            yield (
                f"data.ignore: found {name!r}, which is no column of the table; it has {listed_columns(list(found))}."
                f"{did_you_mean(name, found)}"
            )


def _refuse(problems: list[str]) -> None:
    if problems:
        raise ConfigError("these settings concern nothing of the table:\n" + list_problems(problems))

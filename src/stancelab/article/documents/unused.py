"""The check that no setting of documents is given which concerns none of the inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from stancelab.errors import ConfigError, DataError, list_problems
from stancelab.tables.formats import format_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from stancelab.article.documents.inputs import Source
    from stancelab.article.documents.settings import DocumentSettings
    from stancelab.tables.formats import Format

#: The formats whose columns, or keys, are named by `columns`.
_WITH_COLUMNS: Final = frozenset({"table", "markdown"})
_WITH_DATES: Final = frozenset({"table", "markdown", "html", "mhtml"})
#: The formats besides tables that are in one of many encodings.
_ENCODED: Final = frozenset({"text", "markdown"})


def check_used(sources: Sequence[Source], settings: DocumentSettings) -> None:
    """Check that each setting that is given concerns an input.

    Raises:
        ConfigError: Names each that concerns none.
    """
    if problems := [f"read.{line} of the inputs; leave it out" for line in _unused(sources, settings)]:
        raise ConfigError("these settings concern none of the inputs:\n" + list_problems(problems))


def _unused(sources: Sequence[Source], settings: DocumentSettings) -> Iterator[str]:
    formats = {source.format for source in sources}
    if not formats & _WITH_COLUMNS:
        for field, column in settings.columns.items():
            yield (
                f"columns.{field}: found {column!r}, which is for tables (also by read.format=table) and heads of "
                "Markdown, none"
            )
    if settings.day_first is not None and not formats & _WITH_DATES:
        found = str(settings.day_first).lower()
        yield f"day_first: found {found}, which is for dates of tables, Markdown and HTML, none"
    tables = {_kind(source) for source in sources if source.format == "table"}
    if None in tables:  # its name tells no table; reading it says so
        return
    for name, concerned in settings.table_options().unused({kind for kind in tables if kind}).items():
        if name == "encoding" and formats & _ENCODED:
            continue
        also = "text, Markdown and " if name == "encoding" else ""
        yield f"{name}: found {getattr(settings, name)!r}, which is for {also}tables ending in {concerned}, none"


def _kind(source: Source) -> Format | None:
    try:
        return format_of(source.path)
    except DataError:
        return None

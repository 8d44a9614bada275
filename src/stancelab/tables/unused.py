"""The check that no setting of tables is given which concerns none of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from stancelab.errors import ConfigError, did_you_mean, list_problems
from stancelab.offsets import CHARACTERS
from stancelab.tables.unread import listed_columns

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from stancelab.tables.formats import Format
    from stancelab.tables.options import TableOptions

_SPANS: Final = frozenset({"target_start", "target_end", "source_start", "source_end"})


class TableSettings(Protocol):
    """What the settings of a command say of its tables."""

    @property
    def ignore(self) -> Sequence[str]:
        """Columns that are not read."""

    @property
    def offsets(self) -> str:
        """How spans are counted."""

    def table_options(self) -> TableOptions:
        """Return how the files are written."""


@dataclass(frozen=True)
class Wording:
    """How a command calls its settings and its tables in a message.

    Attributes:
        group: The group of the settings.
        files: The files.
        table: What has the columns, and what it does: "the table; it has".
        nothing: What a setting concerns that concerns none of them.
    """

    group: str
    files: str
    table: str
    nothing: str


OF_CORPUS: Final = Wording("data", "the files", "the table; it has", "nothing of the table")
OF_INPUTS: Final = Wording("predict", "the inputs", "the inputs; they have", "none of the inputs")


def check_options(formats: Collection[Format], settings: TableSettings, wording: Wording) -> None:
    """Check that what is said of how files are written concerns one of their formats.

    Args:
        formats: The formats of the files.
        settings: The settings of the command.
        wording: How it calls them.

    Raises:
        ConfigError: Names each setting that concerns none.
    """
    unused = settings.table_options().unused(formats)
    _refuse(
        [
            f"{wording.group}.{name}: found {getattr(settings, name)!r}, which is for tables ending in {concerned}, "
            f"none of {wording.files}; leave it out"
            for name, concerned in unused.items()
        ],
        wording,
    )


def check_columns(found: Collection[str], fields: Collection[str], settings: TableSettings, wording: Wording) -> None:
    """Check that what is said of columns concerns one of some tables.

    Args:
        found: The columns of all tables.
        fields: The fields that are read.
        settings: The settings of the command.
        wording: How it calls them.

    Raises:
        ConfigError: Names each setting that concerns none.
    """
    _refuse(list(_of_columns(list(found), fields, settings, wording)), wording)


def _of_columns(
    found: Sequence[str], fields: Collection[str], settings: TableSettings, wording: Wording
) -> Iterator[str]:
    group = wording.group
    if settings.offsets != CHARACTERS and _SPANS.isdisjoint(fields):
        yield (
            f"{group}.offsets: found {settings.offsets!r}, and no column of spans is read; name them with "
            f"{group}.columns.target_start and {group}.columns.target_end, or leave it out"
        )
    for name in settings.ignore:
        if name not in found:
            yield (
                f"{group}.ignore: found {name!r}, which is no column of {wording.table} {listed_columns(found)}."
                f"{did_you_mean(name, found)}"
            )


def _refuse(problems: list[str], wording: Wording) -> None:
    if problems:
        raise ConfigError(f"these settings concern {wording.nothing}:\n" + list_problems(problems))

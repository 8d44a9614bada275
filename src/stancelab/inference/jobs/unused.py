"""The check that no setting of tables is given which concerns none of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from stancelab.errors import ConfigError, did_you_mean, list_problems
from stancelab.offsets import CHARACTERS
from stancelab.tables.unread import listed_columns

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from stancelab.inference.jobs.plan import TableJob
    from stancelab.inference.settings import PredictSettings
    from stancelab.tables.formats import Format

_SPANS: Final = frozenset({"target_start", "target_end", "source_start", "source_end"})


def check_options(formats: Collection[Format], settings: PredictSettings) -> None:
    """Check that what is said of how files are written concerns one of their formats.

    Raises:
        ConfigError: Names each setting that concerns none.
    """
    unused = settings.table_options().unused(formats)
    _refuse(
        [
            f"predict.{name}: found {getattr(settings, name)!r}, which is for tables ending in {concerned}, none of "
            "the inputs; leave it out"
            for name, concerned in unused.items()
        ]
    )


def check_columns(jobs: Sequence[TableJob], settings: PredictSettings) -> None:
    """Check that what is said of columns concerns one of some tables.

    Raises:
        ConfigError: Names each setting that concerns none.
    """
    _refuse(list(_of_columns(jobs, settings)))


def _of_columns(jobs: Sequence[TableJob], settings: PredictSettings) -> Iterator[str]:
    if settings.offsets != CHARACTERS and not any(_SPANS & job.columns.keys() for job in jobs):
        yield (
            f"predict.offsets: found {settings.offsets!r}, and no column of spans is read; name them with "
            "predict.columns.target_start and predict.columns.target_end, or leave it out"
        )
    there = list(dict.fromkeys(name for job in jobs for name in job.table.columns))
    for name in settings.ignore:
        if name not in there:
            yield (
                f"predict.ignore: found {name!r}, which is no column of the inputs; they have {listed_columns(there)}."
                f"{did_you_mean(name, there)}"
            )


def _refuse(problems: list[str]) -> None:
    if problems:
        raise ConfigError("these settings concern none of the inputs:\n" + list_problems(problems))

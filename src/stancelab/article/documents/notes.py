"""What a reading tells at its end: files and rows that were passed over, dates that could not be read."""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from stancelab.article.documents.dates import read_date
from stancelab.errors import count_of, shorten

if TYPE_CHECKING:
    from pathlib import Path

logger = logging.getLogger(__name__)

_SHOWN: Final = 3
#: A web page of fewer words is told.
FEWEST_WORDS: Final = 40
#: So many reasons are kept of what was skipped.
_MOST_LISTED: Final = 1_000


@dataclass
class Notes:
    """Counts what is told at the end.

    Attributes:
        day_first: How dates such as 03/04/2026 are read.
        passed_over: Ending -> how many files of a folder have it and are no documents.
        companions: Folders of saved pages that hold what belongs to the page.
        results: Folders that stancelab wrote.
        blank: Rows of tables without a text.
        thin: Web pages with fewer words than an article has.
        skipped: Why files and rows could not be read and were skipped, the first of them.
        bad: How many were skipped.
        dates: Why dates could not be read -> how many.
        examples: Why dates could not be read -> the first of them.
    """

    day_first: bool | None = None
    passed_over: Counter[str] = field(default_factory=Counter)
    companions: int = 0
    results: int = 0
    blank: int = 0
    thin: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    bad: int = 0
    dates: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=dict)

    def date(self, value: str, where: str) -> str:
        """Return a date as ISO 8601, "" where it cannot be read, which is counted.

        Args:
            value: What was found.
            where: Where it was found.
        """
        found = read_date(value, day_first=self.day_first)
        if found.reason:
            self.dates[found.reason] += 1
            examples = self.examples.setdefault(found.reason, [])
            if len(examples) < _SHOWN:
                examples.append(f"{shorten(value, 40)!r} in {where}")
        return found.iso

    def page(self, name: str, text: str) -> None:
        """Keep the name of a web page whose text is short, since its article may not be in the file."""
        if len(text.split()) < FEWEST_WORDS:
            self.thin.append(name)

    def pass_over(self, path: Path) -> None:
        """Count a file of a folder that is no document."""
        self.passed_over[path.suffix.lower() or path.name] += 1

    def skip(self, reason: str) -> None:
        """Count a file or row that was skipped, and keep why."""
        self.bad += 1
        if len(self.skipped) < _MOST_LISTED:
            self.skipped.append(reason)

    def tell(self) -> None:
        """Write all of it to the log."""
        if self.passed_over:
            shown = ", ".join(f"{count:,} {ending}" for ending, count in self.passed_over.most_common(10))
            told = count_of(self.passed_over.total(), "file that is no document", "files that are no documents")
            logger.warning("passed over %s: %s", told, shown)
        if self.companions:
            logger.info("passed over %s beside saved pages", count_of(self.companions, "folder"))
        if self.results:
            logger.info(
                "passed over %s of stancelab's own, such as runs and readings", count_of(self.results, "folder")
            )
        if self.blank:
            logger.warning("passed over %s without a text", count_of(self.blank, "row"))
        if self.thin:
            logger.warning(
                "%s fewer than %d words (such as %s): %s may need a script or a subscription; save %s from the browser "
                "once the text is shown",
                count_of(len(self.thin), "web page has", "web pages have"), FEWEST_WORDS,
                ", ".join(map(shorten, self.thin[:_SHOWN])),
                *(("its article", "it") if len(self.thin) == 1 else ("their articles", "them")),
            )  # fmt: skip
        if self.bad:
            logger.warning("skipped, since they cannot be read: %s", count_of(self.bad, "file or row", "files or rows"))
        for reason, count in self.dates.items():
            logger.warning(
                "%s left out: %s (such as %s)", count_of(count, "date"), reason, "; ".join(self.examples[reason])
            )

"""What is told of an input that can be used: columns that are not read, cells that look like no text."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """One message about an input.

    Attributes:
        text: The message.
        is_warning: Whether something is likely wrong; otherwise it is for information.
    """

    text: str
    is_warning: bool = False


def tell(notes: Iterable[Note], logger: logging.Logger) -> None:
    """Log notes."""
    for note in notes:
        logger.log(logging.WARNING if note.is_warning else logging.INFO, "%s", note.text)

"""What the inputs of trained systems lack of a test file's rows: texts that are cut, and parts that no input tells."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from stancelab.results import InputGaps

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stancelab.schema import System

logger = logging.getLogger(__name__)


@runtime_checkable
class Cut(Protocol):
    """What the input of a system lacks of some examples, as `stancelab.encoding.Cut` counts it."""

    @property
    def texts(self) -> int:
        """Examples with a text that is cut."""

    @property
    def targets(self) -> int:
        """Examples with a target that is cut."""

    @property
    def sources(self) -> int:
        """Examples with a source that is cut."""

    @property
    def unmarked(self) -> int:
        """Examples whose text does not mention the target."""

    @property
    def untold_targets(self) -> int:
        """Examples whose target the input does not tell."""

    @property
    def untold_sources(self) -> int:
        """Examples whose source it does not tell."""

    @property
    def is_untold(self) -> bool:
        """Whether the input leaves out a target or a source."""

    def untold_sentence(self) -> str:
        """Return in words of how many rows it does."""


def cut_of(system: System, where: str) -> Cut | None:
    """Return what a system's input lacked of the examples that it answered last, None where it does not say it.

    A warning is logged where it lacks a target or source.

    Args:
        system: The system.
        where: The system and the test file, for the warning.
    """
    cut = getattr(system, "cut", None)
    if not isinstance(cut, Cut):
        return None
    if cut.is_untold:
        logger.warning("%s: %s, since the text does not mention it", where, cut.untold_sentence())
    return cut


def gaps_of(cuts: Sequence[Cut | None]) -> InputGaps | None:
    """Return what the inputs of one system's runs lack, None where no run says it."""
    known = [cut for cut in cuts if cut is not None]
    if not known:
        return None
    return InputGaps(
        cut_texts=max(cut.texts for cut in known),
        cut_targets=max(cut.targets for cut in known),
        cut_sources=max(cut.sources for cut in known),
        not_in_text=max(cut.unmarked for cut in known),
        untold_targets=max(cut.untold_targets for cut in known),
        untold_sources=max(cut.untold_sources for cut in known),
    )

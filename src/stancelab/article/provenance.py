"""What made a reading: checkpoint, calibration, method, settings and versions."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from stancelab.article.results import ReadingProvenance
from stancelab.article.settings import ALONE, COUNT, NEVER
from stancelab.files import hardware, versions
from stancelab.inference.classifier import named_threshold

if TYPE_CHECKING:
    from pathlib import Path

    from stancelab.article.settings import ReadSettings
    from stancelab.schema import System

_HEADLINES: Final = {
    COUNT: "headlines count as other sentences",
    ALONE: "headlines count where no other sentence counts for the pair",
    NEVER: "headlines do not count",
}


def threshold_of(system: System, settings: ReadSettings) -> float:
    """Return the confidence from which a sentence counts, 0 where the settings set none.

    Raises:
        ConfigError: The checkpoint has no threshold of the name that the settings give.
    """
    if settings.threshold is None:
        return settings.min_confidence
    known = {**dict.fromkeys(system.unreached), **system.thresholds}
    return named_threshold(known, settings.threshold, setting="read.threshold")


def provenance_of(
    system: System, settings: ReadSettings, *, checkpoint: Path | None = None, codebook: str = "", command: str = ""
) -> ReadingProvenance:
    """Return what made a reading.

    Args:
        system: What answered.
        settings: The settings.
        checkpoint: Its folder, where it is a checkpoint.
        codebook: The codebook, in words.
        command: The command line.
    """
    return ReadingProvenance(
        title=settings.title,
        command=command,
        checkpoint=system.name if checkpoint is None else str(checkpoint),
        checkpoint_sha256=system.weights_sha256,
        temperature=system.temperature,
        calibration=_calibration(system),
        threshold=threshold_of(system, settings),
        threshold_name=settings.threshold or "",
        method=_method(settings),
        interval=(
            f"95%, {settings.resamples:,} bootstrap resamples of the sentences, the stance of each drawn from its "
            "probabilities; of several documents, of the documents and of the sentences within them"
        ),
        codebook=codebook,
        settings={"read": asdict(settings)},
        versions=versions(),
        hardware=hardware(),
        created=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def _method(settings: ReadSettings) -> str:
    return (
        f"a sentence is evidence for a stance from a probability of {settings.evidence:g}; none where these sum to "
        f"less than {settings.least:g}, mixed where the smaller side has at least {settings.mixed:.0%} of the sum, "
        f"else the larger side; {_HEADLINES[settings.headlines]}; over several documents the stance that most of them "
        "have; the score is the mean of all counted sentences, of several documents that of theirs, so that it may lie "
        "on the other side of 0 than the stance"
    )


def _calibration(system: System) -> str:
    dev = getattr(getattr(system, "info", None), "dev", None)
    if dev is None:
        return ""
    return (
        f"temperature scaling on validation rows: negative log-likelihood {dev.nll_before:.3f} before, "
        f"{dev.nll_after:.3f} after"
    )

"""What speaks against relying on the trainings of the systems."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stancelab.pages.formatting import listed

if TYPE_CHECKING:
    from stancelab.results import Provenance


def training_warnings(provenance: Provenance) -> list[str]:
    """Return a sentence for each warning of a system's trainings, with the seeds that it holds for."""
    seeds: dict[tuple[str, str], list[str]] = {}
    for each in provenance.checkpoints:
        for warning in each.warnings:
            seeds.setdefault((each.name, warning), []).append(str(each.seed))
    return [
        f"{name}, seed{'s' if len(own) > 1 else ''} {listed(own)}: {warning}." for (name, warning), own in seeds.items()
    ]

"""Which systems of an evaluation read the text alone, and which of them is the ablation of which system.

What reading source and target is worth to a system is known from an ablation alone that differs in nothing else: the
same encoder, settings, rows and seeds, trained with source and target hidden.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from stancelab.files import fingerprint

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stancelab.results import CheckpointProvenance, Provenance

_HIDDEN: Final = ("input.hide",)


@dataclass(frozen=True, slots=True)
class TextReaders:
    """The systems that read the text alone.

    Attributes:
        full: Each text-only ablation -> the system that differs from it by seeing source and target, in nothing else.
        unmatched: Each other text-only ablation -> in words, why no system is to be compared with it.
        baselines: The baselines that read the text alone.
    """

    full: Mapping[str, str] = field(default_factory=dict)
    unmatched: Mapping[str, str] = field(default_factory=dict)
    baselines: Sequence[str] = ()


def text_readers(provenance: Provenance) -> TextReaders:
    """Return the systems of an evaluation that read the text alone."""
    runs: dict[str, list[CheckpointProvenance]] = {}
    for checkpoint in provenance.checkpoints:
        runs.setdefault(checkpoint.name, []).append(checkpoint)
    seeing = {name: own for name, own in runs.items() if not any(each.hidden for each in own)}
    full, unmatched = {}, {}
    for ablation in provenance.text_only:
        same = [name for name, own in seeing.items() if _trainings(own) == _trainings(runs[ablation])]
        if same:
            full[ablation] = same[0]
        else:
            unmatched[ablation] = _why(runs[ablation], seeing)
    return TextReaders(full, unmatched, provenance.text_only_baselines)


def _trainings(runs: Sequence[CheckpointProvenance]) -> list[str]:
    """Return what identifies the runs of a system, what is hidden aside: seed and settings of each."""
    return sorted(fingerprint([run.seed, run.identity(_HIDDEN)]) for run in runs)


def _why(ablation: Sequence[CheckpointProvenance], seeing: Mapping[str, Sequence[CheckpointProvenance]]) -> str:
    """Say by what the nearest system differs from an ablation."""
    if not seeing:
        return "there is no other checkpoint"
    found = {name: _differences(own, ablation) for name, own in seeing.items()}
    name = min(found, key=lambda each: len(found[each]))
    return f"{name} differs from it in {', '.join(found[name])}"


def _differences(one: Sequence[CheckpointProvenance], other: Sequence[CheckpointProvenance]) -> list[str]:
    seeds = [sorted(str(run.seed) for run in runs) for runs in (one, other)]
    differences = one[0].differences(other[0], _HIDDEN)
    return differences + ([] if seeds[0] == seeds[1] else [f"seeds ({'; '.join(' '.join(each) for each in seeds)})"])

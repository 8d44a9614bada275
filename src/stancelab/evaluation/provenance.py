"""What systems and data say of their making, put together as the provenance of an evaluation."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from stancelab.evaluation.predictions import label_of
from stancelab.files import hardware, versions
from stancelab.results import CheckpointProvenance, DatasetProvenance, Provenance

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from stancelab.schema import Example, System
    from stancelab.targets import TargetNames

logger = logging.getLogger(__name__)


@runtime_checkable
class EvaluationData(Protocol):
    """Data to evaluate on, as a prepared dataset is."""

    @property
    def tests(self) -> Mapping[str, Sequence[Example]]:
        """The test files by name."""

    @property
    def train(self) -> Sequence[Example]:
        """The rows of train: slices need to know which targets and documents it has."""

    @property
    def target_names(self) -> TargetNames:
        """Which targets are one, so that slices can say which are not in train."""

    @property
    def earlier_labels(self) -> Mapping[str, Mapping[str, str]]:
        """What the labels that a person corrected were: by test file, id -> stance."""

    @property
    def metric(self) -> str:
        """The metric by which systems are ranked."""

    def provenance(self) -> DatasetProvenance:
        """Return what made it."""


@runtime_checkable
class SaysProvenance(Protocol):
    """A system that says what it was made of, as a checkpoint does."""

    def provenance(self) -> CheckpointProvenance:
        """Return what it was made of."""


@runtime_checkable
class _Fitted(Protocol):
    def describe(self) -> dict[str, Any]: ...


def collect_provenance(
    given: Provenance | None, systems: Sequence[System], dataset: DatasetProvenance | None
) -> Provenance:
    """Return the provenance of an evaluation: what the caller gives, completed from systems and dataset.

    A dataset and checkpoints that the caller gives stay as they are; versions and hardware are those of this process.
    A checkpoint that was trained on another dataset than the one of the evaluation is logged as a warning, unless the
    caller gives the checkpoints, as `known_checkpoints` returned them.
    """
    given = given or Provenance()
    dataset = given.dataset or dataset
    checkpoints = given.checkpoints or known_checkpoints(systems, dataset)
    baselines = {each.name: given.baselines.get(each.name, {}) for each in systems if each.is_baseline}
    baselines |= {each.name: each.describe() for each in systems if each.is_baseline and isinstance(each, _Fitted)}
    return replace(
        given,
        dataset=dataset,
        checkpoints=checkpoints,
        baselines=baselines,
        versions=versions(),
        hardware=hardware(),
    )


def known_checkpoints(systems: Sequence[System], dataset: DatasetProvenance | None) -> list[CheckpointProvenance]:
    """Return what checkpoints were made of, and warn of those that were trained on another dataset.

    Args:
        systems: The systems; those that are no checkpoints are left out.
        dataset: The dataset of the evaluation, None where it is not known.
    """
    said = [(each, each.provenance()) for each in systems if isinstance(each, SaysProvenance)]
    checkpoints = [(system, made) for system, made in said if isinstance(made, CheckpointProvenance)]
    if dataset is not None:
        for system, checkpoint in checkpoints:
            _check_trained_on(system, checkpoint, dataset)
    return [made for _, made in checkpoints]


def _check_trained_on(system: System, checkpoint: CheckpointProvenance, dataset: DatasetProvenance) -> None:
    if checkpoint.dataset_fingerprint != dataset.fingerprint:
        logger.warning(
            "%s was trained on %s, not on this dataset's train split; make sure it has not seen these test rows",
            label_of(system),
            checkpoint.dataset or "another dataset",
        )

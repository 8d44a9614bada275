"""What a checkpoint says of its making, as metrics.json keeps it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stancelab.encoding import settings_read
from stancelab.results import CheckpointProvenance

if TYPE_CHECKING:
    from stancelab.checkpoint import CheckpointInfo


def checkpoint_provenance(info: CheckpointInfo) -> CheckpointProvenance:
    """Return what a checkpoint was made of.

    Args:
        info: What its `stancelab.json` says.
    """
    dev = info.dev
    start = info.starts[0] if info.starts else None
    return CheckpointProvenance(
        name=info.name,
        seed=info.seed,
        encoder=info.encoder.name,
        encoder_sha256=info.encoder.sha256,
        start="" if start is None else start.name,
        start_sha256=[] if start is None else [each for each in (start.sha256, start.head_sha256) if each],
        start_recipe="" if start is None else start.recipe,
        head=info.head,
        temperature=info.temperature,
        hidden=list(info.input.hide),
        input=settings_read(info.head, info.input),
        training=dict(info.training),
        dataset=info.dataset.name,
        dataset_fingerprint=info.dataset.fingerprint,
        train_rows=info.dataset.train_rows or None,
        dev_metric="" if dev is None else dev.metric,
        dev_score=None if dev is None else dev.score,
        version=info.versions.get("stancelab", ""),
        warnings=list(info.warnings),
    )

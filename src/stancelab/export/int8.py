"""The int8 networks of an export: each is written, compared with the fp32 one, and kept where it is near enough."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from stancelab.errors import CheckpointError, StancelabError
from stancelab.export.compare import Answers, answers_of, approximate_scores, beyond
from stancelab.export.graph import narrowing_layers, write_int8
from stancelab.export.rows import described
from stancelab.export.static_int8 import calibration_batches, check_possible, write_static_int8
from stancelab.inference.backends.onnx import OnnxBackend
from stancelab.layout import ONNX, ONNX_FP32, ONNX_INT8, ONNX_STATIC_INT8

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from stancelab.checkpoint import ApproximateScores, CheckpointInfo
    from stancelab.data.prepared import PreparedDataset
    from stancelab.export.settings import ExportSettings
    from stancelab.inference.backends.base import NetworkBackend
    from stancelab.schema import Example

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Compared:
    """What an int8 network is compared with.

    Attributes:
        folder: A folder in that of the checkpoint, which has the fp32 network and gets the others.
        info: What the checkpoint's `stancelab.json` says.
        examples: The rows.
        fp32: What the fp32 network answers.
    """

    folder: Path
    info: CheckpointInfo
    examples: Sequence[Example]
    fp32: Answers

    def nearest(
        self, write: Callable[[Sequence[str]], None], load: Callable[[], NetworkBackend]
    ) -> tuple[ApproximateScores, list[str]]:
        """Write a network, and return how it answers and in which ways that is not allowed.

        Layers that narrow stay in fp32 where the network is not allowed without that: it is slower then.

        Args:
            write: Writes it, with the nodes of these names in fp32.
            load: Loads it.
        """
        for layers in ([], narrowing_layers(self.folder / ONNX / ONNX_FP32)):
            write(layers)
            answers = answers_of(load(), self.info, self.examples)
            scores = replace(approximate_scores(answers, self.fp32), fp32_layers=len(layers))
            if not (problems := beyond(scores, len(self.examples))):
                break
        return replace(scores, forced=bool(problems)), problems


def add_int8(compared: Compared, settings: ExportSettings) -> ApproximateScores:
    """Write the network with int8 weights and return how it answers.

    Raises:
        CheckpointError: Its answers are further from the checkpoint than is allowed, and it is not forced.
    """
    own = compared.folder / ONNX
    scores, problems = compared.nearest(
        lambda left: write_int8(own / ONNX_FP32, own / ONNX_INT8, left),
        lambda: OnnxBackend.load(compared.folder, compared.info, int8=True),
    )
    _check(compared, "int8", problems, settings, "export.int8=false leaves it out")
    return scores


def add_static_int8(
    compared: Compared, settings: ExportSettings, dataset: PreparedDataset, builder: NetworkBackend
) -> tuple[ApproximateScores, str] | None:
    """Write the int8 network with fixed scales and return how it answers, and by which rows they were found.

    Args:
        compared: What it is compared with.
        settings: Whether it is asked for; where they leave that open, it is left out where it cannot be had.
        dataset: Its training rows find the scales.
        builder: Builds the input.

    Raises:
        StancelabError: It is asked for and cannot be made, or its answers are further from the checkpoint than is
            allowed and it is not forced.
    """
    if settings.static_int8 is False:
        return None
    try:
        return _static_int8(compared, settings, dataset, builder)
    except StancelabError as error:
        if settings.static_int8:
            raise
        (compared.folder / ONNX / ONNX_STATIC_INT8).unlink(missing_ok=True)
        logger.warning("%s/%s is left out: %s", ONNX, ONNX_STATIC_INT8, error)
        return None


def _static_int8(
    compared: Compared, settings: ExportSettings, dataset: PreparedDataset, builder: NetworkBackend
) -> tuple[ApproximateScores, str]:
    own = compared.folder / ONNX
    check_possible(own / ONNX_FP32)
    from stancelab.inference.backends.openvino import OpenvinoBackend

    batches, rows = calibration_batches(builder.builder, dataset.train)
    scores, problems = compared.nearest(
        lambda left: write_static_int8(own / ONNX_FP32, own / ONNX_STATIC_INT8, batches, left),
        lambda: OpenvinoBackend.load(compared.folder, compared.info, int8=True),
    )
    # Where it was not asked for, the others are written without it.
    otherwise = "export.static_int8=false leaves it out" if settings.static_int8 else ""
    _check(compared, "static int8", problems, settings, otherwise)
    return scores, f"{rows:,} {described(dataset, 'training')}"


def _check(compared: Compared, what: str, problems: list[str], settings: ExportSettings, otherwise: str) -> None:
    """Refuse a network that is too far from the checkpoint, or say so where it is forced."""
    if not problems:
        return
    told = f"the {what} network is further from the checkpoint than is allowed: {'; '.join(problems)}"
    if not settings.force:
        forcing = "export.force=true writes it all the same"
        if otherwise:
            raise CheckpointError(f"{compared.folder.parent}: {told}. Nothing was written; {otherwise}, {forcing}")
        raise CheckpointError(f"{told}; {forcing}")
    logger.warning("%s", told)

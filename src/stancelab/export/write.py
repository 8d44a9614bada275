"""Exports a checkpoint: the networks are written beside, compared, and put into its folder when all is allowed."""

from __future__ import annotations

import logging
import shutil
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from stancelab.checkpoint import ExportInfo, files_fingerprint, load_info, load_training_texts, verify
from stancelab.checkpoint.hashes import FINGERPRINT
from stancelab.encoding.fast_tokenizer import INPUT_NAMES, save
from stancelab.errors import CheckpointError, ConfigError
from stancelab.export.card import with_export
from stancelab.export.compare import Answers, approximate_scores, beyond, check_fp32, check_inputs
from stancelab.export.graph import write_fp32, write_int8
from stancelab.export.rows import dev_rows, warnings_of
from stancelab.extras import is_installed
from stancelab.files import locked, read_json, sha256_of, versions, write_json, write_text
from stancelab.inference.backends.onnx import OnnxBackend
from stancelab.inference.backends.torch import TorchBackend, computes_bf16
from stancelab.inference.classifier import StanceClassifier
from stancelab.layout import DESCRIPTION, MANIFEST, ONNX, ONNX_FP32, ONNX_INT8, README

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stancelab.checkpoint import ApproximateScores, CheckpointInfo
    from stancelab.export.settings import ExportSettings
    from stancelab.inference.backends.base import Backend, NetworkBackend
    from stancelab.schema import Example

logger = logging.getLogger(__name__)

_LOCK: Final = ".export.lock"
#: What makes the files, besides the packages that every manifest names.
_MADE_BY: Final = ("onnx", "onnxruntime", "onnxscript")


def export_checkpoint(folder: Path, settings: ExportSettings, output_root: str = "outputs") -> ExportInfo:
    """Write `onnx/` into a checkpoint's folder, and what was measured into its `stancelab.json` and model card.

    Args:
        folder: The checkpoint folder.
        settings: What is written, and on which rows answers are compared.
        output_root: Where the prepared dataset of the training is looked for.

    Raises:
        CheckpointError: The checkpoint cannot be exported, or answers are further from its own than is allowed; its
            folder is then as it was.
        ConfigError: It was exported before, and is not to be again.
        DataError: There are no rows to compare answers on.
    """
    info = load_info(folder)
    if (folder / ONNX).exists() and not settings.overwrite:
        raise ConfigError(f"{folder / ONNX}: exists already; replace it with export.overwrite=true")
    verify(folder)
    examples, what = dev_rows(info, folder, settings.rows, output_root)
    warnings = warnings_of(examples, load_training_texts(folder))
    for line in warnings:
        logger.warning("%s", line)
    busy = f"{folder}: is being exported by another process; wait for it"
    with locked(folder / _LOCK, busy), TemporaryDirectory(dir=folder, prefix=".export.") as partial:
        backend = TorchBackend.load(folder, info, device="cpu")
        export = replace(_write(Path(partial), backend, info, examples, what, settings), warnings=warnings)
        _put(folder, Path(partial), replace(info, onnx=export))
    return export


def _write(
    partial: Path,
    backend: TorchBackend,
    info: CheckpointInfo,
    examples: Sequence[Example],
    what: str,
    settings: ExportSettings,
) -> ExportInfo:
    """Fill a folder that stands for the checkpoint's with `onnx/`, and return what was measured."""
    logger.info("exporting %s, and comparing answers on %d %s", info.name, len(examples), what)
    own = partial / ONNX
    own.mkdir()
    inputs = [name for name in INPUT_NAMES if name in backend.builder.encode(examples[:1])[0].inputs]
    save(own, backend.builder.tokenizer, inputs)
    write_fp32(backend, own / ONNX_FP32)
    exported = OnnxBackend.load(partial, info)
    check_inputs(partial.parent, examples, exported, backend)
    fp32 = _answers(exported, info, examples)
    difference = check_fp32(partial.parent, fp32, _answers(backend, info, examples))
    export = ExportInfo(
        rows=len(examples),
        compared_on=what,
        difference=difference,
        bf16=_bf16_scores(partial, info, examples, fp32),
        versions=versions() | {name: metadata.version(name) for name in _MADE_BY},
    )
    if not settings.int8:
        return export
    scores, problems = _write_int8(partial, info, examples, fp32)
    if problems and not settings.force:
        raise CheckpointError(
            f"{partial.parent}: the int8 network is further from the checkpoint than is allowed: "
            f"{'; '.join(problems)}. Nothing was written; export.int8=false writes the fp32 network "
            "alone, export.force=true writes both"
        )
    if problems:
        logger.warning("the int8 network is further from the checkpoint than is allowed: %s", "; ".join(problems))
    return replace(export, int8=replace(scores, forced=bool(problems)))


def _write_int8(
    partial: Path, info: CheckpointInfo, examples: Sequence[Example], fp32: Answers
) -> tuple[ApproximateScores, list[str]]:
    """Write the int8 network, and return how it answers and in which ways that is not allowed.

    Layers that narrow stay in fp32 where the network is not allowed without that: it is slower then.
    """
    own = partial / ONNX
    for narrowing in (True, False):
        left = write_int8(own / ONNX_FP32, own / ONNX_INT8, narrowing=narrowing)
        answers = _answers(OnnxBackend.load(partial, info, int8=True), info, examples)
        scores = replace(approximate_scores(answers, fp32), fp32_layers=left)
        problems = beyond(scores, len(examples))
        if not problems:
            break
    return scores, problems


def _bf16_scores(
    partial: Path, info: CheckpointInfo, examples: Sequence[Example], fp32: Answers
) -> dict[str, ApproximateScores]:
    """Return how the backends answer that compute in bf16; nothing where the processor has no instructions for it."""
    if not computes_bf16():
        return {}
    backends: list[NetworkBackend] = [TorchBackend.load(partial.parent, info, bf16=True, device="cpu")]
    if is_installed("openvino"):
        from stancelab.inference.backends.openvino import OpenvinoBackend

        backends.append(OpenvinoBackend.load(partial, info))
    found = {backend.name: approximate_scores(_answers(backend, info, examples), fp32) for backend in backends}
    for name, scores in found.items():
        if problems := beyond(scores, len(examples)):
            logger.warning("%s is further from the checkpoint than int8 may be: %s", name, "; ".join(problems))
    return found


def _answers(backend: Backend, info: CheckpointInfo, examples: Sequence[Example]) -> Answers:
    probabilities = StanceClassifier(backend, info).predict_proba(examples)
    return Answers(probabilities, np.array([example.stance_id for example in examples]), info.classes)


def _put(folder: Path, partial: Path, info: CheckpointInfo) -> None:
    """Put `onnx/` into the checkpoint's folder.

    At each moment the folder is a whole checkpoint: the manifest names the export last, and an earlier one no more
    before it goes.
    """
    manifest: dict[str, Any] = read_json(folder / MANIFEST)
    manifest[FINGERPRINT] = files_fingerprint(folder)
    kept = {name: entry for name, entry in manifest["files"].items() if not name.startswith(f"{ONNX}/")}
    write_json(folder / MANIFEST, {**manifest, "files": kept})
    if (folder / ONNX).exists():
        shutil.rmtree(folder / ONNX)
    (partial / ONNX).replace(folder / ONNX)
    write_json(folder / DESCRIPTION, info.as_json())
    assert info.onnx is not None
    if (folder / README).is_file():
        write_text(folder / README, with_export((folder / README).read_text(encoding="utf-8"), info.onnx))
    changed = [path for path in (folder / DESCRIPTION, folder / README) if path.is_file()]
    for path in sorted([*changed, *(folder / ONNX).iterdir()]):
        kept[path.relative_to(folder).as_posix()] = {"bytes": path.stat().st_size, "sha256": sha256_of(path)}
    write_json(folder / MANIFEST, {**manifest, "files": kept})

"""Exports a checkpoint: the networks are written beside, compared, and put into its folder when all is allowed."""

from __future__ import annotations

import logging
import shutil
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from stancelab.checkpoint import ExportInfo, files_fingerprint, load_training_texts, verify
from stancelab.checkpoint.hashes import FINGERPRINT
from stancelab.encoding.fast_tokenizer import INPUT_NAMES, save
from stancelab.export.card import with_export
from stancelab.export.compare import Answers, answers_of, approximate_scores, beyond, check_fp32, check_inputs
from stancelab.export.early import check_export
from stancelab.export.graph import write_fp32
from stancelab.export.int8 import Compared, add_int8, add_static_int8
from stancelab.export.rows import described, warnings_of
from stancelab.export.static_int8 import PACKAGES as STATIC_PACKAGES
from stancelab.export.static_int8 import check_possible
from stancelab.extras import is_installed
from stancelab.files import locked, read_json, sha256_of, versions, write_json, write_text
from stancelab.inference.backends.onnx import OnnxBackend
from stancelab.inference.backends.torch import TorchBackend, computes_bf16
from stancelab.layout import DESCRIPTION, MANIFEST, ONNX, ONNX_FP32, README

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stancelab.checkpoint import ApproximateScores, CheckpointInfo
    from stancelab.data.prepared import PreparedDataset
    from stancelab.export.settings import ExportSettings
    from stancelab.inference.backends.base import NetworkBackend
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
        ConfigError: It was exported before, and is not to be again, its folder cannot be written to, or static int8 is
            asked for and this processor has no instructions for it.
        DataError: There are no rows to compare answers on.
        MissingPackageError: Static int8 is asked for, and what makes it is not installed.
    """
    info, dataset = check_export(folder, settings, output_root)
    if settings.static_int8:
        check_possible()
    verify(folder)
    warnings = warnings_of(dataset.validation, load_training_texts(folder))
    for line in warnings:
        logger.warning("%s", line)
    busy = f"{folder}: is being exported by another process; wait for it"
    with locked(folder / _LOCK, busy), TemporaryDirectory(dir=folder, prefix=".export.") as partial:
        backend = TorchBackend.load(folder, info, device="cpu")
        export = replace(_write(Path(partial), backend, info, dataset, settings), warnings=warnings)
        _put(folder, Path(partial), replace(info, onnx=export))
    return export


def _write(
    partial: Path,
    backend: TorchBackend,
    info: CheckpointInfo,
    dataset: PreparedDataset,
    settings: ExportSettings,
) -> ExportInfo:
    """Fill a folder that stands for the checkpoint's with `onnx/`, and return what was measured."""
    examples, what = dataset.validation, described(dataset, "validation")
    logger.info("exporting %s, and comparing answers on %d %s", info.name, len(examples), what)
    own = partial / ONNX
    own.mkdir()
    inputs = [name for name in INPUT_NAMES if name in backend.builder.encode(examples[:1])[0].inputs]
    save(own, backend.builder.tokenizer, inputs)
    write_fp32(backend, own / ONNX_FP32)
    exported = OnnxBackend.load(partial, info)
    check_inputs(partial.parent, examples, exported, backend)
    fp32 = answers_of(exported, info, examples)
    difference = check_fp32(partial.parent, fp32, answers_of(backend, info, examples))
    export = ExportInfo(
        rows=len(examples),
        compared_on=what,
        difference=difference,
        bf16=_bf16_scores(partial, info, examples, fp32),
        versions=versions() | {name: metadata.version(name) for name in _MADE_BY},
    )
    compared = Compared(partial, info, examples, fp32)
    if settings.int8:
        export = replace(export, int8=add_int8(compared, settings))
    if (found := add_static_int8(compared, settings, dataset, exported)) is not None:
        scores, rows = found
        made_by = {name: metadata.version(name) for name in STATIC_PACKAGES}
        export = replace(export, static_int8=scores, calibrated_on=rows, versions=export.versions | made_by)
    return export


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
    found = {backend.name: approximate_scores(answers_of(backend, info, examples), fp32) for backend in backends}
    for name, scores in found.items():
        if problems := beyond(scores, len(examples)):
            logger.warning("%s is further from the checkpoint than int8 may be: %s", name, "; ".join(problems))
    return found


def _put(folder: Path, partial: Path, info: CheckpointInfo) -> None:
    """Put `onnx/` into the checkpoint's folder.

    At each moment the folder is a whole checkpoint: the manifest states the export and the new `stancelab.json` last,
    and those before them no more before they go.
    """
    manifest: dict[str, Any] = read_json(folder / MANIFEST)
    manifest[FINGERPRINT] = files_fingerprint(folder)
    replaced = (DESCRIPTION, *(name for name in manifest["files"] if name.startswith(f"{ONNX}/")))
    kept = {name: entry for name, entry in manifest["files"].items() if name not in replaced}
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

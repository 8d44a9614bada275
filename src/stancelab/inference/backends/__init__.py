"""What computes a checkpoint's logits: PyTorch, or ONNX Runtime or OpenVINO where the checkpoint was exported."""

from __future__ import annotations

import sys
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypedDict

from stancelab.checkpoint import verify
from stancelab.errors import ConfigError, did_you_mean
from stancelab.extras import is_installed, require
from stancelab.inference.backends.base import BATCH_SIZE
from stancelab.layout import ONNX, ONNX_FP32, ONNX_INT8, ONNX_STATIC_INT8, TRAINING_TEXTS

if TYPE_CHECKING:
    from stancelab.checkpoint import CheckpointInfo
    from stancelab.inference.backends.base import Backend

AUTO: Final = "auto"
TORCH: Final = "torch"
FP32: Final = "onnx"
INT8: Final = "onnx-int8"
TORCH_BF16: Final = "torch-bf16"
OPENVINO_BF16: Final = "openvino-bf16"
OPENVINO_INT8: Final = "openvino-int8"
BACKENDS: Final = (AUTO, TORCH, TORCH_BF16, FP32, INT8, OPENVINO_BF16, OPENVINO_INT8)
#: Of those without PyTorch, the file of the network.
_FILES: Final = {
    FP32: ONNX_FP32,
    INT8: ONNX_INT8,
    OPENVINO_BF16: ONNX_FP32,
    OPENVINO_INT8: ONNX_STATIC_INT8,
}
#: Where a system with a GPU has its driver.
_DRIVERS: Final = ("/dev/nvidiactl", "/dev/dxg", "/dev/kfd")


class _How(TypedDict):
    """What is said to every backend."""

    device: str | None
    batch_size: int
    progress: bool


def load_backend(
    folder: Path,
    info: CheckpointInfo,
    *,
    backend: str = AUTO,
    device: str | None = None,
    batch_size: int = BATCH_SIZE,
    progress: bool = False,
) -> Backend:
    """Check the files of a checkpoint folder and load it into the backend that computes its logits.

    Args:
        folder: The checkpoint folder.
        info: What its `stancelab.json` says.
        backend: One of `BACKENDS`.
        device: Such as "cpu" or "cuda"; by default a GPU where there is one.
        batch_size: Texts in a batch at most.
        progress: Whether to show a progress bar where standard error is a terminal.

    Raises:
        MissingPackageError: What the backend needs is not installed.
        CheckpointError: The folder cannot be loaded, or was not exported.
        ConfigError: There is no such backend, or no such device.
    """
    if type(batch_size) is not int or batch_size < 1:
        raise ConfigError(f"batch_size: found {batch_size!r}, allowed are whole numbers from 1")
    name = check_backend(folder, backend=backend, device=device)
    how: _How = {"device": device, "batch_size": batch_size, "progress": progress}
    if name in (TORCH, TORCH_BF16):
        verify(folder)
        from stancelab.inference.backends.torch import TorchBackend

        return TorchBackend.load(folder, info, bf16=name == TORCH_BF16, **how)
    from stancelab.inference.backends.exported import files_of

    texts = [TRAINING_TEXTS] if (folder / TRAINING_TEXTS).is_file() else []
    verify(folder, [*files_of(folder, _FILES[name]), *texts])
    if name in (OPENVINO_BF16, OPENVINO_INT8):
        from stancelab.inference.backends.openvino import OpenvinoBackend

        return OpenvinoBackend.load(folder, info, int8=name == OPENVINO_INT8, **how)
    from stancelab.inference.backends.onnx import OnnxBackend

    return OnnxBackend.load(folder, info, int8=name == INT8, **how)


def check_backend(folder: Path, *, backend: str = AUTO, device: str | None = None) -> str:
    """Check that a checkpoint can be computed as is asked for, and return the backend; nothing is loaded.

    Args:
        folder: The checkpoint folder.
        backend: One of `BACKENDS`.
        device: The device that is asked for.

    Raises:
        MissingPackageError: What the backend needs is not installed.
        CheckpointError: The checkpoint was not exported.
        ConfigError: There is no such backend, or it does not compute on the device.
    """
    if backend not in BACKENDS:
        raise ConfigError(f"backend: {problem_of(backend)}")
    name = chosen(folder, device) if backend == AUTO else backend
    if name in (TORCH, TORCH_BF16):
        instead = _instead_of_torch(folder) if backend == AUTO else ""
        for package in ("torch", "transformers"):
            require(package, "torch", "StanceClassifier", instead=instead)
        return name
    by_openvino = name in (OPENVINO_BF16, OPENVINO_INT8)
    package, extra = ("openvino", "openvino") if by_openvino else ("onnxruntime", "onnx")
    require(package, extra, f"backend={name}")
    from stancelab.inference.backends.exported import check_device, check_exported

    check_device(device)
    check_exported(folder, _FILES[name])
    return name


def chosen(folder: Path, device: str | None = None) -> str:
    """Return the backend that is taken of those that answer as the checkpoint does.

    That is ONNX Runtime where the checkpoint was exported and it is installed, unless PyTorch has a GPU to compute on:
    its first answer comes after a sixth of the time, which PyTorch makes up for only on some processors, and with
    thousands of rows.

    Args:
        folder: The checkpoint folder.
        device: The device that is asked for.
    """
    has_torch = is_installed("torch") and is_installed("transformers")
    has_onnx = is_installed("onnxruntime") and (folder / ONNX / ONNX_FP32).is_file()
    if not has_onnx or (has_torch and (device not in (None, "cpu") or (device is None and _may_have_gpu()))):
        return TORCH
    return FP32


def problem_of(backend: object) -> str | None:
    """Return what is wrong with the name of a backend, None where nothing is."""
    if backend in BACKENDS:
        return None
    hint = did_you_mean(backend, BACKENDS) if isinstance(backend, str) else ""
    return f"found {backend!r}, allowed are {', '.join(BACKENDS)}.{hint}"


def _instead_of_torch(folder: Path) -> str:
    """Return what would do in place of PyTorch with what is installed, "" where nothing would."""
    is_exported = (folder / ONNX / ONNX_FP32).is_file()
    if is_installed("openvino") and is_exported:
        has_static_int8 = (folder / ONNX / ONNX_STATIC_INT8).is_file()
        either = f"{OPENVINO_BF16} or {OPENVINO_INT8}" if has_static_int8 else OPENVINO_BF16
        return f"take backend={either}, whose answers differ a little"
    if (is_installed("onnxruntime") or is_installed("openvino")) and not is_exported:
        return "export the checkpoint where PyTorch is: stancelab export"
    return ""


def _may_have_gpu() -> bool:
    """Tell whether PyTorch may find a GPU, without the seconds that its import takes."""
    try:
        if metadata.version("torch").endswith("+cpu"):
            return False
    except metadata.PackageNotFoundError:  # not installed as packages are
        return True
    return sys.platform == "win32" or any(Path(driver).exists() for driver in _DRIVERS)

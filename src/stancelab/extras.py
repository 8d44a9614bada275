"""Optional packages: the error that names the extra to install where one is missing."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Final

from stancelab.errors import MissingPackageError

#: Packages that people know by another name than that of their module.
_TITLES: Final = {
    "ahocorasick": "pyahocorasick",
    "docx": "python-docx",
    "hydra": "Hydra",
    "jinja2": "Jinja",
    "matplotlib": "Matplotlib",
    "nncf": "NNCF",
    "onnx": "ONNX",
    "onnxruntime": "ONNX Runtime",
    "onnxscript": "ONNX Script",
    "openvino": "OpenVINO",
    "python_calamine": "python-calamine",
    "sklearn": "scikit-learn",
    "ray": "Ray",
    "torch": "PyTorch",
    "vaderSentiment": "VADER",
}


def is_installed(module: str) -> bool:
    """Tell whether a top-level module is there, without importing it."""
    return find_spec(module) is not None


def require(module: str, extra: str, what: str, *, instead: str = "") -> None:
    """Check that an optional package is installed, without importing it.

    Args:
        module: Its top-level module, such as "torch".
        extra: The extra of stancelab that brings it.
        what: What needs it, for the message, such as "StanceClassifier".
        instead: What may be installed in its place, for the message.

    Raises:
        MissingPackageError: It is not installed; the message says what to install.
    """
    if not is_installed(module):
        other = f", or {instead}" if instead else ""
        raise MissingPackageError(
            f'{what} needs {_TITLES.get(module, module)}: pip install "stancelab[{extra}]"{other}'
        )

"""Optional packages: the error that names the extra to install where one is missing."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Final

from stancelab.errors import MissingPackageError

#: Packages that people know by another name than that of their module.
_TITLES: Final = {
    "hydra": "Hydra",
    "jinja2": "Jinja",
    "matplotlib": "Matplotlib",
    "python_calamine": "python-calamine",
    "sklearn": "scikit-learn",
    "torch": "PyTorch",
    "vaderSentiment": "VADER",
}


def require(module: str, extra: str, what: str) -> None:
    """Check that an optional package is installed, without importing it.

    Args:
        module: Its top-level module, such as "torch".
        extra: The extra of stancelab that brings it.
        what: What needs it, for the message, such as "StanceClassifier".

    Raises:
        MissingPackageError: It is not installed; the message says what to install.
    """
    if find_spec(module) is None:
        raise MissingPackageError(f'{what} needs {_TITLES.get(module, module)}: pip install "stancelab[{extra}]"')

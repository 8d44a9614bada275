from __future__ import annotations

import sys

import pytest

from stancelab.errors import MissingPackageError
from stancelab.extras import require


def test_a_missing_package_is_named_with_its_extra() -> None:
    with pytest.raises(MissingPackageError, match=r'export needs no_such_package: pip install "stancelab\[onnx\]"'):
        require("no_such_package", "onnx", "export")


def test_an_installed_package_is_not_imported() -> None:
    before = "wave" in sys.modules
    require("wave", "torch", "StanceClassifier")
    assert ("wave" in sys.modules) == before

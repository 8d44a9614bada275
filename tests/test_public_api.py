"""The public names of the package: each can be imported, and importing the package imports nothing heavy."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import stancelab


@pytest.mark.parametrize("name", stancelab.__all__)
def test_every_public_name_can_be_imported(name: str) -> None:
    assert getattr(stancelab, name) is not None
    assert name in dir(stancelab)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'train'"):
        getattr(stancelab, "train")  # noqa: B009


def test_names_are_imported_from_where_type_checkers_find_them() -> None:
    tree = ast.parse(Path(stancelab.__file__).read_text(encoding="utf-8"))
    found = {
        alias.name: str(node.module).removeprefix("stancelab.")
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith("stancelab.")
        for alias in node.names
    }
    assert found == stancelab._MODULES
    assert {*found, "__version__"} == set(stancelab.__all__)


def test_import_loads_nothing_heavy() -> None:
    code = "import sys, stancelab; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    heavy = [
        "numpy",
        "pyarrow",
        "torch",
        "transformers",
        "datasets",
        "omegaconf",
        "hydra",
        "pandas",
        "sklearn",
        "scipy",
        "matplotlib",
    ]
    assert not set(heavy) & set(shown)


def test_settings_load_no_model_library() -> None:
    code = (
        "import sys, stancelab as s; s.CorpusSettings, s.SplitSettings, s.ModelSettings, s.TrainingSettings\n"
        "s.BaselineSettings, s.EvaluationSettings, s.Example\n"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert not {"torch", "transformers", "datasets", "sklearn", "matplotlib"} & set(shown)

"""The profile of a training gives each operation one kind, and shares of the time by the clock."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"


@pytest.fixture
def module(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.syspath_prepend(str(SCRIPTS))
    before = {*sys.modules}
    yield importlib.import_module("profile_training")
    for name in {*sys.modules} - before:
        if name.startswith(("bench_", "profile_training")):
            del sys.modules[name]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("aten::mm", "products of weights"),
        ("aten::bmm", "attention"),
        ("aten::_fused_adamw_", "optimizer"),
        ("aten::copy_", "casts and copies"),
        ("aten::embedding_dense_backward", "embeddings and places of mentions"),
        ("aten::native_layer_norm_backward", "normalization, activation, dropout"),
        ("aten::add_", "sums of gradients, other arithmetic"),
        ("autograd::engine::evaluate_function: XBackward0", "other operations"),
    ],
)
def test_an_operation_has_one_kind(module: Any, name: str, kind: str) -> None:
    assert module.kind_of(name) == kind


def test_what_no_operation_takes_is_outside_of_them(module: Any) -> None:
    found = module.shares({"aten::mm": 2.0, "aten::addmm": 1.0, "aten::copy_": 0.5}, 5.0)
    assert found == [
        ["products of weights", "60.0%"],
        [module.OUTSIDE, "30.0%"],
        ["casts and copies", "10.0%"],
    ]

"""`stancelab serve`; what it answers is tested in tests/serve."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("serve.threshold=accuracy_95", "serve.threshold: 'accuracy_95' was not reached on dev"),
        ("serve.backend=onnx", "has no onnx/model.onnx; make it with 'stancelab export checkpoint="),
    ],
)
def test_what_the_checkpoint_cannot_do_is_told_before_its_weights_are_read_and_anything_listens(
    workplace: Path,
    checkpoint_copy: Path,
    refused: Callable[..., str],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    word: str,
    message: str,
) -> None:
    (checkpoint_copy / "model.safetensors").write_bytes(b"damaged")
    monkeypatch.setattr("stancelab.serve.server.listening", lambda settings: pytest.fail("it listens"))
    assert message in refused("serve", f"checkpoint={checkpoint_copy}", "serve.port=0", word)

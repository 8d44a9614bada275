"""A disk that is full, or becomes full."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
import torch
from safetensors import SafetensorError

from stancelab.errors import ConfigError, StancelabError
from stancelab.training.disk import check_space, explain_write_error

if TYPE_CHECKING:
    from pathlib import Path


def test_space_is_compared_before_the_training(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    network = torch.nn.Linear(1000, 1000, bias=False)
    monkeypatch.setattr("shutil.disk_usage", lambda path: SimpleNamespace(free=36_000_000))
    check_space(tmp_path / "not" / "there", network)
    monkeypatch.setattr("shutil.disk_usage", lambda path: SimpleNamespace(free=35_999_999))
    with pytest.raises(ConfigError, match=r"the states of this training need 36\.0 MB, and 36\.0 MB are free"):
        check_space(tmp_path / "not" / "there", network)


@pytest.mark.parametrize(
    "error",
    [
        SafetensorError("Error while serializing: I/O error: No space left on device (os error 28)"),
        RuntimeError("[enforce fail at inline_container.cc:672] . unexpected pos 64 vs 0\nmore"),
        OSError(28, "No space left on device"),
    ],
)
def test_what_cannot_be_written_is_told_in_one_line(tmp_path: Path, error: Exception) -> None:
    with pytest.raises(StancelabError) as caught, explain_write_error(tmp_path / "checkpoint"):
        raise error
    told = str(caught.value)
    assert told.startswith(f"{tmp_path / 'checkpoint'}: cannot be written (")
    assert told.endswith("write somewhere else with output_root=FOLDER")
    assert "\n" not in told

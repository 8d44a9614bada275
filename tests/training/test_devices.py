"""Which device and precision is taken; the hardware is replaced by what it says of itself."""

from __future__ import annotations

import logging

import pytest
import torch

from stancelab.errors import ConfigError
from stancelab.training.devices import check_device, choose_device, choose_precision
from stancelab.training.settings import TrainingSettings


def hardware(monkeypatch: pytest.MonkeyPatch, *, cuda: bool = False, mps: bool = False) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)


def test_a_gpu_is_taken_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    for cuda, mps, device in ((False, False, "cpu"), (True, False, "cuda"), (False, True, "mps")):
        hardware(monkeypatch, cuda=cuda, mps=mps)
        assert choose_device("auto") == device
        assert choose_device("cpu") == "cpu"


def test_a_device_that_is_not_there_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    hardware(monkeypatch)
    with pytest.raises(ConfigError, match="device: found 'cuda', but PyTorch finds no such device here; there is cpu"):
        check_device("cuda")
    hardware(monkeypatch, mps=True)
    with pytest.raises(ConfigError, match="there is cpu and mps"):
        check_device("cuda")
    assert TrainingSettings(device="gpu").problems() == ["device: found 'gpu', allowed is auto, cpu, cuda, mps"]


def test_bf16_falls_back_and_says_so(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {"avx512_bf16": False, "amx_bf16": False})
    with caplog.at_level(logging.WARNING):
        assert choose_precision("bf16", "cpu") == "fp32"
    assert "does not compute bf16" in caplog.text
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {"avx512_bf16": True})
    assert choose_precision("auto", "cpu") == "bf16"
    assert choose_precision("fp32", "cpu") == "fp32"
    assert choose_precision("auto", "mps") == "fp32"


def test_fp16_is_for_cuda(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    assert choose_precision("fp16", "cuda") == "fp16"
    with caplog.at_level(logging.WARNING):
        assert choose_precision("fp16", "cpu") == "fp32"
    assert "training.precision=fp16 is for GPUs with CUDA; training in fp32 on this cpu" in caplog.text
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda including_emulation: False)
    assert choose_precision("auto", "cuda") == "fp32"

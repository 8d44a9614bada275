from __future__ import annotations

import pytest
import torch

from stancelab.heads.onednn import OneDnn, onednn_is_faster


@pytest.mark.skipif(not torch.backends.mkldnn.is_available(), reason="this PyTorch has no oneDNN")
def test_onednn_computes_linear_layers_in_fp32_as_pytorch_does() -> None:
    torch.manual_seed(0)
    layer, plain = torch.nn.Linear(5, 7), torch.nn.Linear(5, 7, bias=False)
    inputs = torch.randn(4, 3, 5)
    expected = layer(inputs).detach()
    with torch.profiler.profile() as profile, torch.inference_mode(), OneDnn():
        found = layer(inputs), plain(inputs[:, 0]), layer(inputs[:0]), layer.bfloat16()(inputs.bfloat16())
    assert [event.count for event in profile.key_averages() if event.key == "mkldnn::_linear_pointwise"] == [2]
    torch.testing.assert_close(found[0], expected)
    torch.testing.assert_close(found[1], plain(inputs[:, 0]).detach())
    assert (found[2].shape, found[3].dtype) == ((0, 3, 7), torch.bfloat16)
    torch.testing.assert_close(found[3].float(), expected, atol=0.05, rtol=0.05)


@pytest.mark.parametrize(
    ("name", "has_avx512", "expected"),
    [("AMD EPYC", True, True), ("AMD EPYC", False, False), ("Intel Xeon Gold", True, False), (None, True, False)],
)
def test_onednn_is_taken_where_mkl_leaves_avx512_unused(
    monkeypatch: pytest.MonkeyPatch, name: str | None, has_avx512: bool, expected: bool
) -> None:
    found = {"avx512_f": has_avx512, **({} if name is None else {"cpu_name": name})}
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: found)
    for library in (torch.backends.mkl, torch.backends.mkldnn):
        monkeypatch.setattr(library, "is_available", lambda: True)
    onednn_is_faster.cache_clear()
    assert onednn_is_faster() == (expected and hasattr(torch.ops.mkldnn, "_linear_pointwise"))
    onednn_is_faster.cache_clear()

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest
import torch
from torch import nn
from transformers import AutoModel, BertConfig, BertModel, GPT2Config, GPT2Model, MPNetConfig, MPNetModel
from transformers.integrations.sdpa_attention import sdpa_attention_forward

from stancelab.training import dropout
from stancelab.training.dropout import ATTENTION, CheapDropout, attention, cheap_dropout, drop, kept

if TYPE_CHECKING:
    from pathlib import Path

SIZES: Final[dict[str, Any]] = {
    "hidden_size": 16,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 32,
    "vocab_size": 50,
}


def bert() -> BertModel:
    torch.manual_seed(0)
    return BertModel(BertConfig(**SIZES), add_pooling_layer=False)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_the_share_that_is_asked_for_is_dropped_independently(share: float) -> None:
    torch.manual_seed(0)
    mask = kept(torch.Size([4, 250_000]), share)
    expected, deviation = 1 - share, (share * (1 - share) / mask.numel()) ** 0.5
    assert mask.float().mean().item() == pytest.approx(expected, abs=5 * deviation)
    flat = mask.flatten()
    for place in range(4):  # the four values of one number
        assert flat[place::4].float().mean().item() == pytest.approx(expected, abs=10 * deviation)
    for distance in (1, 2, 3, 4):
        both = (flat[:-distance] & flat[distance:]).float().mean().item()
        assert both == pytest.approx(expected**2, abs=10 * deviation)


@pytest.mark.parametrize("shape", [(), (1,), (3, 5), (2, 3, 7), (0, 4)])
def test_any_shape_has_its_own_mask(shape: tuple[int, ...]) -> None:
    assert kept(torch.Size(shape), 0.1).shape == shape


def test_values_are_scaled_and_gradients_pass_where_values_do() -> None:
    torch.manual_seed(1)
    values = torch.randn(64, 32, dtype=torch.float64, requires_grad=True)
    found = drop(values, 0.25)
    stays = found != 0
    assert 0.6 < stays.double().mean() < 0.9
    torch.testing.assert_close(found[stays], values[stays] / 0.75)
    found.backward(torch.full_like(found, 3.0))
    torch.testing.assert_close(values.grad, torch.where(stays, 4.0, 0.0).double())


def test_a_seed_repeats_what_is_dropped() -> None:
    values = torch.ones(1_000)
    torch.manual_seed(5)
    first, second = drop(values, 0.1), drop(values, 0.1)
    torch.manual_seed(5)
    assert torch.equal(drop(values, 0.1), first)
    assert not torch.equal(first, second)


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_all_and_nothing_are_left_to_pytorch(share: float) -> None:
    assert torch.equal(drop(torch.ones(8), share), torch.full((8,), 1 - share))


def test_nothing_is_dropped_in_evaluation() -> None:
    values = torch.randn(50)
    assert torch.equal(CheapDropout(0.5).eval()(values), values)


@pytest.mark.parametrize("masked", [False, True])
def test_attention_is_that_of_pytorch_but_for_what_is_dropped(monkeypatch: pytest.MonkeyPatch, masked: bool) -> None:
    monkeypatch.setattr(dropout, "kept", lambda shape, share: torch.ones(shape, dtype=torch.bool))
    torch.manual_seed(0)
    query, key, value = (torch.randn(3, 2, 6, 8, requires_grad=True) for _ in range(3))
    mask = None
    if masked:
        mask = torch.ones(3, 1, 6, 6, dtype=torch.bool)
        mask[0, :, :, 4:] = False
    layer = nn.Module()
    layer.is_causal = False  # type: ignore[assignment]
    expected, _ = sdpa_attention_forward(layer, query, key, value, mask)
    found, _ = attention(layer, query, key, value, mask, dropout=0.2)
    torch.testing.assert_close(found * 0.8, expected)
    wanted = torch.autograd.grad(expected.sin().sum(), (query, key, value))
    got = torch.autograd.grad((found * 0.8).sin().sum(), (query, key, value))
    for one, other in zip(got, wanted, strict=True):
        torch.testing.assert_close(one, other)


def test_a_token_that_the_mask_hides_is_not_seen() -> None:
    query, key = torch.randn(1, 2, 4, 8), torch.randn(1, 2, 4, 8)
    value = torch.zeros(1, 2, 4, 8)
    value[:, :, 3] = 1.0
    mask = torch.ones(1, 1, 4, 4, dtype=torch.bool)
    mask[..., 3] = False
    found, _ = attention(nn.Module(), query, key, value, mask, dropout=0.1)
    assert torch.equal(found, torch.zeros(1, 4, 2, 8))


def test_a_network_drops_cheaply_within_and_is_as_before_afterwards() -> None:
    model = bert()
    tokens = torch.arange(12).reshape(2, 6)
    seen = torch.tensor([[1] * 6, [1] * 4 + [0] * 2])
    before = model.eval()(tokens, attention_mask=seen).last_hidden_state
    layers = [type(each) for each in model.modules()]
    with cheap_dropout(model):
        assert model.config._attn_implementation == ATTENTION
        assert not [each for each in model.modules() if type(each) is nn.Dropout]
        torch.testing.assert_close(model(tokens, attention_mask=seen).last_hidden_state, before)
        model.train()
        dropped = model(tokens, attention_mask=seen).last_hidden_state
        assert not torch.allclose(dropped, before)
    assert [type(each) for each in model.modules()] == layers
    assert all(each.training for each in model.modules())
    assert model.config._attn_implementation == "sdpa"
    assert torch.equal(model.eval()(tokens, attention_mask=seen).last_hidden_state, before)


def test_attention_draws_its_dropout_cheaply(monkeypatch: pytest.MonkeyPatch) -> None:
    shapes = []

    def noted(shape: torch.Size, share: float) -> torch.Tensor:
        shapes.append(tuple(shape))
        return kept(shape, share)

    monkeypatch.setattr(dropout, "kept", noted)
    model = bert().train()
    with cheap_dropout(model):
        model(torch.arange(12).reshape(2, 6))
    hidden, weights = (2, 6, 16), (2, 2, 6, 6)
    assert shapes == [hidden, *[weights, hidden, hidden] * 2]


def test_what_a_network_saves_within_loads_as_before(tmp_path: Path) -> None:
    model = bert()
    with cheap_dropout(model):
        model.save_pretrained(tmp_path)
    loaded = AutoModel.from_pretrained(tmp_path, add_pooling_layer=False)
    assert loaded.config._attn_implementation == "sdpa"
    assert loaded.state_dict().keys() == model.state_dict().keys()


def test_attention_of_other_kinds_stays_as_it_is() -> None:
    torch.manual_seed(0)
    decoder = GPT2Model(
        GPT2Config(vocab_size=50, n_embd=16, n_layer=1, n_head=2, attn_pdrop=0.0, resid_pdrop=0.0, embd_pdrop=0.0)
    )
    tokens = torch.arange(6).reshape(1, 6)
    expected = decoder.train()(tokens).last_hidden_state
    with cheap_dropout(decoder):
        torch.testing.assert_close(decoder(tokens).last_hidden_state, expected)
    eager = MPNetModel(MPNetConfig(**SIZES))
    own = eager.config._attn_implementation
    with cheap_dropout(eager):
        assert eager.train()(tokens).last_hidden_state.isfinite().all()
    assert eager.config._attn_implementation == own


def test_an_error_within_puts_all_back() -> None:
    model = bert()
    with pytest.raises(KeyError), cheap_dropout(model):
        raise KeyError
    assert model.config._attn_implementation == "sdpa"
    assert not [each for each in model.modules() if isinstance(each, CheapDropout)]

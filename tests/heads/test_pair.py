from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import torch
from transformers import AutoTokenizer, DebertaV2Config, DebertaV2Model

from stancelab.encoding import EncodedText, InputSettings
from stancelab.encoding.encoded import AUTHOR, MENTIONED, NAMED
from stancelab.encoding.pairs import PairBuilder
from stancelab.heads.pair import PairClassifier, PairHead, pooled
from stancelab.schema import STANCES, Example

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

TEXT = "Norway welcomed the ceasefire , Iran did not ."
EXAMPLES = [
    Example(id="1", text=TEXT, source="Norway", target="the ceasefire"),
    Example(id="2", text=TEXT, source="Iran", target="the ceasefire"),
    Example(id="3", text="Kenya met Iran .", target="Iran"),
    Example(id="4", text=TEXT, target="Iran"),
    Example(id="5", text="Kenya met Iran .", source="the ministry", target="the treaty"),
]


@pytest.fixture
def network(tiny_encoder: Path) -> PairClassifier:
    torch.manual_seed(0)
    return PairClassifier.from_encoder(tiny_encoder).eval()


@pytest.fixture
def builder(tiny_encoder: Path) -> PairBuilder:
    return PairBuilder(AutoTokenizer.from_pretrained(tiny_encoder), InputSettings(max_length=32))


def inputs_of(builder: PairBuilder, texts: Sequence[EncodedText]) -> dict[str, torch.Tensor]:
    return {name: torch.from_numpy(values) for name, values in builder.collate(texts).items()}


def logits_by_id(network: PairClassifier, builder: PairBuilder, examples: Sequence[Example]) -> dict[str, torch.Tensor]:
    texts = builder.encode(examples)
    with torch.inference_mode():
        logits = network(**inputs_of(builder, texts)).logits
    rows = [row for text in texts for row in text.rows]
    return {examples[row].id: logit for row, logit in zip(rows, logits, strict=True)}


def test_pooled_states_are_the_mean_of_the_tokens() -> None:
    states = torch.tensor([[[1.0, 10.0], [2.0, 20.0], [6.0, 60.0]], [[3.0, 0.0], [5.0, 4.0], [0.0, 0.0]]])
    pair_text = torch.tensor([0, 0, 0, 1, 1])
    place = torch.tensor([[0, 2, MENTIONED], [1, 3, MENTIONED], [0, 0, AUTHOR], [0, 2, MENTIONED], [1, 2, NAMED]])
    expected = torch.tensor([[1.5, 15.0], [4.0, 40.0], [0.0, 0.0], [4.0, 2.0], [5.0, 4.0]])
    torch.testing.assert_close(pooled(states, pair_text, place), expected)


def test_texts_may_have_no_pair_or_many() -> None:
    states = torch.arange(24.0).reshape(4, 3, 2)
    pair_text = torch.tensor([1, 3, 3, 3])
    place = torch.tensor([[0, 1, 0], [0, 1, 0], [1, 2, 0], [2, 3, 0]])
    torch.testing.assert_close(pooled(states, pair_text, place), torch.stack([states[1, 0], *states[3]]))


def test_pooled_states_of_many_pairs_are_those_of_each_alone() -> None:
    torch.manual_seed(0)
    states = torch.randn(7, 12, 5)
    pair_text = torch.randint(0, 7, (40,)).sort().values
    start = torch.randint(0, 9, (40,))
    place = torch.stack([start, start + torch.randint(0, 4, (40,)), torch.zeros_like(start)], dim=1)
    expected = [
        states[text, first:end].mean(dim=0) if end > first else torch.zeros(5)
        for text, (first, end, _) in zip(pair_text.tolist(), place.tolist(), strict=True)
    ]
    torch.testing.assert_close(pooled(states, pair_text, place), torch.stack(expected))


def test_the_gradient_of_a_token_is_its_share_of_the_mentions_it_is_in() -> None:
    states = torch.zeros(1, 4, 2, requires_grad=True)
    place = torch.tensor([[0, 2, 0], [1, 2, 0], [0, 0, 0]])
    pooled(states, torch.zeros(3, dtype=torch.long), place).sum().backward()
    assert states.grad is not None
    assert states.grad[0, :, 0].tolist() == [0.5, 1.5, 0.0, 0.0]


def test_the_head_reads_both_parts_their_product_and_difference_and_the_text() -> None:
    torch.manual_seed(0)
    head = PairHead(2).eval()
    states = torch.tensor([[[1.0, 2.0], [3.0, 5.0], [7.0, 7.0]]])
    source_place, target_place = torch.tensor([[0, 1, MENTIONED]]), torch.tensor([[1, 2, NAMED]])
    source = torch.tensor([1.0, 2.0]) + head.source_given[MENTIONED]
    target = torch.tensor([3.0, 5.0]) + head.target_given[NAMED]
    text = torch.tensor([2.0, 3.5])  # the third token is padding
    read = torch.cat([source, target, source * target, source - target, text])
    found = head(states, torch.tensor([[1, 1, 0]]), torch.tensor([0]), source_place, target_place)
    torch.testing.assert_close(found, head.score(read).unsqueeze(0))


def test_logits_depend_on_no_other_pair_or_text_of_the_batch(network: PairClassifier, builder: PairBuilder) -> None:
    together = logits_by_id(network, builder, EXAMPLES)
    backwards = logits_by_id(network, builder, EXAMPLES[::-1])
    assert set(together) == set(backwards) == {example.id for example in EXAMPLES}
    for example in EXAMPLES:
        alone = logits_by_id(network, builder, [example])[example.id]
        torch.testing.assert_close(together[example.id], alone, atol=1e-5, rtol=0)
        torch.testing.assert_close(backwards[example.id], alone, atol=1e-5, rtol=0)
    assert not torch.allclose(together["1"], together["2"], atol=1e-3), "pairs of a text differ"


def test_swapping_source_and_target_changes_the_answer(network: PairClassifier, builder: PairBuilder) -> None:
    one = Example(id="1", text="Kenya met Iran .", source="Kenya", target="Iran")
    other = Example(id="2", text="Kenya met Iran .", source="Iran", target="Kenya")
    logits = logits_by_id(network, builder, [one, other])
    assert not torch.allclose(logits["1"], logits["2"], atol=1e-3)


def test_what_is_saved_gives_the_same_logits(network: PairClassifier, builder: PairBuilder, tmp_path: Path) -> None:
    expected = logits_by_id(network, builder, EXAMPLES)
    network.save_pretrained(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"config.json", "model.safetensors", "head.safetensors"}
    loaded = PairClassifier.from_pretrained(tmp_path).eval()
    found = logits_by_id(loaded, builder, EXAMPLES)
    assert all(torch.equal(found[name], logits) for name, logits in expected.items())
    assert loaded.config.id2label == dict(enumerate(STANCES))
    assert loaded.config.num_labels == len(STANCES)


def test_an_encoder_of_a_family_without_pooler_is_taken(tmp_path: Path) -> None:
    config = DebertaV2Config(
        vocab_size=20, hidden_size=8, num_hidden_layers=1, num_attention_heads=2, intermediate_size=8
    )
    DebertaV2Model(config).save_pretrained(tmp_path)
    network = PairClassifier.from_encoder(tmp_path).eval()
    inputs = {"input_ids": torch.tensor([[1, 2, 3]]), "attention_mask": torch.ones(1, 3, dtype=torch.long)}
    place = torch.tensor([[0, 1, MENTIONED]])
    logits = network(**inputs, pair_text=torch.tensor([0]), source_place=place, target_place=place).logits
    assert logits.shape == (1, len(STANCES))


def test_no_weight_is_left_without_gradient(network: PairClassifier, builder: PairBuilder) -> None:
    inputs = inputs_of(builder, builder.encode(EXAMPLES))
    torch.nn.functional.cross_entropy(network(**inputs).logits, torch.tensor([0, 1, 2, 0, 1])).backward()
    without = [
        name
        for name, weight in network.named_parameters()
        if weight.grad is None or (not weight.grad.any() and "key.bias" not in name)  # keys' biases change no attention
    ]
    assert without == []


def test_each_way_of_being_given_has_its_vector(network: PairClassifier, builder: PairBuilder) -> None:
    inputs = inputs_of(builder, builder.encode([EXAMPLES[2], EXAMPLES[4]]))
    network(**inputs).logits.square().sum().backward()
    head = network.head
    assert head.source_given.grad is not None
    assert head.target_given.grad is not None
    assert head.source_given.grad.any(dim=1).nonzero().flatten().tolist() == sorted([AUTHOR, NAMED])
    assert head.target_given.grad.any(dim=1).nonzero().flatten().tolist() == sorted([MENTIONED, NAMED])


def test_the_device_is_that_of_the_weights(network: PairClassifier) -> None:
    assert network.device == torch.device("cpu")
    assert network.to("meta").device == torch.device("meta")

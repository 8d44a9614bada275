from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from transformers import AutoTokenizer

from stancelab.encoding import InputSettings, make_builder
from stancelab.heads.pair import PairClassifier
from stancelab.schema import Example
from stancelab.training.texts import NO_LABEL, Collator, TrainingTexts, twice

if TYPE_CHECKING:
    from pathlib import Path

    from stancelab.encoding import Builder

LONG = "Norway welcomed the ceasefire , Iran did not ."
EXAMPLES = [
    Example(id="1", text=LONG, source="Norway", target="the ceasefire", stance="favor", corpus="one"),
    Example(id="2", text="Kenya met Iran .", source="Kenya", target="Iran", stance="neutral", corpus="two"),
    Example(id="3", text=LONG, source="Iran", target="the ceasefire", stance="against", corpus="one"),
    Example(id="4", text=LONG, target="Iran", corpus="one"),
]


@pytest.fixture
def pairs(tiny_encoder: Path) -> Builder:
    return make_builder("pair", AutoTokenizer.from_pretrained(tiny_encoder), InputSettings(max_length=32))


@pytest.fixture
def sequences(tiny_encoder: Path) -> Builder:
    return make_builder("sequence", AutoTokenizer.from_pretrained(tiny_encoder), InputSettings(max_length=32))


def test_rows_go_to_their_texts_with_label_and_teacher(pairs: Builder) -> None:
    soft = np.array([[0.1, 0.2, 0.7], [np.nan] * 3, [0.8, 0.1, 0.1], [0.2, 0.5, 0.3]])
    texts = TrainingTexts(pairs, EXAMPLES, soft)
    assert len(texts) == 2
    first, second = texts[0], texts[1]
    assert first.labels.tolist() == [2, 0, NO_LABEL]
    np.testing.assert_array_equal(first.soft, soft[[0, 2, 3]])
    assert second.labels.tolist() == [1]
    assert np.isnan(second.soft).all()
    assert texts.labels.tolist() == [2, 1, 0, NO_LABEL], "in the order of the rows"
    assert texts.corpora == ["one", "two"]
    assert texts.lengths == [11, 6]


def test_without_a_teacher_no_row_has_its_probabilities(pairs: Builder) -> None:
    texts = TrainingTexts(pairs, EXAMPLES[:3])
    assert [text.soft.shape for text in texts.texts] == [(2, 3), (1, 3)]
    assert all(np.isnan(text.soft).all() for text in texts.texts)


def test_the_corpus_of_a_text_is_that_of_its_first_row(pairs: Builder, sequences: Builder) -> None:
    same = [EXAMPLES[0], replace(EXAMPLES[2], corpus="two"), replace(EXAMPLES[2], corpus="two", target="the treaty")]
    assert TrainingTexts(pairs, same).corpora == ["one", "two"], "with another second segment it is another text"
    assert TrainingTexts(pairs, same[1::-1]).corpora == ["two"]
    assert TrainingTexts(sequences, same).corpora == ["one", "two", "two"]


def test_a_batch_holds_the_rows_of_its_texts_in_order(pairs: Builder) -> None:
    soft = np.array([[0.1, 0.2, 0.7], [np.nan] * 3, [0.8, 0.1, 0.1], [0.2, 0.5, 0.3]])
    texts = TrainingTexts(pairs, EXAMPLES, soft)
    batch = Collator(pairs)([texts[1], texts[0]])
    assert batch["labels"].tolist() == [1, 2, 0, NO_LABEL]
    assert (batch["labels"].dtype, batch["soft"].dtype) == (torch.int64, torch.float32)
    torch.testing.assert_close(batch["soft"], torch.tensor(soft[[1, 0, 2, 3]]).float(), equal_nan=True)
    assert batch["pair_text"].tolist() == [0, 1, 1, 1]
    assert batch["input_ids"].shape == (2, 11)


def test_with_the_sequence_head_every_row_is_a_text(sequences: Builder) -> None:
    texts = TrainingTexts(sequences, EXAMPLES)
    assert [text.labels.tolist() for text in texts.texts] == [[2], [1], [0], [NO_LABEL]]
    batch = Collator(sequences)(texts.texts)
    assert set(batch) == {"input_ids", "token_type_ids", "attention_mask", "labels", "soft"}


def test_a_batch_that_is_read_twice_is_answered_twice(pairs: Builder, tiny_encoder: Path) -> None:
    batch = Collator(pairs)(TrainingTexts(pairs, EXAMPLES).texts)
    inputs = {name: values for name, values in batch.items() if name not in ("labels", "soft")}
    network = PairClassifier.from_encoder(tiny_encoder).eval()
    with torch.no_grad():
        once, first_and_second = network(**inputs).logits, network(**twice(inputs)).logits
    assert len(first_and_second) == 2 * len(EXAMPLES)
    for half in first_and_second.chunk(2):
        torch.testing.assert_close(half, once)


def test_a_batch_of_rows_is_read_twice(sequences: Builder) -> None:
    batch = Collator(sequences)(TrainingTexts(sequences, EXAMPLES[:2]).texts)
    assert torch.equal(twice({"input_ids": batch["input_ids"]})["input_ids"][2:], batch["input_ids"])

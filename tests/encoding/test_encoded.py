from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from transformers import AutoTokenizer

from stancelab.encoding import Cut, InputBuilder, InputSettings
from stancelab.encoding.encoded import AUTHOR, MENTIONED
from stancelab.encoding.pairs import PairBuilder
from stancelab.schema import Example

if TYPE_CHECKING:
    from pathlib import Path

SHORT = Example(id="1", text="Iran met Kenya .", source="Iran", target="Kenya")
AUTHORS = Example(id="2", text="Iran met Kenya .", target="Iran")
LONG = Example(id="3", text="Norway welcomed the ceasefire .", source="Norway", target="the ceasefire")


def test_a_batch_says_which_text_each_pair_belongs_to(tiny_encoder: Path) -> None:
    builder = PairBuilder(AutoTokenizer.from_pretrained(tiny_encoder), InputSettings(max_length=32))
    texts = builder.encode([SHORT, LONG, AUTHORS])
    batch = builder.collate(texts)
    assert {name: values.shape for name, values in batch.items()} == {
        "input_ids": (2, 7),
        "token_type_ids": (2, 7),
        "attention_mask": (2, 7),
        "pair_text": (3,),
        "source_place": (3, 3),
        "target_place": (3, 3),
    }
    assert {values.dtype for values in batch.values()} == {np.dtype(np.int64)}
    assert [text.rows for text in texts] == [(0, 2), (1,)]
    assert batch["pair_text"].tolist() == [0, 0, 1]
    assert batch["source_place"].tolist() == [[1, 2, MENTIONED], [0, 0, AUTHOR], [1, 2, MENTIONED]]
    assert batch["target_place"].tolist() == [[3, 4, MENTIONED], [1, 2, MENTIONED], [3, 5, MENTIONED]]


def test_padding_follows_the_text_and_is_masked(tiny_encoder: Path) -> None:
    tokenizer = AutoTokenizer.from_pretrained(tiny_encoder, padding_side="left")
    builder = PairBuilder(tokenizer, InputSettings(max_length=32))
    short, long = builder.encode([SHORT, LONG])
    batch = builder.collate([short, long])
    assert batch["input_ids"].tolist() == [
        [*short.inputs["input_ids"], tokenizer.pad_token_id],
        long.inputs["input_ids"],
    ]
    assert batch["attention_mask"].tolist() == [[1, 1, 1, 1, 1, 1, 0], [1] * 7]


def test_the_sequence_head_gets_no_places(tiny_encoder: Path) -> None:
    builder = InputBuilder(AutoTokenizer.from_pretrained(tiny_encoder), InputSettings(max_length=32))
    texts = builder.encode([SHORT, LONG, AUTHORS])
    assert [text.rows for text in texts] == [(0,), (1,), (2,)]
    assert set(builder.collate(texts)) == {"input_ids", "token_type_ids", "attention_mask"}


def test_what_is_cut_adds_up_and_is_told_in_words() -> None:
    cut = Cut(rows=1200, texts=3, targets=1) + Cut(rows=100, texts=1, sources=2, unmarked=5)
    assert cut == Cut(rows=1300, texts=4, targets=1, sources=2, unmarked=5)
    assert cut.sentence(128) == (
        "4 of 1,300 rows have a text that is cut at 128 tokens (cut: the target of 1, the source of 2)"
    )
    assert Cut(rows=2, targets=1).sentence(128) == (
        "of 2 rows a name is too long for 128 tokens and is cut: the target of 1, the source of 0"
    )
    assert cut.is_any
    assert not Cut(rows=3, unmarked=3).is_any

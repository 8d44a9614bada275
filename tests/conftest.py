"""Fixtures of several test folders: a fake system, benchmark data where there are any, a tiny encoder."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from stancelab.schema import STANCE_ID, Example, System

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

# One thread: the suite runs in parallel processes, and sums in one order are the same on every machine.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
# No test may reach the network; a hub name must fail at once.
os.environ["HF_HUB_OFFLINE"] = "1"

BENCHMARK_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"

WORDS = (  # noqa: SIM905 - a list of words reads better as text
    "norway iran kenya somalia china the a an ceasefire treaty sanctions pact ministry minister report talks on "
    "welcomed condemned rejected backed praised opposed met discussed held called for against and but did not ; , . : "
    "hailed urged envoy deal plan vote border summit [ ] ( ) t / s source target author news"
).split()


@dataclass
class FakeSystem(System):
    """Predicts about the given share of rows rightly; the same name, seed and rows give the same answers.

    Attributes:
        name: Its name.
        seed: Its seed.
        accuracy: Share of rows predicted rightly.
        confidence: The confidence of every prediction; None for random ones from 0.5 to 0.99.
        is_baseline: Whether it is a baseline.
        always: The stance of every prediction, in place of `accuracy`.
        answer: What it returns, whatever the rows, in place of all else.
    """

    name: str
    seed: int | None = None
    accuracy: float = 0.8
    confidence: float | None = 0.7
    is_baseline: bool = False
    always: str | None = None
    answer: object = None

    def predict_proba(self, examples: Sequence[Example]) -> np.ndarray:
        import numpy as np  # after the environment is set

        if self.answer is not None:
            return self.answer  # type: ignore[return-value]
        random = np.random.default_rng([*self.name.encode(), self.seed or 0])
        gold = np.array([STANCE_ID[example.stance or ""] for example in examples])
        right = random.random(len(gold)) < self.accuracy
        predicted = np.where(right, gold, (gold + random.integers(1, 3, len(gold))) % 3)
        if self.always is not None:
            predicted = np.full_like(gold, STANCE_ID[self.always])
        confidence = random.uniform(0.5, 0.99, len(gold))
        if self.confidence is not None:
            confidence = np.full(len(gold), self.confidence)
        probabilities = np.repeat((1 - confidence)[:, None] / 2, 3, axis=1)
        probabilities[np.arange(len(gold)), predicted] = confidence
        return probabilities


@pytest.fixture(scope="session")
def fake_system() -> type[FakeSystem]:
    return FakeSystem


@pytest.fixture
def benchmark_data() -> Path:
    if not BENCHMARK_DATA.is_dir():
        pytest.skip("no benchmark data beside the clone (../shared/data)")
    return BENCHMARK_DATA


@pytest.fixture(scope="session")
def tiny_encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A BERT of two small layers with random weights, saved as any encoder is."""
    import torch
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    vocabulary = [
        "[PAD]",
        "[UNK]",
        "[CLS]",
        "[SEP]",
        "[MASK]",
        *WORDS,
        *(f"##{c}" for c in "abcdefghijklmnopqrstuvwxyz"),
    ]
    ids = {token: index for index, token in enumerate(dict.fromkeys(vocabulary))}
    backend = Tokenizer(models.WordPiece(ids, unk_token="[UNK]"))
    backend.normalizer = normalizers.BertNormalizer(lowercase=True)
    backend.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    backend.post_processor = processors.BertProcessing(("[SEP]", ids["[SEP]"]), ("[CLS]", ids["[CLS]"]))
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=backend,
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        pad_token="[PAD]",
        mask_token="[MASK]",
        model_input_names=["input_ids", "token_type_ids", "attention_mask"],
        model_max_length=64,
    )
    torch.manual_seed(0)
    model = BertModel(
        BertConfig(
            vocab_size=len(ids),
            hidden_size=32,
            num_hidden_layers=2,
            num_attention_heads=2,
            intermediate_size=64,
            max_position_embeddings=64,
        )
    )
    folder = tmp_path_factory.mktemp("tiny_encoder")
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder

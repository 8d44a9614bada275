"""Fixtures that several test folders use: benchmark data where it lies, and a tiny encoder that needs no download."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

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

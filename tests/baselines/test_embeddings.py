"""Vectors of a frozen encoder: a tiny BERT with random weights."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch

from stancelab.baselines.embeddings import Embedder, Passage
from stancelab.errors import CheckpointError
from stancelab.heads import onednn
from stancelab.schema import Span

if TYPE_CHECKING:
    from pathlib import Path

TEXT = "norway rejected the pact , iran backed it"


def embedder(folder: Path, **changes: int) -> Embedder:
    return Embedder(str(folder), **{"max_length": 32, "batch_size": 2, **changes})


def test_vectors_do_not_depend_on_the_batch(tiny_encoder: Path) -> None:
    passages = [Passage(TEXT), Passage("iran"), Passage("kenya met china"), Passage("iran")]
    together = embedder(tiny_encoder, batch_size=4).embed(passages, "texts")
    assert together.shape == (4, 32)
    assert together.dtype == np.float32
    for passage, vector in zip(passages, together, strict=True):
        np.testing.assert_allclose(embedder(tiny_encoder).embed([passage], "texts")[0], vector, atol=1e-5)


def test_mean_over_the_real_tokens(tiny_encoder: Path) -> None:
    import torch
    from transformers import AutoModel, AutoTokenizer

    inputs = AutoTokenizer.from_pretrained(tiny_encoder)([TEXT], return_tensors="pt")
    with torch.inference_mode():
        states = AutoModel.from_pretrained(tiny_encoder)(**inputs).last_hidden_state[0].numpy()
    whole, mention = embedder(tiny_encoder).embed([Passage(TEXT), Passage(TEXT, Span(0, 15))], "texts")
    np.testing.assert_allclose(whole, states.mean(axis=0), atol=1e-5)
    # [CLS] norway rejected ...: the first two words are tokens 1 and 2.
    np.testing.assert_allclose(mention, states[1:3].mean(axis=0), atol=1e-5)


def test_mention_beyond_the_cut_is_the_whole_text(tiny_encoder: Path) -> None:
    passages = [Passage(TEXT), Passage(TEXT, Span(len(TEXT) - 2, len(TEXT)))]
    cut = embedder(tiny_encoder, max_length=5).embed(passages, "texts")
    assert cut[0].tolist() == cut[1].tolist()
    full = embedder(tiny_encoder).embed(passages, "texts")
    assert full[0].tolist() != full[1].tolist()


def test_text_longer_than_the_encoders_positions(tiny_encoder: Path) -> None:
    found = embedder(tiny_encoder, max_length=512).embed([Passage("pact " * 300)], "texts")
    assert np.isfinite(found).all()


def test_each_text_is_read_once(tiny_encoder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = embedder(tiny_encoder)
    seen: list[str] = []
    read = reader.read

    def noting(batch, wanted):
        seen.extend(each.text for each in batch)
        return read(batch, wanted)

    monkeypatch.setattr(reader, "read", noting)
    reader.embed([Passage(TEXT), Passage(TEXT, Span(0, 6)), Passage("iran"), Passage(TEXT)], "texts")
    assert sorted(seen) == ["iran", TEXT]


def test_texts_of_like_numbers_of_tokens_share_a_batch(tiny_encoder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = embedder(tiny_encoder)
    seen: list[list[int]] = []
    read = reader.read

    def noting(batch, wanted):
        seen.append([len(each.offsets) for each in batch])
        return read(batch, wanted)

    monkeypatch.setattr(reader, "read", noting)
    # Each word and each comma is a token, and [CLS] and [SEP] are two more: the longest text has the fewest.
    passages = [Passage("ceasefire"), Passage(", , , , ,"), Passage("a , a"), Passage(", a ,")]
    together = reader.embed(passages, "texts")
    assert seen == [[7, 5], [5, 3]]
    for passage, vector in zip(passages, together, strict=True):
        np.testing.assert_allclose(embedder(tiny_encoder).embed([passage], "texts")[0], vector, atol=1e-5)


@pytest.mark.skipif(not torch.backends.mkldnn.is_available(), reason="this PyTorch has no oneDNN")
def test_vectors_by_onednn_are_those_of_pytorch(tiny_encoder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    passages = [Passage(TEXT), Passage(TEXT, Span(0, 6)), Passage("kenya met china")]
    found = {}
    for is_faster in (False, True):
        monkeypatch.setattr(onednn, "onednn_is_faster", lambda is_faster=is_faster: is_faster)
        with torch.profiler.profile() as profile:
            found[is_faster] = embedder(tiny_encoder).embed(passages, "texts")
        assert any(event.key == "mkldnn::_linear_pointwise" for event in profile.key_averages()) == is_faster
    np.testing.assert_allclose(found[True], found[False], atol=1e-5)


def test_nothing_to_embed(tiny_encoder: Path) -> None:
    assert embedder(tiny_encoder).embed([], "texts").shape == (0, 32)


def test_missing_encoder(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="no such folder"):
        embedder(tmp_path / "nowhere").embed([Passage("a")], "texts")


def test_folder_without_tokenizer(tiny_encoder: Path, tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    bare.mkdir()
    for name in ("config.json", "model.safetensors"):
        shutil.copy(tiny_encoder / name, bare)
    with pytest.raises(CheckpointError, match="holds no tokenizer"):
        embedder(bare).embed([Passage("a")], "texts")

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from transformers import AutoTokenizer

from stancelab.checkpoint import CheckpointInfo
from stancelab.encoding import InputSettings
from stancelab.encoding.pairs import MOST_PAIRS, PairBuilder
from stancelab.errors import CheckpointError, ConfigError
from stancelab.heads.pair import PairClassifier
from stancelab.inference.backends.torch import TorchBackend
from stancelab.inference.classifier import StanceClassifier
from stancelab.schema import Example

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLES = [
    Example(id=str(n), text="Norway welcomed the ceasefire" + " and the treaty" * (n % 4), target="the ceasefire")
    for n in range(10)
]
INFO = CheckpointInfo(input=InputSettings(max_length=32))


def test_logits_depend_on_neither_order_nor_batch_size(checkpoint: Path) -> None:
    whole = TorchBackend.load(checkpoint, INFO, device="cpu").logits(EXAMPLES)
    assert (whole.shape, whole.dtype) == ((10, 3), np.float64)
    small = TorchBackend.load(checkpoint, INFO, device="cpu", batch_size=3)
    np.testing.assert_allclose(small.logits(EXAMPLES[::-1])[::-1], whole, atol=1e-5)
    assert small.logits([]).shape == (0, 3)


@pytest.mark.skipif(not torch.backends.mkldnn.is_available(), reason="this PyTorch has no oneDNN")
def test_a_backend_answers_the_same_by_onednn(checkpoint: Path) -> None:
    backend = TorchBackend.load(checkpoint, INFO, device="cpu")
    backend.by_onednn = False
    expected = backend.logits(EXAMPLES)
    backend.by_onednn = True
    np.testing.assert_allclose(backend.logits(EXAMPLES), expected, atol=1e-5)


def test_rows_of_few_texts_come_back_in_the_order_of_the_examples(tiny_encoder: Path) -> None:
    builder = PairBuilder(AutoTokenizer.from_pretrained(tiny_encoder), InputSettings(max_length=32))
    backend = TorchBackend(PairClassifier.from_encoder(tiny_encoder), builder, batch_size=4)
    several = [
        Example(id="", text=text, source=source, target=target)
        for source in ("Norway", "Iran", "", "Kenya")
        for text in ("Norway met Iran and Kenya .", "Iran backed Kenya , Norway did not .")
        for target in ("Iran", "the treaty")
    ]
    examples = several * (MOST_PAIRS // 4 + 1)  # each text with its second segment has more than `MOST_PAIRS` rows
    one_by_one = np.concatenate([backend.logits([example]) for example in several])
    np.testing.assert_allclose(backend.logits(examples), np.tile(one_by_one, (len(examples) // 16, 1)), atol=1e-5)
    assert np.unique(one_by_one.round(5), axis=0).shape == (16, 3)


def test_rows_that_are_the_same_are_computed_once_and_counted_each(
    checkpoint: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backend = TorchBackend.load(checkpoint, INFO, device="cpu")
    long = replace(EXAMPLES[0], text="Norway welcomed the ceasefire" + " and the treaty" * 40)
    examples = [*EXAMPLES, long, replace(long, target="Norway")]
    once, cut = backend.logits(examples), backend.cut
    computed: list[int] = []
    compute = backend.compute

    def counting(inputs: Any) -> Any:
        computed.append(len(inputs["input_ids"]))
        return compute(inputs)

    monkeypatch.setattr(backend, "compute", counting)
    thrice = backend.logits([*examples, *examples[::-1], *examples])
    assert sum(computed) == 6  # four texts, and one long text with two targets
    np.testing.assert_array_equal(thrice, np.concatenate([once, once[::-1], once]))
    assert backend.cut == cut + cut + cut
    assert cut.texts == 2


def test_answers_do_not_depend_on_the_batch(checkpoint: Path) -> None:
    classifier = StanceClassifier.from_pretrained(checkpoint, device="cpu")
    alone = np.concatenate([classifier.predict_proba([example]) for example in EXAMPLES])
    for size, tokens in ((1, 64), (3, 10**6), (128, 50), (128, 10**6)):
        classifier.backend.batch_size, classifier.backend.batch_tokens = size, tokens
        np.testing.assert_allclose(classifier.predict_proba(EXAMPLES), alone, atol=1e-6, rtol=0)


def test_bf16_answers_nearly_the_same(checkpoint: Path) -> None:
    exact = StanceClassifier.from_pretrained(checkpoint, backend="torch", device="cpu")
    classifier = StanceClassifier.from_pretrained(checkpoint, backend="torch-bf16", device="cpu")
    assert (exact.backend.name, classifier.backend.name) == ("torch", "torch-bf16")
    found, expected = classifier.predict_proba(EXAMPLES), exact.predict_proba(EXAMPLES)
    assert found.dtype == np.float64
    assert 0 < np.abs(found - expected).max() < 0.02


@pytest.mark.parametrize(
    ("capabilities", "warned"),
    [({"avx512_bf16": True}, False), ({"amx_bf16": True, "avx512_bf16": False}, False), ({"avx2": True}, True)],
)
def test_a_processor_without_instructions_for_bf16_is_told(
    checkpoint: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capabilities: dict[str, bool],
    warned: bool,
) -> None:
    monkeypatch.setattr("torch.cpu.get_capabilities", lambda: capabilities)
    TorchBackend.load(checkpoint, INFO, bf16=True, device="cpu")
    assert ("torch-bf16 may be slower than torch" in caplog.text) is warned
    caplog.clear()
    TorchBackend.load(checkpoint, INFO, device="cpu")
    assert caplog.text == ""


def test_a_device_that_is_not_there_is_named(checkpoint: Path) -> None:
    with pytest.raises(ConfigError, match="device: found 'nonsense', but PyTorch finds no such device here; there is"):
        TorchBackend.load(checkpoint, INFO, device="nonsense")


def test_a_tokenizer_without_the_markers_is_refused(checkpoint: Path) -> None:
    with pytest.raises(CheckpointError, match="the tokenizer lacks the markers of the training"):
        TorchBackend.load(checkpoint, CheckpointInfo(input=InputSettings(mark=["source"])))


def test_a_config_that_transformers_does_not_know_is_named(checkpoint: Path, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(checkpoint, folder)
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, "model_type": "nonsense"}))
    with pytest.raises(CheckpointError, match="does not load as a transformers model"):
        TorchBackend.load(folder, INFO)


@pytest.mark.parametrize("progress", [True, False])
def test_no_bar_is_drawn_where_there_is_no_terminal(
    checkpoint: Path, capsys: pytest.CaptureFixture[str], progress: bool
) -> None:
    TorchBackend.load(checkpoint, INFO, device="cpu", progress=progress).logits(EXAMPLES)
    assert capsys.readouterr().err == "", "neither of the weights nor of the rows"

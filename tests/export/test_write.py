from __future__ import annotations

import json
import shutil
from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
import onnx
import pytest

from stancelab import StanceClassifier
from stancelab.checkpoint import files_fingerprint, load_info, verify
from stancelab.errors import CheckpointError, ConfigError
from stancelab.export import compare
from stancelab.export import write as write_module
from stancelab.export.settings import ExportSettings
from stancelab.export.write import export_checkpoint
from stancelab.extras import is_installed
from stancelab.inference.backends.torch import computes_bf16
from stancelab.training_texts import TrainingTextHashes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from stancelab.checkpoint import ApproximateScores
    from stancelab.data.prepared import PreparedDataset
    from stancelab.schema import Example

    Exported = Callable[[str, str], Path]


def test_the_network_answers_as_the_checkpoint_for_any_number_of_texts_tokens_and_rows(
    exported: Exported, family: str, head: str, examples: list[Example]
) -> None:
    folder = exported(family, head)
    expected = StanceClassifier.from_pretrained(folder, backend="torch", device="cpu").predict_proba(examples)
    assert np.ptp(expected, axis=0).max() > 0.1, "the rows have different answers"
    for batch_size in (1, 4, 32):
        classifier = StanceClassifier.from_pretrained(folder, backend="onnx", batch_size=batch_size)
        np.testing.assert_allclose(classifier.predict_proba(examples), expected, atol=1e-5)
        np.testing.assert_allclose(classifier.predict_proba(examples[:1]), expected[:1], atol=1e-5)
    int8 = StanceClassifier.from_pretrained(folder, backend="onnx-int8").predict_proba(examples)
    assert 0 < np.abs(int8 - expected).max() < 0.5
    if computes_bf16():
        for backend in ("torch-bf16", *(["openvino-bf16"] if is_installed("openvino") else [])):
            bf16 = StanceClassifier.from_pretrained(folder, backend=backend, batch_size=4).predict_proba(examples)
            assert 0 < np.abs(bf16 - expected).max() < 0.5, backend


def test_the_folder_stays_a_whole_checkpoint(exported: Exported, dataset: PreparedDataset) -> None:
    folder = exported("Bert", "pair")
    assert {path.name for path in (folder / "onnx").iterdir()} - {"model.static-int8.onnx"} == {
        "model.onnx", "model.int8.onnx", "tokenizer.json", "input.json",
    }  # fmt: skip
    assert not [path for path in folder.iterdir() if path.name.startswith(".")]
    verify(folder)
    info = load_info(folder)
    assert info.onnx is not None
    assert info.onnx.int8 is not None
    backends = ["torch-bf16"] + ["openvino-bf16"] * is_installed("openvino")
    assert list(info.onnx.bf16) == (backends if computes_bf16() else [])
    assert (info.onnx.rows, info.onnx.difference < 1e-5) == (len(dataset.validation), True)
    assert dataset.fingerprint in info.onnx.compared_on
    assert {"onnx", "onnxruntime", "torch"} <= set(info.onnx.versions)
    stated = json.loads((folder / "manifest.json").read_text())["files"]
    assert {name for name in stated if name.startswith("onnx/")} == {
        f"onnx/{path.name}" for path in (folder / "onnx").iterdir()
    }
    card = (folder / "README.md").read_text()
    assert "## Without PyTorch" in card
    assert f"| macro-F1 | {100 * info.onnx.int8.macro_f1_fp32:.1f} | {100 * info.onnx.int8.macro_f1:.1f} |" in card


def test_the_files_do_not_tell_where_they_were_made(exported: Exported) -> None:
    for path in (exported("Bert", "pair") / "onnx").iterdir():
        content = path.read_bytes()
        assert b"site-packages" not in content
        assert b"stancelab/" not in content


@pytest.fixture
def fresh(
    exported: Exported,
    family_checkpoint: Callable[[str, str, Path], Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Path:
    """A checkpoint that was not exported; its network is not traced again."""
    network = exported("Bert", "pair") / "onnx" / "model.onnx"
    monkeypatch.setattr("stancelab.export.write.write_fp32", lambda backend, path: shutil.copyfile(network, path))
    return family_checkpoint("Bert", "pair", tmp_path / "fresh")


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_another_export_replaces_the_first_and_the_identity_stays(fresh: Path, dataset: PreparedDataset) -> None:
    before = files_fingerprint(fresh)
    export_checkpoint(fresh, ExportSettings(rows=str(dataset.folder), static_int8=False, force=True))
    assert files_fingerprint(fresh) == before
    with pytest.raises(ConfigError, match=r"onnx: exists already; replace it with export.overwrite=true"):
        export_checkpoint(fresh, ExportSettings(rows=str(dataset.folder), static_int8=False))
    export_checkpoint(fresh, ExportSettings(rows=str(dataset.folder), static_int8=False, int8=False, overwrite=True))
    assert not (fresh / "onnx" / "model.int8.onnx").exists()
    assert (fresh / "README.md").read_text().count("## Without PyTorch") == 1
    assert files_fingerprint(fresh) == before
    StanceClassifier.from_pretrained(fresh, backend="onnx")
    with pytest.raises(CheckpointError, match=r"has no onnx/model.int8.onnx; make it with 'stancelab export"):
        StanceClassifier.from_pretrained(fresh, backend="onnx-int8")


@pytest.mark.parametrize(
    ("bound", "told"),
    [
        ("MOST_DIFFERENCE", "the exported network differs from the checkpoint by .* in a probability"),
        (
            "MOST_FLIPS",
            "the int8 network is further .* another stance in . of 12 rows, .*export.int8=false leaves it out",
        ),
    ],
)
def test_what_is_not_near_enough_is_refused_and_leaves_nothing(
    fresh: Path, dataset: PreparedDataset, monkeypatch: pytest.MonkeyPatch, bound: str, told: str
) -> None:
    before = contents(fresh)
    monkeypatch.setattr(compare, bound, -1)
    with pytest.raises(CheckpointError, match=told):
        export_checkpoint(fresh, ExportSettings(rows=str(dataset.folder), static_int8=False))
    assert contents(fresh) == before


def test_weights_of_gigabytes_lie_beside_the_network(
    family_checkpoint: Callable[[str, str, Path], Path],
    dataset: PreparedDataset,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    examples: list[Example],
) -> None:
    monkeypatch.setattr("stancelab.export.graph.MOST_INSIDE", 0)
    folder = family_checkpoint("Bert", "sequence", tmp_path / "large")
    export_checkpoint(folder, ExportSettings(rows=str(dataset.folder), static_int8=False, force=True))
    assert {"model.onnx.data", "model.int8.onnx.data"} < {path.name for path in (folder / "onnx").iterdir()}
    expected = StanceClassifier.from_pretrained(folder, backend="torch", device="cpu").predict_proba(examples)
    found = StanceClassifier.from_pretrained(folder, backend="onnx").predict_proba(examples)
    np.testing.assert_allclose(found, expected, atol=1e-5)
    StanceClassifier.from_pretrained(folder, backend="onnx-int8").predict(examples)
    data = folder / "onnx" / "model.onnx.data"
    data.write_bytes(data.read_bytes()[:-1] + b" ")
    with pytest.raises(CheckpointError, match=r"model.onnx.data: SHA-256 is"):
        StanceClassifier.from_pretrained(folder, backend="onnx")


def test_what_is_forced_says_so(fresh: Path, dataset: PreparedDataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compare, "MOST_FLIPS", -1)
    export = export_checkpoint(fresh, ExportSettings(rows=str(dataset.folder), static_int8=False, force=True))
    assert export.int8 is not None
    assert export.int8.forced
    assert load_info(fresh).onnx == export
    assert "written all the same (`export.force=true`)" in (fresh / "README.md").read_text()


def test_rows_that_say_little_are_warned_of(
    fresh: Path, dataset: PreparedDataset, caplog: pytest.LogCaptureFixture
) -> None:
    TrainingTextHashes.of([dataset.validation[0].text]).write(fresh / "training_texts.npy")
    export = export_checkpoint(fresh, ExportSettings(rows=str(dataset.folder), static_int8=False, int8=False))
    few, seen = export.warnings
    assert few.startswith("answers are compared on 12 rows, ")
    assert seen.startswith("the text of 2 of the 12 rows ")
    assert {few, seen} <= set(caplog.messages)
    assert load_info(fresh).onnx == export
    card = (fresh / "README.md").read_text()
    assert f"**Warning**: {few}." in card
    assert f"**Warning**: {seen}." in card


@pytest.mark.parametrize("last", ["stancelab.json", "README.md", "manifest.json"])
def test_an_export_that_is_killed_leaves_a_whole_checkpoint(
    fresh: Path, dataset: PreparedDataset, monkeypatch: pytest.MonkeyPatch, last: str
) -> None:
    written: Counter[str] = Counter()

    def killing(write: Callable[[Path, Any], None]) -> Callable[[Path, Any], None]:
        def write_or_die(path: Path, value: Any) -> None:
            written[path.name] += 1
            if path.name == last and written[last] == (2 if last == "manifest.json" else 1):
                raise KeyboardInterrupt
            write(path, value)

        return write_or_die

    for name in ("write_json", "write_text"):
        monkeypatch.setattr(f"stancelab.export.write.{name}", killing(getattr(write_module, name)))
    with pytest.raises(KeyboardInterrupt):
        export_checkpoint(fresh, ExportSettings(rows=str(dataset.folder), static_int8=False, int8=False))
    StanceClassifier.from_pretrained(fresh, backend="torch", device="cpu")
    with pytest.raises(CheckpointError, match=r"model.onnx: manifest.json does not state its SHA-256; export"):
        StanceClassifier.from_pretrained(fresh, backend="onnx")


def test_a_tokenizer_that_differs_is_refused(
    fresh: Path, dataset: PreparedDataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(fresh)
    monkeypatch.setattr("stancelab.encoding.fast_tokenizer.Tokens.sequence_ids", lambda self, number: [0])
    monkeypatch.setattr("stancelab.encoding.pairs._Tokens.range", lambda self, span, segment: (len(self.segments), 40))
    with pytest.raises(CheckpointError, match="its tokenizer gives other tokens without transformers; nothing was"):
        export_checkpoint(fresh, ExportSettings(rows=str(dataset.folder), static_int8=False))
    assert contents(fresh) == before


def test_bf16_that_is_far_from_the_checkpoint_is_warned_of(
    fresh: Path, dataset: PreparedDataset, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("stancelab.export.write.computes_bf16", lambda: True)
    monkeypatch.setattr("stancelab.export.write.is_installed", lambda module: False)
    monkeypatch.setattr(compare, "MOST_FLIPS", -1)
    export = export_checkpoint(fresh, ExportSettings(rows=str(dataset.folder), static_int8=False, int8=False))
    assert "torch-bf16 is further from the checkpoint than int8 may be: another stance in" in caplog.text
    assert load_info(fresh).onnx == export
    assert "| `torch-bf16` |" in (fresh / "README.md").read_text()
    monkeypatch.setattr("stancelab.export.write.computes_bf16", lambda: False)
    export = export_checkpoint(
        fresh, ExportSettings(rows=str(dataset.folder), static_int8=False, int8=False, overwrite=True)
    )
    assert export.bf16 == {}


def quantized(folder: Path) -> list[list[int]]:
    """The sizes of the weights that an int8 network has in int8, without those of its outputs' scales."""
    graph = onnx.load(folder / "onnx" / "model.int8.onnx").graph
    used = {node.input[1] for node in graph.node if node.op_type == "MatMulInteger"}
    return [list(weight.dims) for weight in graph.initializer if weight.name in used]


def test_layers_that_narrow_stay_in_fp32_only_where_the_network_is_not_allowed_without_that(
    fresh: Path, dataset: PreparedDataset, monkeypatch: pytest.MonkeyPatch, examples: list[Example]
) -> None:
    tried = []
    allowed = [[], ["too far"], []]

    def beyond(scores: ApproximateScores, rows: int) -> list[str]:
        tried.append(scores.fp32_layers)
        return allowed[len(tried) - 1]

    monkeypatch.setattr("stancelab.export.write.computes_bf16", lambda: False)
    monkeypatch.setattr("stancelab.export.int8.beyond", beyond)
    first = export_checkpoint(fresh, ExportSettings(rows=str(dataset.folder), static_int8=False))
    assert (tried, first.int8 and first.int8.fp32_layers) == ([0], 0)
    all_layers = quantized(fresh)
    second = export_checkpoint(fresh, ExportSettings(rows=str(dataset.folder), static_int8=False, overwrite=True))
    left = (Counter(map(tuple, all_layers)) - Counter(map(tuple, quantized(fresh)))).elements()
    sizes = [inputs - outputs for inputs, outputs in left]
    assert len(sizes) == 2
    assert min(sizes) > 0
    assert len(quantized(fresh)) == len(all_layers) - 2
    assert (tried, second.int8 and second.int8.fp32_layers) == ([0, 0, 2], 2)
    assert second.int8 is not None
    assert not second.int8.forced
    StanceClassifier.from_pretrained(fresh, backend="onnx-int8").predict(examples)

"""Prediction with ONNX Runtime. The networks are small ones made by hand; tests/export has real ones."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from transformers import AutoTokenizer

from stancelab import StanceClassifier
from stancelab.encoding.fast_tokenizer import save
from stancelab.errors import CheckpointError, ConfigError, MissingPackageError
from stancelab.files import sha256_of
from stancelab.inference import backends
from stancelab.schema import Example

if TYPE_CHECKING:
    from pathlib import Path

ROW = {"text": "Norway welcomed the ceasefire .", "source": "Norway", "target": "the ceasefire"}
ROWS = [ROW, {"text": "Iran met Kenya and China and Somalia .", "target": "Kenya"}, {"text": "a", "target": "b"}]


def network(*, columns: int = 3, op: str = "ReduceSum") -> onnx.ModelProto:
    """A network whose logits are the number of tokens times 0, 1 and 2."""
    inputs = [
        helper.make_tensor_value_info(n, TensorProto.INT64, ["texts", "tokens"])
        for n in ("input_ids", "attention_mask")
    ]
    graph = helper.make_graph(
        [
            helper.make_node(op, ["attention_mask", "axis"], ["count"], keepdims=1),
            helper.make_node("Cast", ["count"], ["number"], to=TensorProto.FLOAT),
            helper.make_node("Mul", ["number", "weights"], ["logits"]),
        ],
        "graph",
        inputs,
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["texts", columns])],
        [
            numpy_helper.from_array(np.array([1]), "axis"),
            numpy_helper.from_array(np.arange(columns, dtype=np.float32), "weights"),
        ],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)


def export_by_hand(folder: Path, model: onnx.ModelProto) -> None:
    """Put a network into a checkpoint's folder as `stancelab export` does."""
    (folder / "onnx").mkdir(exist_ok=True)
    onnx.save(model, folder / "onnx" / "model.onnx")
    save(folder / "onnx", AutoTokenizer.from_pretrained(folder), ["input_ids", "attention_mask"])
    manifest = json.loads((folder / "manifest.json").read_text())
    for path in (folder / "onnx").iterdir():
        manifest["files"][f"onnx/{path.name}"] = {"bytes": path.stat().st_size, "sha256": sha256_of(path)}
    (folder / "manifest.json").write_text(json.dumps(manifest))


@pytest.fixture
def folder(checkpoint_copy: Path) -> Path:
    export_by_hand(checkpoint_copy, network())
    return checkpoint_copy


def test_the_network_computes_the_logits(folder: Path) -> None:
    classifier = StanceClassifier.from_pretrained(folder, backend="onnx", batch_size=2)
    backend: Any = classifier.backend
    assert (backend.name, backend.device) == ("onnx", "cpu")
    examples = [Example(id="", text=row["text"], source=row.get("source", ""), target=row["target"]) for row in ROWS]
    tokens = np.array(backend.builder.count_tokens(examples))
    np.testing.assert_array_equal(backend.logits(examples), tokens[:, None] * [0, 1, 2])
    assert [each.predicted for each in classifier.predict(ROWS)] == ["favor"] * 3


def test_onnx_is_taken_where_the_checkpoint_was_exported_and_torch_elsewhere(
    folder: Path, checkpoint: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backends, "_may_have_gpu", lambda: False)
    assert (backends.chosen(folder), backends.chosen(folder, "cpu")) == ("onnx", "onnx")
    assert (backends.chosen(folder, "cuda"), backends.chosen(checkpoint)) == ("torch", "torch")
    assert StanceClassifier.from_pretrained(folder).backend.name == "onnx"
    assert StanceClassifier.from_pretrained(checkpoint, device="cpu").backend.name == "torch"
    monkeypatch.setattr(backends, "_may_have_gpu", lambda: True)
    assert (backends.chosen(folder), backends.chosen(folder, "cpu")) == ("torch", "onnx")
    monkeypatch.setattr(backends, "is_installed", lambda module: module == "onnxruntime")
    assert backends.chosen(folder) == "onnx"
    monkeypatch.setattr(backends, "is_installed", lambda module: module != "onnxruntime")
    assert backends.chosen(folder) == "torch"


def test_a_gpu_is_only_expected_of_a_build_for_gpus(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(backends, "_DRIVERS", [str(tmp_path)])
    for version, may in (("2.13.0+cpu", False), ("2.13.0", True), ("2.13.0+cu130", True)):
        monkeypatch.setattr("importlib.metadata.version", lambda name, version=version: version)
        assert backends._may_have_gpu() is may


def test_what_cannot_be_asked_for(folder: Path, checkpoint: Path) -> None:
    with pytest.raises(ConfigError, match=r"backend: found 'onx', allowed are auto, torch, .* Did you mean 'onnx'"):
        StanceClassifier.from_pretrained(folder, backend="onx")
    with pytest.raises(ConfigError, match="device: found 'cuda'; the exported network computes on the cpu alone"):
        StanceClassifier.from_pretrained(folder, backend="onnx", device="cuda")
    with pytest.raises(CheckpointError, match=r"has no onnx/model.onnx; make it with 'stancelab export checkpoint="):
        StanceClassifier.from_pretrained(checkpoint, backend="onnx")


def test_a_package_that_is_missing_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stancelab.extras.is_installed", lambda module: False)
    with pytest.raises(MissingPackageError, match=r'backend=onnx needs ONNX Runtime: pip install "stancelab\[onnx\]"'):
        StanceClassifier.from_pretrained(folder, backend="onnx")


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "input.json"])
def test_a_file_that_was_changed_is_refused(folder: Path, name: str) -> None:
    path = folder / "onnx" / name
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(CheckpointError, match=f"{name}: (SHA-256 is|is damaged)"):
        StanceClassifier.from_pretrained(folder, backend="onnx")
    StanceClassifier.from_pretrained(folder, backend="torch")  # reads none of them


def test_another_temperature_is_refused(folder: Path) -> None:
    path = folder / "stancelab.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "temperature": 0.75}))
    with pytest.raises(CheckpointError, match=r"stancelab.json: SHA-256 is .*take the folder from its run again"):
        StanceClassifier.from_pretrained(folder, backend="onnx")


def test_a_file_that_the_manifest_does_not_state_is_refused(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    del manifest["files"]["onnx/model.onnx"]
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(CheckpointError, match=r"model.onnx: manifest.json does not state its SHA-256; export"):
        StanceClassifier.from_pretrained(folder, backend="onnx")


def test_networks_that_are_none_of_a_checkpoint_are_refused(folder: Path) -> None:
    export_by_hand(folder, network(op="NoSuchOperator"))
    with pytest.raises(CheckpointError, match="ONNX Runtime cannot read it"):
        StanceClassifier.from_pretrained(folder, backend="onnx")
    export_by_hand(folder, network(columns=5))
    with pytest.raises(CheckpointError, match=r"the network gives \(1, 5\) for 1 rows"):
        StanceClassifier.from_pretrained(folder, backend="onnx").predict([ROW])
    other = network()
    other.graph.output[0].name = "states"
    other.graph.node[-1].output[0] = "states"
    export_by_hand(folder, other)
    with pytest.raises(CheckpointError, match="reads attention_mask, input_ids and gives states, as no network of a"):
        StanceClassifier.from_pretrained(folder, backend="onnx")


def test_a_tokenizer_without_the_markers_is_refused(folder: Path, tiny_encoder: Path) -> None:
    save(folder / "onnx", AutoTokenizer.from_pretrained(tiny_encoder), ["input_ids", "attention_mask"])
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"]["onnx/tokenizer.json"]["sha256"] = sha256_of(folder / "onnx" / "tokenizer.json")
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(CheckpointError, match="the tokenizer lacks the markers of the training; export"):
        StanceClassifier.from_pretrained(folder, backend="onnx")


def _state_anew(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    for path in (folder / "onnx").iterdir():
        manifest["files"][f"onnx/{path.name}"]["sha256"] = sha256_of(path)
    (folder / "manifest.json").write_text(json.dumps(manifest))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ({}, r"input.json: inputs: is missing; pad_token: is missing; .*; export the checkpoint again"),
        ([], r"input.json: found \[\], allowed is an object; export the checkpoint again"),
        (
            {"inputs": ["input_ids"]},
            "input.json: inputs: found input_ids, but model.onnx also reads attention_mask",
        ),
        ({"inputs": "input_ids"}, "input.json: inputs: found 'input_ids', allowed are input_ids, "),
    ],
)
def test_an_input_that_does_not_fit_the_network_is_refused(folder: Path, content: Any, told: str) -> None:
    path = folder / "onnx" / "input.json"
    own = json.loads(path.read_text()) if content else {}
    path.write_text(json.dumps({**own, **content} if content else content))
    _state_anew(folder)
    with pytest.raises(CheckpointError, match=told):
        StanceClassifier.from_pretrained(folder, backend="onnx")


def test_a_tokenizer_with_ids_beyond_the_embedding_is_refused(folder: Path) -> None:
    tokenizer = AutoTokenizer.from_pretrained(folder)
    tokens = len(tokenizer)
    tokenizer.add_tokens(["beyond"])
    save(folder / "onnx", tokenizer, ["input_ids", "attention_mask"])
    _state_anew(folder)
    told = rf"onnx/tokenizer.json: found a token with the id {tokens}, allowed are 0 to {tokens - 1} .* export the"
    with pytest.raises(CheckpointError, match=told):
        StanceClassifier.from_pretrained(folder, backend="onnx")


@pytest.mark.parametrize("backend", [None, 3, "tensorflow"])
def test_a_backend_that_there_is_not(folder: Path, backend: Any) -> None:
    allowed = "auto, torch, torch-bf16, onnx, onnx-int8, openvino-bf16"
    with pytest.raises(ConfigError, match=f"backend: found {backend!r}, allowed are {allowed}"):
        StanceClassifier.from_pretrained(folder, backend=backend)


#: As if these were not installed.
REFUSE = """
import sys

for name in ("torch", "transformers", "datasets", "hydra", "pandas", "sklearn", "onnx", "jinja2"):
    sys.modules[name] = None
"""


def test_neither_torch_nor_transformers_is_imported(folder: Path, tmp_path: Path) -> None:
    """A whole prediction of a table, in a process that refuses to import them."""
    (tmp_path / "in.csv").write_text("text,target\nKenya met China.,China\nIran left.,Iran\n")
    words = ["predict", f"checkpoint={folder}", "input=in.csv", "output=out.csv", "predict.repair=ftfy"]
    done = predict_without(words, tmp_path)
    assert (done.returncode, done.stdout.splitlines()) == (0, ["2 rows predicted", "predictions: out.csv"]), done.stderr
    assert len((tmp_path / "out.csv").read_text().splitlines()) == 3
    done = predict_without([*words, "predict.backend=torch", "predict.overwrite=true"], tmp_path)
    assert done.returncode == 2
    needs = 'stancelab: StanceClassifier needs PyTorch: pip install "stancelab[torch]"'
    assert done.stderr.splitlines()[-1] == needs
    shutil.rmtree(folder / "onnx")
    done = predict_without([*words, "predict.overwrite=true"], tmp_path)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == f"{needs}, or export the checkpoint where PyTorch is: stancelab export"


def predict_without(words: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    code = f"{REFUSE}\nfrom stancelab.cli import main\nsys.exit(main({words!r}))"
    return subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False)

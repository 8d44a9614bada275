"""Prediction with OpenVINO. The networks are small ones made by hand; tests/export has real ones."""

from __future__ import annotations

import json
import os
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
from stancelab.extras import is_installed
from stancelab.files import sha256_of
from stancelab.inference.backends.processor import has_int8
from stancelab.inference.backends.torch import computes_bf16
from stancelab.schema import Example

if TYPE_CHECKING:
    from pathlib import Path

needs_openvino = pytest.mark.skipif(not is_installed("openvino"), reason="the extra openvino is not installed")
needs_bf16 = pytest.mark.skipif(not computes_bf16(), reason="the processor has no instructions for bf16")


needs_int8 = pytest.mark.skipif(
    not (is_installed("openvino") and has_int8()), reason="OpenVINO or the processor's instructions for int8 lack"
)
STATIC = "model.static-int8.onnx"
ROW = {"text": "Norway welcomed the ceasefire .", "source": "Norway", "target": "the ceasefire"}
ROWS = [ROW, {"text": "Iran met Kenya and China and Somalia .", "target": "Kenya"}, {"text": "a", "target": "b"}]


def network(*, columns: int = 3, op: str = "ReduceSum", output: str = "logits") -> onnx.ModelProto:
    """A network whose logits are the number of tokens times 0, 1 and 2."""
    sizes = ["texts", "tokens"]
    graph = helper.make_graph(
        [
            helper.make_node(op, ["attention_mask", "axis"], ["count"], keepdims=1),
            helper.make_node("Cast", ["count"], ["number"], to=TensorProto.FLOAT),
            helper.make_node("Mul", ["number", "weights"], [output]),
        ],
        "graph",
        [helper.make_tensor_value_info(name, TensorProto.INT64, sizes) for name in ("input_ids", "attention_mask")],
        [helper.make_tensor_value_info(output, TensorProto.FLOAT, ["texts", columns])],
        [
            numpy_helper.from_array(np.array([1]), "axis"),
            numpy_helper.from_array(np.arange(columns, dtype=np.float32), "weights"),
        ],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)


def in_int8() -> onnx.ModelProto:
    """The same network, its weights in steps of a half, as NNCF writes them: operators that only int8 needs."""
    model = network()
    graph = model.graph
    graph.node.insert(0, helper.make_node("DequantizeLinear", ["steps", "half", "zero"], ["weights"]))
    graph.node.insert(3, helper.make_node("QuantizeLinear", ["number", "one", "zero"], ["rounded"]))
    graph.node.insert(4, helper.make_node("DequantizeLinear", ["rounded", "one", "zero"], ["again"]))
    graph.node[5].input[0] = "again"
    del graph.initializer[1]
    values = {"steps": np.array([0, 2, 4], np.int8), "half": np.float32(0.5), "zero": np.int8(0), "one": np.float32(1)}
    graph.initializer.extend(numpy_helper.from_array(np.asarray(value), name) for name, value in values.items())
    return model


def export_by_hand(folder: Path, model: onnx.ModelProto, name: str = "model.onnx") -> None:
    """Put a network into a checkpoint's folder as `stancelab export` does."""
    (folder / "onnx").mkdir(exist_ok=True)
    onnx.save(model, folder / "onnx" / name)
    save(folder / "onnx", AutoTokenizer.from_pretrained(folder), ["input_ids", "attention_mask"])
    manifest = json.loads((folder / "manifest.json").read_text())
    for path in (folder / "onnx").iterdir():
        manifest["files"][f"onnx/{path.name}"] = {"bytes": path.stat().st_size, "sha256": sha256_of(path)}
    (folder / "manifest.json").write_text(json.dumps(manifest))


@pytest.fixture
def folder(checkpoint_copy: Path) -> Path:
    export_by_hand(checkpoint_copy, network())
    return checkpoint_copy


@needs_openvino
@needs_bf16
def test_the_network_computes_the_logits(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    classifier = StanceClassifier.from_pretrained(folder, backend="openvino-bf16", batch_size=2)
    backend: Any = classifier.backend
    assert (backend.name, backend.device) == ("openvino-bf16", "cpu")
    assert backend.network.get_property("INFERENCE_NUM_THREADS") == 1
    assert backend.network.get_property("INFERENCE_PRECISION_HINT").get_type_name() == "bf16"
    examples = [Example(id="", text=row["text"], source=row.get("source", ""), target=row["target"]) for row in ROWS]
    tokens = np.array(backend.builder.count_tokens(examples))
    np.testing.assert_array_equal(backend.logits(examples), tokens[:, None] * [0, 1, 2])


@needs_openvino
@needs_bf16
def test_networks_that_are_none_of_a_checkpoint_are_refused(folder: Path) -> None:
    export_by_hand(folder, network(op="NoSuchOperator"))
    with pytest.raises(CheckpointError, match=r"OpenVINO cannot read it: [^\n]*NoSuchOperator[^\n]*$"):
        StanceClassifier.from_pretrained(folder, backend="openvino-bf16")
    export_by_hand(folder, network(columns=5))
    with pytest.raises(CheckpointError, match=r"the network gives \(1, 5\) for 1 rows"):
        StanceClassifier.from_pretrained(folder, backend="openvino-bf16").predict([ROW])
    export_by_hand(folder, network(output="states"))
    with pytest.raises(CheckpointError, match="reads attention_mask, input_ids and gives states, as no network of a"):
        StanceClassifier.from_pretrained(folder, backend="openvino-bf16")
    other = network()
    other.graph.node[0].domain = "mine"
    export_by_hand(folder, other)
    with pytest.raises(CheckpointError, match="has operators of 'mine', which need code of their own"):
        StanceClassifier.from_pretrained(folder, backend="openvino-bf16")


@needs_int8
def test_the_network_in_int8_computes_the_logits(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    export_by_hand(folder, in_int8(), STATIC)
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    classifier = StanceClassifier.from_pretrained(folder, backend="openvino-int8", batch_size=2)
    backend: Any = classifier.backend
    assert (backend.name, backend.device) == ("openvino-int8", "cpu")
    assert backend.path.endswith(f"onnx/{STATIC}")
    assert backend.network.get_property("INFERENCE_NUM_THREADS") == 1
    hint = backend.network.get_property("INFERENCE_PRECISION_HINT").get_type_name()
    assert hint == ("bf16" if computes_bf16() else "f32")
    examples = [Example(id="", text=row["text"], source=row.get("source", ""), target=row["target"]) for row in ROWS]
    tokens = np.array(backend.builder.count_tokens(examples))
    np.testing.assert_array_equal(backend.logits(examples), tokens[:, None] * [0, 1, 2])


@needs_int8
def test_a_network_in_int8_of_a_stranger_is_checked(folder: Path) -> None:
    with pytest.raises(CheckpointError, match=rf"has no onnx/{STATIC}; make it with .* export.static_int8=true'"):
        StanceClassifier.from_pretrained(folder, backend="openvino-int8")
    other = in_int8()
    other.graph.node[0].domain = "mine"
    export_by_hand(folder, other, STATIC)
    with pytest.raises(CheckpointError, match=rf"{STATIC}: has operators of 'mine', which need code of their own"):
        StanceClassifier.from_pretrained(folder, backend="openvino-int8")
    export_by_hand(folder, in_int8(), STATIC)
    data = folder / "onnx" / STATIC
    data.write_bytes(data.read_bytes().replace(b"rounded", b"changed"))
    with pytest.raises(CheckpointError, match=rf"{STATIC}: SHA-256 is"):
        StanceClassifier.from_pretrained(folder, backend="openvino-int8")


@needs_openvino
@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("processor\t: 0\nflags\t\t: fpu sse avx2 avx512f\nbugs\t\t: x\n", False),
        ("processor\t: 0\nflags\t\t: fpu sse avx2 avx512_vnni\n", True),
        ("processor\t: 0\nflags\t\t: fpu avx_vnni\n", True),
        ("processor\t: 0\nflags\t\t: fpu amx_tile amx_int8\n", True),
        ("processor\t: 0\nFeatures\t: fp asimd asimddp i8mm\n", True),
        (None, True),
    ],
)
def test_which_processors_have_instructions_for_int8(tmp_path: Path, content: str | None, expected: bool) -> None:
    if content is not None:
        (tmp_path / "cpuinfo").write_text(content)
    assert has_int8(tmp_path / "cpuinfo") is expected


@needs_openvino
def test_what_cannot_be_asked_for(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigError, match="device: found 'cuda'; the exported network computes on the cpu alone"):
        StanceClassifier.from_pretrained(folder, backend="openvino-bf16", device="cuda")
    monkeypatch.setattr("stancelab.inference.backends.openvino.has_bf16", lambda core=None: False)
    with pytest.raises(ConfigError, match="backend: openvino-bf16 needs a processor with instructions for bf16"):
        StanceClassifier.from_pretrained(folder, backend="openvino-bf16")
    export_by_hand(folder, in_int8(), STATIC)
    monkeypatch.setattr("stancelab.inference.backends.openvino.has_int8", lambda: False)
    with pytest.raises(ConfigError, match=r"backend: openvino-int8 needs a processor .* take onnx or onnx-int8"):
        StanceClassifier.from_pretrained(folder, backend="openvino-int8")


@pytest.mark.parametrize("backend", ["openvino-bf16", "openvino-int8"])
def test_without_the_package_the_extra_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch, backend: str) -> None:
    monkeypatch.setattr("stancelab.extras.is_installed", lambda module: False)
    told = rf'backend={backend} needs OpenVINO: pip install "stancelab\[openvino\]"'
    with pytest.raises(MissingPackageError, match=told):
        StanceClassifier.from_pretrained(folder, backend=backend)


@needs_openvino
@needs_bf16
def test_neither_other_libraries_nor_telemetry_are_imported(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("text,target\nKenya met China.,China\nIran left.,Iran\n")
    words = ["predict", f"checkpoint={folder}", "input=in.csv", "output=out.csv", "predict.backend=openvino-bf16"]
    code = f"""
import sys

for name in ("torch", "transformers", "datasets", "hydra", "pandas", "onnx", "onnxruntime"):
    sys.modules[name] = None
from stancelab.cli import main

code = main({words!r})
assert code or sys.modules["openvino_telemetry"] is None
sys.exit(code)
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert len((tmp_path / "out.csv").read_text().splitlines()) == 3
    code = code.replace("predict.backend=openvino-bf16", "predict.overwrite=true")
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    told = (
        'StanceClassifier needs PyTorch: pip install "stancelab[torch]", or take backend=openvino-bf16, whose answers'
    )
    assert told in done.stderr
    (folder / "onnx" / "model.static-int8.onnx").write_bytes(b"")
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "or take backend=openvino-bf16 or openvino-int8, whose answers" in done.stderr


def attention(blocks: int = 4, width: int = 32) -> onnx.ModelProto:
    """A network of blocks of attention, whose operations are compiled anew for each size of a batch."""
    random, node = np.random.default_rng(0), helper.make_node
    weights = {"words": random.normal(size=(50, width))}
    nodes = [node("Gather", ["words", "input_ids"], ["in0"])]
    for number in range(blocks):
        weights[f"w{number}"] = random.normal(size=(width, width)) / width
        nodes += [
            node("MatMul", [f"in{number}", f"w{number}"], [f"keys{number}"]),
            node("Transpose", [f"keys{number}"], [f"turned{number}"], perm=[0, 2, 1]),
            node("MatMul", [f"keys{number}", f"turned{number}"], [f"scores{number}"]),
            node("Softmax", [f"scores{number}"], [f"shares{number}"], axis=-1),
            node("MatMul", [f"shares{number}", f"keys{number}"], [f"in{number + 1}"]),
        ]
    nodes.append(node("ReduceMean", [f"in{blocks}"], ["logits"], axes=[1], keepdims=0))
    graph = helper.make_graph(
        nodes,
        "graph",
        [helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["texts", "tokens"])],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["texts", width])],
        [numpy_helper.from_array(values.astype(np.float32), name) for name, values in weights.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=10)


_GROWTH = """
import sys
from pathlib import Path
import numpy as np
from stancelab.inference.backends.openvino import open_network

def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096

request = open_network(Path(sys.argv[1])).create_infer_request()
for number in range(900):
    if number == 300:
        before = resident()
    request.infer({"input_ids": np.ones((1 + number // 60, 4 + number % 60), dtype=np.int64)})
print((resident() - before) // 2**20)
"""


@needs_openvino
@needs_bf16
@pytest.mark.skipif(sys.platform != "linux", reason="the memory of a process is told otherwise")
def test_memory_does_not_grow_with_the_sizes_of_batches(tmp_path: Path) -> None:
    """From 300 to 900 sizes it grew by 7 MB with the settings of the backend, and by 90 MB with those of OpenVINO."""
    onnx.save(attention(), tmp_path / "model.onnx")
    command = [sys.executable, "-c", _GROWTH, str(tmp_path / "model.onnx")]
    environment = {name: value for name, value in os.environ.items() if name != "ONEDNN_PRIMITIVE_CACHE_CAPACITY"}
    environment["OMP_NUM_THREADS"] = "1"
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 30


@needs_openvino
@pytest.mark.parametrize(("given", "expected"), [(None, "200"), ("7", "7")])
def test_a_cache_that_the_environment_sizes_stays(
    given: str | None, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ONEDNN_PRIMITIVE_CACHE_CAPACITY", raising=False)
    if given is not None:
        monkeypatch.setenv("ONEDNN_PRIMITIVE_CACHE_CAPACITY", given)
    code = "import os, stancelab.inference.backends.openvino; print(os.environ['ONEDNN_PRIMITIVE_CACHE_CAPACITY'])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == expected


@needs_openvino
def test_its_import_leaves_standard_error_open() -> None:
    code = """
import logging.config, sys, tempfile
shown, sys.stderr = sys.stderr, tempfile.TemporaryFile("w+")
other = sys.stderr
import stancelab.inference.backends.openvino
sys.stderr = shown
logging.config.dictConfig({"version": 1})
print(other.closed)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"

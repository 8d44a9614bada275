"""The int8 network with fixed scales: how it is made, compared and kept. tests/export/test_write.py has the others."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from stancelab import StanceClassifier
from stancelab.checkpoint import load_info, verify
from stancelab.errors import CheckpointError, ConfigError, DataError, MissingPackageError, StancelabError
from stancelab.export import compare, static_int8
from stancelab.export.settings import ExportSettings
from stancelab.export.static_int8 import calibration_batches, check_possible
from stancelab.export.write import export_checkpoint
from stancelab.schema import Example

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from stancelab.checkpoint import ApproximateScores
    from stancelab.data.prepared import PreparedDataset

    Exported = Callable[[str, str], Path]

FILE = "model.static-int8.onnx"


def why_not() -> str:
    """Why the network cannot be made here, "" where it can."""
    try:
        check_possible()
    except StancelabError as error:
        return str(error)
    return ""


needs_nncf = pytest.mark.skipif(bool(why_not()), reason=why_not() or "it can be made")


@needs_nncf
def test_logits_are_near_those_of_the_checkpoint_and_do_not_depend_on_the_batch(
    exported: Exported, dataset: PreparedDataset, family: str, head: str, examples: list[Example]
) -> None:
    folder = exported(family, head)
    expected, found = (
        StanceClassifier.from_pretrained(folder, backend=name, device="cpu").backend.logits(dataset.train)
        for name in ("torch", "openvino-int8")
    )
    assert np.corrcoef(expected.ravel(), found.ravel())[0, 1] > 0.95
    assert np.abs(found - expected).max() > 1e-3, "it is the fp32 network"
    found = StanceClassifier.from_pretrained(folder, backend="openvino-int8").predict_proba(examples)
    for batch_size in (1, 4):
        # What is not int8 is bf16 where the processor has it: sums of other batches may be rounded otherwise.
        other = StanceClassifier.from_pretrained(folder, backend="openvino-int8", batch_size=batch_size)
        np.testing.assert_allclose(other.predict_proba(examples), found, atol=1e-3)
        np.testing.assert_allclose(other.predict_proba(examples[3:4]), found[3:4], atol=1e-3)


@needs_nncf
def test_the_figures_are_those_of_the_backend_and_the_folder_stays_whole(
    exported: Exported, dataset: PreparedDataset
) -> None:
    folder = exported("Bert", "pair")
    verify(folder)
    info = load_info(folder)
    assert info.onnx is not None
    assert info.onnx.static_int8 is not None
    rows = dataset.validation
    gold = np.array([row.stance_id for row in rows])
    answers = {
        name: compare.Answers(
            StanceClassifier.from_pretrained(folder, backend=name).predict_proba(rows), gold, info.classes
        )
        for name in ("onnx", "openvino-int8")
    }
    scores = info.onnx.static_int8
    assert scores.flips == int((answers["openvino-int8"].predicted != answers["onnx"].predicted).sum())
    assert scores.difference == pytest.approx(answers["openvino-int8"].difference(answers["onnx"]), abs=1e-6)
    assert scores.macro_f1 == pytest.approx(answers["openvino-int8"].macro_f1)
    assert info.onnx.calibrated_on == f"6 training rows of toy (fingerprint {dataset.fingerprint})"
    assert {"nncf", "openvino"} <= set(info.onnx.versions)
    assert "6 training rows of toy" in (folder / "README.md").read_text()
    content = (folder / "onnx" / FILE).read_bytes()
    assert b"site-packages" not in content
    assert b"stancelab/" not in content


@needs_nncf
def test_embeddings_and_linear_layers_are_int8(exported: Exported) -> None:
    folder = exported("Bert", "pair") / "onnx"
    graph = onnx.load(folder / FILE).graph
    assert quantized(folder / FILE)
    int8 = [weight.dims for weight in graph.initializer if weight.data_type == TensorProto.INT8]
    words = next(w.dims for w in onnx.load(folder / "model.onnx").graph.initializer if "word_embeddings" in w.name)
    assert list(words) in [list(dims) for dims in int8]


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
    monkeypatch.setattr("stancelab.export.write.computes_bf16", lambda: False)
    return family_checkpoint("Bert", "pair", tmp_path / "fresh")


def settings(dataset: PreparedDataset, *, asked: bool | None = None, force: bool = False) -> ExportSettings:
    return ExportSettings(rows=str(dataset.folder), int8=False, static_int8=asked, force=force)


@pytest.mark.parametrize("missing", ["nncf", "openvino"])
def test_without_a_package_it_is_left_out_unless_it_is_asked_for(
    fresh: Path,
    dataset: PreparedDataset,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    missing: str,
) -> None:
    monkeypatch.setattr("stancelab.extras.is_installed", lambda module: module != missing)
    title = {"nncf": "NNCF", "openvino": "OpenVINO"}[missing]
    told = f'static int8 needs {title}: pip install "stancelab[export]"'
    with pytest.raises(MissingPackageError) as error:
        export_checkpoint(fresh, settings(dataset, asked=True))
    assert str(error.value) == told
    assert not (fresh / "onnx").exists()
    export = export_checkpoint(fresh, settings(dataset))
    assert f"onnx/{FILE} is left out: {told}" in caplog.messages
    assert (export.static_int8, export.calibrated_on) == (None, "")
    assert not (fresh / "onnx" / FILE).exists()


@needs_nncf
def test_without_instructions_for_int8_it_is_left_out_unless_it_is_asked_for(
    fresh: Path, dataset: PreparedDataset, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("stancelab.export.static_int8.has_int8", lambda: False)
    told = "export.static_int8: needs a processor with instructions for int8"
    with pytest.raises(ConfigError, match=told):
        export_checkpoint(fresh, settings(dataset, asked=True))
    export_checkpoint(fresh, settings(dataset))
    assert any(told in line for line in caplog.messages)
    assert not (fresh / "onnx" / FILE).exists()


@needs_nncf
def test_what_is_not_near_enough_is_left_out_refused_or_forced(
    fresh: Path,
    dataset: PreparedDataset,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    examples: list[Example],
) -> None:
    monkeypatch.setattr(compare, "MOST_FLIPS", -1)
    told = "the static int8 network is further from the checkpoint than is allowed: another stance in "
    with pytest.raises(CheckpointError, match=f"{told}.*export.static_int8=false leaves it out"):
        export_checkpoint(fresh, settings(dataset, asked=True))
    assert not (fresh / "onnx").exists()
    export = export_checkpoint(fresh, settings(dataset))
    assert export.static_int8 is None
    [line] = [line for line in caplog.messages if line.startswith(f"onnx/{FILE} is left out: ")]
    assert told in line
    assert line.endswith("; export.force=true writes it all the same")
    assert "Nothing was written" not in line
    assert {path.name for path in (fresh / "onnx").iterdir()} == {"model.onnx", "tokenizer.json", "input.json"}
    shutil.rmtree(fresh / "onnx")
    export = export_checkpoint(fresh, settings(dataset, force=True))
    assert export.static_int8 is not None
    assert export.static_int8.forced
    assert load_info(fresh).onnx == export
    StanceClassifier.from_pretrained(fresh, backend="openvino-int8").predict(examples)


@needs_nncf
def test_layers_that_narrow_stay_in_fp32_only_where_the_network_is_not_allowed_without_that(
    fresh: Path, dataset: PreparedDataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    allowed = iter([[], ["too far"], []])

    def beyond(scores: ApproximateScores, rows: int) -> list[str]:
        return next(allowed)

    monkeypatch.setattr("stancelab.export.int8.beyond", beyond)
    first = export_checkpoint(fresh, settings(dataset, asked=True))
    assert first.static_int8 is not None
    assert (first.static_int8.fp32_layers, first.static_int8.forced) == (0, False)
    all_layers = quantized(fresh / "onnx" / FILE)
    second = export_checkpoint(fresh, replace(settings(dataset, asked=True), overwrite=True))
    assert second.static_int8 is not None
    assert (second.static_int8.fp32_layers, second.static_int8.forced) == (2, False)
    assert quantized(fresh / "onnx" / FILE) < all_layers
    assert len(all_layers - quantized(fresh / "onnx" / FILE)) == 2


def quantized(path: Path) -> set[str]:
    """The names of the encoder's linear layers whose weights are int8."""
    graph = onnx.load(path).graph
    weights = {weight.name for weight in graph.initializer if len(weight.dims) == 2}
    made = {node.output[0] for node in graph.node if node.op_type == "DequantizeLinear" and node.input[0] in weights}
    return {node.name for node in graph.node if node.op_type == "MatMul" and node.input[1] in made}


@needs_nncf
def test_a_network_that_nncf_cannot_read_is_an_error_of_one_line(
    fresh: Path, dataset: PreparedDataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    import nncf

    def fail(*given: object, **named: object) -> None:
        raise RuntimeError("no such node\nmore")

    monkeypatch.setattr(nncf, "quantize", fail)
    with pytest.raises(CheckpointError, match=r"^NNCF cannot make the static int8 network: no such node$"):
        export_checkpoint(fresh, settings(dataset, asked=True))


@needs_nncf
def test_weights_that_nncf_cannot_read_are_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "model.onnx").write_bytes(b"1")
    (tmp_path / "model.onnx.data").write_bytes(b"1234")
    check_possible(tmp_path / "model.onnx")
    monkeypatch.setattr(static_int8, "MOST_INSIDE", 3)
    with pytest.raises(CheckpointError, match=r"model.onnx.data: takes 4 bytes, of which static int8 allows 3 at most"):
        check_possible(tmp_path / "model.onnx")


@needs_nncf
def test_a_machine_with_too_little_memory_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "model.onnx").write_bytes(b"0" * 1_000_000)
    monkeypatch.setattr(static_int8, "most_memory", lambda: 1_315_000_000)
    check_possible(tmp_path / "model.onnx")
    monkeypatch.setattr(static_int8, "most_memory", lambda: 1_314_000_000)
    with pytest.raises(ConfigError, match=r"takes some 1\.3 GB of memory with this network, .* has 1\.3 GB; export on"):
        check_possible(tmp_path / "model.onnx")


class Numbered:
    """Stands for a builder: a text has as many tokens as letters."""

    def encode(self, examples: list[Example]) -> list[Example]:
        return examples

    def collate(self, texts: list[Example]) -> list[str]:
        return [text.id for text in texts]


def test_scales_are_found_by_the_same_rows_each_time_in_the_batches_of_prediction(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(static_int8, "batches_by_length", lambda texts: [texts[:300], texts[300:]])
    rows = [Example(id=str(number), text="a", target="b") for number in range(2000)]
    (batches, count), again = (calibration_batches(Numbered(), rows) for _ in range(2))  # type: ignore[arg-type]
    assert (batches, count) == again
    used = [name for batch in batches for name in batch]
    assert ([len(batch) for batch in batches], count, len({*used})) == ([300, 212], 512, 512)
    assert calibration_batches(Numbered(), rows[:3])[1] == 3  # type: ignore[arg-type]
    with pytest.raises(DataError, match="finds its scales by training rows, and the prepared dataset has none"):
        calibration_batches(Numbered(), [])  # type: ignore[arg-type]


@needs_nncf
def test_nothing_is_told_to_anyone_and_nothing_is_printed(tmp_path: Path) -> None:
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["x", "w"], ["y"], name="layer")],
        "graph",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["rows", 4])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["rows", 4])],
        [numpy_helper.from_array(np.eye(4, dtype=np.float32), "w")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=10)
    onnx.save(model, tmp_path / "model.onnx")
    code = """
import sys
from pathlib import Path

import numpy as np

from stancelab.export.static_int8 import write_static_int8

write_static_int8(Path("model.onnx"), Path("int8.onnx"), [{"x": np.ones((2, 4), dtype=np.float32)}])
assert sys.modules["openvino_telemetry"] is None
assert "Mock" in type(sys.modules["nncf.telemetry.wrapper"].telemetry).__name__
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (tmp_path / "int8.onnx").is_file()

"""What is refused of an ONNX file before ONNX Runtime opens it. The files are made with the package onnx."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from stancelab.errors import CheckpointError
from stancelab.inference.backends.onnx_file import check_onnx_file

if TYPE_CHECKING:
    from pathlib import Path

WEIGHTS = np.arange(12, dtype=np.float32).reshape(3, 4)


def model_of(tensor: TensorProto, *nodes: onnx.NodeProto) -> onnx.ModelProto:
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["x", tensor.name], ["y"]), *nodes],
        "graph",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["rows", 3])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["rows", 4])],
        [tensor],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)])


def external(location: str, **more: int) -> TensorProto:
    """A tensor whose data are said to be in another file."""
    tensor = TensorProto(name="w", data_type=TensorProto.FLOAT, dims=[3, 4], data_location=TensorProto.EXTERNAL)
    for key, value in {"location": location, **more}.items():
        tensor.external_data.add(key=key, value=str(value))
    return tensor


@pytest.fixture
def path(tmp_path: Path) -> Path:
    folder = tmp_path / "onnx"
    folder.mkdir()
    (folder / "model.onnx.data").write_bytes(WEIGHTS.tobytes())
    (tmp_path / "secret").write_bytes(WEIGHTS.tobytes())
    return folder / "model.onnx"


def saved(path: Path, model: onnx.ModelProto) -> Path:
    path.write_bytes(model.SerializeToString())
    return path


def test_a_plain_file_refers_to_no_other(path: Path) -> None:
    assert check_onnx_file(saved(path, model_of(numpy_helper.from_array(WEIGHTS, "w")))) == []


@pytest.mark.parametrize("more", [{}, {"offset": 0, "length": 48}, {"length": 48}])
def test_a_file_beside_it_may_hold_tensors(path: Path, more: dict[str, int]) -> None:
    model = model_of(external("model.onnx.data", **more))
    assert check_onnx_file(saved(path, model)) == [path.with_name("model.onnx.data")]


@pytest.mark.parametrize("location", ["../secret", "/etc/hostname", "nowhere", "", ".", "..", "a/../model.onnx.data"])
def test_a_file_elsewhere_is_refused(path: Path, location: str) -> None:
    with pytest.raises(CheckpointError, match=r"keeps tensors in .*; allowed are files beside it that are there"):
        check_onnx_file(saved(path, model_of(external(location))))


def test_a_link_to_a_file_elsewhere_is_refused(path: Path) -> None:
    path.with_name("link").symlink_to(path.parent.parent / "secret")
    with pytest.raises(CheckpointError, match="which is a link to a file outside of its folder"):
        check_onnx_file(saved(path, model_of(external("link"))))


def test_links_of_the_hubs_cache_are_read(path: Path, tmp_path: Path) -> None:
    blobs, snapshot = tmp_path / "blobs", tmp_path / "snapshot"
    blobs.mkdir()
    snapshot.mkdir()
    (blobs / "0a").write_bytes(model_of(external("model.onnx.data")).SerializeToString())
    (blobs / "0b").write_bytes(WEIGHTS.tobytes())
    for name, blob in (("model.onnx", "0a"), ("model.onnx.data", "0b")):
        (snapshot / name).symlink_to(blobs / blob)
    assert check_onnx_file(snapshot / "model.onnx") == [snapshot / "model.onnx.data"]


@pytest.mark.parametrize("more", [{"offset": 1, "length": 48}, {"offset": -1}, {"length": 2**70}, {"offset": 49}])
def test_more_bytes_than_the_other_file_has_are_refused(path: Path, more: dict[str, int]) -> None:
    with pytest.raises(CheckpointError, match="is damaged or no ONNX file"):
        check_onnx_file(saved(path, model_of(external("model.onnx.data", **more))))


@pytest.mark.parametrize("dims", [[2**40, 2**20], [-1], [3, 400]])
def test_a_tensor_larger_than_its_data_is_refused(path: Path, dims: list[int]) -> None:
    tensor = TensorProto(name="w", data_type=TensorProto.FLOAT, dims=dims, raw_data=WEIGHTS.tobytes())
    with pytest.raises(CheckpointError, match=r"a tensor of .* numbers has .* bytes"):
        check_onnx_file(saved(path, model_of(tensor)))


def within(kind: str, tensor: TensorProto) -> onnx.ModelProto:
    """A model that has a tensor in a place that is not a weight of its graph."""
    plain = numpy_helper.from_array(WEIGHTS, "w")
    constant = helper.make_node("Constant", [], ["c"], value=tensor)
    if kind == "constant":
        return model_of(plain, constant)
    if kind == "branch":
        branch = helper.make_graph([constant], "b", [], [helper.make_tensor_value_info("c", 1, [3, 4])])
        return model_of(plain, helper.make_node("If", ["t"], ["o"], then_branch=branch, else_branch=branch))
    sparse: Any = onnx.SparseTensorProto(values=tensor, indices=numpy_helper.from_array(np.arange(12)), dims=[12])
    if kind == "sparse":
        model = model_of(plain)
        model.graph.sparse_initializer.append(sparse)
        return model
    return model_of(plain, helper.make_node("Constant", [], ["c"], sparse_value=sparse))


@pytest.mark.parametrize("kind", ["constant", "branch", "sparse", "sparse constant"])
def test_tensors_are_found_wherever_they_are(path: Path, kind: str) -> None:
    assert check_onnx_file(saved(path, within(kind, numpy_helper.from_array(WEIGHTS, "v")))) == []
    with pytest.raises(CheckpointError, match=r"keeps tensors in '\.\./secret'"):
        check_onnx_file(saved(path, within(kind, external("../secret"))))


def test_functions_are_refused(path: Path) -> None:
    node = helper.make_node("f", ["v"], ["o"], domain="own")  # calls itself
    body = helper.make_function("own", "f", ["v"], ["o"], [node], [helper.make_opsetid("own", 1)])
    model = model_of(numpy_helper.from_array(WEIGHTS, "w"), helper.make_node("f", ["y"], ["z"], domain="own"))
    model.functions.append(body)
    with pytest.raises(CheckpointError, match="has functions, which may call each other without end"):
        check_onnx_file(saved(path, model))


@pytest.mark.parametrize("is_inner", [False, True])
def test_loops_are_refused(path: Path, is_inner: bool) -> None:
    node = helper.make_node("Loop", ["n", "", "y"], ["z"])
    if is_inner:
        branch = helper.make_graph([node], "b", [], [helper.make_tensor_value_info("z", 1, [3, 4])])
        node = helper.make_node("If", ["t"], ["o"], then_branch=branch, else_branch=branch)
    with pytest.raises(CheckpointError, match="has the operator Loop, which may run without end"):
        check_onnx_file(saved(path, model_of(numpy_helper.from_array(WEIGHTS, "w"), node)))


@pytest.mark.parametrize(("size", "is_taken"), [(3, True), (2**16, True), (2**16 + 1, False), (2**40, False)])
def test_large_fixed_sizes_of_inputs_are_refused(path: Path, size: int, is_taken: bool) -> None:
    model = model_of(numpy_helper.from_array(WEIGHTS, "w"))
    model.graph.input[0].type.tensor_type.shape.dim[1].dim_value = size
    saved(path, model)
    if is_taken:
        assert check_onnx_file(path) == []
    else:
        with pytest.raises(CheckpointError, match=f"an input has the fixed size {size}, allowed are 65536 at most"):
            check_onnx_file(path)


@pytest.mark.parametrize("domain", ["com.microsoft", "own", "ai.onnx.ml"])
def test_operators_that_onnx_does_not_have_are_refused(path: Path, domain: str) -> None:
    plain = numpy_helper.from_array(WEIGHTS, "w")
    with pytest.raises(CheckpointError, match=f"has operators of '{domain}', which need code of their own"):
        check_onnx_file(saved(path, model_of(plain, helper.make_node("f", ["y"], ["z"], domain=domain))))


def test_files_that_end_early_are_refused_or_have_nothing_to_refuse(path: Path) -> None:
    whole = model_of(external("../secret"), helper.make_node("Identity", ["y"], ["z"])).SerializeToString()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        try:
            assert check_onnx_file(path) == []
        except CheckpointError as error:
            assert "\n" not in str(error)


def test_random_bytes_end_in_an_error_of_ours(path: Path) -> None:
    random = np.random.default_rng(0)
    whole = bytearray(model_of(numpy_helper.from_array(WEIGHTS, "w")).SerializeToString())
    for _ in range(500):
        changed = bytearray(whole)
        for place in random.integers(0, len(whole), 3):
            changed[place] = random.integers(0, 256)
        path.write_bytes(changed)
        try:
            check_onnx_file(path)
        except CheckpointError as error:
            assert "\n" not in str(error)


def test_graphs_within_graphs_without_end_are_refused(path: Path) -> None:
    content = b""
    for _ in range(60):  # as an attribute, of a node, of a graph
        for tag in (0x32, 0x2A, 0x0A):
            content = field(tag, content)
    path.write_bytes(field(0x3A, content))
    with pytest.raises(CheckpointError, match="nested too deeply"):
        check_onnx_file(path)


def field(tag: int, content: bytes) -> bytes:
    """A field of a protocol buffer that holds a message."""
    size, length = len(content), b""
    while size > 127:
        length += bytes([size & 127 | 128])
        size >>= 7
    return bytes([tag]) + length + bytes([size]) + content

"""A checkpoint's network as ONNX files: in fp32, and with int8 weights."""

from __future__ import annotations

import logging
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import torch

from stancelab.errors import CheckpointError
from stancelab.inference.backends.exported import LOGITS
from stancelab.schema import Example

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from stancelab.encoding import Builder
    from stancelab.inference.backends.torch import TorchBackend

#: What the network is traced with: no two of its sizes are equal, and no size is 1, which a trace would keep.
_TRACED: Final = [
    Example(id="", text="Norway welcomed the ceasefire, Iran did not.", source="Norway", target="the ceasefire"),
    Example(id="", text="Norway welcomed the ceasefire, Iran did not.", source="Iran", target="the ceasefire"),
    Example(id="", text="Kenya met Somalia.", source="Kenya", target="Somalia"),
    Example(id="", text="Kenya met Somalia.", source="Somalia", target="Kenya"),
    Example(id="", text="It was said again.", target="the pact"),
]
#: Above so many bytes of weights they lie in a file of their own: a protocol buffer has less than 2 GB.
MOST_INSIDE: Final = 1_800_000_000


class _Network(torch.nn.Module):
    """A checkpoint's network as a function of its inputs in a fixed order."""

    def __init__(self, model: Any, names: Sequence[str]) -> None:
        super().__init__()
        self.model = model
        self.names = names

    def forward(self, *inputs: torch.Tensor) -> torch.Tensor:
        """Return the logits."""
        logits: torch.Tensor = self.model(**dict(zip(self.names, inputs, strict=True))).logits
        return logits


def write_fp32(backend: TorchBackend, path: Path) -> None:
    """Write the network in fp32, for batches of any number of texts, tokens and rows.

    Weights of more than 1.8 GB lie beside it, in a file of its name with ".data" behind it.

    Args:
        backend: The checkpoint, on the CPU.
        path: The file.

    Raises:
        CheckpointError: The encoder does what ONNX does not know.
    """
    inputs = _traced_inputs(backend.builder)
    texts, tokens, rows = (torch.export.Dim(name) for name in ("texts", "tokens", "rows"))
    sizes = {
        name: {0: rows} if name.startswith(("pair", "source", "target")) else {0: texts, 1: tokens} for name in inputs
    }
    try:
        with quiet():
            program: Any = torch.onnx.export(
                _Network(backend.model, list(inputs)).eval(),
                tuple(inputs.values()),
                input_names=list(inputs),
                output_names=[LOGITS],
                dynamic_shapes=(tuple(sizes.values()),),
                dynamo=True,
                verbose=False,
            )
    except torch.onnx.OnnxExporterError as error:
        kind = backend.model.config.model_type
        raise CheckpointError(
            f"the encoder ({kind}) cannot be exported to ONNX: {str(error).strip().splitlines()[0]}"
        ) from error
    _forget_origin(program.model)
    size = sum(weight.nbytes for weight in backend.model.parameters())
    program.save(path, external_data=size > MOST_INSIDE)


def write_int8(fp32: Path, path: Path, left: Sequence[str] = ()) -> None:
    """Write a network whose linear layers have int8 weights; what they multiply is made int8 batch by batch.

    Each output of a layer has its own scale. Embeddings stay in fp32.

    Args:
        fp32: The network in fp32.
        path: The file.
        left: The names of the nodes that stay in fp32.
    """
    from onnxruntime.quantization import QuantType, quantize_dynamic

    with quiet():
        quantize_dynamic(
            fp32,
            path,
            op_types_to_quantize=["MatMul"],
            nodes_to_exclude=list(left),
            per_channel=True,
            # Seven bits: with eight, sums overflow on processors without VNNI, and answers depend on the processor.
            reduce_range=True,
            weight_type=QuantType.QInt8,
            use_external_data_format=fp32.with_name(f"{fp32.name}.data").exists(),
        )


def narrowing_layers(fp32: Path) -> list[str]:
    """Return the names of the encoder's linear layers that have fewer outputs than inputs; a head's are no MatMul.

    They are the second ones of its feed-forward blocks. What they multiply has outliers, and one scale for all numbers
    then leaves few steps for the others (Bondarenko et al., 2021).

    Args:
        fp32: The network in fp32.
    """
    import onnx

    graph = onnx.load(fp32, load_external_data=False).graph
    sizes = {weight.name: list(weight.dims) for weight in graph.initializer}
    layers = [(node.name, sizes.get(node.input[1], [])) for node in graph.node if node.op_type == "MatMul"]
    return [name for name, size in layers if len(size) == 2 and size[0] > size[1]]


def _traced_inputs(builder: Builder) -> dict[str, torch.Tensor]:
    return {name: torch.from_numpy(values) for name, values in builder.collate(builder.encode(_TRACED)).items()}


def _forget_origin(model: Any) -> None:
    """Remove what a trace tells of the machine: the files and lines that each operator comes from."""
    for node in model.graph.all_nodes():
        node.metadata_props.clear()
        node.doc_string = None
    for value in (*model.graph.initializers.values(), *model.graph.inputs, *model.graph.outputs):
        value.metadata_props.clear()
    model.graph.metadata_props.clear()
    model.metadata_props.clear()


@contextmanager
def quiet() -> Iterator[None]:
    """Silence what PyTorch, ONNX Runtime and NNCF tell of every export."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)

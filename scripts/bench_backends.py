"""What further backends would pay: speed, memory and answers of a checkpoint computed in several ways, side by side.

    OMP_NUM_THREADS=1 python scripts/bench_backends.py CHECKPOINT --dataset FOLDER [--only NAME ...] [--rounds 7]

CHECKPOINT is an exported one, FOLDER the prepared dataset of its training. The ways take turns, round by round, on the
same validation rows, so that what else runs on the machine meets all alike; speeds are by the time of the processor,
as the median over the rounds of the ratio to PyTorch in fp32. Answers are compared on all validation rows; this first
pass has the seconds in it in which code for new sizes is made. Start, to one answer, and memory are those of a fresh
process for each way. Ways whose packages are not installed are left out: `pip install openvino` adds its own, a C++
compiler those with torch.compile.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from stancelab.checkpoint import CheckpointInfo, load_info
from stancelab.data.prepared import load_prepared
from stancelab.extras import is_installed
from stancelab.files import hardware
from stancelab.inference.backends import load_backend
from stancelab.inference.backends.base import NetworkBackend
from stancelab.inference.backends.exported import builder_of
from stancelab.inference.classifier import StanceClassifier
from stancelab.schema import Example

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from stancelab.encoding import Builder

    Compute = Callable[[Mapping[str, NDArray[np.int64]]], NDArray[np.float32]]

#: The way that the others are compared with.
BASE: Final = "torch"
ONE: Final = Example(
    id="1", text="Kenya hailed the pact, Somalia recalled its envoy over it.", source="Somalia", target="the pact"
)


class Way(NetworkBackend):
    """A network that is computed by a function."""

    device = "cpu"

    def __init__(self, builder: Builder, function: Compute) -> None:
        super().__init__(builder)
        self.function = function

    def compute(self, inputs: Mapping[str, NDArray[np.int64]]) -> NDArray[np.float32]:
        """Return the logits of a batch's rows, shape (rows, labels)."""
        return self.function(inputs)


def with_torch(
    folder: Path, info: CheckpointInfo, *, name: str = "torch", autocast: bool = False, compiled: bool = False
) -> NetworkBackend:
    """Return a backend of PyTorch, with autocast to bf16, compiled for any sizes, or both."""
    import torch

    backend: Any = load_backend(folder, info, backend=name, device="cpu")
    network = torch.compile(backend.model, dynamic=True) if compiled else backend.model

    def compute(inputs: Mapping[str, NDArray[np.int64]]) -> NDArray[np.float32]:
        tensors = {name: torch.from_numpy(values) for name, values in inputs.items()}
        with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16, enabled=autocast):
            found: NDArray[np.float32] = network(**tensors).logits.float().numpy()
        return found

    return Way(backend.builder, compute)


def with_onnx(folder: Path, info: CheckpointInfo, *, half: bool = False) -> NetworkBackend:
    """Return ONNX Runtime with what its own optimizer for transformers makes of the fp32 network, made here."""
    import onnxruntime
    from onnxruntime.transformers import optimizer

    backend: Any = load_backend(folder, info, backend="onnx")
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    sizes = {"num_heads": config["num_attention_heads"], "hidden_size": config["hidden_size"]}
    made = optimizer.optimize_model(str(folder / "onnx" / "model.onnx"), model_type="bert", opt_level=1, **sizes)
    if half:
        made.convert_float_to_float16(keep_io_types=True)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = _threads()
    with tempfile.TemporaryDirectory() as beside:
        made.save_model_to_file(f"{beside}/model.onnx")
        backend.session = onnxruntime.InferenceSession(f"{beside}/model.onnx", options)
    return backend  # type: ignore[no-any-return]


def with_openvino(
    folder: Path, info: CheckpointInfo, *, file: str = "model.onnx", precision: str = "bf16", hint: str = "LATENCY"
) -> NetworkBackend:
    """Return OpenVINO on an exported network, for any sizes."""
    # The backend's module keeps OpenVINO's telemetry out.
    openvino: Any = import_module("stancelab.inference.backends.openvino").openvino
    settings = {"INFERENCE_PRECISION_HINT": precision, "PERFORMANCE_HINT": hint, "INFERENCE_NUM_THREADS": _threads()}
    core = openvino.Core()
    network = core.compile_model(core.read_model(folder / "onnx" / file), "CPU", settings)
    request, names = network.create_infer_request(), [each.any_name for each in network.inputs]

    def compute(inputs: Mapping[str, NDArray[np.int64]]) -> NDArray[np.float32]:
        return np.array(request.infer({name: inputs[name] for name in names})[network.outputs[0]])

    return Way(builder_of(folder, info), compute)


def of_ours(folder: Path, info: CheckpointInfo, *, name: str) -> NetworkBackend:
    """Return a backend as `predict` takes it."""
    return load_backend(folder, info, backend=name, device="cpu")  # type: ignore[return-value]


#: What is measured: how it is loaded, and what it needs installed.
WAYS: Final[dict[str, tuple[Any, dict[str, Any], str]]] = {
    "torch": (of_ours, {"name": "torch"}, "torch"),
    "torch-bf16": (of_ours, {"name": "torch-bf16"}, "torch"),
    "torch, autocast": (with_torch, {"autocast": True}, "torch"),
    "torch, compiled": (with_torch, {"compiled": True}, "torch"),
    "torch, autocast, compiled": (with_torch, {"autocast": True, "compiled": True}, "torch"),
    "torch-bf16, compiled": (with_torch, {"name": "torch-bf16", "compiled": True}, "torch"),
    "onnx": (of_ours, {"name": "onnx"}, "onnxruntime"),
    "onnx, fused": (with_onnx, {}, "onnxruntime"),
    "onnx, fused, fp16": (with_onnx, {"half": True}, "onnxruntime"),
    "onnx-int8": (of_ours, {"name": "onnx-int8"}, "onnxruntime"),
    "openvino, fp32": (with_openvino, {"precision": "f32"}, "openvino"),
    "openvino, fp32, throughput": (with_openvino, {"precision": "f32", "hint": "THROUGHPUT"}, "openvino"),
    "openvino-bf16": (of_ours, {"name": "openvino-bf16"}, "openvino"),
    "openvino, bf16, throughput": (with_openvino, {"hint": "THROUGHPUT"}, "openvino"),
    "openvino-int8": (of_ours, {"name": "openvino-int8"}, "openvino"),
    "openvino-int8, rest in fp32": (with_openvino, {"file": "model.static-int8.onnx", "precision": "f32"}, "openvino"),
    "openvino, onnx-int8's file": (with_openvino, {"file": "model.int8.onnx", "precision": "f32"}, "openvino"),
}


def _file_of(name: str) -> str:
    """Return the network that a way reads; each export has that in fp32."""
    own = {"onnx-int8": "model.int8.onnx", "openvino-int8": "model.static-int8.onnx"}
    return WAYS[name][1].get("file", own.get(name, "model.onnx"))  # type: ignore[no-any-return]


def load(folder: Path, name: str) -> StanceClassifier:
    """Return a checkpoint that is computed in one of the ways."""
    info = load_info(folder)
    how, settings, _ = WAYS[name]
    return StanceClassifier(how(folder, info, **settings), info)


def alone(given: argparse.Namespace) -> None:
    """Print what a fresh process needs: to the first answer, and memory for some rows. Called in that process."""
    classifier = load(given.checkpoint, given.alone)
    classifier.predict_proba([ONE])
    first = _seconds()
    classifier.predict_proba(_sample(given, load_prepared(given.dataset).validation))
    print(json.dumps({"first": first, "peak": _peak()}))


def measure(given: argparse.Namespace, rows: list[Example]) -> None:
    """Print the figures of each way."""
    names = [
        name
        for name, (*_, needs) in WAYS.items()
        if is_installed(needs) and (name in given.only if given.only else name not in given.skip)
    ]
    found: dict[str, dict[str, Any]] = {}
    loaded: dict[str, StanceClassifier] = {}
    for name in dict.fromkeys([BASE, *names]):
        if not (given.checkpoint / "onnx" / _file_of(name)).is_file():
            continue
        loaded[name] = load(given.checkpoint, name)
        start = _seconds()
        probabilities = loaded[name].predict_proba(rows)
        found[name] = {"probabilities": probabilities, "pass": _seconds() - start, "rates": [], "ones": []}
        print(f"{name}: loaded", file=sys.stderr, flush=True)
    sample = _sample(given, rows)
    for _ in range(given.rounds):
        for name, classifier in loaded.items():
            start = time.process_time()
            classifier.predict_proba(sample)
            found[name]["rates"].append(len(sample) / (time.process_time() - start))
            for row in sample[:20]:
                start = time.process_time()
                classifier.predict_proba([row])
                found[name]["ones"].append(1000 * (time.process_time() - start))
    _report(given, rows, found)


def _report(given: argparse.Namespace, rows: list[Example], found: dict[str, dict[str, Any]]) -> None:
    from stancelab.export.compare import Answers

    gold = np.array([row.stance_id for row in rows])
    answers = {
        name: Answers(each["probabilities"], gold, load_info(given.checkpoint).classes) for name, each in found.items()
    }
    print(f"{hardware()}; {_threads()} thread(s), {len(rows):,} rows, {given.rounds} rounds")
    print(
        "| | speed | rows/s | one sentence p50, p95 (ms) | difference | changed | macro-F1 | first pass (s) "
        "| start (s) | memory (MB) |"
    )
    print("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
    for name, each in found.items():
        ratio = statistics.median(a / b for a, b in zip(each["rates"], found[BASE]["rates"], strict=True))
        p50, p95 = np.percentile(each["ones"], [50, 95])
        changed = int((answers[name].predicted != answers[BASE].predicted).sum())
        process = _fresh(given, name)
        print(
            f"| {name} | {ratio:.2f} | {statistics.median(each['rates']):,.0f} | {p50:.1f}, {p95:.1f} | "
            f"{answers[name].difference(answers[BASE]):.1e} | {changed} | {100 * answers[name].macro_f1:.1f} | "
            f"{each['pass']:.1f} | {process['first']:.1f} | {process['peak']:,.0f} |",
            flush=True,
        )


def _fresh(given: argparse.Namespace, name: str) -> dict[str, float]:
    command = [sys.executable, __file__, str(given.checkpoint), "--dataset", str(given.dataset), "--alone", name]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603
    content: dict[str, float] = json.loads(said.strip().splitlines()[-1])
    return content


def _sample(given: argparse.Namespace, rows: list[Example]) -> list[Example]:
    """Return all rows of some of the texts, spread over all."""
    texts = list(dict.fromkeys(row.text for row in rows))
    kept = set(texts[:: max(1, len(rows) // given.speed_rows)])
    return [row for row in rows if row.text in kept]


def _seconds() -> float:
    """Return the processor's seconds of this process and of compilers that it started."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _peak() -> float:
    """Return the most memory that this process had, in MB. getrusage would count what its parent had too."""
    [line] = [each for each in Path("/proc/self/status").read_text().splitlines() if each.startswith("VmHWM")]
    return int(line.split()[1]) / 1024


def _threads() -> int:
    return int(os.environ.get("OMP_NUM_THREADS", "1"))


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", type=Path, help="an exported checkpoint")
    parser.add_argument("--dataset", type=Path, required=True, help="the prepared dataset of its training")
    parser.add_argument("--only", nargs="*", choices=list(WAYS), help="what is measured besides torch")
    parser.add_argument("--rounds", type=int, default=7, help="how often each way is measured")
    parser.add_argument("--speed-rows", type=int, default=150, help="how many rows a round takes")
    parser.add_argument("--skip", nargs="*", default=[], help="what is not measured")
    parser.add_argument("--alone", choices=list(WAYS), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.alone:
        alone(given)
    else:
        measure(given, load_prepared(given.dataset).validation)


if __name__ == "__main__":
    main()

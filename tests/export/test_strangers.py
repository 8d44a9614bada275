"""Checkpoints that were damaged, or that a stranger made, end in one clear line or answer.

Each is loaded in a process of its own, with bounds of memory and time; scripts/fuzz_checkpoints.py has them, and runs
any number of such cases.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"

#: Damages copies of checkpoints as standard input says, and prints how each ends.
DRIVER = f"""
import json, shutil, sys, tempfile
from pathlib import Path
from random import Random
sys.path.insert(0, {str(SCRIPTS)!r})
import onnx
import damage
from fuzz_checkpoints import in_process, outcome

cases = json.load(sys.stdin)
for folder in {{case["folder"] for case in cases}}:
    assert [outcome(Path(folder), each) for each in ("torch", "onnx")] == ["answered"] * 2  # what is loaded once
for case in cases:
    with tempfile.TemporaryDirectory() as partial:
        folder = shutil.copytree(case["folder"], Path(partial) / "checkpoint")
        for name, change in case.get("json", {{}}).items():
            content = json.loads((folder / name).read_text())
            for place, value in change.items():
                *path, key = place.split("/")
                part = content
                for each in path:
                    part = part[each]
                part[key] = value
            (folder / name).write_text(json.dumps(content))
        for name in case.get("missing", []):
            (folder / name).unlink()
        for name, text in case.get("files", {{}}).items():
            (folder / name).write_text(text)
        if "header" in case:
            content = (folder / "model.safetensors").read_bytes()
            size = int.from_bytes(content[:8], "little")
            header = json.loads(content[8 : 8 + size])
            header[sorted(header)[-1]].update(case["header"])
            text = json.dumps(header).encode()
            (folder / "model.safetensors").write_bytes(len(text).to_bytes(8, "little") + text + content[8 + size :])
        if case.get("nan"):
            content = (folder / "model.safetensors").read_bytes()
            size = 8 + int.from_bytes(content[:8], "little")
            (folder / "model.safetensors").write_bytes(content[:size] + b"\\xff" * (len(content) - size))
        if "network" in case:
            model = onnx.load(folder / "onnx/model.onnx")
            damage.ALLOCATIONS[case["network"]](model)
            onnx.save(model, folder / "onnx/model.onnx")
        damage.state_anew(folder)
        print(json.dumps(in_process(folder, case["backend"]).replace(partial, "")), flush=True)
"""

CONFIG, TOKENIZER = "config.json", "tokenizer.json"
LARGER = "checkpoint: config.json asks for a network of"
SLOW = {"type": "Split", "pattern": {"Regex": "(\\w+\\s?)+$"}, "behavior": "Isolated", "invert": False}
GROWING = {"type": "Sequence", "normalizers": [{"type": "Replace", "pattern": {"String": "a"}, "content": "aa"}] * 40}
OWN_CODE = {"own.py": "raise SystemExit('code of the checkpoint')\n"}

#: What is done -> backend, and what is told.
CASES: list[tuple[dict[str, Any], str, str]] = [
    ({"json": {CONFIG: {"hidden_size": 10**7}}}, "torch", LARGER),
    ({"json": {CONFIG: {"vocab_size": 10**9}}}, "torch", LARGER),
    ({"json": {CONFIG: {"intermediate_size": 10**9}}}, "torch", LARGER),
    ({"json": {CONFIG: {"max_position_embeddings": 10**9}}}, "torch", LARGER),
    ({"json": {CONFIG: {"num_hidden_layers": 1000}}}, "torch", LARGER),
    (
        {"json": {CONFIG: {"num_hidden_layers": 10**6}}},
        "torch",
        "config.json: num_hidden_layers: found 1000000, allowed are 1,024 at most",
    ),
    ({"json": {CONFIG: {"num_hidden_layers": 3}}}, "torch", "that config.json asks for are not in its files"),
    ({"json": {CONFIG: {"chunk_size_feed_forward": 10**9}}}, "torch", "PyTorch cannot compute a batch"),
    ({"json": {CONFIG: {"num_labels": 10**9}}}, "torch", "num_labels: found 1000000000, but id2label names 3"),
    (
        {"json": {CONFIG: {"auto_map": {"AutoModel": "own.Model"}}}, "files": OWN_CODE},
        "torch",
        "auto_map: found {'AutoModel': 'own.Model'}, which is never taken of a checkpoint",
    ),
    (
        {"json": {CONFIG: {"attn_implementation": "user/kernel"}}},
        "torch",
        "attn_implementation: found 'user/kernel', allowed are eager, sdpa,",
    ),
    (
        {
            "json": {
                "tokenizer_config.json": {
                    "auto_map": {"AutoTokenizer": ["own.Tokenizer", "own.Tokenizer"]},
                    "tokenizer_class": "OwnTokenizer",
                }
            },
            "files": OWN_CODE,
        },
        "torch",
        "answered",  # by the tokenizer of its model_type; own.py is not run
    ),
    ({"missing": ["tokenizer.json"]}, "torch", "its tokenizer knows no words"),
    ({"json": {TOKENIZER: {"normalizer": GROWING}}}, "torch", "tokenizer.json: normalizer and pre_tokenizer may make"),
    ({"json": {f"onnx/{TOKENIZER}": {"normalizer": GROWING}}}, "onnx", "may make a text 128 times as long or longer"),
    ({"json": {TOKENIZER: {"pre_tokenizer": SLOW}}}, "torch", "tokenizer.json: the regular expression '(\\\\w+"),
    ({"json": {f"onnx/{TOKENIZER}": {"pre_tokenizer": SLOW}}}, "onnx", "has an unbounded repetition within or behind"),
    (
        {"json": {f"onnx/{TOKENIZER}": {"model/vocab": {"[PAD]": 0}}}},
        "onnx",
        "tokenizer.json cannot read a text (WordPiece error: Missing [UNK] token from the vocabulary)",
    ),
    ({"header": {"shape": [10**6, 10**6]}}, "torch", "does not load as a transformers model"),
    ({"nan": True}, "torch", "the network answers with numbers that are not finite"),
    ({"network": "Loop"}, "onnx", "has the operator Loop, which may run without end"),
    ({"network": "functions"}, "onnx", "has functions, which may call each other without end"),
    ({"network": "fixed size"}, "onnx", "an input has the fixed size 1000000000, allowed are 65536 at most"),
    *(
        ({"network": kind}, "onnx", "ONNX Runtime cannot compute a batch")
        for kind in ("ConstantOfShape", "Expand", "MatMul", "Indirect")
    ),
]


@pytest.fixture(scope="module")
def environment() -> dict[str, str]:
    import os

    return {**os.environ, "OMP_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"}


def test_what_asks_for_too_much_or_for_code_is_refused(
    exported: Callable[[str, str], Path], environment: dict[str, str]
) -> None:
    pair, sequence = str(exported("Bert", "pair")), str(exported("Bert", "sequence"))
    cases = [{"folder": pair, "backend": backend, **done} for done, backend, _ in CASES]
    of_both = [each for each in CASES[:3] if "json" in each[0]]
    cases += [{"folder": sequence, "backend": backend, **done} for done, backend, _ in of_both]
    found = subprocess.run(
        [sys.executable, "-c", DRIVER],
        input=json.dumps(cases),
        capture_output=True,
        text=True,
        env=environment,
        check=False,
        timeout=900,
    )
    told = [json.loads(line) for line in found.stdout.splitlines()]
    assert len(told) == len(cases), found.stderr[-2000:]
    for (done, _, expected), line in zip([*CASES, *of_both], told, strict=True):
        assert line == expected or (line.startswith("refused: ") and expected in line), (done, line)


def test_what_is_printed_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(SCRIPTS))
    from fuzz_checkpoints import with_printed

    assert with_printed("answered", "") == "answered"
    assert with_printed("refused: x", "one warning\n\n") == "refused: x"
    assert with_printed("answered", "a\nb\n") == "FAULT: 2 printed lines, then answered: ['a', 'b']"
    panic = "thread '<unnamed>' panicked at lib.rs:647:23:"
    assert with_printed("refused: x", panic) == f"FAULT: a panic on standard error, then refused: x: {panic!r}"
    assert with_printed("FAULT: SIGSEGV", "a\nb") == "FAULT: SIGSEGV"


def test_random_damage_ends_in_a_clear_error_or_an_answer(
    exported: Callable[[str, str], Path], environment: dict[str, str]
) -> None:
    command = [sys.executable, str(SCRIPTS / "fuzz_checkpoints.py")]
    command += [str(exported("Bert", head)) for head in ("pair", "sequence")]
    found = subprocess.run(
        [*command, "--cases", "30", "--seed", "13"],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
        timeout=900,
    )
    assert found.returncode == 0, found.stdout + found.stderr[-2000:]
    # Some damage is to what is not read; most is refused, so that the cases are worth running.
    counts = {kind: int(count) for count, kind in (each.split() for each in found.stdout.split(", "))}
    assert counts.keys() == {"answered", "refused"}
    assert counts["refused"] > counts["answered"] > 0

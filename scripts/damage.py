"""Random damage to the files of a checkpoint folder, as accidents and strangers do it. For `fuzz_checkpoints.py`."""

from __future__ import annotations

import contextlib
import json
import shutil
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from stancelab.files import sha256_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from random import Random

#: Of the runs, the share where the manifest is made to state what the files now are, as a stranger can.
STATED_ANEW: Final = 0.85
#: Values that a JSON file may hold in place of its own.
_VALUES: Final[tuple[Any, ...]] = (
    None, True, False, -1, 0, 1, 2, 7, 10**4, 10**6, 10**9, 2**31,
    2**32, 2**53, 2**63, 2**64, 10**30, 10**400, -(10**9), 0.5, 1e-300, 1e308,
    float("nan"), float("inf"), "", "a", "x" * 10**6, "\ud800", "\0", "..", "../../../etc/passwd", "/etc/passwd",
    "https://example.org/x", "user/name", [], {}, [[]], [0] * 10**5, ["a", 1, None], {"a": {}}, {"0": "favor"},
)  # fmt: skip
#: Keys that transformers or tokenizers read, with what they may ask for.
_KEYS: Final[tuple[tuple[str, Any], ...]] = (
    ("auto_map", {"AutoConfig": "own.Config", "AutoModel": "own.Model", "AutoTokenizer": ["own.Tokenizer", None]}),
    ("auto_map", {"AutoModelForSequenceClassification": "user/name--own.Model"}),
    ("trust_remote_code", True),
    ("attn_implementation", "user/kernel"),
    ("_attn_implementation", "flash_attention_2"),
    ("experts_implementation", "user/kernel"),
    ("quantization_config", {"quant_method": "bitsandbytes", "load_in_4bit": True}),
    ("quantization_config", {"quant_method": "fp8"}),
    ("transformers_weights", "../model.safetensors"),
    ("num_labels", 10**9),
    ("per_layer_config", {"0": {"hidden_size": 10**6}}),
    ("dtype", "float64"),
    ("torch_dtype", "int8"),
    ("torchscript", True),
    ("output_hidden_states", True),
    ("return_dict", False),
    ("chunk_size_feed_forward", 10**9),
    ("is_decoder", True),
    ("add_cross_attention", True),
    ("use_cache", True),
    ("problem_type", "regression"),
    ("pruned_heads", {"0": [0, 1]}),
    ("tie_word_embeddings", True),
    ("gradient_checkpointing", True),
    ("architectures", ["OwnModel"]),
    ("model_type", "gpt2"),
    ("model_type", "mpnet"),
    ("model_type", "deberta-v2"),
    ("model_type", "longformer"),
    ("model_type", "own"),
    ("tokenizer_class", "OwnTokenizer"),
    ("tokenizer_class", "BertTokenizer"),
    ("tokenizer_class", "GPT2TokenizerFast"),
    ("tokenizer_class", "LlamaTokenizer"),
    ("tokenizer_file", "/etc/passwd"),
    ("vocab_file", "/etc/passwd"),
    ("chat_template", "{% for i in range(10**9) %}x{% endfor %}"),
    ("extra_special_tokens", {"image_token": "[X]"}),
    ("additional_special_tokens", ["[A]", "[B]"]),
    ("added_tokens_decoder", {"999999999": {"content": "[Z]", "special": True}}),
    ("model_max_length", 1),
    ("padding", {"strategy": {"Fixed": 10**9}, "direction": "Right", "pad_to_multiple_of": None, "pad_id": 0,
                 "pad_type_id": 0, "pad_token": "[PAD]"}),
    ("truncation", {"direction": "Right", "max_length": 1, "strategy": "LongestFirst", "stride": 10**9}),
    ("normalizer", {"normalizers": [{"type": "Replace", "pattern": {"String": "a"}, "content": "aa"}] * 64,
                    "type": "Sequence"}),
    ("normalizer", {"type": "Prepend", "prepend": "x" * 10**6}),
    ("pre_tokenizer", {"type": "Split", "pattern": {"Regex": "(a+)+$"}, "behavior": "Isolated", "invert": False}),
    ("pre_tokenizer", {"type": "Split", "pattern": {"Regex": "(\\w+\\s?)+$"}, "behavior": "Isolated", "invert": False}),
    ("normalizer", {"type": "Replace", "pattern": {"Regex": "(a|a)*$"}, "content": ""}),
    ("pre_tokenizer", {"type": "Split", "pattern": {"Regex": "\\w*\\w+"}, "behavior": "Isolated", "invert": False}),
    ("pre_tokenizer", None),
    ("post_processor", None),
)  # fmt: skip
#: Numbers of a JSON file up to which they are multiplied.
_LARGE: Final = 1e300
#: Characters or entries of a value at most.
_LONGEST: Final = 10**6
#: Files that other programs put beside a model.
_OTHERS: Final[dict[str, Any]] = {
    "special_tokens_map.json": {"unk_token": {"content": "x" * 1000}, "pad_token": 3, "cls_token": "[NEW]"},
    "added_tokens.json": {"[NEW]": 10**9, "x": -1},
    "vocab.txt": "[PAD]\n[UNK]\n\n\x00\n" + "a\n" * 1000,
    "vocab.json": {"a": 10**9},
    "merges.txt": "#version\na b c\n",
    "adapter_config.json": {"peft_type": "LORA", "base_model_name_or_path": "user/name"},
    "generation_config.json": {"max_length": "x"},
    "chat_template.jinja": "{% for i in range(10**9) %}x{% endfor %}",
    "model.safetensors.index.json": {"weight_map": {"a": "../../a.safetensors"}},
    "pytorch_model.bin": "cos\nsystem\n",
    "configuration_own.py": "raise SystemExit('code of the checkpoint')",
    "training_texts.npy": "no array",
}


def damage(folder: Path, random: Random) -> str:
    """Damage one or two files of a checkpoint folder and return what was done.

    Args:
        folder: A copy of a checkpoint folder.
        random: Decides what is done.
    """
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "README.md")
    # Those that people and tools write in words are read by most code.
    weighted = [path for path in files for _ in range(4 if path.suffix == ".json" else 2)]
    done = []
    for path in dict.fromkeys(random.choice(weighted) for _ in range(random.choice((1, 1, 1, 2)))):
        name = path.relative_to(folder).as_posix()
        kinds = [_of_bytes, _of_bytes, _of_the_file]
        if path.suffix == ".json":
            kinds = [_of_json] * 8 + kinds
        elif path.suffix == ".safetensors":
            kinds += [_of_header] * 4
        elif path.suffix == ".onnx":
            kinds += [_of_network] * 8
        with contextlib.suppress(FileNotFoundError):
            done.append(f"{name}: {random.choice(kinds)(path, random)}")
    if random.random() < 0.1:
        done.append(_another(folder, random))
    if random.random() < STATED_ANEW:
        with contextlib.suppress(
            OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError, MemoryError
        ):
            state_anew(folder)
            done.append("stated anew")
    return ", ".join(done)


def _another(folder: Path, random: Random) -> str:
    """Add a file that transformers may read."""
    name = random.choice(list(_OTHERS))
    content = _OTHERS[name]
    (folder / name).write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return f"{name} added"


def state_anew(folder: Path) -> None:
    """Make the manifest of a folder state what its files are now."""
    if not (folder / "manifest.json").is_file():  # a device has no end
        return
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    for name in list(manifest["files"]):
        path = folder / name
        if path.is_file():
            manifest["files"][name] = {"bytes": path.stat().st_size, "sha256": sha256_of(path)}
        else:
            del manifest["files"][name]
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def _of_the_file(path: Path, random: Random) -> str:
    """Take a file away, or put something else in its place."""
    kind = random.choice(("missing", "folder", "empty", "link outside", "link to itself", "device", "swapped"))
    content = path.read_bytes()
    other = random.choice(sorted(each for each in path.parent.iterdir() if each.is_file()))
    path.unlink()
    if kind == "folder":
        path.mkdir()
    elif kind == "empty":
        path.touch()
    elif kind == "link outside":
        outside = path.parent.parent / f"outside_{path.name}"
        outside.write_bytes(content)
        path.symlink_to(outside)
    elif kind == "link to itself":
        path.symlink_to(path.name)
    elif kind == "device":
        path.symlink_to("/dev/zero")
    elif kind == "swapped" and other != path:
        shutil.copy(other, path)
    return kind


def _of_bytes(path: Path, random: Random) -> str:
    """Change bytes of a file."""
    content = bytearray(path.read_bytes())
    size = len(content)
    kind = random.choice(("truncated", "flipped", "flipped", "removed", "inserted", "zeroed", "doubled"))
    start = random.randrange(min(size, random.choice((16, 256, 4096, size))) or 1) if size else 0
    length = random.choice((1, 2, 8, 64, 1024))
    if kind == "truncated":
        del content[random.randrange(size) if size else 0 :]
    elif kind == "flipped":
        for _ in range(random.choice((1, 1, 4, 64))):
            if size:
                content[(start + random.randrange(64)) % size] ^= 1 << random.randrange(8)
    elif kind == "removed":
        del content[start : start + length]
    elif kind == "inserted":
        content[start:start] = random.randbytes(length)
    elif kind == "zeroed":
        content[start : start + length] = bytes(len(content[start : start + length]))
    else:
        content[start:start] = content[start : start + length]
    path.write_bytes(bytes(content))
    return f"{kind} at {start}"


def _of_json(path: Path, random: Random) -> str:
    """Change values of a JSON file."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError):
        return "no JSON any more"
    if random.random() < 0.03:
        depth = random.choice((100, 500, 1000, 5000, 100_000))
        open_, close = random.choice((("[", "]"), ('{"a":', "}")))
        path.write_text(open_ * depth + ("1" if open_ != "[" else "") + close * depth, encoding="utf-8")
        return f"nested {depth} times"
    changed, what = _changed(content, random)
    for _ in range(random.choice((0, 0, 0, 1, 3))):
        changed, more = _changed(changed, random)
        what += f"; {more}"
    text = json.dumps(changed, ensure_ascii=random.random() < 0.9)
    path.write_text(text, encoding="utf-8", errors="surrogatepass")
    return what


def _changed(content: Any, random: Random) -> tuple[Any, str]:
    """Return a JSON value with one change, and what it is."""
    if random.random() < 0.03 or not isinstance(content, dict | list):
        value = random.choice(_VALUES)
        return value, f"all is {_shown(value)}"
    if isinstance(content, dict) and random.random() < 0.25:
        name, value = random.choice(_KEYS)
        content[name] = value
        return content, f"{name}={_shown(value)}"
    place, parent = "", content
    key: Any
    # Down to a leaf by chance, so that values near the top, which are few, are met as often as those of a vocabulary.
    while True:
        keys = list(parent) if isinstance(parent, dict) else list(range(len(parent)))
        if not keys:
            return content, "nothing"
        key = random.choice(keys)
        place += f".{key}"
        if isinstance(parent[key], dict | list) and random.random() < 0.8 and parent[key]:
            parent = parent[key]
            continue
        break
    return content, f"{place}: {_change_at(parent, key, keys, random)}"


def _change_at(parent: Any, key: Any, keys: list[Any], random: Random) -> str:
    """Change one entry of an object or a list."""
    kind = random.choice(("value", "value", "value", "scaled", "removed", "swapped", "doubled", "renamed"))
    old = parent[key]
    if kind == "removed":
        del parent[key]
    elif kind == "swapped":
        other = random.choice(keys)
        parent[key], parent[other] = parent[other], parent[key]
    elif kind == "scaled" and type(old) in (int, float) and abs(old) < _LARGE:
        parent[key] = old * random.choice((-1, 2, 1000, 10**6))
        return f"{old} -> {parent[key]}"
    elif kind == "doubled" and isinstance(old, str | list):
        parent[key] = (old * random.choice((2, 100)))[:_LONGEST]
    elif kind == "renamed" and isinstance(parent, dict):
        parent[f"{key}x"] = parent.pop(key)
    else:
        parent[key] = random.choice(_VALUES)
        return _shown(parent[key])
    return kind


def _of_header(path: Path, random: Random) -> str:
    """Change the header of a safetensors file, which says what lies where in it."""
    content = path.read_bytes()
    size = int.from_bytes(content[:8], "little")
    try:
        header = json.loads(content[8 : 8 + size])
        named = [name for name in header if name != "__metadata__"]
    except (ValueError, RecursionError, TypeError):
        return "no header any more"
    kind = random.choice(("size", "value", "value", "shape", "dtype", "nan"))
    if kind == "size":
        size = random.choice((0, 1, size - 1, size + 1, 2**31, 2**40, 2**63, 2**64 - 1))
        path.write_bytes(size.to_bytes(8, "little") + content[8:])
        return f"header of {size} bytes"
    name = random.choice(named or ["none"])
    what = kind
    if kind in ("shape", "dtype") and not isinstance(header.get(name), dict):
        return "no header any more"
    if kind == "shape":
        header[name]["shape"] = random.choice(
            ([10**6, 10**6], [2**63], [0], [], [-1], [1] * 1000, list(header[name].get("shape") or [])[::-1])
        )
    elif kind == "dtype":
        header[name]["dtype"] = random.choice(("F64", "F16", "BF16", "I8", "F8_E4M3", "BOOL", "U64", "C64", "X"))
    elif kind == "value":
        header, what = _changed(header, random)
    text = json.dumps(header).encode()
    body = content[8 + size :]
    if kind == "nan":
        body = random.choice((b"\xff", b"\0", b"\x7f")) * len(body)
    path.write_bytes(len(text).to_bytes(8, "little") + text + body)
    return f"header {what}"


def _of_network(path: Path, random: Random) -> str:
    """Change an ONNX file as a message, so that most of it still fits together."""
    import onnx
    from google.protobuf.message import DecodeError  # type: ignore[import-untyped]

    try:
        model = onnx.load_model_from_string(path.read_bytes())
    except DecodeError:
        return "no network any more"
    what = random.choice(list(_NETWORK.values()))(model, random)
    path.write_bytes(model.SerializeToString())
    return what


def _of_shape(model: Any, random: Random) -> str:
    tensor = random.choice(model.graph.initializer)
    tensor.dims[:] = random.choice(([10**6, 10**6], [2**62], [0], [], [-1], [1] * 1000, list(tensor.dims)[::-1]))
    return f"shape of {tensor.name}"


def _of_numbers(model: Any, random: Random) -> str:
    """Change whole numbers that the network computes with: shapes, axes, ranges."""
    import numpy as np
    from onnx import TensorProto, numpy_helper

    tensors = [each for each in model.graph.initializer if each.data_type in (TensorProto.INT64, TensorProto.INT32)]
    if not tensors:
        return "nothing"
    tensor = random.choice(tensors)
    values = numpy_helper.to_array(tensor).copy()
    new = np.asarray(random.choice((-1, 0, 3, 10**5, 10**9, 10**11, 2**62)), dtype=np.int64).astype(values.dtype)
    if values.ndim == 0:
        values = new
    elif values.size:
        values.flat[random.randrange(values.size)] = new
    tensor.CopyFrom(numpy_helper.from_array(values, tensor.name))
    return f"{tensor.name} = {new}"


def _of_node(model: Any, random: Random) -> str:
    node = random.choice(model.graph.node)
    kind = random.choice(("operator", "input", "output", "attribute", "removed", "number"))
    if kind == "operator":
        node.op_type = random.choice(
            ("Loop", "Expand", "Tile", "Range", "ConstantOfShape", "Resize", "Pad", "OneHot", "MatMul", "If", "Scan",
             "RandomNormal", "Reshape", "Gather", "ScatterND", "Einsum", "Identity", "Concat", "Conv", "Own")
        )  # fmt: skip
    elif kind == "input" and node.input:
        node.input[random.randrange(len(node.input))] = random.choice(random.choice(model.graph.node).output)
    elif kind == "output" and node.output:
        node.output[0] = random.choice(model.graph.initializer).name
    elif kind == "attribute" and node.attribute:
        attribute = random.choice(node.attribute)
        attribute.i, attribute.ints[:] = random.choice((-1, 10**9, 2**62)), [10**6, 10**6]
    elif kind == "number" and node.attribute:
        attribute = random.choice(node.attribute)
        attribute.type = random.randrange(15)
    elif kind == "removed":
        model.graph.node.remove(node)
    return f"{kind} of {node.op_type} {node.name}"


def _of_values(model: Any, random: Random) -> str:
    value = random.choice([*model.graph.input, *model.graph.output])
    kind = random.choice(("type", "name", "shape", "removed"))
    if kind == "type":
        value.type.tensor_type.elem_type = random.randrange(20)
    elif kind == "name":
        value.name = random.choice(("logits", "input_ids", "x"))
    elif kind == "shape":
        for size in value.type.tensor_type.shape.dim:
            size.dim_value = random.choice((1, 5, 10**9))
    else:
        (model.graph.input if value in model.graph.input else model.graph.output).remove(value)
    return f"{kind} of {value.name}"


def _of_allocation(model: Any, random: Random) -> str:
    kind = random.choice(list(ALLOCATIONS))
    ALLOCATIONS[kind](model)
    return kind


def _added(kind: str) -> Callable[[Any], None]:
    """Return what lets a network make a tensor of terabytes and add a part of it to the logits."""

    def add(model: Any) -> None:
        import numpy as np
        from onnx import helper, numpy_helper

        node = helper.make_node
        many = np.array([2_000_000, 2_000_000], dtype=np.int64)
        values: dict[str, Any] = {
            "own_many": many,
            "own_zero": np.zeros((1, 1), dtype=np.float32),
            "own_start": np.float32(0),
            "own_limit": np.float32(4e12),
            "own_some": np.float32(2e6),
            "own_step": np.float32(1),
            "own_first": np.array([0]),
            "own_last": np.array([1]),
        }
        nodes = {
            "ConstantOfShape": [node("ConstantOfShape", ["own_many"], ["own_large"])],
            "Expand": [node("Expand", ["own_zero", "own_many"], ["own_large"])],
            "Tile": [node("Tile", ["own_zero", "own_many"], ["own_large"])],
            "Range": [node("Range", ["own_start", "own_limit", "own_step"], ["own_large"])],
            "RandomNormal": [node("RandomNormal", [], ["own_large"], shape=many.tolist())],
            "Pad": [
                node("Concat", ["own_many", "own_many"], ["own_pads"], axis=0),
                node("Pad", ["own_zero", "own_pads"], ["own_large"]),
            ],
            "MatMul": [
                node("Range", ["own_start", "own_some", "own_step"], ["own_row"]),
                node("Unsqueeze", ["own_row", "own_first"], ["own_across"]),
                node("Unsqueeze", ["own_row", "own_last"], ["own_down"]),
                node("MatMul", ["own_down", "own_across"], ["own_large"]),
            ],
            # The sizes are computed from the input, so that nothing can be known beforehand.
            "Indirect": [
                node("Shape", ["input_ids"], ["own_shape"]),
                node("Mul", ["own_shape", "own_many"], ["own_larger"]),
                node("ConstantOfShape", ["own_larger"], ["own_large"]),
            ],
        }[kind]
        model.graph.initializer.extend(
            numpy_helper.from_array(np.asarray(value), name) for name, value in values.items()
        )
        _take_logits(model)
        model.graph.node.extend(
            [
                *nodes,
                node("ReduceMax", ["own_large"], ["own_most"], keepdims=0),
                node("Mul", ["own_most", "own_zero"], ["own_nothing"]),
                node("Add", ["own_logits", "own_nothing"], ["logits"]),
            ]
        )

    return add


def _take_logits(model: Any) -> None:
    """Give the logits of a network another name, so that others can be put in their place."""
    last = next(node for node in model.graph.node if "logits" in node.output)
    last.output[list(last.output).index("logits")] = "own_logits"


def _add_loop(model: Any) -> None:
    """Let a network run without end."""
    import numpy as np
    from onnx import TensorProto, helper, numpy_helper

    body = helper.make_graph(
        [helper.make_node("Identity", ["own_go"], ["own_goes"]), helper.make_node("Neg", ["own_v"], ["own_w"])],
        "body",
        [
            helper.make_tensor_value_info("own_n", TensorProto.INT64, []),
            helper.make_tensor_value_info("own_go", TensorProto.BOOL, []),
            helper.make_tensor_value_info("own_v", TensorProto.FLOAT, None),
        ],
        [
            helper.make_tensor_value_info("own_goes", TensorProto.BOOL, []),
            helper.make_tensor_value_info("own_w", TensorProto.FLOAT, None),
        ],
    )
    values = {"own_trips": np.array(2**62), "own_condition": np.array(True)}
    model.graph.initializer.extend(numpy_helper.from_array(value, name) for name, value in values.items())
    _take_logits(model)
    inputs = ["own_trips", "own_condition", "own_logits"]
    model.graph.node.append(helper.make_node("Loop", inputs, ["logits"], body=body))


def _add_functions(model: Any) -> None:
    """Let a network call functions that call each other, each ten times: a billion nodes in all."""
    from onnx import helper

    opsets = [helper.make_opsetid("", 20), helper.make_opsetid("own", 1)]
    depth, times = 9, 10
    values = [f"v{number}" for number in range(times + 1)]
    for level in range(depth):
        called = ("Identity", "") if level == depth - 1 else (f"F{level + 1}", "own")
        body = [helper.make_node(called[0], [before], [after], domain=called[1]) for before, after in pairwise(values)]
        model.functions.append(helper.make_function("own", f"F{level}", values[:1], values[-1:], body, opsets))
    model.opset_import.append(opsets[1])
    _take_logits(model)
    model.graph.node.append(helper.make_node("F0", ["own_logits"], ["logits"], domain="own"))


def _fix_size(model: Any) -> None:
    """Let a network say that an input has a billion rows; what depends on that alone is computed before it runs."""
    for each in model.graph.input:
        if each.name not in ("input_ids", "attention_mask", "token_type_ids"):
            each.type.tensor_type.shape.dim[0].dim_value = 10**9


#: What a network may ask for, by name -> what makes it ask.
ALLOCATIONS: Final[dict[str, Callable[[Any], None]]] = {
    **{
        kind: _added(kind)
        for kind in ("ConstantOfShape", "Expand", "Tile", "Range", "RandomNormal", "Pad", "MatMul", "Indirect")
    },
    "Loop": _add_loop,
    "functions": _add_functions,
    "fixed size": _fix_size,
}
_NETWORK: Final[dict[str, Callable[[Any, Random], str]]] = {
    "shape": _of_shape,
    "numbers": _of_numbers,
    "node": _of_node,
    "values": _of_values,
    "allocation": _of_allocation,
}


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:60]}..."

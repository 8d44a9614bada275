"""What is checked of an ONNX file before ONNX Runtime opens it: a checkpoint may come from a stranger.

Files that hold tensors must lie beside the model, no operator may need code that ONNX Runtime does not bring, and no
tensor may be larger than its data. The file is read as protocol buffer fields, so that the package onnx is not needed;
the numbers of the fields are those of onnx.proto.
"""

from __future__ import annotations

import mmap
from typing import TYPE_CHECKING, Final, NamedTuple

from stancelab.errors import CheckpointError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: Message -> the fields that hold messages which have, or may hold, tensors and nodes.
_CHILDREN: Final[dict[str, dict[int, str]]] = {
    "model": {7: "graph", 20: "training", 25: "function"},
    "training": {1: "graph", 2: "graph"},
    "function": {7: "node", 11: "attribute"},
    "graph": {1: "node", 5: "tensor", 11: "input", 15: "sparse"},
    "input": {2: "type"},
    "type": {1: "tensor type"},
    "tensor type": {2: "shape"},
    "shape": {1: "size"},
    "size": {},
    "node": {5: "attribute"},
    "attribute": {5: "tensor", 6: "graph", 10: "tensor", 11: "graph", 22: "sparse", 23: "sparse"},
    "sparse": {1: "tensor", 2: "tensor"},
    "tensor": {},
}
#: protobuf itself reads no deeper.
_DEEPEST: Final = 100
#: Operators of ONNX; those of other domains need code of their own.
_DOMAINS: Final = ("", "ai.onnx")
#: Operators that may run without end; no encoder needs them.
_ENDLESS: Final = ("Loop",)
#: The size of an input that is fixed, as the three numbers of a place are; those of texts and tokens are free.
_MOST_FIXED: Final = 2**16
_FIXED: Final = 1
#: The fields that are read of messages.
_NODE_OPERATOR, _NODE_DOMAIN = 4, 7
_DIMS, _EXTERNAL, _LOCATION = 1, 13, 14
_EXTERNAL_LOCATION: Final = 1
#: Wire types.
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5


class _Part(NamedTuple):
    """A message in the file.

    Attributes:
        kind: Its name in `_CHILDREN`.
        start: Its first byte.
        end: The byte after its last.
    """

    kind: str
    start: int
    end: int


def check_onnx_file(path: Path) -> list[Path]:
    """Check an ONNX file and return the other files that hold tensors of it.

    Args:
        path: The file.

    Raises:
        CheckpointError: It is damaged or no ONNX file, refers to files outside of its folder or to more bytes than they
            have, needs operators that ONNX does not have, or has a tensor that is larger than its data.
    """
    beside: dict[str, Path] = {}
    domains: set[str] = set()
    operators: set[str] = set()
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            for part in _parts(content, _Part("model", 0, len(content)), 0):
                if part.kind == "tensor":
                    _check_tensor(path, content, part, beside)
                elif part.kind == "size":
                    _check_size(content, part)
                elif part.kind == "node":
                    operators.add(_text(content, part, _NODE_OPERATOR))
                    domains.add(_text(content, part, _NODE_DOMAIN))
                elif part.kind == "function":
                    raise CheckpointError(
                        f"{path}: has functions, which may call each other without end; no network of a checkpoint "
                        "needs them. Export the checkpoint again"
                    )
    except (ValueError, IndexError, OverflowError) as error:  # mmap refuses an empty file with a ValueError
        raise CheckpointError(f"{path}: is damaged or no ONNX file ({error}); export the checkpoint again") from None
    if endless := sorted(operators & {*_ENDLESS}):
        raise CheckpointError(
            f"{path}: has the operator {endless[0]}, which may run without end; no network of a checkpoint needs it. "
            "Export the checkpoint again"
        )
    if foreign := sorted(domains - {*_DOMAINS}):
        raise CheckpointError(
            f"{path}: has operators of {foreign[0]!r}, which need code of their own; that is never loaded. Export the "
            "checkpoint again"
        )
    return list(beside.values())


def _check_size(content: mmap.mmap, part: _Part) -> None:
    """Refuse a large fixed size of an input: what depends on it alone is computed when the file is opened."""
    for number, kind, value, _, _ in _fields(content, part):
        if number == _FIXED and kind == _VARINT and value > _MOST_FIXED:
            raise ValueError(f"an input has the fixed size {value}, allowed are {_MOST_FIXED} at most")


def _check_tensor(path: Path, content: mmap.mmap, part: _Part, beside: dict[str, Path]) -> None:
    """Check the size of a tensor, and where its data are; add the file that has them to `beside`."""
    elements, external, entries = 1, False, {}
    for number, kind, value, start, end in _fields(content, part):
        if number == _DIMS:
            sizes = [value] if kind == _VARINT else [each for each, _ in _varints(content, start, end)]
            for size in sizes:
                elements *= size
        elif number == _EXTERNAL and kind == _BYTES:
            entry = _Part("entry", start, end)
            entries[_text(content, entry, 1)] = _text(content, entry, 2)
        elif number == _LOCATION:
            external = value == _EXTERNAL_LOCATION
    length = part.end - part.start
    if external or entries:
        length = _check_entries(path, entries, beside)
    # The smallest numbers take half a byte.
    if elements > 2 * length:
        raise ValueError(f"a tensor of {elements} numbers has {length} bytes")


def _check_entries(path: Path, entries: dict[str, str], beside: dict[str, Path]) -> int:
    """Return how many bytes a tensor takes of another file, which must lie beside the model."""
    location = entries.get("location", "")
    file = path.parent / location
    # In the hub's cache both are links into one folder.
    allowed = {path.parent.resolve(), path.resolve().parent}
    if not location or any(sign in location for sign in "/\\\0:") or location in (".", "..") or not file.is_file():
        raise CheckpointError(
            f"{path}: keeps tensors in {location!r}; allowed are files beside it that are there. Export the checkpoint "
            "again"
        )
    if file.resolve().parent not in allowed:
        raise CheckpointError(f"{path}: keeps tensors in {location!r}, which is a link to a file outside of its folder")
    size, offset = file.stat().st_size, int(entries.get("offset", "0"))
    length = int(entries.get("length", str(size - offset)))
    if offset < 0 or length < 0 or offset + length > size:
        raise ValueError(f"{location} has {size} bytes, and a tensor is said to take {length} from {offset} on")
    beside[location] = file
    return length


def _parts(content: mmap.mmap, part: _Part, depth: int) -> Iterator[_Part]:
    """Yield a message and all those in it that are listed in `_CHILDREN`."""
    if depth > _DEEPEST:
        raise ValueError("its parts are nested too deeply")
    yield part
    children = _CHILDREN[part.kind]
    if not children:
        return
    for number, kind, _, start, end in _fields(content, part):
        if kind == _BYTES and number in children:
            yield from _parts(content, _Part(children[number], start, end), depth + 1)


def _fields(content: mmap.mmap, part: _Part) -> Iterator[tuple[int, int, int, int, int]]:
    """Yield number, wire type, value (of a varint) and the bytes (from, to) of each field of a message."""
    place = part.start
    while place < part.end:
        tag, place = _varint(content, place, part.end)
        number, kind, value, start = tag >> 3, tag & 7, 0, place
        if kind == _VARINT:
            value, place = _varint(content, place, part.end)
        elif kind == _BYTES:
            size, start = _varint(content, place, part.end)
            place = start + size
        elif kind in (_FIXED32, _FIXED64):
            place += 4 if kind == _FIXED32 else 8
        else:
            raise ValueError(f"a field has the wire type {kind}")
        if place > part.end:
            raise ValueError("it ends in the middle of a field")
        yield number, kind, value, start, place


def _varint(content: mmap.mmap, place: int, end: int) -> tuple[int, int]:
    """Return a number and the place after it."""
    value = shift = 0
    while place < end and shift < 64:
        byte = content[place]
        value |= (byte & 127) << shift
        place += 1
        if byte < 128:
            return value, place
        shift += 7
    raise ValueError("it ends in the middle of a number")


def _varints(content: mmap.mmap, place: int, end: int) -> Iterator[tuple[int, int]]:
    while place < end:
        value, place = _varint(content, place, end)
        yield value, place


def _text(content: mmap.mmap, part: _Part, number: int) -> str:
    """Return the last value of a text field of a message, as protobuf takes it; "" where there is none."""
    found = b""
    for own, kind, _, start, end in _fields(content, part):
        if own == number and kind == _BYTES:
            found = content[start:end]
    return found.decode()

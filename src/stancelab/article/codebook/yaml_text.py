"""YAML that somebody else may have written, as a tree with line numbers: bounded, and nothing in it is built or run.

Every scalar stays the text that was written, so that the names NO and 1984 are names.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import yaml

from stancelab.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator

#: The largest codebook in bytes: some 200,000 names.
MOST_BYTES: Final = 8 * 2**20
#: Entries, their keys, and the items of lists.
_DEEPEST: Final = 3
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MANY: Final = "expected one YAML document of entries such as 'Russia: [Moscow, the Kremlin]'"
_TAG: Final = "tag:yaml.org,2002:"


@dataclass(frozen=True, slots=True)
class Scalar:
    """A value as it was written.

    Attributes:
        text: The text.
        kind: What YAML takes it for: "str", "bool", "int", "float", "null", "timestamp".
        line: Its line, from 1.
    """

    text: str
    kind: str
    line: int


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list, with its line."""

    items: list[Node]
    line: int


@dataclass(frozen=True, slots=True)
class Table:
    """Keys and values in the order of the file, with its line; a key may stand there twice."""

    items: list[tuple[Scalar, Node]]
    line: int


Node = Scalar | Sequence | Table


def tree_of(text: str, where: str) -> Node | None:
    """Return the tree of a YAML text; None where it is empty.

    Args:
        text: The text.
        where: What the text is called in messages, such as its file.

    Raises:
        DataError: It is no YAML, is too large, is nested too deep, or uses anchors, tags or several documents.
    """
    if len(text) > MOST_BYTES:
        raise DataError(
            f"{where}: has {len(text):,} characters, allowed are {MOST_BYTES:,}; divide it into several files"
        )
    try:
        _check_events(text, where)
        root = yaml.compose(text, Loader=_LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f":{mark.line + 1}" if mark else ""
        raise DataError(
            f"{where}{line}: is no YAML ({error.problem or error.context}); {_hint(error, text)}{_MANY}"
        ) from None
    except (yaml.YAMLError, UnicodeError, ValueError) as error:
        raise DataError(f"{where}: is no YAML ({str(error).splitlines()[0]}); {_MANY}") from None
    return None if root is None else _node(root, where)


def _hint(error: yaml.MarkedYAMLError, text: str) -> str:
    """Return what to do about the two slips that names of actors and issues lead to, "" for others."""
    if "cannot start any token" in (error.problem or "") and error.problem_mark:
        found = text[error.problem_mark.index : error.problem_mark.index + 1]
        return "write blanks in place of the tab; " if found == "\t" else f"put a name with {found!r} in quotes; "
    return "put a name with ': ' in quotes; " if "mapping values" in (error.problem or "") else ""


def _check_events(text: str, where: str) -> None:
    """Refuse what the tree may not hold before it is built; the parser itself does not recurse."""
    depth = documents = 0
    for event in _events(text):
        line = event.start_mark.line + 1
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        documents += isinstance(event, yaml.DocumentStartEvent)
        if depth > _DEEPEST:
            raise DataError(f"{where}:{line}: lists or tables within each other, {depth} deep; allowed are {_DEEPEST}")
        if documents > 1:
            raise DataError(f"{where}:{line}: a second document begins; {_MANY}")
        if isinstance(event, yaml.NodeEvent) and event.anchor is not None:
            raise DataError(f"{where}:{line}: found the anchor or alias {event.anchor!r}; write the names out")
        tag = getattr(event, "tag", None)
        if tag not in (None, "!") and not isinstance(event, yaml.AliasEvent):
            raise DataError(f"{where}:{line}: found the tag {tag!r}; leave it out, all names are text")


def _events(text: str) -> Iterator[Any]:
    yield from yaml.parse(text, Loader=_LOADER)


def _node(node: Any, where: str) -> Node:
    line = node.start_mark.line + 1
    if isinstance(node, yaml.ScalarNode):
        return Scalar(node.value, node.tag.removeprefix(_TAG), line)
    if isinstance(node, yaml.SequenceNode):
        return Sequence([_node(each, where) for each in node.value], line)
    items = []
    for key, value in node.value:
        read = _node(key, where)
        if not isinstance(read, Scalar):
            raise DataError(f"{where}:{read.line}: a list or table stands as a key; expected a name")
        items.append((read, _node(value, where)))
    return Table(items, line)

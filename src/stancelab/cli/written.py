"""Names in settings stay as they are written: a column "on" is no switch, a target "NO" is Norway, and "012" is no 10.

YAML and Hydra's grammar tell what a word is by its look. Here its setting tells: a word is text where the setting takes
text, and so is every key.
"""

from __future__ import annotations

import re
from itertools import pairwise
from types import NoneType
from typing import TYPE_CHECKING, Any, Final, TextIO

import yaml
from omegaconf._utils import get_yaml_loader

from stancelab.cli.setting_types import INTEGER, REWRITTEN, Types, is_open, type_within, types_of_items
from stancelab.errors import ConfigError, shorten

if TYPE_CHECKING:
    from collections.abc import Iterable

_TEXT: Final = "tag:yaml.org,2002:str"
_NULL: Final = "tag:yaml.org,2002:null"
_MERGE: Final = "tag:yaml.org,2002:merge"
#: The key of a config for a sweep under which keys are dotted names of settings, and values are Hydra's grammar.
_PARAMS: Final = ("hydra", "sweeper", "params")
_MARK: Final = re.compile(r""""(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[\[\]{},:]|[^\[\]{},:"']+""", re.DOTALL)
_BEFORE_VALUE: Final = ("", "[", "{", ",", ":")
_AFTER_VALUE: Final = ("", "]", "}", ",")


def load_settings(text: str | TextIO, types: Types, package: str = "") -> Any:
    """Return what YAML with settings holds, the values of those that take text as they are written.

    Args:
        text: The YAML.
        types: What the settings belong to: the classes of commands, or what a value may be.
        package: The dotted key of the group of settings that it has, "" for all of a command.

    Raises:
        yaml.YAMLError: It is no YAML.
    """
    loader = get_yaml_loader()(text)
    try:
        root = loader.get_single_node()
        if root is None:
            return None
        path = tuple(filter(None, package.split(".")))
        _Retagging(types).node(root, types_at(types, path), path)
        return loader.construct_document(root)
    finally:
        loader.dispose()


class _Retagging:
    """Makes texts of all keys of a YAML tree, and of the values whose settings take text."""

    def __init__(self, whole: Types) -> None:
        self._whole = whole
        self._seen: set[tuple[int, Types]] = set()

    def node(self, node: yaml.Node, types: Types, path: tuple[str, ...]) -> None:
        if (id(node), types) in self._seen:  # an alias, which may stand within itself
            return
        self._seen.add((id(node), types))
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                self._entry(key, value, types, path)
        elif isinstance(node, yaml.SequenceNode):
            for item in node.value:
                self.node(item, types_of_items(types), path)
        elif node.tag != _NULL and takes_text(types):
            node.tag = _TEXT

    def _entry(self, key: yaml.Node, value: yaml.Node, types: Types, path: tuple[str, ...]) -> None:
        if key.tag == _MERGE:  # what stands there are more keys of the same mapping
            self.node(value, types, path)
            return
        name = str(key.value)
        if isinstance(key, yaml.ScalarNode):
            key.tag = _TEXT
        is_param = path == _PARAMS
        within = types_at(self._whole, name.lstrip("+").split(".")) if is_param else type_within(types, name)
        self.node(value, within, (*path, name))
        if is_param and isinstance(value, yaml.ScalarNode) and value.tag == _TEXT:
            value.value = quoted_texts(f"{name}={value.value}", within, sweeps=True).partition("=")[2]


def types_at(types: Types, path: Iterable[str]) -> Types:
    """Return what a setting may be, by the keys that lead to it."""
    for part in path:
        types = type_within(types, part)
    return types


def takes_text(types: Types) -> bool:
    """Tell whether a setting takes text; settings of no single type name files."""
    return str in types or Any in types


def quoted_texts(word: str, types: Types, *, sweeps: bool) -> str:
    """Return a setting of Hydra's grammar, KEY=VALUE, with quotes around texts that Hydra would write in another way.

    Args:
        word: The setting.
        types: What the setting may be.
        sweeps: Whether commas part the values of several runs.

    Raises:
        ConfigError: Pairs have a name that Hydra takes for a number or a switch; its grammar has no quotes for names.
    """
    key, _, value = word.partition("=")
    marks: list[str] = _MARK.findall(value)
    if "".join(marks) != value or not (sweeps or value[:1] in ("[", "{") or len(marks) == 1):
        return word
    stack: list[tuple[str, Types]] = [("", types)]
    inner, name, written = types, "", []
    for (before, mark), after in zip(pairwise(["", *marks]), [*marks[1:], ""], strict=True):
        opened, owner = stack[-1]
        is_name = opened == "{" and before in ("{", ",")
        if mark in ("[", "{"):
            stack.append((mark, inner))
            inner = types_of_items(inner) if mark == "[" else ()
        elif mark in ("]", "}") and len(stack) > 1:
            stack.pop()
        elif mark == ",":
            inner = types_of_items(owner) if opened == "[" else owner
        elif mark == ":" and name:
            inner, name = type_within(owner, name), ""
        elif is_name:
            name = mark.strip()
            _check_name(word, name, owner)
        elif before in _BEFORE_VALUE and after in _AFTER_VALUE and _is_rewritten(mark.strip(), inner, bool(opened)):
            mark = f"'{mark.strip()}'"
        written.append(mark)
    return f"{key}={''.join(written)}"


def _is_rewritten(text: str, types: Types, is_inner: bool) -> bool:
    """Tell whether Hydra would write a text in another way than it is given, though it stands where text is taken."""
    if is_inner and text.lower() == "null":
        return str in types and NoneType not in types
    is_integer = INTEGER.fullmatch(text) is not None and Any not in types
    return takes_text(types) and REWRITTEN.fullmatch(text) is not None and not is_integer


def _check_name(word: str, name: str, types: Types) -> None:
    if any(map(is_open, types)) and (REWRITTEN.fullmatch(name) or name.lower() == "null"):
        raise ConfigError(
            f"{shorten(word)}: Hydra takes the name {name!r} for a number, a switch or nothing; write the pairs in a "
            "config of your own (--config-dir FOLDER), where every name is taken as it is written"
        )

"""Conditions on rows, such as "annotator == 'A' and year >= 2020", as a checked tree: no attributes, no code."""

from __future__ import annotations

import ast
import re
import warnings
from typing import Final

from stancelab.errors import ConfigError, did_you_mean

#: Functions -> (least and most arguments, whether they are a condition in themselves, what they do).
FUNCTIONS: Final[dict[str, tuple[int, int, bool]]] = {
    "column": (1, 1, False),
    "lower": (1, 1, False),
    "upper": (1, 1, False),
    "strip": (1, 1, False),
    "length": (1, 1, False),
    "number": (1, 1, False),
    "contains": (2, 2, True),
    "startswith": (2, 2, True),
    "endswith": (2, 2, True),
    "matches": (2, 2, True),
    "is_missing": (1, 1, True),
    "is_number": (1, 1, True),
}
_COMPARISONS: Final = (ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn)
_LONGEST: Final = 5_000
_HINTS: Final = (
    (re.compile(r"(?<![=!<>])=(?!=)"), "equality is written =="),
    (re.compile(r"<>"), "inequality is written !="),
    (re.compile(r"&&|\|\|"), "write 'and' and 'or'"),
    (re.compile(r"\b(AND|OR|NOT|IN|LIKE)\b"), "write and, or, not and in with small letters"),
    (re.compile(r"!(?!=)"), "write 'not'"),
)


def parse_condition(text: str) -> ast.expr:
    """Return a condition as a tree of what is allowed.

    Raises:
        ConfigError: It cannot be read, or holds what is not allowed.
    """
    if not text.strip():
        raise ConfigError("is empty; null is for no condition")
    if len(text) > _LONGEST:
        raise ConfigError(f"has {len(text):,} characters, allowed are {_LONGEST:,}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python warns of backslashes in texts, such as '\\d' in a pattern
            tree = ast.parse(text.strip(), mode="eval").body
        _check_condition(tree)
    except (SyntaxError, ValueError) as error:
        hint = next((f"; {advice}" for pattern, advice in _HINTS if pattern.search(_without_strings(text))), "")
        reason = error.msg if isinstance(error, SyntaxError) else str(error)
        raise ConfigError(f"cannot read {text!r} ({reason}){hint}") from None
    except (RecursionError, MemoryError):
        raise ConfigError(f"{text[:60]!r}... is nested too deeply") from None
    return tree


def column_of(node: ast.expr) -> str | None:
    """Return the column that a node stands for: NAME, or column('ANY NAME'); None where it is none."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "column":
        [name] = node.args
        return name.value if isinstance(name, ast.Constant) and isinstance(name.value, str) else None
    return None


def columns_in(tree: ast.expr) -> list[str]:
    """Return the columns that a condition reads, each once."""
    functions = {node.func for node in ast.walk(tree) if isinstance(node, ast.Call)}
    names = [
        name
        for node in ast.walk(tree)
        if isinstance(node, ast.expr) and node not in functions and (name := column_of(node)) is not None
    ]
    return list(dict.fromkeys(names))


def _check_condition(node: ast.expr) -> None:
    if isinstance(node, ast.BoolOp):
        for value in node.values:
            _check_condition(value)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        _check_condition(node.operand)
    elif isinstance(node, ast.Compare):
        _check_comparison(node)
    elif isinstance(node, ast.Call):
        if not _check_call(node):
            raise ConfigError(f"{ast.unparse(node)} is a value and no condition; compare it, as in == 'VALUE'")
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        return
    elif isinstance(node, ast.Name):
        raise ConfigError(f"{node.id} alone is no condition; compare it, as in {node.id} == 'VALUE'")
    else:
        raise ConfigError(_not_allowed(node))


def _check_comparison(node: ast.Compare) -> None:
    for operator, right in zip(node.ops, node.comparators, strict=True):
        if not isinstance(operator, _COMPARISONS):
            raise ConfigError(f"{ast.unparse(node)}: 'is' is not allowed; write ==, or is_missing(COLUMN)")
        if isinstance(operator, ast.In | ast.NotIn):
            if not isinstance(right, ast.List | ast.Tuple | ast.Set):
                raise ConfigError(
                    f"{ast.unparse(node)}: 'in' takes a list, as in annotator in ['A', 'B'];"
                    " for a part of a text write contains(COLUMN, 'PART')"
                )
            for item in right.elts:
                _check_constant(item)
        else:
            _check_value(right)
    _check_value(node.left)


def _check_value(node: ast.expr) -> None:
    if isinstance(node, ast.Name):
        return
    if isinstance(node, ast.Call):
        if _check_call(node):
            raise ConfigError(f"{ast.unparse(node)} is a condition; it is not compared, but joined with and, or, not")
        return
    _check_constant(node)


def _check_constant(node: ast.expr) -> None:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        node = node.operand
        if not isinstance(node, ast.Constant) or isinstance(node.value, bool | str):
            raise ConfigError(_not_allowed(node))
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str | int | float):
        none = isinstance(node, ast.Constant) and node.value is None
        raise ConfigError("None is not compared; write is_missing(COLUMN)" if none else _not_allowed(node))


def _check_call(node: ast.Call) -> bool:
    """Check a function and its arguments; tell whether it is a condition."""
    name = node.func.id if isinstance(node.func, ast.Name) else ast.unparse(node.func)
    if name not in FUNCTIONS:
        allowed = ", ".join(f"{each}()" for each in FUNCTIONS)
        raise ConfigError(f"{name}() is not allowed, only {allowed}.{did_you_mean(name, FUNCTIONS)}")
    least, most, is_condition = FUNCTIONS[name]
    if not least <= len(node.args) <= most or node.keywords:
        raise ConfigError(f"{ast.unparse(node)}: {name}() takes {least} argument{'s' if least > 1 else ''}")
    if name == "column" and column_of(node) is None:
        raise ConfigError(f"{ast.unparse(node)}: column() takes the name of a column in quotes")
    if name == "matches":
        _check_pattern(node.args[1])
    if name != "column":
        for argument in node.args:
            _check_value(argument)
    return is_condition


def _check_pattern(node: ast.expr) -> None:
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
        raise ConfigError("matches() takes a column and a regular expression in quotes")
    try:
        re.compile(node.value)
    except re.error as error:
        raise ConfigError(f"matches(): {node.value!r} is no regular expression ({error})") from None


def _not_allowed(node: ast.expr) -> str:
    return (
        f"{ast.unparse(node)!r} is not allowed; a condition compares columns, texts and numbers (==, !=, <, <=, >, >=,"
        " in [...]), joined by and, or, not"
    )


def _without_strings(text: str) -> str:
    return re.sub(r"'[^']*'|\"[^\"]*\"", "''", text)

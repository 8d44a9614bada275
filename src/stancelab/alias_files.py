"""Aliases that a person gives: a dict, a YAML file, a table with the columns target and alias, or `data.targets`."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import permutations
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import yaml

from stancelab.aliases import Aliases, grouped, split_names
from stancelab.errors import DataError, RowProblem, did_you_mean, list_problems, told_ending
from stancelab.files import refuse_url
from stancelab.tables.formats import is_table_name
from stancelab.tables.table_file import TableFile
from stancelab.yaml_texts import load_texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_YAML: Final = (".yaml", ".yml")
_EXPECTED: Final = (
    "expected YAML such as 'Joe Biden: [Biden, \"@POTUS\"]', or a table with the columns target and alias "
    "(or target and canonical, as data.targets has them)"
)


def given_aliases(given: Mapping[str, Sequence[str] | str] | Aliases | str | Path | None) -> Aliases:
    """Return aliases as a caller gives them: by name a list of other names, a file of them, or none.

    Raises:
        DataError: The file cannot be read, or it or the dict holds something else.
    """
    if given is None:
        return Aliases()
    if isinstance(given, Aliases):
        return given
    if isinstance(given, str | Path):
        return read_aliases(Path(given))
    return grouped(_of_mapping("aliases", given, "expected a dict such as {'Joe Biden': ['Biden']}, or a file"))


def read_aliases(path: Path) -> Aliases:
    """Read a file of aliases.

    YAML has a list of other names for each target (or source). A table has the columns `target` and `alias`, several
    aliases in a cell separated by "|" or ";". In a table with the columns `target` and `canonical`, all names of one
    canonical name are aliases of one another.

    Raises:
        DataError: The file cannot be read, or holds something else.
    """
    refuse_url(path)
    path = path.expanduser()
    if not path.exists():
        near = [each.name for each in path.parent.iterdir()] if path.parent.is_dir() else []
        raise DataError(f"{path}: no such file; {_EXPECTED}.{did_you_mean(path.name, near)}")
    if path.suffix.lower() not in _YAML and not is_table_name(path.name):
        ending = told_ending(path.suffix)
        raise DataError(f"{path}: the name {ending}; expected .yaml, .csv or another table; {_EXPECTED}")
    pairs = _of_yaml(path) if path.suffix.lower() in _YAML else _of_table(path)
    return grouped(pairs)


def _of_yaml(path: Path) -> Iterator[tuple[str, str]]:
    try:
        content: Any = load_texts(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        reason = str(error).splitlines()[0]
        raise DataError(f"{path}: not readable ({reason}); {_EXPECTED}") from None
    if content is None:
        raise DataError(f"{path}: is empty; {_EXPECTED}")
    yield from _of_mapping(str(path), content, _EXPECTED)


def _of_mapping(where: str, content: Any, expected: str) -> Iterator[tuple[str, str]]:
    if not isinstance(content, Mapping):
        raise DataError(f"{where}: found {type(content).__name__}; {expected}")
    for name, others in content.items():
        listed = others if isinstance(others, list | tuple) else [others]
        wrong = [each for each in (name, *listed) if not isinstance(each, str) or not each.strip()]
        if wrong:
            raise DataError(f"{where}: {name!r}: found {wrong[0]!r}, expected text (in quotes where YAML needs them)")
        yield from ((name, other.strip()) for other in listed)


def _of_table(path: Path) -> Iterator[tuple[str, str]]:
    table = TableFile(path)
    found = table.columns
    other = next((name for name in ("alias", "aliases", "canonical") if name in found), None)
    if found and ("target" not in found or other is None):
        raise DataError(f"{path}: has the columns {', '.join(map(repr, found))}; {_EXPECTED}")
    problems: list[RowProblem] = []
    groups: dict[str, list[str]] = {}
    for batch in table.text_rows():
        problems += batch.problems
        for row, cells in batch.rows:
            target, said = cells.get("target", "").strip(), cells.get(other or "", "").strip()
            if not target or not said:
                problems.append(RowProblem(str(path), row, "target" if not target else str(other), "", "is empty"))
            elif other == "canonical":
                groups.setdefault(said, [said]).append(target)
            else:
                yield from ((target, alias) for alias in split_names(said))
    if problems:
        raise DataError(f"the aliases cannot be used\n{list_problems(problems)}")
    for names in groups.values():
        yield from permutations(dict.fromkeys(names), 2)

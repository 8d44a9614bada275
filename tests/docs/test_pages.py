"""The pages for people: their links, scripts and Python are those of the project."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
TOP = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")]
DOCS = sorted((ROOT / "docs").glob("*.md"))
PAGES = [*TOP, *DOCS, *sorted((ROOT / "data").glob("*/*.md")), ROOT / "docs" / "example" / "report.md"]
LINK = re.compile(r"\]\(([^)\s]+)\)")


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def anchors_of(page: Path) -> list[str]:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return [re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings]


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_leads_to_a_file_and_to_one_heading_of_it(page: Path) -> None:
    for link in LINK.findall(page.read_text(encoding="utf-8")):
        file, _, anchor = link.partition("#")
        if link.startswith("http"):
            continue
        other = page.parent / file if file else page
        assert other.exists(), link
        if anchor:
            assert anchors_of(other).count(anchor) == 1, link


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_table_has_a_head_and_as_many_cells_in_each_line(page: Path) -> None:
    text = re.sub(r"^ *```.*?^ *```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    for table in re.findall(r"(?:^ *\|.*\n)+", text, re.MULTILINE):
        lines = table.splitlines()
        assert len(lines) > 2 and re.fullmatch(r" *\|(?: *:?-+:? *\|)+", lines[1]), lines[0]
        cells = [len(re.findall(r"(?<!\\)\|", re.sub(r"`[^`]*`", "", line))) for line in lines]
        assert len(set(cells)) == 1, lines[cells.index(min(cells))]


def test_the_index_leads_to_every_page_and_the_readme_to_the_index() -> None:
    index = LINK.findall((ROOT / "docs" / "index.md").read_text(encoding="utf-8"))
    assert {page.name for page in DOCS} - {"index.md"} - set(index) == set()
    assert "docs/index.md" in LINK.findall((ROOT / "README.md").read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", [*TOP, *DOCS], ids=name_of)
def test_every_script_is_there_with_its_options(page: Path) -> None:
    text = re.sub(r"\\\n\s*", " ", page.read_text(encoding="utf-8"))
    for script, rest in re.findall(r"(scripts/\w+\.(?:py|sh))([^\n`]*)", text):
        assert (ROOT / script).is_file(), script
        source = source_of(ROOT / script)
        for option in re.findall(r"(?<!\S)--[\w-]+", rest):
            assert f'"{option}"' in source, f"{script} {option}"


def source_of(script: Path) -> str:
    """Return the text of a script and of those beside it that it imports."""
    source = script.read_text(encoding="utf-8")
    beside = [script.parent / f"{name}.py" for name in re.findall(r"^(?:from|import) (\w+)", source, re.MULTILINE)]
    return "\n".join([source, *(each.read_text(encoding="utf-8") for each in beside if each.is_file())])


@pytest.mark.parametrize("page", [ROOT / "README.md", *DOCS], ids=name_of)
def test_what_the_python_of_a_page_imports_and_calls_is_there(page: Path) -> None:
    for block in re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL):
        tree = ast.parse(block)
        known = {name: value for node in ast.walk(tree) for name, value in imported(node)}
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or (called := called_by(node, known)) is None:
                continue
            keywords: dict[str, Any] = {each.arg: None for each in node.keywords if each.arg}
            inspect.signature(called).bind(*node.args, **keywords)


@pytest.mark.parametrize("page", [ROOT / "README.md", *DOCS], ids=name_of)
def test_names_of_the_package_in_a_page_are_there(page: Path) -> None:
    for name in re.findall(r"`stancelab\.([\w.]+)(?:\(.*?\))?`", page.read_text(encoding="utf-8")):
        if name in ("json", "yaml"):
            continue
        parts = name.split(".")
        module = next(end for end in range(len(parts), -1, -1) if is_module(".".join(["stancelab", *parts[:end]])))
        found: Any = importlib.import_module(".".join(["stancelab", *parts[:module]]))
        for part in parts[module:]:
            assert hasattr(found, part), f"stancelab.{name}"
            found = getattr(found, part)


def is_module(name: str) -> bool:
    """Tell whether a name is that of a module or package of stancelab, without importing it."""
    path = ROOT.joinpath("src", *name.split("."))
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()


def imported(node: ast.AST) -> Iterator[tuple[str, Any]]:
    """Yield the names that a statement imports of this package, with what they are."""
    if isinstance(node, ast.Import):
        for each in node.names:
            if each.name.startswith("stancelab"):
                yield each.asname or each.name, importlib.import_module(each.name)
    elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("stancelab"):
        for each in node.names:
            yield each.asname or each.name, getattr(importlib.import_module(node.module or ""), each.name)


def called_by(call: ast.Call, known: dict[str, Any]) -> Any:
    """Return what a call calls, None where that is no name that was imported."""
    parts = ast.unparse(call.func).split(".")
    if parts[0] not in known:
        return None
    found = known[parts[0]]
    for part in parts[1:]:
        found = getattr(found, part)
    return found

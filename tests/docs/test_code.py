"""Lists in the pages that the code has too: layers, folders, columns, systems."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from stancelab.article.codebook import read_codebook
from stancelab.article.codebook.checks import names_of
from stancelab.article.tables import EVIDENCE_COLUMNS, STANCES_COLUMNS
from stancelab.baselines.registry import BASELINES
from stancelab.cli.commands import COMMANDS
from stancelab.evaluation.perturbations.registry import PERTURBATIONS
from stancelab.schema import EXAMPLE_COLUMNS, PREDICTION_COLUMNS
from stancelab.serve.labels import COLUMNS as LABEL_COLUMNS

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def codes(text: str) -> list[str]:
    """Return what stands in backticks, each once, in order."""
    return list(dict.fromkeys(re.findall(r"`([^`]+)`", text)))


def line_with(name: str, start: str) -> str:
    """Return the one line of a page that begins so."""
    [line] = [each for each in page(name).splitlines() if each.startswith(start)]
    return line


def test_the_layers_are_those_that_are_checked() -> None:
    [contract] = [each for each in PROJECT["tool"]["importlinter"]["contracts"] if each["type"] == "layers"]
    told = re.findall(r"^\d+\. (.*)$", page("docs/architecture.md"), re.MULTILINE)
    checked = [set(layer.split(" | ")) for layer in contract["layers"] if layer != "__main__"]
    assert [set(codes(layer)) for layer in told] == checked


def test_the_folders_of_the_package_are_listed() -> None:
    source = ROOT / "src" / "stancelab"
    folders = {path.parent for path in source.rglob("*.py")} - {source}
    text = page("docs/architecture.md")
    assert [path.name for path in sorted(folders) if not re.search(rf"^ +{path.name}/ ", text, re.MULTILINE)] == [
        "exports", "significance",
    ]  # fmt: skip


@pytest.mark.parametrize(("table", "columns"), [("stances.csv", STANCES_COLUMNS), ("evidence.csv", EVIDENCE_COLUMNS)])
def test_the_columns_of_a_reading(table: str, columns: tuple[str, ...]) -> None:
    told = line_with("docs/map.md", f"`{table}` has a row")
    assert tuple(codes(told)[1:]) == columns


def test_the_columns_of_prediction_tables() -> None:
    text = page("docs/metrics.md").partition("## Prediction tables")[2]
    assert tuple(codes(re.findall(r"^- the columns of the row: .*$", text, re.MULTILINE)[0])) == EXAMPLE_COLUMNS
    assert tuple(codes(re.findall(r"^- the columns of the prediction: .*$", text, re.MULTILINE)[0])) == (
        PREDICTION_COLUMNS
    )
    table = page("docs/inference.md").partition("then these:")[2].partition("\n\n- ")[0]
    assert tuple(codes("\n".join(re.findall(r"^\| (`.*?) \|", table, re.MULTILINE)))) == PREDICTION_COLUMNS


def test_the_columns_of_labels() -> None:
    told = codes(line_with("docs/serving.md", "The file of `serve.labels` has the columns"))[1:]
    assert told == [column for column in LABEL_COLUMNS if not column.endswith(("_start", "_end"))]


def test_the_counts_of_the_default_codebook() -> None:
    entries = list(read_codebook("default").entries.values())
    count = Counter(entry.group for entry in entries)
    names = Counter(entry.group for entry in entries for _ in names_of(entry))
    hidden = sum(len(entry.exceptions) for entry in entries)
    text = page("docs/codebook.md")
    assert f"\n{len(entries)} entries with {sum(names.values()):,} names, and {hidden} names of `except`:\n" in text
    assert line_with("docs/codebook.md", "**Not compared with a list").partition(": ")[2] == (
        f"the {count['armed groups']} armed groups ({names['armed groups']} names), the {count['parties']} parties "
        f"({names['parties']}), the {count['sanctions']} sanctions ({names['sanctions']}), the {hidden} names of "
        f"`except`, and most names of the {count['bodies']} bodies ({names['bodies']}) and {count['treaties']} "
        f"treaties ({names['treaties']})."
    )
    unseen = sum(count[group] for group in ("armed groups", "parties", "sanctions"))
    told = f"So {unseen} entries of the {len(entries)} were looked up nowhere, and most of "
    assert line_with("docs/codebook.md", told).startswith(f"{told}{count['bodies'] + count['treaties']} others;")


def test_the_baselines_and_perturbations() -> None:
    text = page("docs/evaluation.md")
    rows = re.findall(r"^\| (`.*?) \|", text, re.MULTILINE)
    named = codes("\n".join(rows))
    assert sorted(named) == sorted([*BASELINES, *(test.name for test in PERTURBATIONS.values())])


def test_the_readme_has_every_command_and_every_extra() -> None:
    text = page("README.md")
    assert [name for name in COMMANDS if f"| `stancelab {name}" not in text] == []
    extras = PROJECT["project"]["optional-dependencies"]
    assert [name for name in extras if f"`{name}`" not in line_with("README.md", "The base install is light")] == []

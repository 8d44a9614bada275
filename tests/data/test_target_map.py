"""Tables of names of targets: what they do to splits and the audit, and what is wrong with them."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from stancelab.data.build import build
from stancelab.data.prepared import is_current, load_prepared
from stancelab.data.settings import CorpusSettings
from stancelab.data.split_settings import AuditSettings, SplitSettings
from stancelab.data.target_map import read_target_names
from stancelab.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path

EU = ("EU", "the EU", "European Union", "the European Unions", "Brussels")


def table(folder: Path, text: str, name: str = "names.csv") -> str:
    (folder / name).write_text(text, encoding="utf-8")
    return str(folder / name)


@pytest.fixture
def corpus(tmp_path: Path) -> CorpusSettings:
    targets = [*EU, *(f"aim {i:02d}x" for i in range(35))]
    rows: list[dict[str, Any]] = [
        {
            "text": f"{chr(97 + i % 26) * 8} sentence {i * 7919} {i}",
            "target": target,
            "stance": ("against", "neutral", "favor")[i % 3],
        }
        for i, target in enumerate(targets * 4)
    ]
    pd.DataFrame(rows).to_csv(tmp_path / "mine.csv", index=False)
    return CorpusSettings(name="mine", path=str(tmp_path / "mine.csv"))


def test_names_of_one_target_are_in_one_split(corpus: CorpusSettings, tmp_path: Path) -> None:
    corpus.targets = table(tmp_path, "target,canonical\nEU,the European Union\nbrussels,European Union\n")
    held_out = 0
    for seed in range(12):
        settings = SplitSettings(kind="unseen_targets", seed=seed)
        folder = build([corpus], settings, AuditSettings(), tmp_path / f"out{seed}")
        dataset = load_prepared(folder)
        parts = (dataset.train, dataset.validation, dataset.tests["test"])
        found = [{row.target for row in part} & set(EU) for part in parts]
        assert sorted(map(len, found)) == [0, 0, 5]
        held_out += bool(found[2])
    assert held_out
    audit = json.loads((folder / "audit.json").read_text())
    assert audit["spellings"] == {
        "targets": 1,
        "spellings": 5,
        "rows": 20,
        "examples": [dict.fromkeys(("brussels", "eu", "european union", "the eu", "the european unions"), 4)],
    }
    assert sum(part["targets"] for part in audit["splits"].values()) == 36
    card = (folder / "README.md").read_text()
    assert "1 target of 5 spellings, with 20 rows" in card
    assert "- brussels (4), eu (4), european union (4), the eu (4), the european unions (4)" in card
    assert dataset.target_names.canonical("the EU") == "european union"
    assert is_current(folder, [corpus], settings, AuditSettings())
    table(tmp_path, "target,canonical\nEU,the European Union\n")
    assert not is_current(folder, [corpus], settings, AuditSettings())


def test_a_left_out_target_may_be_named_by_any_of_its_names(corpus: CorpusSettings, tmp_path: Path) -> None:
    corpus.targets = table(tmp_path, "target,canonical\nEU,the European Union\nBrussels,EU \n".replace(",EU ", ",EU"))
    with pytest.raises(DataError, match="is itself a target of the table"):
        read_target_names([corpus])
    corpus.targets = table(tmp_path, "target,canonical\nEU,the European Union\nBrussels,European Union\n")
    settings = SplitSettings(kind="leave_target_out", target="Brussels")
    dataset = load_prepared(build([corpus], settings, AuditSettings(), tmp_path / "out"))
    assert {row.target for row in dataset.tests["test"]} == set(EU)
    assert len(dataset.tests["test"]) == 20


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("target,name\nEU,x\n", "names.csv: lacks the column 'canonical'; found 'target', 'name'. data.targets takes"),
        ("target,canonical\n,x\n", "names.csv: row 1, column 'target': found '': is empty"),
        ("target,canonical\nEU, \n", "names.csv: row 1, column 'canonical': found '': is empty"),
        (
            "target,canonical\nEU,Europe\nthe EU,Brussels\n",
            "row 2, column 'canonical': found 'Brussels': the target 'the EU' has the canonical name 'europe' already",
        ),
        (
            "target,canonical\nEU,the Union\nUnion,Europe\n",
            "row 1, column 'canonical': found 'the Union': is itself a target of the table, with the canonical name"
            " 'europe'; name that one",
        ),
    ],
)
def test_tables_that_cannot_be_used(corpus: CorpusSettings, tmp_path: Path, text: str, message: str) -> None:
    corpus.targets = table(tmp_path, text)
    with pytest.raises(DataError, match=re.escape(message)):
        build([corpus], SplitSettings(kind="random"), AuditSettings(), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_tables_of_several_corpora_hold_for_all(corpus: CorpusSettings, tmp_path: Path) -> None:
    corpus.targets = table(tmp_path, "target,canonical\nEU,Europe\n")
    other = CorpusSettings(name="other", targets=table(tmp_path, "canonical,target,note\nOslo,Norway,x\n", "b.csv"))
    assert read_target_names([corpus, other]).names == {"eu": "europe", "norway": "oslo"}
    other.targets = table(tmp_path, "target,canonical\nthe EU,Union\n", "b.csv")
    with pytest.raises(DataError, match="'the EU' has the canonical name 'europe' already"):
        read_target_names([corpus, other])

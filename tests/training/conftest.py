from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest

from stancelab.data.build import build
from stancelab.data.prepared import PreparedDataset, load_prepared
from stancelab.data.settings import CorpusSettings
from stancelab.data.split_settings import AuditSettings, SplitSettings

if TYPE_CHECKING:
    from pathlib import Path

ACTORS = ("Norway", "Iran", "Kenya", "Somalia", "China")
VERBS = {
    "favor": ("welcomed", "backed", "praised"),
    "against": ("condemned", "rejected", "opposed"),
    "neutral": ("discussed",),
}
TARGETS = ("treaty", "ceasefire", "pact", "summit")


def write_corpus(path: Path, labels: dict[str, str] | None = None) -> Path:
    """Write a table of simple sentences: 140 rows in which the verb tells the stance."""
    names = labels or {stance: stance for stance in VERBS}
    lines = ["id,text,source,target,stance,split"]
    rows = itertools.product(ACTORS, [(s, v) for s, verbs in VERBS.items() for v in verbs], TARGETS)
    for number, (actor, (stance, verb), target) in enumerate(rows):
        split = ("train", "train", "train", "validation", "test")[number % 5]
        lines.append(f"{number},{actor} {verb} the {target} .,{actor},the {target},{names[stance]},{split}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> PreparedDataset:
    folder = tmp_path_factory.mktemp("dataset")
    corpus = CorpusSettings(name="toy", path=str(write_corpus(folder / "toy.csv")))
    build([corpus], SplitSettings(kind="given"), AuditSettings(leakage="keep"), folder / "prepared")
    return load_prepared(folder / "prepared")

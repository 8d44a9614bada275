"""A small prepared dataset, and exports of small random checkpoints of all families and heads, made once."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest

from stancelab.data.build import build
from stancelab.data.column_settings import ColumnSettings
from stancelab.data.prepared import load_prepared
from stancelab.data.settings import CorpusSettings
from stancelab.data.split_settings import AuditSettings, SplitSettings
from stancelab.export.settings import ExportSettings
from stancelab.export.write import export_checkpoint

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from stancelab.data.prepared import PreparedDataset

VERBS = {"favor": "welcomed", "against": "condemned", "neutral": "discussed"}


@pytest.fixture(scope="session")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> PreparedDataset:
    """Sentences with one or two rows, in train, validation and test."""
    folder = tmp_path_factory.mktemp("export_dataset")
    rows = []
    for number, actor in enumerate(("Norway", "Iran", "Kenya", "Somalia")):
        for place, (stance, verb) in enumerate(VERBS.items()):
            text = f"{actor} {verb} the treaty and the pact ." + " China met Iran for talks ." * ((number + place) % 4)
            split = ("validation", "train", "test", "validation")[number]
            rows += [(text, actor, "the treaty", stance, split), (text, "", "China", stance, split)]
    with (folder / "rows.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["text", "source", "target", "stance", "split"])
        writer.writerows(rows)
    corpus = CorpusSettings(name="toy", path=str(folder / "rows.csv"), columns=ColumnSettings(split="split"))
    build([corpus], SplitSettings(kind="given"), AuditSettings(leakage="keep"), folder / "prepared")
    return load_prepared(folder / "prepared")


@pytest.fixture(scope="session")
def exported(
    family_checkpoint: Callable[[str, str, Path], Path],
    dataset: PreparedDataset,
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[[str, str], Path]:
    """A function that returns the exported checkpoint of a family and a head, which no test may change."""
    made: dict[tuple[str, str], Path] = {}

    def export(family: str, head: str) -> Path:
        if (family, head) not in made:
            folder = family_checkpoint(family, head, tmp_path_factory.mktemp(f"{family}_{head}"))
            export_checkpoint(folder, ExportSettings(rows=str(dataset.folder), force=True))
            made[family, head] = folder
        return made[family, head]

    return export

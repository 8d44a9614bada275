"""A corpus of two classes from the table to the report."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from stancelab.cli import main
from stancelab.results import read_results

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FEW = ("baselines.names=[majority,lexicon,ngram_logreg]", "evaluation.bootstrap_resamples=100")


@pytest.mark.slow
def test_a_corpus_of_two_classes(workplace: Path, toy: Any, only: Callable[[Path], Path]) -> None:
    table = toy.write_table(workplace / "mine.csv")
    frame = pd.read_csv(table, dtype=str)
    frame[frame["Label"] != toy.names["neutral"]].to_csv(table, index=False)
    assert main(["run", *toy.data(table), *toy.training, "training.epochs=4", *FEW]) == 0
    run = only(workplace / "outputs" / "run" / "toy-tiny")

    results = read_results(run)
    assert results.classes == ["against", "favor"]
    for system in results.systems:
        [one] = system.tests["test"].runs
        assert one.scores.macro_f1 == one.scores.f_avg
        assert not any("neutral" in line for line in one.warnings), system.name
        assert [row[1] for row in one.confusion] == [0, 0, 0], system.name
    majority = results.system("majority")
    assert majority is not None
    assert majority.tests["test"].mean.macro_recall == 0.5

    checkpoint = run / "checkpoint"
    info = json.loads((checkpoint / "stancelab.json").read_text())
    assert (info["labels"], info["classes"]) == (["against", "neutral", "favor"], ["against", "favor"])
    assert info["dev"]["corpora"]["toy"]["macro_f1"] == info["dev"]["corpora"]["toy"]["f_avg"]
    assert (
        "| classes of its task | against, favor; no training row has another stance"
        in (checkpoint / "README.md").read_text()
    )
    predicted = pd.read_parquet(run / "predictions" / "tiny-seed0.test.parquet")
    assert set(predicted["p_neutral"]) == {0.0}
    assert "neutral" not in (run / "report.md").read_text().split("## Provenance")[0].split("## Errors")[0]
    card = only(workplace / "outputs" / "datasets") / "README.md"
    assert "The classes are `against`, `favor`: no row is `neutral`." in card.read_text()

    # A perfect system has 100, and an answer of another stance is an error.
    right = predicted[["id", "stance"]].rename(columns={"stance": "predicted"})
    right.to_csv("right.csv", index=False)
    right.assign(predicted=["neutral", *right["predicted"][1:]]).to_csv("one_wrong.csv", index=False)
    assert (
        main(
            [
                "evaluate",
                *toy.data(table),
                *FEW,
                "baselines.names=[]",
                "checkpoint=[]",
                "predictions=[right.csv,one_wrong.csv]",
            ]
        )
        == 0
    )
    found = read_results(only(only(workplace / "outputs" / "evaluate")))
    perfect, other = (found.systems[number].tests["test"].mean for number in (0, 1))
    assert (perfect.macro_f1, perfect.macro_recall, perfect.f_avg) == (1, 1, 1)
    assert other.macro_f1 > 0.9

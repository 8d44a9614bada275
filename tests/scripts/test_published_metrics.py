"""The published metrics of DSE and SEESAW have the values that a person computes by hand."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "published_metrics.py"

#: Per pair: stances of p→q and q→p, then (against, neutral, favor) of both directions.
PAIRS = [
    ("neutral", "neutral", (0.1, 0.8, 0.1), (0.1, 0.8, 0.1)),  # 0, predicted 0
    ("favor", "neutral", (0.1, 0.2, 0.7), (0.1, 0.8, 0.1)),  # 1, predicted 1
    ("neutral", "favor", (0.1, 0.8, 0.1), (0.1, 0.2, 0.7)),  # 2, predicted 2
    # Each direction alone is against; of the five classes 4 has the highest product, 0.4 x 0.5.
    ("against", "neutral", (0.5, 0.4, 0.1), (0.5, 0.3, 0.2)),  # 3, predicted 4
]


@pytest.fixture
def script() -> Any:
    spec = importlib.util.spec_from_file_location("published_metrics", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def rows(pairs: list[Any]) -> list[dict[str, Any]]:
    made = []
    for number, (one, other, p, q) in enumerate(pairs):
        for direction, stance, probabilities in (("pq", one, p), ("qp", other, q)):
            names = ("p_against", "p_neutral", "p_favor")
            made.append({"id": f"test-{number:06d}-{direction}", "corpus": "dse", "stance": stance})
            made[-1] |= dict(zip(names, probabilities, strict=True))
    return made


def write(path: Path, table: list[dict[str, Any]]) -> Path:
    pd.DataFrame(table).sample(frac=1, random_state=1).to_parquet(path)
    return path


def test_five_classes_are_decoded_from_both_directions(script: Any, tmp_path: Path) -> None:
    found = script.scores_of("dse", write(tmp_path / "a.test.parquet", rows(PAIRS)))
    # F1 by class: 1, 1, 1, 0 (never predicted), 0 (predicted, absent).
    assert found == pytest.approx({"micro-F1": 75.0, "macro-F1": 60.0, "pairs": 4})


def test_seeds_of_one_system_are_put_together(script: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = [*PAIRS[:3], ("neutral", "against", (0.5, 0.4, 0.1), (0.5, 0.3, 0.2))]
    paths = [
        write(tmp_path / "mine-seed1.test.parquet", rows(PAIRS)),
        write(tmp_path / "mine-seed2.test.parquet", rows(good)),
    ]
    assert script.main(["dse", *map(str, paths)]) == 0
    # 75 and 100; 60 and 80, since class 3 is absent from the second table.
    assert capsys.readouterr().out == "mine.test: micro-F1 87.5 ± 17.7, macro-F1 70.0 ± 14.1, 4 pairs, 2 runs\n"


def test_polarity_leaves_neutral_out_of_gold_and_choice(
    script: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    values = [("favor", 0.1, 0.7, 0.2), ("against", 0.1, 0.6, 0.3), ("against", 0.5, 0.4, 0.1), ("neutral", 0, 1, 0)]
    table = [
        {"id": str(i), "corpus": "seesaw", "stance": s, "p_against": a, "p_neutral": n, "p_favor": f}
        for i, (s, a, n, f) in enumerate(values)
    ]
    assert script.main(["seesaw", str(write(tmp_path / "mine.test.parquet", table))]) == 0
    assert capsys.readouterr().out == "mine.test: polarity accuracy 66.7, 3 rows, 1 run\n"


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (rows(PAIRS)[:-1], "expected both directions of each pair once"),
        ([{"id": "a"}], "lacks corpus, stance, p_against, p_neutral, p_favor"),
        ([row | {"corpus": "mine"} for row in rows(PAIRS)], "has no row of the corpus 'dse'"),
        (rows([("favor", "against", (0, 1, 0), (0, 1, 0))]), "expected one that is neutral at least"),
    ],
)
def test_tables_that_cannot_be_used(
    script: Any, tmp_path: Path, table: list[dict[str, Any]], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert script.main(["dse", str(write(tmp_path / "a.test.parquet", table))]) == 2
    assert said in capsys.readouterr().err

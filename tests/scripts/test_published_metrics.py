"""The published metrics of DSE and SEESAW have the values that a person computes by hand."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from stancelab.evaluation.settings import EvaluationSettings

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"

#: Per pair: stances of p→q and q→p, then (against, neutral, favor) of both directions.
PAIRS = [
    ("neutral", "neutral", (0.1, 0.8, 0.1), (0.1, 0.8, 0.1)),  # 0, predicted 0
    ("favor", "neutral", (0.1, 0.2, 0.7), (0.1, 0.8, 0.1)),  # 1, predicted 1
    ("neutral", "favor", (0.1, 0.8, 0.1), (0.1, 0.2, 0.7)),  # 2, predicted 2
    # Each direction alone is against; of the five classes 4 has the highest product, 0.4 x 0.5.
    ("against", "neutral", (0.5, 0.4, 0.1), (0.5, 0.3, 0.2)),  # 3, predicted 4
]


#: The last pair's gold class is the one that is predicted.
RIGHT = [*PAIRS[:3], ("neutral", "against", (0.5, 0.4, 0.1), (0.5, 0.3, 0.2))]


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(SCRIPTS))
    spec = importlib.util.spec_from_file_location("published_metrics", SCRIPTS / "published_metrics.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "published_metrics", module)
    spec.loader.exec_module(module)
    return module


def cells(number: int, stance: str, probabilities: tuple[float, float, float], **changed: str) -> dict[str, Any]:
    names = ("p_against", "p_neutral", "p_favor")
    given = {"id": f"test-{number:06d}", "text": f"Sentence {number}.", "target": "the tax", "document": ""}
    return given | {"stance": stance} | dict(zip(names, probabilities, strict=True)) | changed


def rows(pairs: list[Any]) -> list[dict[str, Any]]:
    return [
        cells(number, stance, probabilities, id=f"test-{number:06d}-{direction}", corpus="dse")
        for number, (one, other, p, q) in enumerate(pairs)
        for direction, stance, probabilities in (("pq", one, p), ("qp", other, q))
    ]


def polar(right: list[bool], documents: list[str]) -> list[dict[str, Any]]:
    """Return rows of SEESAW, in favor all of them, that are answered rightly or wrongly."""
    return [
        cells(number, "favor", (0.1, 0.2, 0.7) if each else (0.7, 0.2, 0.1), corpus="seesaw", document=document)
        for number, (each, document) in enumerate(zip(right, documents, strict=True))
    ]


def write(path: Path, table: list[dict[str, Any]]) -> Path:
    pd.DataFrame(table).sample(frac=1, random_state=1).to_parquet(path)
    return path


def scores(script: Any, corpus: str, *paths: Path) -> dict[str, Any]:
    runs = script.runs_of(corpus, paths)
    found: dict[str, Any] = script.scores_of(corpus, runs, script.test_of(runs[0]), EvaluationSettings())
    return found


def test_five_classes_are_decoded_from_both_directions(script: Any, tmp_path: Path) -> None:
    found = scores(script, "dse", write(tmp_path / "a.test.parquet", rows(PAIRS)))
    # F1 by class: 1, 1, 1, 0 (never predicted), 0 (predicted, absent).
    assert {name: score.runs.tolist() for name, score in found.items()} == {
        "micro-F1": [0.75],
        "macro-F1": [pytest.approx(0.6)],
    }


def test_polarity_leaves_neutral_out_of_gold_and_choice(script: Any, tmp_path: Path) -> None:
    values = [("favor", 0.1, 0.7, 0.2), ("against", 0.1, 0.6, 0.3), ("against", 0.5, 0.4, 0.1), ("neutral", 0, 1, 0)]
    table = [cells(i, stance, (a, n, f), corpus="seesaw") for i, (stance, a, n, f) in enumerate(values)]
    runs = [script.answers_of("seesaw", write(tmp_path / "mine.test.parquet", table))]
    # Favor beats against in the first row, and in the second, which is wrong.
    assert runs[0].gold.tolist() == [1, 0, 0]
    assert runs[0].predicted.tolist() == [1, 1, 0]
    found = script.scores_of("seesaw", runs, script.test_of(runs[0]), EvaluationSettings())
    assert found["polarity accuracy"].runs.tolist() == [pytest.approx(2 / 3)]


def test_a_line_for_each_system_with_deviation_and_interval(
    script: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = [
        write(tmp_path / "mine-seed1.test.parquet", rows(PAIRS * 3)),
        write(tmp_path / "mine-seed2.test.parquet", rows([*PAIRS * 2, *RIGHT])[::-1]),
        write(tmp_path / "other.test.parquet", rows([*PAIRS * 2, *RIGHT])),
    ]
    with pytest.raises(script.DataError, match="its rows of dse are not those of"):
        script.runs_of("dse", paths[:2])  # the gold class of the last pair differs
    paths[1] = write(paths[1], rows(PAIRS * 3))
    assert script.main(["dse", *map(str, paths)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == [
        "| system | runs | pairs | resampling units | micro-F1 | macro-F1 |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    assert lines[2].startswith("| mine.test | 2 | 12 | 12 sentences | 75.0 ± 0.0 [")
    # 10 of 12 are right; F1 by class: 1, 1, 1, 0 and 2 x 1 / (1 + 3).
    assert lines[3].startswith("| other.test | 1 | 12 | 12 sentences | 83.3 [")
    assert "] | 70.0 [" in lines[3]
    assert lines[4:] == [
        "",
        "Percent, mean over runs ± standard deviation over seeds [95% interval]; 10,000 resamples, seed 13.",
    ]


def test_with_fewer_than_ten_sentences_there_is_no_interval(
    script: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert script.main(["dse", str(write(tmp_path / "mine.test.parquet", rows(PAIRS)))]) == 0
    assert "| mine.test | 1 | 4 | 4 sentences | 75.0 | 60.0 |" in capsys.readouterr().out


def test_the_interval_of_one_run_is_that_of_a_mean_over_documents(script: Any, tmp_path: Path) -> None:
    # Forty documents of three rows, all of a document right or wrong alike: the mean of forty values of 0 or 1.
    right = [number % 4 > 0 for number in range(40)]
    table = polar(np.repeat(right, 3).tolist(), [f"document {number}" for number in range(40) for _ in range(3)])
    score = scores(script, "seesaw", write(tmp_path / "a.test.parquet", table))["polarity accuracy"]
    margin = 2.0227 * np.std(right, ddof=1) / np.sqrt(40)  # the quantile of t with 39 degrees of freedom
    assert score.interval == pytest.approx((0.75 - margin, 0.75 + margin), abs=0.004)  # 10,000 resamples
    without = [each | {"document": ""} for each in table]  # 120 sentences: narrower by the root of three
    of_sentences = scores(script, "seesaw", write(tmp_path / "b.test.parquet", without))["polarity accuracy"]
    narrower = 1.9801 * np.std(np.repeat(right, 3), ddof=1) / np.sqrt(120)
    assert of_sentences.interval == pytest.approx((0.75 - narrower, 0.75 + narrower), abs=0.004)


def test_the_interval_is_the_same_each_time_and_for_any_order_of_rows(script: Any, tmp_path: Path) -> None:
    table = polar([number % 3 > 0 for number in range(30)], [f"document {number % 15}" for number in range(30)])
    first = scores(script, "seesaw", write(tmp_path / "a.test.parquet", table))["polarity accuracy"]
    again = scores(script, "seesaw", write(tmp_path / "b.test.parquet", table[::-1]))["polarity accuracy"]
    assert first.interval == again.interval
    assert first.interval.low < first.runs.mean() < first.interval.high


def test_the_interval_of_several_seeds_has_the_variance_between_them(script: Any, tmp_path: Path) -> None:
    documents = [f"document {number}" for number in range(200)]
    shares = (120, 150, 180)
    paths = [
        write(tmp_path / f"a-seed{seed}.test.parquet", polar([row < share for row in range(200)], documents))
        for seed, share in enumerate(shares)
    ]
    alone = scores(script, "seesaw", paths[1])["polarity accuracy"]
    together = scores(script, "seesaw", *paths)["polarity accuracy"]
    assert together.runs.tolist() == [0.6, 0.75, 0.9]
    assert str(together).startswith("75.0 ± 15.0 [")
    assert together.interval.low < 0.75 < together.interval.high
    # The seeds' part of the error alone, 0.15 / root 3, is 2.8 times the error of one run.
    assert together.interval.high - together.interval.low > 2.8 * (alone.interval.high - alone.interval.low)
    middle = polar([row < shares[1] for row in range(200)], documents)
    same = [write(tmp_path / f"b-seed{seed}.test.parquet", middle) for seed in (0, 1)]
    # Seeds with the same answers have no variance between them: the interval of one run.
    assert scores(script, "seesaw", *same)["polarity accuracy"].interval == pytest.approx(alone.interval)


def test_two_tables_of_one_name_are_refused(script: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "later").mkdir()
    paths = [write(folder / "mine-seed0.test.parquet", rows(PAIRS)) for folder in (tmp_path, tmp_path / "later")]
    assert script.main(["dse", *map(str, paths)]) == 2
    assert "expected one table for each seed of a system" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (rows(PAIRS)[:-1], "expected both directions of each pair once"),
        ([{"id": "a"}], "lacks text, target, stance, document, corpus, p_against, p_neutral, p_favor"),
        ([row | {"corpus": "mine"} for row in rows(PAIRS)], "has no row of the corpus 'dse'"),
        ([row | {"document": None} for row in rows(PAIRS)], "found rows without a text in document"),
        (rows([("favor", "against", (0, 1, 0), (0, 1, 0))]), "expected one that is neutral at least"),
    ],
)
def test_tables_that_cannot_be_used(
    script: Any, tmp_path: Path, table: list[dict[str, Any]], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert script.main(["dse", str(write(tmp_path / "a.test.parquet", table))]) == 2
    assert said in capsys.readouterr().err


def test_priors_are_shifted_by_what_is_best_on_dev(
    script: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # On dev two of three pairs that are called favor are neutral, and the model is less sure of these.
    unsure, sure, against = (0.1, 0.4, 0.5), (0.02, 0.08, 0.9), (0.5, 0.4, 0.1)
    neutral = (0.1, 0.8, 0.1)
    dev = [("neutral", "neutral", unsure, neutral), ("neutral", "neutral", unsure, neutral)]
    dev += [("favor", "neutral", sure, neutral), ("against", "neutral", against, neutral)]
    test = [("neutral", "neutral", unsure, neutral), ("against", "neutral", against, neutral)]
    paths = {name: tmp_path / f"{name}.parquet" for name in ("dev", "system.test")}
    pd.DataFrame(rows(dev)).assign(split="validation").to_parquet(paths["dev"])
    pd.DataFrame(rows(test)).to_parquet(paths["system.test"])
    assert script.main(["dse", str(paths["system.test"])]) == 0
    assert "| 50.0" in capsys.readouterr().out
    assert script.main(["dse", str(paths["system.test"]), "--dev", str(paths["dev"])]) == 0
    printed = capsys.readouterr().out
    # ln(0.5 / 0.4) is 0.22: the smallest step beyond it, for favor alone.
    assert "system.test.parquet: priors shifted by -0.4, +0.0; accuracy on dev 50.0 and then 100.0" in printed
    assert "| 100.0" in printed


def test_dev_tables_hold_validation_rows_and_there_is_one_for_each_table(
    script: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "system.test.parquet"
    pd.DataFrame(rows(PAIRS)).assign(split="test").to_parquet(path)
    assert script.main(["dse", str(path), "--dev", str(path), str(path)]) == 2
    assert "--dev: found 2 tables, expected 1" in capsys.readouterr().err
    assert script.main(["dse", str(path), "--dev", str(path)]) == 2
    assert "has rows of dse of the splits ['test']; expected validation rows alone" in capsys.readouterr().err

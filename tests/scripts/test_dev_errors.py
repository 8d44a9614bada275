"""Errors on validation rows are counted, sliced and drawn as a person would do it by hand."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(SCRIPTS))
    spec = importlib.util.spec_from_file_location("dev_errors", SCRIPTS / "dev_errors.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(__import__("sys").modules, "dev_errors", module)
    spec.loader.exec_module(module)
    return module


def row(number: int, stance: str, probabilities: tuple[float, float, float], **changed: Any) -> dict[str, Any]:
    names = ("p_against", "p_neutral", "p_favor")
    given = {"id": f"row-{number:03d}", "text": f"Sentence {number} is here.", "source": "", "target": "the tax"}
    return (
        given
        | {"stance": stance, "split": "validation", "corpus": "mpqa"}
        | dict(zip(names, probabilities, strict=True))
        | changed
    )


def pair(number: int, forth: tuple[str, Any], back: tuple[str, Any]) -> list[dict[str, Any]]:
    """Return both directions of a pair of DSE: the stance and the probabilities of each."""
    return [
        row(number, stance, probabilities, id=f"valid-{number}-{direction}", corpus="dse")
        for direction, (stance, probabilities) in (("pq", forth), ("qp", back))
    ]


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    pd.DataFrame(rows).to_parquet(path)
    return path


def test_pairs_of_dse_are_answered_in_five_classes(script: Any, tmp_path: Path) -> None:
    rows = [
        *pair(1, ("neutral", (0.1, 0.8, 0.1)), ("against", (0.6, 0.3, 0.1))),
        *pair(2, ("favor", (0.1, 0.6, 0.3)), ("neutral", (0.1, 0.8, 0.1))),
    ]
    answers = script.answers_of("dse", write(tmp_path / "a.parquet", rows))
    assert [answers.classes[i] for i in answers.gold] == ["4", "1"]
    assert [answers.classes[i] for i in answers.predicted] == ["4", "0"]
    assert script.metric(answers, answers.predicted) == 50.0


def test_seesaw_chooses_between_the_polarities_of_rows_that_have_one(script: Any, tmp_path: Path) -> None:
    rows = [
        row(1, "favor", (0.1, 0.7, 0.2), corpus="seesaw"),
        row(2, "against", (0.1, 0.7, 0.2), corpus="seesaw"),
        row(3, "neutral", (0.8, 0.1, 0.1), corpus="seesaw"),
    ]
    answers = script.answers_of("seesaw", write(tmp_path / "a.parquet", rows))
    assert answers.wrong.tolist() == [False, True]


def test_the_metric_of_semeval_leaves_neutral_out(script: Any, tmp_path: Path) -> None:
    rows = [
        row(1, "favor", (0.1, 0.1, 0.8), corpus="semeval2016"),
        row(2, "against", (0.8, 0.1, 0.1), corpus="semeval2016"),
        row(3, "neutral", (0.8, 0.1, 0.1), corpus="semeval2016"),
    ]
    answers = script.answers_of("semeval2016", write(tmp_path / "a.parquet", rows))
    # F1 of against 2/3, of favor 1.
    assert script.metric(answers, answers.predicted) == pytest.approx(100 * (2 / 3 + 1) / 2)


def test_test_rows_are_refused(script: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [row(1, "favor", (0.1, 0.1, 0.8)), row(2, "favor", (0.1, 0.1, 0.8), split="test")]
    path = write(tmp_path / "a.parquet", rows)
    assert script.main(["sheet", "mpqa", str(path), str(tmp_path / "sheet")]) == 2
    assert "expected validation rows alone" in capsys.readouterr().err
    assert not (tmp_path / "sheet").exists()


def test_a_shift_that_undoes_a_bias_is_found_on_one_half_and_gains_on_the_other(script: Any, tmp_path: Path) -> None:
    # Neutral has e times too much: favor and against rows lose to it by half of that.
    true, false, neutral = 0.3, 0.05, 0.3 * np.exp(0.5)
    probabilities = {"favor": (false, neutral, true), "against": (true, neutral, false), "neutral": (false, 1.0, false)}
    rows = [row(i, stance, probabilities[stance]) for i, stance in enumerate(sorted(probabilities) * 20)]
    answers = script.answers_of("mpqa", write(tmp_path / "a.parquet", rows))
    gains = script.shift_gains(answers, halves=4)
    assert gains["same rows"] == pytest.approx(100 - script.metric(answers, answers.predicted))
    assert gains["other half"] > 80


def test_answers_without_an_error_gain_nothing(script: Any, tmp_path: Path) -> None:
    probabilities = {"favor": (0.1, 0.2, 0.7), "against": (0.7, 0.2, 0.1), "neutral": (0.1, 0.8, 0.1)}
    rows = [row(i, stance, probabilities[stance]) for i, stance in enumerate(sorted(probabilities) * 4)]
    answers = script.answers_of("mpqa", write(tmp_path / "a.parquet", rows))
    assert script.shift_gains(answers, halves=3) == {"other half": 0.0, "sd": 0.0, "same rows": 0.0}


def test_rows_are_sliced_by_what_train_and_the_whole_validation_file_hold(script: Any, tmp_path: Path) -> None:
    rows = [
        row(1, "favor", (0.1, 0.1, 0.8), target="the tax", document="d1"),
        row(2, "favor", (0.1, 0.1, 0.8), target="The Wall", document="d2", source="she"),
        row(3, "favor", (0.1, 0.1, 0.8), target="a bill", document="d2"),
    ]
    answers = script.answers_of("mpqa", write(tmp_path / "a.parquet", rows))
    train = pd.DataFrame([row(9, "favor", (0, 0, 1), target="the wall", document="d1")] * 10)
    validation = pd.DataFrame([*rows, rows[1], row(8, "favor", (0, 0, 1))])
    found = {name: levels.tolist() for name, levels in script.slices(answers, train, validation).items()}
    assert found["rows of the target in train"] == ["0", "10 or more", "0"]
    assert found["rows of the sentence"] == ["1", "2", "1"]
    assert found["article in train"] == ["yes", "no", "no"]
    assert found["source"] == ["none", "given", "none"]


def test_the_tables_are_printed(script: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [row(i, stance, (0.1, 0.1, 0.8)) for i, stance in enumerate(["favor", "favor", "favor", "against"])]
    for split in ("train", "validation"):
        write(tmp_path / f"{split}.parquet", rows[:3])
    arguments = ["tables", "mpqa", str(write(tmp_path / "a.parquet", rows)), str(tmp_path)]
    assert script.main([*arguments, "--published", str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    assert "mpqa: 4 rows, 1 errors (25.0%)" in printed
    assert "errors by text in the published train file: no: 100.0% of 1; yes: 0.0% of 3" in printed


def test_a_sheet_hides_which_answer_is_gold_and_the_key_tells(script: Any, tmp_path: Path) -> None:
    rows = [row(i, "against", (0.1, 0.1, 0.8)) for i in range(30)] + [row(99, "favor", (0.1, 0.1, 0.8))]
    path = write(tmp_path / "a.parquet", rows)
    assert script.main(["sheet", "mpqa", str(path), str(tmp_path / "sheet"), "--rows", "20"]) == 0
    key = pd.read_csv(tmp_path / "sheet" / "key.csv")
    sheet = (tmp_path / "sheet" / "sheet.txt").read_text(encoding="utf-8")
    assert len(key) == 20
    assert key["id"].is_unique
    assert "row-099" not in set(key["id"])
    assert set(key["gold_is"]) == {"A", "B"}
    answers = {"A": "A against, B favor", "B": "A favor, B against"}
    lines = [line.strip() for line in sheet.splitlines() if line.startswith("   A ")]
    assert lines == [answers[letter] for letter in key["gold_is"]]


def test_a_sheet_of_dse_names_the_classes(script: Any, tmp_path: Path) -> None:
    rows = [
        *pair(1, ("neutral", (0.1, 0.8, 0.1)), ("against", (0.1, 0.2, 0.7))),
        *pair(2, ("favor", (0.1, 0.8, 0.1)), ("neutral", (0.1, 0.8, 0.1))),
    ]
    assert script.main(["sheet", "dse", str(write(tmp_path / "a.parquet", rows)), str(tmp_path / "sheet")]) == 0
    sheet = (tmp_path / "sheet" / "sheet.txt").read_text(encoding="utf-8")
    found = {
        line.strip()[2:].split(", B ")[turned] for line in sheet.splitlines() if " B " in line for turned in (0, 1)
    }
    assert found == {
        *("against (target toward source)", "favor (target toward source)"),
        *("favor (source toward target)", "neutral"),
    }


def test_the_key_of_one_sheet_does_not_tell_that_of_another(script: Any, tmp_path: Path) -> None:
    orders = []
    for first in (0, 100):
        path = write(tmp_path / "a.parquet", [row(first + i, "against", (0.1, 0.1, 0.8)) for i in range(20)])
        assert script.main(["sheet", "mpqa", str(path), str(tmp_path / "sheet")]) == 0
        orders.append(pd.read_csv(tmp_path / "sheet" / "key.csv")["gold_is"].tolist())
    assert orders[0] != orders[1]


def test_rows_of_the_own_corpus_are_sliced_by_articles_and_kind(
    script: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    documents = ["d001", "d182", "d183", "d342", "d343", "d395", "d396", "d447", "d448"]
    rows = [
        row(i, "against" if document == "d448" else "favor", (0.1, 0.1, 0.8), corpus="diplomacy", document=document)
        | {"kind": "none" if document == "d001" else "explicit"}
        for i, document in enumerate(documents)
    ]
    path = write(tmp_path / "validation.parquet", rows)
    write(tmp_path / "train.parquet", rows)
    assert script.main(["tables", "diplomacy", str(path), str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    assert (
        "errors by articles: constructions that models missed: 100.0% of 1; literary: 0.0% of 2; plain: 0.0% of 2; "
        "refusals of an act: 0.0% of 2; turned stances: 0.0% of 2\n"
    ) in printed
    assert "errors by kind: explicit: 12.5% of 8; none: 0.0% of 1\n" in printed
    # F1 of favor is 1 in four groups, that of the two other stances is 0.
    assert "metric by articles: literary: 33.3; plain: 33.3; turned stances: 33.3; refusals of an act: 33.3" in printed
    assert "constructions that models missed: 0.0" in printed


def test_errors_that_models_share_are_counted(script: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    right, false = (0.1, 0.1, 0.8), (0.8, 0.1, 0.1)
    one = write(tmp_path / "one.parquet", [row(i, "favor", each) for i, each in enumerate([false, false, right])])
    two = [row(i, "favor", each) for i, each in enumerate([false, right, right])]
    # Rows are joined by their id, not by their place.
    paths = [str(one), str(write(tmp_path / "two.parquet", two[::-1]))]
    assert script.main(["shared", "mpqa", *paths]) == 0
    printed = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert [paths[0], "2", "1"] in printed
    assert [paths[1], "1", "1"] in printed
    assert printed[-3:] == [f"wrong in {n} of 2: 1 rows".split() for n in range(3)]


def test_errors_of_different_rows_are_not_compared(
    script: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = [str(write(tmp_path / f"{i}.parquet", [row(i, "favor", (0.1, 0.1, 0.8))])) for i in range(2)]
    assert script.main(["shared", "mpqa", *paths]) == 2
    assert "expected predictions of the same validation rows" in capsys.readouterr().err

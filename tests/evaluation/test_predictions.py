from __future__ import annotations

import numpy as np
import pytest

from stancelab.errors import DataError
from stancelab.evaluation.predictions import checked_probabilities, example_table, file_stem, prediction_table
from stancelab.schema import PREDICTION_COLUMNS


def test_columns_are_the_examples_own_and_then_the_predictions(examples) -> None:
    probabilities = np.tile([0.2, 0.3, 0.5], (60, 1))
    probabilities[1] = [0.4, 0.4, 0.2]
    table = prediction_table(example_table(examples), probabilities)
    spans = ["target_start", "target_end", "source_start", "source_end"]
    own = ["id", "text", "source", "target", "stance", *spans, "document", "corpus", "split", "annotator", "kind"]
    assert table.column_names == [*own, *PREDICTION_COLUMNS]
    rows = table.to_pylist()
    assert [row["id"] for row in rows] == [example.id for example in examples]
    assert rows[0]["text"][rows[0]["target_start"] : rows[0]["target_end"]] == "the Council"
    assert rows[1]["target_start"] is None
    assert (rows[0]["kind"], rows[1]["kind"]) == ("", "actor")
    assert rows[0]["predicted"] == "favor"
    assert rows[0]["confidence"] == 0.5
    assert rows[0]["score"] == pytest.approx(0.3)
    assert rows[0]["abstained"] is False
    assert rows[1]["predicted"] == "against", "the first stance wins a tie"
    assert str(table.schema.field("target_start").type) == "int32"


@pytest.mark.parametrize(
    ("name", "seed", "stem"),
    [
        ("minilm", 0, "minilm-seed0"),
        ("majority", None, "majority"),
        ("lexicon (VADER)", None, "lexicon-VADER"),
        ("../../etc/x", 3, "etc-x-seed3"),
        ("группа", None, "группа"),
        ("答案", 1, "答案-seed1"),
        ("e\u0301t\u00e9", None, "\u00e9t\u00e9"),
        ("***", None, "system"),
        ("я" * 100, None, "я" * 60),
    ],
)
def test_file_stems_are_safe(fake_system, name: str, seed: int | None, stem: str) -> None:
    assert file_stem(fake_system(name, seed)) == stem


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (
            np.ones((59, 3)) / 3,
            r"system 'x' \(seed 2\) on 'test': gave probabilities of shape \(59, 3\), expected \(60, 3\)",
        ),
        (np.ones(60), r"shape \(60,\), expected \(60, 3\): one row for each example, columns against, neutral, favor"),
        ([["a", "b", "c"]] * 60, "gave probabilities that are not numbers"),
        (np.full((60, 3), np.nan), "60 of 60 rows have probabilities that are not finite"),
        (np.tile([1.2, -0.1, -0.1], (60, 1)), "60 of 60 rows have .* are negative"),
        (np.tile([0.5, 0.3, 0.1], (60, 1)), r"id 'row-0': \[0.5, 0.3, 0.1\], sum 0.9"),
    ],
)
def test_probabilities_that_are_none_are_refused(fake_system, examples, answer: object, message: str) -> None:
    with pytest.raises(DataError, match=message):
        checked_probabilities(fake_system("x", seed=2, answer=answer), "test", examples)


def test_only_the_first_bad_rows_are_listed(fake_system, examples) -> None:
    with pytest.raises(DataError) as error:
        checked_probabilities(fake_system("x", answer=np.zeros((60, 3))), "test", examples)
    assert str(error.value).count("\n") == 21
    assert str(error.value).endswith("... and 40 more")


def test_single_precision_is_precise_enough(fake_system, examples) -> None:
    logits = np.random.default_rng(0).normal(size=(60, 3)).astype(np.float32)
    soft = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    assert checked_probabilities(fake_system("x", answer=soft), "test", examples).dtype == np.float64

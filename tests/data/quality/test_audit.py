"""The audit counts what it says it counts, and takes out of train what leaks."""

from __future__ import annotations

import json
import unicodedata
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from stancelab.data.quality.audit import text_numbers
from stancelab.data.split_settings import AuditSettings
from stancelab.schema import STANCES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Rows = list[dict[str, str]]
PLACES = [
    *("Hà Nội", "Huế", "Đà Nẵng", "Cần Thơ", "Vinh", "Đà Lạt", "Mỹ Tho", "Sóc Trăng", "Tây Ninh", "Hội An"),
    *("Bắc Ninh", "Kon Tum", "Lào Cai", "Phú Quốc", "Quảng Trị", "Điện Biên"),
]
LONG = "The delegation of Malta told reporters in the harbor that the new grain corridor had been reopened on Tuesday"


@pytest.fixture
def given(rows: Rows) -> Rows:
    """The hundred rows with a split: 60 train, 20 validation, 20 test, whole documents."""
    return [row | {"split": ("train", "train", "train", "dev", "test")[i // 5 % 5]} for i, row in enumerate(rows)]


def audit_of(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "audit.json").read_text(encoding="utf-8"))


def test_a_clean_table(given: Rows, prepared_from: Callable[..., Path]) -> None:
    audit = audit_of(prepared_from(given, "given"))
    train = audit["splits"]["train"]
    rows = [row for row in given if row["split"] == "train"]
    assert train == {
        "rows": 60,
        "stances": {s: sum(row["stance"] == s for row in rows) for s in ("against", "neutral", "favor")},
        "texts": 60,
        "targets": 6,
        "documents": 12,
        "repeated_rows": 0,
        "conflicting_rows": 0,
        "near_duplicate_texts": train["near_duplicate_texts"],
        "truncated_rows": None,
        "truncated_share": None,
        "corrected_rows": 0,
        "targets_not_in_text": 0,
        "sources_not_in_text": 0,
        "rows_with_source": 60,
    }
    assert audit["removed"]["leaked"] == 0
    assert audit["shared"]["test"]["targets_in_train"] == audit["shared"]["test"]["targets"]
    assert audit["shared"]["test"]["documents"] == 4
    assert audit["shared"]["test"]["documents_in_train"] == 0
    assert audit["max_length"] is None


def with_leaks(given: Rows) -> Rows:
    """Add to test a text that is in train too, one that nearly is, and one of the validation rows."""
    train = next(row for row in given if row["split"] == "train")
    dev = next(row for row in given if row["split"] == "dev")
    return [
        *given,
        train | {"split": "test", "target": "another target", "text": f" {train['text'].upper()}"},
        train | {"split": "train", "target": "a third target"},
        train | {"split": "train", "text": f"{LONG}."},
        train | {"split": "test", "text": f"{LONG}, it seems."},
        dev | {"split": "test"},
    ]


def test_leaks_are_removed_from_train_and_counted(given: Rows, prepared_from: Callable[..., Path]) -> None:
    folder = prepared_from(with_leaks(given), "given")
    audit = audit_of(folder)
    assert audit["removed"]["leaked"] == 3
    assert audit["splits"]["train"]["rows"] == 59
    assert audit["splits"]["test"]["rows"] == 23
    before, after = audit["duplicates"]["across_before_removal"], audit["duplicates"]["across"]
    assert before["train in test"] == {"exact_texts": 1, "near_texts": 1, "rows": 3}
    assert before["validation in test"] == {"exact_texts": 1, "near_texts": 0, "rows": 1}
    assert set(after) == {"validation in test"}
    card = (folder / "README.md").read_text(encoding="utf-8")
    assert "- 3 rows: training rows whose text is in validation or test, exactly or nearly" in card
    assert "| train in test | 1 | 1 | 3 | 0 |" in card
    train, test = (pd.read_parquet(folder / f"{name}.parquet") for name in ("train", "test"))
    assert not set(train["text"].str.lower().str.strip()) & set(test["text"].str.lower().str.strip())


def test_leaks_can_be_kept(given: Rows, prepared_from: Callable[..., Path]) -> None:
    audit = audit_of(prepared_from(with_leaks(given), "given", audit={"leakage": "keep"}))
    assert audit["removed"]["leaked"] == 0
    assert audit["splits"]["train"]["rows"] == 62
    assert audit["duplicates"]["across"]["train in test"]["rows"] == 3


def test_a_higher_threshold_finds_exact_copies_alone(given: Rows, prepared_from: Callable[..., Path]) -> None:
    audit = audit_of(prepared_from(with_leaks(given), "given", audit={"near_duplicates": 1.0}))
    assert audit["removed"]["leaked"] == 2
    assert audit["duplicates"]["across_before_removal"]["train in test"]["near_texts"] == 0


def test_a_sentence_with_one_other_name_is_a_near_duplicate_by_default() -> None:
    sentence = "The envoy of {} praised the river accord before the winter session of the council."
    names = ("Lumeria", "Pelagia", "Drovinia", "Morvane")
    other = "The minister of Ulsted turned down the grain tariff, and nobody in the old customs house was surprised."
    numbers = text_numbers([*(sentence.format(name) for name in names), other], AuditSettings())
    assert len(set(numbers[:4].tolist())) == 1
    assert numbers[4] != numbers[0]


def test_what_the_text_does_not_mention_is_counted(
    given: Rows, prepared_from: Callable[..., Path], caplog: pytest.LogCaptureFixture
) -> None:
    absent = [row | {"target": "free school meals"} if row["split"] == "train" else row for row in given]
    folder = prepared_from([*absent, absent[0] | {"source": "The ministry"}], "given")
    train = audit_of(folder)["splits"]["train"]
    assert (train["rows"], train["targets_not_in_text"], train["sources_not_in_text"]) == (61, 61, 1)
    assert "the target is not in the text: 61 of 101 rows" in caplog.text
    assert "the source is not in the text: 1 of 101 rows with one" in caplog.text
    assert "| train | 61 of 61 | 1 of 61 |" in (folder / "README.md").read_text(encoding="utf-8")


def test_copies_in_another_form_or_with_another_link_are_leaks(prepared_from: Callable[..., Path]) -> None:
    texts = [f"Lệnh ngừng bắn của người dân số {n} được {word} ủng hộ" for n, word in enumerate(PLACES)]
    rows = [
        {"text": form(text), "target": "ngừng bắn", "stance": STANCES[n % 3], "split": split}
        for n, text in enumerate(texts)
        for form, split in (
            (lambda t: unicodedata.normalize("NFD", f"{t} https://t.co/abc"), "train" if n < 12 else "dev"),
            (lambda t: f"RT @x: {t} https://t.co/xyz", "test" if n < 8 else "train" if n < 12 else "dev"),
        )
    ]
    audit = audit_of(prepared_from(rows, "given", audit={"near_duplicates": 1.0}))
    assert audit["removed"]["leaked"] == 8
    assert audit["duplicates"]["across_before_removal"]["train in test"]["exact_texts"] == 8


def test_two_marked_mentions_of_one_target_are_two_rows(given: Rows, prepared_from: Callable[..., Path]) -> None:
    text = "Lumeria praised Velnia for its calm, while Pelagia scolded Velnia for its silence."
    first, second = text.index("Velnia"), text.rindex("Velnia")
    marked = [
        given[0]
        | {"text": text, "target": "Velnia", "stance": stance, "target_start": f"{start}", "target_end": f"{start + 6}"}
        for stance, start in (("favor", first), ("against", second), ("against", second), ("favor", second))
    ]
    plain = [row | {"target_start": "", "target_end": ""} for row in given]
    train = audit_of(prepared_from([*plain, *marked[:3]], "given"))["splits"]["train"]
    assert (train["repeated_rows"], train["conflicting_rows"]) == (1, 0)
    train = audit_of(prepared_from([*plain, *marked], "given"))["splits"]["train"]
    assert train["conflicting_rows"] == 3


def test_spans_that_hold_other_words_are_counted(given: Rows, prepared_from: Callable[..., Path]) -> None:
    rows = [row | {"target_start": "", "target_end": ""} for row in given]
    text = "Lumeria said that it would stay."
    rows[0] |= {"text": text, "target": "Lumeria", "target_start": "18", "target_end": "20"}
    rows[1] |= {"text": text[:-1], "target": "Lumeria", "target_start": "0", "target_end": "7"}
    folder = prepared_from(rows, "given")
    spans = {"marked": 2, "named": 2, "other_words": 1, "examples": [["it", "Lumeria"]]}
    assert audit_of(folder)["spans"] == {"table": spans}
    assert "table: 1 of 2 spans" in (folder / "README.md").read_text(encoding="utf-8")


def test_near_duplicates_stay_together_in_a_random_split(rows: Rows, prepared_from: Callable[..., Path]) -> None:
    versions = [rows[0] | {"text": f"{LONG}, {word}."} for word in ("he said", "we hear", "it seems", "as planned")]
    for seed in range(3):
        folder = prepared_from([*rows, *versions], split={"seed": seed})
        assert audit_of(folder)["removed"]["leaked"] == 0
        places = {
            path.stem for path in folder.glob("*.parquet") if pd.read_parquet(path)["text"].str.startswith(LONG).any()
        }
        assert len(places) == 1


def test_several_targets_of_a_text_are_no_duplicates(given: Rows, prepared_from: Callable[..., Path]) -> None:
    more = [row | {"target": "something else"} for row in given]
    train = audit_of(prepared_from([*given, *more], "given"))["splits"]["train"]
    assert (train["rows"], train["texts"]) == (120, 60)
    assert (train["repeated_rows"], train["conflicting_rows"]) == (0, 0)


def test_repeats_and_conflicts(given: Rows, prepared_from: Callable[..., Path]) -> None:
    first = next(row for row in given if row["split"] == "train" and row["stance"] == "favor")
    last = next(row for row in reversed(given) if row["split"] == "train")
    rows = [*given, first, first, last | {"stance": "favor"}, last | {"stance": "against"}, last | {"source": "Who"}]
    folder = prepared_from(rows, "given")
    train = audit_of(folder)["splits"]["train"]
    assert (train["rows"], train["repeated_rows"], train["conflicting_rows"]) == (65, 2, 3)
    folder = prepared_from(rows, "given", repeats="drop")
    audit = audit_of(folder)
    assert (audit["removed"]["repeated"], audit["removed"]["conflicting"]) == (2, 3)
    train = audit["splits"]["train"]
    assert (train["rows"], train["repeated_rows"], train["conflicting_rows"]) == (60, 0, 0)
    kept = pd.read_parquet(folder / "train.parquet")
    assert (kept["text"] == first["text"]).sum() == 1
    assert kept[kept["text"] == last["text"]]["source"].tolist() == ["Who"]


def test_rows_beside_an_unseen_target_are_counted(rows: Rows, prepared_from: Callable[..., Path]) -> None:
    more = [row | {"target": f"rare thing {i % 30}"} for i, row in enumerate(rows)]
    folder = prepared_from([*rows, *more], "unseen_targets")
    audit = audit_of(folder)
    kept = sum(part["rows"] for part in audit["splits"].values())
    assert audit["removed"]["straddling"] > 0
    assert kept + audit["removed"]["straddling"] + audit["removed"]["leaked"] == 200
    assert audit["shared"]["test"]["targets_in_train"] == 0
    train, test = (pd.read_parquet(folder / f"{name}.parquet") for name in ("train", "test"))
    assert not set(train["text"]) & set(test["text"])

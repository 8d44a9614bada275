"""The rules on the plain part and on labels apart from their text find what breaks them."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "check_corpus.py"


@pytest.fixture(scope="module")
def script() -> Any:
    spec = importlib.util.spec_from_file_location("check_corpus", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # a dataclass looks its module up
    spec.loader.exec_module(module)
    return module


def row(**changes: Any) -> dict[str, Any]:
    """Return a plain row in which Kenya is for the pact."""
    made = {
        "id": "d200-s01-1",
        "document": "d200",
        "text": "Kenya praised the pact.",
        "source": "Kenya",
        "target": "the pact",
        "stance": "favor",
        "kind": "explicit",
        "topic": "pacts",
        "register": "wire",
        "part": "plain",
        "source_start": 0,
        "source_end": 5,
        "target_start": 14,
        "target_end": 22,
        "negated_text": "",
        "negated_stance": "",
        "split": "test_plain",
    }
    return made | changes


def apart(**changes: Any) -> dict[str, Any]:
    """Return a row of labels whose text is elsewhere."""
    made = {"id": "doc-1-1", "sent_id": "doc-1", "source_start": 0, "source_end": 5, "target_start": 14}
    return made | {"target_end": 22, "stance": "favor", "kind": "explicit", "split": "train"} | changes


def broken(rules: Any) -> set[str]:
    return {rule.what for rule in rules if not rule.holds}


ABSENT = {"source": "Oslo", "stance": "neutral", "kind": "absent", "source_start": "", "source_end": ""}
IN_TEXT = "rows of the kind absent whose source is empty or in the text"
WITH_SPAN = "rows of the kind absent with a span of the source"
SPANS = "spans of the source that do not hold it"
SILENT = "rows without a stance that are not neutral"


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, set()),
        (ABSENT, set()),
        (ABSENT | {"source": "Ken"}, set()),  # only part of a word of the text
        (ABSENT | {"source": "Kenya"}, {IN_TEXT}),
        (ABSENT | {"stance": "favor"}, {SILENT}),
        (ABSENT | {"source_start": 0, "source_end": 5}, {WITH_SPAN}),
        ({"source_start": 1}, {SPANS}),
        ({"part": "sober"}, {"unknown values in part"}),
    ],
)
def test_a_cell_that_is_not_allowed_is_found(script: Any, changes: dict[str, Any], found: set[str]) -> None:
    assert broken(script.cells(pd.DataFrame([row(**changes)]))) == found


def test_a_plain_test_holds_plain_rows_only(script: Any) -> None:
    rule = "plain rows in a literary test, or the reverse"
    assert rule not in broken(script.splits(pd.DataFrame([row()])))
    assert rule in broken(script.splits(pd.DataFrame([row(part="literary")])))
    assert rule in broken(script.splits(pd.DataFrame([row(split="test")])))


def test_a_kind_of_the_plain_part_needs_every_stance(script: Any) -> None:
    stances = ["favor", "against", "neutral"]
    even = pd.DataFrame([row(kind="negated", stance=stance) for stance in stances])
    uneven = pd.DataFrame([row(kind="negated", stance=stance) for stance in ["favor", *stances, "favor"]])
    shares = [rule.what for rule in script.plain_part(even) if "negated" in rule.what and rule.holds]
    assert len(shares) == 1
    assert "plain part: share of the rarest stance (against) of the kind negated" in broken(script.plain_part(uneven))


@pytest.mark.parametrize(
    ("second", "found"),
    [
        (apart(id="doc-1-2", target_start=24, target_end=30), None),
        (apart(id="doc-1-2"), "rows of one sentence, source and target"),
        (apart(id="doc-1-2", target_start=4), "rows whose source and target overlap"),
        (apart(id="doc-2-1", sent_id="doc-2", split="test"), "documents in two splits"),
        (apart(id="doc-1-2", source_start="", source_end=""), "kind author with a span of the source, or the reverse"),
        (apart(id="doc-1-2", target_start=24, kind="none"), SILENT),
    ],
)
def test_labels_apart_from_their_text_are_checked(script: Any, second: dict[str, Any], found: str | None) -> None:
    table = pd.DataFrame([apart(), second])
    labels = table[["id", "kind"]].assign(first=table["stance"], second=table["stance"], status="kept", reason="")
    rules = broken(script.labels_apart(table, labels)) - {"sentences", "rows", "Krippendorff's alpha, all labels"}
    assert rules == ({found} if found else set())
    labels.loc[1, "second"] = "against"
    assert "kept rows on which the labels differ" in broken(script.labels_apart(table, labels))


def test_figures_are_put_between_their_marks(script: Any, tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text(f"Before\n\n{script.BEGIN}\n\nold 1\n\n{script.END}\n\nAfter\n")
    assert not script.datasheet_rule(tmp_path, "new 2", write=False).holds
    assert script.datasheet_rule(tmp_path, "new 2", write=True).holds
    assert (tmp_path / "README.md").read_text() == f"Before\n\n{script.BEGIN}\n\nnew 2\n\n{script.END}\n\nAfter\n"


def unlabeled(*texts: str) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "text": text,
                "source": "Iran",
                "target": "talks",
                "source_start": text.index("Iran"),
                "source_end": text.index("Iran") + 4,
                "target_start": text.index("talks"),
                "target_end": text.index("talks") + 5,
            }
            for text in texts
        ]
    )


def test_the_teachers_table_answers_train_and_unlabeled_texts_and_nothing_else(script: Any) -> None:
    table = pd.DataFrame([row(split="train"), row(id="d200-s02-1", text="Kenya left the pact.", split="train")])
    more = unlabeled("Iran left talks.")
    shares = {"p_against": 0.2, "p_neutral": 0.3, "p_favor": 0.5}
    good = pd.DataFrame([{**answer, **shares} for answer in [*answers(table), {"text": "Iran left talks."}]])
    assert broken(script.teachers_answers(table, good, more)) == set()
    assert broken(script.teachers_answers(table, good[:2], more)) == {"unlabeled texts without a teacher's answer"}
    assert broken(script.teachers_answers(table, good, more[:0].astype(str))) == {
        "texts of the teacher that are neither"
    }
    lacking = good.drop(index=1)
    assert broken(script.teachers_answers(table, lacking, more)) == {"rows of train without a teacher's answer"}
    held_out = table.assign(split=["train", "test"])
    assert broken(script.teachers_answers(held_out, good, more)) == {"texts of the teacher that are neither"}
    wrong = good.assign(p_favor=0.9)
    assert broken(script.teachers_answers(table, wrong, more)) == {"answers whose probabilities do not sum to 1"}


def test_unlabeled_texts_are_none_of_the_corpus(script: Any) -> None:
    table = pd.DataFrame(
        [
            row(text="Iran praised the talks of the ministers in Geneva on Monday.", split="train"),
            row(text="Iran rejected the talks on the border in the north of Iraq.", split="test"),
        ]
    )
    assert broken(script.unlabeled_rows(table, unlabeled("Iran left the talks."))) == set()
    same = unlabeled("Iran  praised the talks of the ministers in GENEVA on Monday.")
    assert broken(script.unlabeled_rows(table, same)) == {"unlabeled texts that the corpus has"}
    nearly = unlabeled("Iran rejected the talks on the border in the north of Iran.".replace("of Iran", "of Iraqi"))
    assert broken(script.unlabeled_rows(table, nearly)) == {"unlabeled texts that nearly are held-out ones"}
    wrong = unlabeled("Iran left the talks.").assign(source="Iraq")
    assert broken(script.unlabeled_rows(table, wrong)) == {"unlabeled rows whose spans are not their words"}


def answers(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{part: each[part] for part in ("text", "source", "target")} for _, each in table.iterrows()]

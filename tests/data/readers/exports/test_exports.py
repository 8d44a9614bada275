"""Exports of annotation tools in the layouts that the tools write."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from stancelab.data.column_settings import ColumnSettings
from stancelab.data.readers.table import read_tables
from stancelab.data.settings import CorpusSettings
from stancelab.errors import DataError
from stancelab.schema import Example

TEXT = "Kenya hailed the pact."
TARGET = {"start": 13, "end": 21}


def read(path: Path, items: Any, **settings: Any) -> tuple[list[Example], Counter[str], list[str]]:
    lines = json.dumps(items) if path.suffix == ".json" else "".join(json.dumps(item) + "\n" for item in items)
    path.write_text(lines, encoding="utf-8")
    batches = list(read_tables(path, CorpusSettings(**settings)))
    left: Counter[str] = Counter()
    for batch in batches:
        left.update(batch.skipped)
    return (
        [example for batch in batches for _, example in batch.rows],
        left,
        [problem.reason for batch in batches for problem in batch.problems],
    )


def prodigy(**more: Any) -> dict[str, Any]:
    return {"text": TEXT, "_input_hash": -1, "_task_hash": 2, "_view_id": "classification", **more}


def test_prodigy_binary(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    items = [prodigy(target="the pact", label="favor", answer="accept") for _ in range(3)]
    items += [prodigy(target="the pact", label="against", answer=answer) for answer in ("reject", "reject", "ignore")]
    with caplog.at_level("INFO"):
        rows, left, problems = read(tmp_path / "a.jsonl", items)
    assert [(row.stance, row.target) for row in rows] == [("favor", "the pact")] * 3
    assert [row.id for row in rows] == [f"{rows[0].id}{number}" for number in ("", "-2", "-3")]
    assert left == {"rejected": 2, "ignored": 1}
    assert not problems
    assert "read as an export of prodigy: 3 rows accepted; left out: 1 ignored, 2 rejected" in caplog.text


def test_prodigy_as_it_is_where_a_person_says_so(tmp_path: Path) -> None:
    items = [prodigy(target="the pact", label="favor", answer=answer) for answer in ("accept", "reject")]
    rows, left, _ = read(tmp_path / "a.jsonl", items, format="table", columns=ColumnSettings(stance="label"))
    assert (len(rows), left) == (2, {})
    rows, left, _ = read(tmp_path / "a.jsonl", items, columns=ColumnSettings(stance="label"))
    assert (len(rows), left) == (1, {"rejected": 1})


def test_prodigy_choice_spans_meta_and_annotators(tmp_path: Path) -> None:
    more = {
        "meta": {"document": "d1"}, "options": [{"id": "favor"}, {"id": "against"}], "answer": "accept",
        "spans": [{**TARGET, "label": "TARGET"}, {"start": 0, "end": 5, "label": "source"}],
    }  # fmt: skip
    items = [
        prodigy(**more, accept=["favor"], _annotator_id="data-ann"),
        prodigy(**more, accept=["against"], _annotator_id="data-bob"),
        prodigy(**more, accept=[]),
        prodigy(**more, accept=["favor", "against"]),
    ]
    rows, left, problems = read(tmp_path / "a.jsonl", items)
    assert [(row.stance, row.annotator, row.target, row.source, row.document) for row in rows] == [
        ("favor", "data-ann", "the pact", "Kenya", "d1"),
        ("against", "data-bob", "the pact", "Kenya", "d1"),
    ]
    assert rows[0].target_span is not None
    assert (rows[0].target_span.start, rows[0].target_span.end) == (13, 21)
    assert left == {"without an answer": 1}
    assert problems == ["'label' has several answers (favor, against); a row has one stance"]


def test_prodigy_as_csv(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"text,target,stance,answer\n{TEXT},the pact,favor,accept\n{TEXT},the pact,against,reject\n")
    assert [row.stance for batch in read_tables(path, CorpusSettings()) for _, row in batch.rows] == ["favor"]


def test_a_column_called_answer_that_is_the_stance_is_no_decision(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"text,target,answer\n{TEXT},the pact,accept\n{TEXT},the pact,reject\n")
    settings = CorpusSettings(columns=ColumnSettings(stance="answer"))
    settings.labels.favor, settings.labels.against = ["accept"], ["reject"]
    assert [row.stance for b in read_tables(path, settings) for _, row in b.rows] == ["favor", "against"]


@pytest.mark.parametrize("name", ["a.jsonl", "a.json"])
def test_doccano_classification(tmp_path: Path, name: str) -> None:
    items = [
        {"id": 5, "text": TEXT, "label": ["favor"], "target": "the pact", "Comments": []},
        {"id": 6, "text": TEXT, "label": [], "target": "the pact", "Comments": []},
        {"id": 7, "text": TEXT, "label": ["favor", "against"], "target": "the pact", "Comments": []},
    ]
    rows, left, problems = read(tmp_path / name, items)
    assert [(row.id, row.stance) for row in rows] == [("5", "favor")]
    assert left == {"without a label": 1}
    assert problems == ["'label' has several answers (favor, against); a row has one stance"]


def test_doccano_older_layouts(tmp_path: Path) -> None:
    items = [
        {"doc_id": 20, "text": TEXT, "labels": ["favor"], "username": "ann", "meta": {"target": "the pact"}},
        {"id": 21, "data": TEXT, "label": ["against"], "target": "the pact"},
    ]
    rows, _, _ = read(tmp_path / "a.jsonl", items)
    assert [(row.id, row.annotator, row.stance) for row in rows] == [("20", "ann", "favor"), ("21", "", "against")]


def test_doccano_labels_of_several_users_are_rows(tmp_path: Path) -> None:
    annotations = [{"label": "favor", "user": 1}, {"label": "against", "user": 2}]
    items = [{"id": 3, "text": TEXT, "target": "the pact", "annotations": annotations, "meta": {}}]
    rows, _, _ = read(tmp_path / "a.jsonl", items)
    assert [(row.id, row.annotator, row.stance) for row in rows] == [("3-1", "1", "favor"), ("3-2", "2", "against")]


@pytest.mark.parametrize(
    "spans",
    [
        {"label": [[13, 21, "favor"], [0, 5, "against"]]},
        {"labels": [[13, 21, "favor"], [0, 5, "against"]]},
        {"entities": [{"id": 1, "label": "favor", "start_offset": 13, "end_offset": 21},
                      {"id": 2, "label": "against", "start_offset": 0, "end_offset": 5}], "relations": []},
        {"annotations": [{"label": "favor", "start_offset": 13, "end_offset": 21, "user": 1},
                         {"label": "against", "start_offset": 0, "end_offset": 5, "user": 1}]},
    ],
)  # fmt: skip
def test_doccano_spans_that_are_called_as_stances_are_targets(tmp_path: Path, spans: dict[str, Any]) -> None:
    rows, _, problems = read(tmp_path / "a.jsonl", [{"id": 9, "text": TEXT, **spans}])
    assert not problems
    assert [(row.target, row.stance) for row in rows] == [("the pact", "favor"), ("Kenya", "against")]
    assert len({row.id for row in rows}) == 2


def label_studio(**more: Any) -> dict[str, Any]:
    choice = {"from_name": "stance", "to_name": "text", "type": "choices", "value": {"choices": ["favor"]}}
    annotation = {"id": 9, "completed_by": 1, "was_cancelled": False, "result": [choice], **more}
    return {"id": 4, "data": {"text": TEXT, "target": "the pact"}, "annotations": [annotation], "predictions": []}


def test_label_studio_json(tmp_path: Path) -> None:
    task = label_studio()
    task["annotations"].append(dict(task["annotations"][0], id=10, completed_by={"id": 2, "email": "bob@x.org"}))
    items = [task, label_studio(was_cancelled=True) | {"id": 5}, label_studio() | {"id": 6, "annotations": []}]
    rows, left, _ = read(tmp_path / "a.json", items)
    assert [(row.id, row.annotator, row.stance, row.target) for row in rows] == [
        ("4-1", "1", "favor", "the pact"),
        ("4-bob@x.org", "bob@x.org", "favor", "the pact"),
    ]
    assert left == {"skipped": 1, "without an annotation": 1}


def test_label_studio_spans_count_utf16_units(tmp_path: Path) -> None:
    text = f"😡🔥 {TEXT}"
    span = {"start": 5 + 13, "end": 5 + 21, "text": "the pact", "labels": ["Target"]}
    item = label_studio()
    item["data"] = {"text": text}
    item["annotations"][0]["result"].append({"from_name": "l", "to_name": "text", "type": "labels", "value": span})
    rows, _, problems = read(tmp_path / "a.json", [item])
    assert not problems
    assert rows[0].target == "the pact"
    assert rows[0].target_span is not None
    assert text[rows[0].target_span.start : rows[0].target_span.end] == "the pact"
    span["text"] = "another"
    _, _, problems = read(tmp_path / "a.json", [item])
    assert "where the tool saw 'another'" in problems[0]


def test_label_studio_json_min(tmp_path: Path) -> None:
    common = {"id": 4, "text": TEXT, "created_at": "2021", "updated_at": "2021", "lead_time": 4.2}
    label = [{"start": 13, "end": 21, "text": "the pact", "labels": ["Target"]}]
    items = [
        common | {"stance": "favor", "label": label, "annotator": 1, "annotation_id": 7},
        common | {"stance": {"choices": ["against"]}, "label": label, "annotator": 2, "annotation_id": 8},
    ]
    rows, _, _ = read(tmp_path / "a.json", items)
    assert [(row.id, row.annotator, row.stance, row.target) for row in rows] == [
        ("4-1", "1", "favor", "the pact"),
        ("4-2", "2", "against", "the pact"),
    ]


def test_several_questions_need_a_name(tmp_path: Path) -> None:
    item = label_studio()
    result = item["annotations"][0]["result"]
    result[0]["from_name"] = "view"
    result.append({"from_name": "quality", "to_name": "text", "type": "choices", "value": {"choices": ["good"]}})
    with pytest.raises(DataError, match=r"2 questions were answered \('view', 'quality'\).*data.columns.stance=view"):
        read(tmp_path / "a.json", [item])
    rows, _, _ = read(tmp_path / "a.json", [item], columns=ColumnSettings(stance="view"))
    assert [row.stance for row in rows] == ["favor"]


ARGILLA = {"id": "r1", "status": "completed", "_server_id": "s"}


@pytest.mark.parametrize(
    "item",
    [
        ARGILLA | {"fields": {"text": TEXT}, "metadata": {"target": "the pact"}, "suggestions": {}, "vectors": {},
                   "responses": {"stance": [{"value": "favor", "user_id": "u1"},
                                            {"value": "against", "user_id": "u2"}]}},
        ARGILLA | {"text": TEXT, "target": "the pact", "stance.suggestion": "neutral",
                   "stance.responses": ["favor", "against"], "stance.responses.users": ["u1", "u2"],
                   "stance.responses.status": ["submitted", "submitted"]},
        {"id": "r1", "fields": {"text": TEXT}, "metadata": {"target": "the pact"}, "responses": [
            {"user_id": "u1", "values": {"stance": {"value": "favor"}}, "status": "submitted"},
            {"user_id": "u2", "values": {"stance": {"value": "against"}}, "status": "submitted"}]},
        {"id": "r1", "text": TEXT, "target": "the pact", "stance": [
            {"user_id": "u1", "value": "favor", "status": "submitted"},
            {"user_id": "u2", "value": "against", "status": "submitted"}]},
    ],
)  # fmt: skip
def test_argilla_responses_of_users_are_rows(tmp_path: Path, item: dict[str, Any]) -> None:
    rows, _, problems = read(tmp_path / "a.jsonl", [item])
    assert not problems
    assert [(row.id, row.text, row.target, row.stance, row.annotator) for row in rows] == [
        ("r1-u1", TEXT, "the pact", "favor", "u1"),
        ("r1-u2", TEXT, "the pact", "against", "u2"),
    ]


def test_argilla_leaves_out_what_was_not_submitted(tmp_path: Path) -> None:
    users = {"stance.responses.users": ["u1", "u2", "u3"], "stance.responses": ["favor", "against", "neutral"]}
    items = [
        ARGILLA | {"text": TEXT, "target": "t", **users,
                   "stance.responses.status": ["submitted", "discarded", "draft"]},
        ARGILLA | {"id": "r2", "text": TEXT, "target": "t", "stance.responses": None},
    ]  # fmt: skip
    rows, left, _ = read(tmp_path / "a.jsonl", items)
    assert [row.stance for row in rows] == ["favor"]
    assert left == {"discarded": 1, "draft": 1, "without a response": 1}


def test_argilla_text_classification_of_version_1(tmp_path: Path) -> None:
    record = {
        "inputs": {"text": TEXT},
        "metadata": {"target": "the pact"},
        "annotation_agent": "ann",
        "prediction": None,
    }
    items = [
        record | {"annotation": "favor", "status": "Validated"},
        record | {"annotation": "favor", "status": "Discarded"},
        record | {"annotation": None, "status": "Default"},
    ]
    rows, left, _ = read(tmp_path / "a.jsonl", items)
    assert [(row.stance, row.annotator) for row in rows] == [("favor", "ann")]
    assert left == {"discarded": 1, "without an annotation": 1}


def test_a_plain_table_is_none_of_them(tmp_path: Path) -> None:
    items = [{"text": TEXT, "target": "the pact", "stance": "favor", "annotator": 3, "meta": {"a": 1}}]
    rows, left, _ = read(tmp_path / "a.jsonl", items)
    assert ([row.stance for row in rows], left) == (["favor"], {})


def test_labels_in_lists_are_refused_where_a_person_says_it_is_a_table(tmp_path: Path) -> None:
    items = [{"id": 5, "text": TEXT, "label": ["favor"], "target": "the pact"}]
    _, _, problems = read(tmp_path / "a.jsonl", items, format="table", columns=ColumnSettings(stance="label"))
    assert problems == ["holds a list or an object; expected text or a number"]


def test_tasks_without_a_label_do_not_hide_an_export(tmp_path: Path) -> None:
    items = [
        {"id": 5, "text": TEXT, "label": ["favor"], "target": "the pact"},
        {"id": 6, "text": TEXT, "label": None, "target": "the pact"},
        {"id": 7, "text": TEXT, "label": ["against"], "target": "the pact"},
    ]
    rows, left, problems = read(tmp_path / "a.jsonl", items)
    assert ([row.stance for row in rows], left, problems) == (["favor", "against"], {"without a label": 1}, [])

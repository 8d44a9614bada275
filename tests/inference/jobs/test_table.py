"""A table comes out with all its columns and the predictions, in its order, or not at all."""

from __future__ import annotations

import csv
import json
import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stancelab.checkpoint import CheckpointInfo
from stancelab.encoding import Cut, InputSettings
from stancelab.errors import DataError
from stancelab.inference.engines.local import LocalEngine
from stancelab.inference.jobs.plan import check_table
from stancelab.inference.jobs.table import predict_table
from stancelab.inference.settings import PredictColumns, PredictSettings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from stancelab.schema import Example


class FakeClassifier:
    """Says "favor" where the text has "welcomed", "against" where it has "condemned", else "neutral"."""

    info = CheckpointInfo(input=InputSettings(max_length=64), thresholds={"accuracy_90": 0.75})

    def __init__(self) -> None:
        self.seen: list[Example] = []
        self.cut = Cut()

    def predict_proba(self, examples: Sequence[Example]) -> np.ndarray:
        self.seen += examples
        long = sum(len(example.text) > 300 for example in examples)
        self.cut = Cut(rows=len(examples), texts=long, sources=long)
        rows = []
        for example in examples:
            if "welcomed" in example.text:
                rows.append([0.1, 0.2, 0.7])
            elif "condemned" in example.text:
                rows.append([0.8, 0.15, 0.05])
            else:
                rows.append([0.3, 0.4, 0.3])
        return np.array(rows).reshape(-1, 3)


def settings(**changes) -> PredictSettings:
    columns = PredictColumns(**changes.pop("columns", {}))
    return PredictSettings(columns=columns, **changes)


def run(source: Path, output: Path, **changes) -> dict[str, int]:
    counts = predict_table(LocalEngine(FakeClassifier()), check_table(source, output, settings(**changes)))  # type: ignore[arg-type]
    return {name: counts[name] for name in ("rows", "rejected")}


CSV = (
    "\ufefftext,note,target,source\r\n"
    '"Norway welcomed it,\nthen left.",007,the pact,Norway\r\n'
    "Iran condemned it.,,the pact,Iran\r\n"
)


def test_all_columns_and_the_order_of_rows_stay(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text(CSV, encoding="utf-8", newline="")
    assert run(tmp_path / "in.csv", tmp_path / "out.csv") == {"rows": 2, "rejected": 0}
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == [
        "text", "note", "target", "source",
        "predicted", "confidence", "p_against", "p_neutral", "p_favor", "score", "abstained",
    ]  # fmt: skip
    assert rows[0]["text"] == "Norway welcomed it,\nthen left."
    assert rows[0]["note"] == "007"
    assert [row["predicted"] for row in rows] == ["favor", "against"]
    assert float(rows[0]["score"]) == pytest.approx(0.6)
    assert float(rows[1]["confidence"]) == pytest.approx(0.8)


def test_jsonl_keeps_types_nested_values_and_rows_of_other_keys(tmp_path: Path) -> None:
    given: list[dict[str, Any]] = [
        {"text": "Iran condemned it.", "target": "it", "meta": {"page": 3}, "year": 2001},
        {"text": "Talks went on.", "target": "talks", "tags": ["a", "b"], "source": None},
    ]
    (tmp_path / "in.jsonl").write_text("\n".join(json.dumps(row) for row in given), encoding="utf-8")
    run(tmp_path / "in.jsonl", tmp_path / "out.jsonl", min_confidence=0.5)
    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines()]
    for row, original in zip(rows, given, strict=True):
        assert {name: row[name] for name in original} == original
    assert [(row["predicted"], row["abstained"]) for row in rows] == [("against", False), ("neutral", True)]


def test_a_threshold_of_the_checkpoint_is_taken_by_name(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text(CSV, encoding="utf-8", newline="")
    run(tmp_path / "in.csv", tmp_path / "out.csv", threshold="accuracy_90")
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        assert [row["abstained"] for row in csv.DictReader(file)] == ["True", "False"]


def test_how_many_rows_abstain_is_counted(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text(CSV, encoding="utf-8", newline="")
    job = check_table(tmp_path / "in.csv", tmp_path / "out.csv", settings(threshold="accuracy_90"))
    assert predict_table(LocalEngine(FakeClassifier()), job)["abstained"] == 1  # type: ignore[arg-type]


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_one_target_and_source_for_a_whole_file(tmp_path: Path, ending: str) -> None:
    frame = pd.DataFrame(
        {"text": ["Norway welcomed it.", "Iran met it."], "target_start": [16, 9], "target_end": [18, 11]}
    )
    source = tmp_path / f"in.{ending}"
    if ending == "csv":
        frame.to_csv(source, index=False)
    elif ending == "jsonl":
        frame.to_json(source, orient="records", lines=True)
    else:
        frame.to_parquet(source)
    classifier = FakeClassifier()
    job = check_table(source, tmp_path / f"out.{ending}", settings(target="the pact", source="Norway"))
    predict_table(LocalEngine(classifier), job)  # type: ignore[arg-type]
    assert [(each.target, each.source, each.target_span) for each in classifier.seen] == [
        ("the pact", "Norway", (16, 18)),
        ("the pact", "Norway", (9, 11)),
    ]
    if ending == "parquet":
        written = pq.read_table(job.output)
        assert written.column_names[3:6] == ["source", "target", "predicted"]
        assert written["target"].to_pylist() == ["the pact"] * 2


def test_a_target_that_overrides_a_column_overrides_its_spans(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text(
        "text,target,target_start,target_end\nIran met Kenya.,Kenya,9,14\n", encoding="utf-8"
    )
    classifier = FakeClassifier()
    job = check_table(tmp_path / "in.csv", tmp_path / "out.csv", settings(target="Iran", override=True))
    predict_table(LocalEngine(classifier), job)  # type: ignore[arg-type]
    [example] = classifier.seen
    assert (example.target, example.target_span) == ("Iran", None)
    frame = pd.read_csv(tmp_path / "out.csv")
    assert (frame["target"].tolist(), frame["asked_target"].tolist()) == (["Kenya"], ["Iran"])


def test_parquet_keeps_its_schema(tmp_path: Path) -> None:
    table = pa.table(
        {
            "text": ["Norway welcomed it.", "Iran condemned it."],
            "target": ["it", "it"],
            "n": pa.array([1, None], pa.int32()),
            "when": pa.array([0, 1], pa.timestamp("s")),
            "tags": [["a"], []],
        }
    )
    pq.write_table(table, tmp_path / "in.parquet")
    run(tmp_path / "in.parquet", tmp_path / "out.parquet")
    written = pq.read_table(tmp_path / "out.parquet")
    assert written.select(table.column_names).equals(pq.read_table(tmp_path / "in.parquet"))
    assert written.column("predicted").to_pylist() == ["favor", "against"]
    assert written.schema.field("score").type == pa.float64()


def test_another_format_may_come_out(tmp_path: Path) -> None:
    rows = [
        {"text": "Norway welcomed it.", "target": "it", "n": 1, "mixed": 1},
        {"text": "x", "target": "it", "n": 2, "mixed": "b"},
    ]
    (tmp_path / "in.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    run(tmp_path / "in.jsonl", tmp_path / "out.parquet")
    frame = pd.read_parquet(tmp_path / "out.parquet")
    assert frame["n"].tolist() == [1, 2]
    assert frame["mixed"].tolist() == ["1", "b"]
    run(tmp_path / "in.jsonl", tmp_path / "out.tsv")
    assert pd.read_csv(tmp_path / "out.tsv", sep="\t")["predicted"].tolist() == ["favor", "neutral"]


def test_columns_of_other_names_and_spans_reach_the_classifier(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("Tweet,About,a,b\nIran and Iran.,Iran,9.0,13.0\n", encoding="utf-8")
    classifier = FakeClassifier()
    columns = {"text": "Tweet", "target": "About", "target_start": "a", "target_end": "b"}
    job = check_table(tmp_path / "in.csv", tmp_path / "out.csv", settings(columns=columns))
    predict_table(LocalEngine(classifier), job)  # type: ignore[arg-type]
    [example] = classifier.seen
    assert (example.text, example.target, example.target_span, example.source) == (
        "Iran and Iran.",
        "Iran",
        (9, 13),
        "",
    )


def test_more_rows_than_a_batch(tmp_path: Path) -> None:
    words = ["welcomed", "condemned", "met"]
    lines = ["text,target,n", *(f"Norway {words[n % 3]} it.,it,{n}" for n in range(5000))]
    (tmp_path / "in.csv").write_text("\n".join(lines), encoding="utf-8")
    run(tmp_path / "in.csv", tmp_path / "out.csv")
    frame = pd.read_csv(tmp_path / "out.csv")
    assert frame["n"].tolist() == list(range(5000))
    assert frame["predicted"].tolist() == (["favor", "against", "neutral"] * 1667)[:5000]


BAD = "text,target,target_start,target_end\nfine,it,,\n,it,,\ntext,,,\nshort,it,2,99\nhalf,it,1,\nword,it,one,two\n"


def test_bad_rows_may_be_dropped_and_are_listed_beside_the_output(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text(BAD, encoding="utf-8")
    assert run(tmp_path / "in.csv", tmp_path / "out.csv", on_bad_rows="drop") == {"rows": 1, "rejected": 5}
    assert pd.read_csv(tmp_path / "out.csv")["text"].tolist() == ["fine"]
    rejected = pd.read_csv(tmp_path / "out.rejected.csv")
    assert rejected["row"].tolist() == [2, 3, 4, 5, 6]
    assert rejected.columns.tolist() == ["file", "row", "column", "value", "reason"]


def test_a_prefix_avoids_a_clash(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("text,target,score\na,b,1\n", encoding="utf-8")
    run(tmp_path / "in.csv", tmp_path / "out.csv", prefix="stancelab_")
    frame = pd.read_csv(tmp_path / "out.csv")
    assert frame["score"].tolist() == [1]
    assert frame["stancelab_predicted"].tolist() == ["neutral"]


def test_a_failure_in_the_middle_leaves_nothing(tmp_path: Path) -> None:
    class Failing(FakeClassifier):
        def predict_proba(self, examples: Sequence[Example]) -> np.ndarray:
            if self.seen:
                raise RuntimeError("out of memory")
            return super().predict_proba(examples)

    (tmp_path / "in.csv").write_text("text,target\n" + "a,b\n" * 5000, encoding="utf-8")
    with pytest.raises(RuntimeError):
        predict_table(LocalEngine(Failing()), check_table(tmp_path / "in.csv", tmp_path / "out.csv", settings()))  # type: ignore[arg-type]
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


def test_a_source_that_only_later_json_rows_have_is_read(tmp_path: Path) -> None:
    rows = [{"text": "a", "target": "b"}, {"text": "a", "target": "b", "source": "Norway"}]
    (tmp_path / "in.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    classifier = FakeClassifier()
    predict_table(LocalEngine(classifier), check_table(tmp_path / "in.jsonl", tmp_path / "out.jsonl", settings()))  # type: ignore[arg-type]
    assert [example.source for example in classifier.seen] == ["", "Norway"]


#: How often each watched file was opened; an audit hook cannot be removed.
OPENED: Counter[str] = Counter()
WATCHED: set[str] = set()


def count_opens(event: str, args: tuple[object, ...]) -> None:
    if event == "open" and str(args[0]) in WATCHED:
        OPENED[str(args[0])] += 1


sys.addaudithook(count_opens)


@pytest.mark.parametrize("suffix", ["csv", "jsonl"])
def test_the_input_is_opened_once_and_read_twice(tmp_path: Path, suffix: str) -> None:
    source = tmp_path / f"in.{suffix}"
    lines = {"csv": "text,target\na,b\n,b\n", "jsonl": '{"text": "a", "target": "b"}\n{"text": ""}\n'}
    source.write_text(lines[suffix], encoding="utf-8")
    WATCHED.add(str(source))
    assert run(source, tmp_path / f"out.{suffix}", on_bad_rows="drop") == {"rows": 1, "rejected": 1}
    assert OPENED[str(source)] == 3


def test_what_was_cut_is_said_once_at_the_end(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    lines = [f"Iran met{' Kenya' * (100 if number in (3, 4900) else 1)}.,Kenya" for number in range(5000)]
    (tmp_path / "in.csv").write_text("text,target\n" + "\n".join(lines) + "\n")
    job = check_table(tmp_path / "in.csv", tmp_path / "out.csv", settings())
    counts = predict_table(LocalEngine(FakeClassifier()), job)  # type: ignore[arg-type]
    assert counts == {
        "rows": 5000,
        "rejected": 0,
        "abstained": 0,
        "cut_texts": 2,
        "cut_targets": 0,
        "cut_sources": 2,
        "not_in_text": 0,
        "untold_targets": 0,
        "untold_sources": 0,
    }
    [warning] = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert warning == (
        "2 of 5,000 rows have a text that is cut at 64 tokens (cut: the target of 0, the source of 2), the "
        "length that the checkpoint was trained with"
    )


AWKWARD = {
    "text": "Norway welcomed\rthe pact.",
    "target": "the pact",
    "source": "Norway",
    "number": 12345678901234567890123,
    "share": float("nan"),
    "tags": ["a", float("nan")],
}


@pytest.mark.parametrize("name", ["out.csv", "out.tsv", "out.jsonl", "out.parquet"])
def test_awkward_cells_are_read_back_by_pandas_and_by_stancelab(tmp_path: Path, name: str) -> None:
    lines = [json.dumps({**AWKWARD, "id": number}) for number in range(3)]
    (tmp_path / "in.jsonl").write_text("\n".join(lines), encoding="utf-8")
    assert run(tmp_path / "in.jsonl", tmp_path / name) == {"rows": 3, "rejected": 0}
    if name.endswith("parquet"):
        frame = pd.read_parquet(tmp_path / name)
    elif name.endswith("jsonl"):
        content = (tmp_path / name).read_text(encoding="utf-8")
        assert "NaN" not in content
        frame = pd.read_json(tmp_path / name, lines=True, dtype=False)
    else:
        frame = pd.read_csv(tmp_path / name, sep="\t" if name.endswith("tsv") else ",", dtype={"number": str})
    assert frame["text"].tolist() == [AWKWARD["text"]] * 3
    assert frame["number"].tolist() == ["12345678901234567890123"] * 3
    assert run(tmp_path / name, tmp_path / "again.csv", prefix="again_") == {"rows": 3, "rejected": 0}


def test_numbers_of_more_than_64_bits_are_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "in.jsonl").write_text(json.dumps(AWKWARD), encoding="utf-8")
    check_table(tmp_path / "in.jsonl", tmp_path / "out.jsonl", settings())
    assert "whole numbers of more than 64 bits are written as text: column 'number'" in caplog.text


def test_formulas_are_written_so_that_no_spreadsheet_runs_them(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("text,target\n@who welcomed it,-it\n", encoding="utf-8")
    run(tmp_path / "in.csv", tmp_path / "out.csv", bom=True, safe_cells=True)
    content = (tmp_path / "out.csv").read_text(encoding="utf-8")
    assert content.startswith("\ufefftext,target,")
    assert "'@who welcomed it,'-it,favor,0.7" in content
    with pytest.raises(DataError, match="are for outputs of \\.csv and \\.tsv"):
        run(tmp_path / "in.csv", tmp_path / "out.jsonl", bom=True)

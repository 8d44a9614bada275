"""From files to a prepared dataset: what is in it, what was taken out, and what stops it."""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow.parquet as pq
import pytest
import yaml

from stancelab.data.build import build
from stancelab.data.column_settings import ColumnSettings, LabelSettings
from stancelab.data.settings import CorpusSettings
from stancelab.data.split_settings import AuditSettings, SplitSettings
from stancelab.errors import ConfigError, DataError
from stancelab.files import sha256_of
from stancelab.row_ids import row_id

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from stancelab.schema import Example

Rows = list[dict[str, str]]
COLUMNS = [
    *("id", "text", "source", "target", "stance", "target_start", "target_end", "source_start", "source_end"),
    *("document", "corpus", "split", "annotator"),
]


def audit_of(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "audit.json").read_text(encoding="utf-8"))


def frames(folder: Path) -> dict[str, pd.DataFrame]:
    return {path.stem: pd.read_parquet(path) for path in sorted(folder.glob("*.parquet"))}


def test_the_folder_is_complete(rows: Rows, prepared_from: Callable[..., Path]) -> None:
    folder = prepared_from(rows)
    assert sorted(path.name for path in folder.iterdir()) == [
        "README.md",
        "audit.json",
        "manifest.json",
        "test.parquet",
        "train.parquet",
        "validation.parquet",
    ]
    found = frames(folder)
    assert {name: len(frame) for name, frame in found.items()} == {"test": 20, "train": 70, "validation": 10}
    assert all(list(frame.columns) == COLUMNS for frame in found.values())
    assert all(set(frame["split"]) == {name} for name, frame in found.items())
    everything = pd.concat(found.values())
    assert set(everything["id"]) == {row_id(row["text"], row["source"], row["target"]) for row in rows}
    assert Counter(everything["text"]) == Counter(row["text"] for row in rows)
    assert set(everything["corpus"]) == {"table"}


def test_column_types(rows: Rows, prepared_from: Callable[..., Path]) -> None:
    rows = [row | {"target_start": "0", "target_end": "", "topic": "x"} for row in rows]
    for row in rows[::2]:
        row["target_end"] = "2"
    for row in rows[1::2]:
        row["target_start"] = ""
    schema = pq.read_schema(prepared_from(rows, extra=["topic"]) / "train.parquet")
    assert schema.names == [*COLUMNS, "topic"]
    assert {name: str(schema.field(name).type) for name in schema.names} == {
        name: "int32" if name.endswith(("_start", "_end")) else "string" for name in schema.names
    }
    table = pq.read_table(prepared_from(rows, extra=["topic"]) / "train.parquet")
    assert set(table["target_end"].to_pylist()) == {2, None}
    assert set(table["source_start"].to_pylist()) == {None}
    assert set(table["annotator"].to_pylist()) == {""}


def test_the_same_input_and_seed_give_the_same_bytes(rows: Rows, prepared_from: Callable[..., Path]) -> None:
    first, again, other = (
        prepared_from(rows, output=name, split={"seed": seed}) for name, seed in (("a", 3), ("b", 3), ("c", 4))
    )
    for path in first.glob("*.parquet"):
        assert sha256_of(path) == sha256_of(again / path.name)
    assert sha256_of(first / "test.parquet") != sha256_of(other / "test.parquet")
    assert audit_of(first) == audit_of(again)


def test_the_order_of_the_rows_does_not_change_their_splits(rows: Rows, prepared_from: Callable[..., Path]) -> None:
    straight, reversed_ = (frames(prepared_from(r, output=n)) for r, n in ((rows, "a"), (rows[::-1], "b")))
    for name, frame in straight.items():
        assert set(frame["text"]) == set(reversed_[name]["text"])


def test_loads_with_plain_datasets_and_by_its_card(
    rows: Rows, prepared_from: Callable[..., Path], tmp_path: Path
) -> None:
    import datasets

    folder = prepared_from(rows)
    files = {name: str(folder / f"{name}.parquet") for name in ("train", "validation", "test")}
    loaded = datasets.load_dataset("parquet", data_files=files, cache_dir=str(tmp_path / "cache"))
    assert {name: part.num_rows for name, part in loaded.items()} == {"train": 70, "validation": 10, "test": 20}
    assert loaded["train"].column_names == COLUMNS
    card = (folder / "README.md").read_text(encoding="utf-8")
    front = yaml.safe_load(card.split("---")[1])
    assert front["configs"][0]["data_files"] == [
        {"split": name, "path": f"{name}.parquet"} for name in ("train", "validation", "test")
    ]
    against = loaded["train"]["stance"][:].count("against")
    assert f"| train | 70 | {against} ({against / 70:.0%}) |" in card


def test_the_manifest_tells_inputs_settings_and_counts(rows: Rows, prepared_from: Callable[..., Path]) -> None:
    folder = prepared_from(rows, name="mine", metric="f_avg")
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    (source,) = manifest["inputs"]
    assert source["rows"] == 100
    assert source["sha256"] == sha256_of(Path(source["file"]))
    assert (manifest["kind"], manifest["name"], manifest["metric"]) == ("prepared dataset", "mine", "f_avg")
    assert manifest["counts"]["train"]["rows"] == 70
    assert manifest["settings"]["split"] == {
        "kind": "random",
        "seed": 13,
        "validation": 0.1,
        "test": 0.2,
        "folds": 5,
        "fold": 0,
        "target": None,
        "exclude_target": None,
        "train_rows": None,
        "train_share": None,
        "sample_seed": None,
        "shots": None,
    }
    assert manifest["settings"]["data"][0]["labels"] == {
        "against": ["against"],
        "neutral": ["neutral"],
        "favor": ["favor"],
    }
    assert set(manifest["files"]) == {"README.md", "audit.json", "train.parquet", "validation.parquet", "test.parquet"}


def spoiled(rows: Rows, count: int) -> Rows:
    return [row | ({"stance": "???"} if i < count else {}) for i, row in enumerate(rows)]


def test_bad_rows_are_listed_and_nothing_is_written(
    rows: Rows, prepared_from: Callable[..., Path], tmp_path: Path
) -> None:
    with pytest.raises(DataError) as error:
        prepared_from(spoiled(rows, 25))
    lines = str(error.value).splitlines()
    assert lines[0] == "25 problems in 25 rows; nothing is written"
    found = (
        f"  {tmp_path}/mine.csv, column 'stance': '???' in 25 rows, such as row 1, 2, 3: no known stance; allowed are"
    )
    assert lines[1].startswith(found)
    assert "data.on_bad_rows=drop" in lines[2]
    assert [path.name for path in tmp_path.iterdir()] == ["mine.csv"]


def test_bad_rows_are_dropped_and_listed_in_a_file(rows: Rows, prepared_from: Callable[..., Path]) -> None:
    bad = spoiled(rows, 2)
    bad[1]["text"] = " "
    folder = prepared_from(bad, on_bad_rows="drop")
    with (folder / "rejected.csv").open(encoding="utf-8", newline="") as file:
        rejected = list(csv.DictReader(file))
    assert [(row["row"], row["column"], row["value"]) for row in rejected] == [
        ("1", "stance", "???"),
        ("2", "stance", "???"),
        ("2", "text", " "),
    ]
    assert "allowed are 'against'" in rejected[0]["reason"]
    assert json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["rejected"] == 2
    assert sum(len(frame) for frame in frames(folder).values()) == 98


def test_ids_that_occur_twice(rows: Rows, prepared_from: Callable[..., Path]) -> None:
    rows = [row | {"nr": str(i)} for i, row in enumerate(rows)]
    rows[7]["nr"] = rows[9]["nr"] = "5"
    columns = ColumnSettings(id="nr")
    with pytest.raises(DataError, match="column 'nr': '5' in 2 rows: 8, 10: the id occurs already"):
        prepared_from(rows, columns=columns)
    folder = prepared_from(rows, columns=columns, on_bad_rows="drop")
    assert sum(len(frame) for frame in frames(folder).values()) == 98
    assert json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["rejected"] == 2


def test_an_old_dataset_stays_when_a_new_one_fails(rows: Rows, prepared_from: Callable[..., Path]) -> None:
    folder = prepared_from(rows)
    before = sha256_of(folder / "manifest.json")
    with pytest.raises(DataError):
        prepared_from(spoiled(rows, 1))
    assert sha256_of(folder / "manifest.json") == before


def test_a_parquet_file_without_rows_is_named(tmp_path: Path) -> None:
    path = tmp_path / "zero.parquet"
    pd.DataFrame({"text": [], "target": [], "stance": []}, dtype=str).to_parquet(path)
    with pytest.raises(DataError, match=r"zero\.parquet: no rows; there is nothing but a header"):
        build([CorpusSettings(path=str(path))], SplitSettings(kind="random"), AuditSettings(), tmp_path / "out")


def test_a_file_with_a_header_alone(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("text,target,stance\n", encoding="utf-8")
    with pytest.raises(DataError, match="no rows; there is nothing but a header"):
        build([CorpusSettings(path=str(path))], SplitSettings(kind="random"), AuditSettings(), tmp_path / "out")
    path.write_text("text,target,stance\nIran hailed it.,it,favor\n", encoding="utf-8")
    with pytest.raises(DataError, match="different texts: 1, too few for 3 splits"):
        build([CorpusSettings(path=str(path))], SplitSettings(kind="random"), AuditSettings(), tmp_path / "out")


def test_impossible_settings_stop_before_any_work(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as error:
        build(
            [CorpusSettings(metric="f1"), CorpusSettings()],
            SplitSettings(seed=-1),
            AuditSettings(leakage="drop"),
            tmp_path / "out",
        )
    assert str(error.value).splitlines()[1:] == [
        "  data (table): metric: found 'f1', allowed macro_f1, f_avg, accuracy.",
        "  split.seed: found -1, allowed >= 0",
        "  audit.leakage: found 'drop', allowed remove, keep.",
        "  data: 2 corpora are called 'table'; each needs its own name",
    ]
    assert list(tmp_path.iterdir()) == []


def test_several_corpora_are_trained_together_and_tested_apart(
    newsmtsc_folder: Path, newsmtsc_settings: dict[str, Any], mpqa_folder: Path, tmp_path: Path
) -> None:
    mpqa = CorpusSettings(
        name="mpqa",
        reader="mpqa",
        path=str(mpqa_folder),
        labels=LabelSettings(against=["negative"], neutral=["neutral"], favor=["positive"]),
        repeats="drop",
    )
    news = CorpusSettings(path=str(newsmtsc_folder), **newsmtsc_settings)
    folder = build([news, mpqa], SplitSettings(), AuditSettings(near_duplicates=1), tmp_path / "both")
    found = frames(folder)
    assert {name: len(frame) for name, frame in found.items()} == {
        "test_mpqa": 3,
        "test_newsmtsc_mt": 6,
        "test_newsmtsc_rw": 6,
        "train": 18 + 7,
        "validation": 15,
    }
    assert Counter(found["validation"]["split"]) == {
        "validation_newsmtsc_rw": 6,
        "validation_newsmtsc_mt": 6,
        "validation_mpqa": 3,
    }
    assert found["test_mpqa"]["id"].tolist()[0] == "mpqa/20020510/test-0-0-0"
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["name"] == "newsmtsc+mpqa"
    assert manifest["skipped"] == {"mpqa: no target": 1, "mpqa: polarity is none, both or uncertain": 2}
    audit = audit_of(folder)
    assert audit["removed"] == {
        "rejected": 0,
        "repeated": 1,
        "conflicting": 2,
        "straddling": 0,
        "leaked": 0,
        "not_sampled": 0,
    }
    assert audit["corpora"]["mpqa"]["train"]["rows"] == 7


def test_extra_columns_of_one_corpus_are_empty_in_another(
    rows: Rows, write_csv: Callable[..., Path], tmp_path: Path
) -> None:
    first = write_csv([row | {"kind": "a"} for row in rows[:50]], "first.csv")
    second = write_csv([row | {"topic": "b"} for row in rows[50:]], "second.csv")
    corpora = [
        CorpusSettings(name="first", path=str(first), extra=["kind"], metric="f_avg"),
        CorpusSettings(name="second", path=str(second), extra=["topic"]),
    ]
    folder = build(corpora, SplitSettings(kind="random"), AuditSettings(), tmp_path / "out")
    train = frames(folder)["train"]
    assert set(zip(train["corpus"], train["kind"], train["topic"], strict=True)) == {
        ("first", "a", ""),
        ("second", "", "b"),
    }
    assert json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["metric"] == "macro_f1"


def test_rows_cut_at_the_encoders_length_are_counted(
    rows: Rows, write_csv: Callable[..., Path], tmp_path: Path
) -> None:
    def count(examples: Sequence[Example]) -> list[int]:
        return [200 if example.target == "the grain deal" else 20 for example in examples]

    corpus = CorpusSettings(path=str(write_csv(rows)))
    folder = build(
        [corpus], SplitSettings(kind="random"), AuditSettings(), tmp_path / "out", count_tokens=count, max_length=128
    )
    audit = audit_of(folder)
    wanted = sum(row["target"] == "the grain deal" for row in rows)
    assert sum(part["truncated_rows"] for part in audit["splits"].values()) == wanted
    train = frames(folder)["train"]
    share = (train["target"] == "the grain deal").mean()
    assert audit["splits"]["train"]["truncated_share"] == pytest.approx(share, abs=1e-4)
    assert "Rows cut at the encoder's 128 tokens: train" in (folder / "README.md").read_text(encoding="utf-8")


def test_many_batches_and_row_groups(rows: Rows, write_csv: Callable[..., Path], tmp_path: Path) -> None:
    corpus = CorpusSettings(path=str(write_csv(rows)))
    whole = build([corpus], SplitSettings(kind="random"), AuditSettings(), tmp_path / "whole")
    split = SplitSettings(kind="random")
    pieces = build([corpus], split, AuditSettings(), tmp_path / "pieces", batch_rows=7, group_rows=9)
    assert pq.ParquetFile(pieces / "train.parquet").num_row_groups == 8
    for name, frame in frames(whole).items():
        assert frame.equals(frames(pieces)[name])


@pytest.mark.benchmark_data
def test_newsmtsc_keeps_the_official_tests_and_cleans_train(
    benchmark_data: Path, newsmtsc_settings: dict[str, Any], tmp_path: Path
) -> None:
    corpus = CorpusSettings(path=str(benchmark_data / "newsmtsc"), **newsmtsc_settings)
    audit = audit_of(build([corpus], SplitSettings(), AuditSettings(), tmp_path / "out"))
    assert {name: part["rows"] for name, part in audit["splits"].items()} == {
        "train": 8730,
        "validation_mt": 442,
        "validation_rw": 343,
        "test_mt": 1034,
        "test_rw": 803,
    }
    assert audit["removed"]["leaked"] == 9
    assert audit["shared"]["test_rw"]["documents"] == 726
    assert audit["shared"]["test_rw"]["documents_in_train"] == 342


def test_the_projects_own_corpus_has_an_unseen_test_and_no_leaks(tmp_path: Path) -> None:
    folder = build([CorpusSettings(name="diplomacy")], SplitSettings(), AuditSettings(), tmp_path / "out")
    audit = json.loads((folder / "audit.json").read_text())
    tests = ["test", "test_challenge", "test_opposites", "test_plain", "test_unseen"]
    assert list(audit["splits"]) == ["train", "validation", *tests]
    assert audit["splits"]["test"]["rows"] == 944
    assert audit["splits"]["test_unseen"]["rows"] == 572
    assert not any(audit["removed"].values())
    assert audit["duplicates"]["across"] == {}
    # Singulars and plurals of common nouns: a bridge and the bridges, the rule and its rules, and five more.
    assert audit["shared"]["test_unseen"]["targets_in_train"] == 7
    assert audit["shared"]["test_unseen"]["rows_of_targets_in_train"] == 17
    assert audit["shared"]["test"]["documents_in_train"] == 0
    assert audit["shared"]["test_plain"]["documents_in_train"] == 0
    assert audit["splits"]["test_opposites"]["rows"] == 667
    assert audit["shared"]["test_opposites"]["documents_in_train"] == 0
    assert audit["splits"]["test_challenge"]["rows"] == 655
    assert audit["shared"]["test_challenge"]["documents_in_train"] == 0

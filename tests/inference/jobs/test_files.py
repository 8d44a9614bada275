"""A folder or a pattern of inputs becomes a folder with a file for each."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from stancelab.checkpoint import CheckpointInfo
from stancelab.encoding import Cut
from stancelab.errors import ConfigError, DataError
from stancelab.inference.engines.local import LocalEngine
from stancelab.inference.jobs.files import DoneFiles, is_several, tables_of
from stancelab.inference.jobs.several import plan_tables, predict_tables
from stancelab.inference.settings import PredictSettings

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from stancelab.schema import Example


class Counting:
    """Counts what it is asked; a text "stop" interrupts it."""

    info = CheckpointInfo()
    cut = Cut()

    def __init__(self, *, stops: bool = False) -> None:
        self.seen: list[str] = []
        self._stops = stops

    def predict_proba(self, examples: Sequence[Example]) -> np.ndarray:
        self.seen += [example.text for example in examples]
        if self._stops and "stop" in self.seen:
            raise KeyboardInterrupt
        return np.tile([0.2, 0.3, 0.5], (len(examples), 1))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three tables, one in a folder below, and other files."""
    (tmp_path / "in" / "deep").mkdir(parents=True)
    (tmp_path / "in" / "b.csv").write_text("text,target\nstop,it\n")
    (tmp_path / "in" / "a.jsonl.gz").write_bytes(gzip.compress(b'{"text": "a", "target": "it"}\n'))
    (tmp_path / "in" / "deep" / "b.csv").write_text("text,target\ndeep,it\n,it\n")
    for name in ("notes.md", ".hidden.csv", "~$c.xlsx"):
        (tmp_path / "in" / name).write_text("x")
    return tmp_path


def run(source: Path, output: Path, classifier: Counting, **changes: Any) -> dict[str, int]:
    settings = PredictSettings(**changes)
    done = DoneFiles(output)
    plan = plan_tables(tables_of(source, output), settings, {}, lambda path: {"input": path.read_bytes().hex()}, done)
    return predict_tables(LocalEngine(classifier), plan)  # type: ignore[arg-type]


def test_a_folder_is_its_own_tables_and_a_pattern_may_go_deeper(folder: Path) -> None:
    counts = run(folder / "in", folder / "out", Counting())
    assert counts["rows"] == 2
    assert sorted(path.name for path in (folder / "out").iterdir()) == ["a.jsonl.gz", "b.csv"]
    with gzip.open(folder / "out" / "a.jsonl.gz") as file:
        assert json.loads(file.read())["predicted"] == "favor"
    pattern = folder / "in" / "**" / "*.csv"
    assert (is_several(folder / "in"), is_several(pattern), is_several(folder / "in" / "b.csv")) == (True, True, False)
    counts = run(pattern, folder / "other", Counting(), on_bad_rows="drop")
    assert (counts["rows"], counts["rejected"]) == (2, 1)
    found = sorted(path.relative_to(folder / "other").as_posix() for path in (folder / "other").rglob("*.csv"))
    assert found == ["b.csv", "deep/b.csv", "deep/b.rejected.csv"]


def test_names_of_formats_that_are_not_written(tmp_path: Path) -> None:
    for name in ("a.json", "b.xlsx", "c.csv.bz2", "d.tsv.zst", "e.zip", "F.JSONL", "g.parquet"):
        (tmp_path / name).write_text("x")
    names = [output.name for _, output in tables_of(tmp_path, tmp_path / "out")]
    assert names == ["F.JSONL", "a.jsonl", "b.csv", "c.csv", "d.tsv.zst", "e.csv", "g.parquet"]


@pytest.mark.parametrize(
    ("source", "output", "message"),
    [
        ("in", "out.csv", "is one file, and .* stands for several; name a folder"),
        ("in", "in", "is the folder of the inputs; name another one"),
        ("in/*.csv", "in", "is the folder of the inputs"),
        ("in/x*.csv", "out", "no file matches this pattern"),
        ("empty", "out", r"holds no table; for those in folders below it write '.*/\*\*/\*\.csv'"),
        ("twice", "out", r"out/a\.csv: would be the output of .*a\.csv, .*a\.csv\.bz2; rename one of them"),
    ],
)
def test_what_cannot_be_meant(folder: Path, source: str, output: str, message: str) -> None:
    (folder / "empty").mkdir()
    (folder / "twice").mkdir()
    for name in ("a.csv", "a.csv.bz2"):
        (folder / "twice" / name).write_text("x")
    with pytest.raises(DataError, match=message):
        tables_of(folder / source, folder / output)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        (
            {"delimiter": ";"},
            r"predict\.delimiter: found ';', which is for tables ending in \.csv, \.tsv, \.tab, \.txt, none",
        ),
        ({"quoting": "none"}, r"predict\.quoting: found 'none', which is for tables ending in \.csv"),
        (
            {"offsets": "bytes"},
            r"predict\.offsets: found 'bytes', and no column of spans is read; name them with predict",
        ),
        (
            {"ignore": ["Wer"]},
            r"predict\.ignore: found 'Wer', which is no column of the inputs; they have 'text', 'target'",
        ),
    ],
)
def test_a_setting_that_concerns_no_table_is_told(tmp_path: Path, settings: dict[str, Any], told: str) -> None:
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
    (tmp_path / "one" / "a.jsonl").write_text('{"text": "a b", "target": "b"}\n')
    with pytest.raises(ConfigError, match=told):
        run(tmp_path / "one", tmp_path / "out", Counting(), **settings)
    pd.DataFrame({"text": ["a"], "target": ["b"]}).to_parquet(tmp_path / "other" / "a.parquet")
    with pytest.raises(
        ConfigError, match=r"predict\.encoding: found 'cp1252', which is for tables ending in .*\.json, none"
    ):
        run(tmp_path / "other", tmp_path / "out", Counting(), encoding="cp1252")


def test_a_setting_that_concerns_one_of_several_tables_is_used(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.csv").write_text("text;target;Wer\na b;b;c\n")
    (tmp_path / "in" / "b.jsonl").write_text('{"text": "a b", "target": "b", "target_start": 2, "target_end": 3}\n')
    settings = {"delimiter": ";", "ignore": ["Wer"], "offsets": "bytes"}
    assert run(tmp_path / "in", tmp_path / "out", Counting(), **settings)["rows"] == 2


def test_a_bad_row_in_the_last_table_stops_the_first(folder: Path) -> None:
    with pytest.raises(DataError, match=r"deep/b\.csv"):
        run(folder / "in" / "**" / "*.csv", folder / "out", Counting())
    assert not (folder / "out").exists()


def test_files_that_are_done_are_not_predicted_again(folder: Path) -> None:
    pattern, out = folder / "in" / "**" / "[ab]*", folder / "out"
    (folder / "in" / "deep" / "b.csv").write_text("text,target\ndeep,it\n")
    with pytest.raises(KeyboardInterrupt):
        run(pattern, out, Counting(stops=True))
    assert [path.name for path in out.iterdir() if not path.name.startswith(".")] == ["a.jsonl.gz"]
    with pytest.raises(DataError, match=r"an unfinished prediction has done 1 file; go on with predict\.resume"):
        run(pattern, out, Counting())
    classifier = Counting()
    assert run(pattern, out, classifier, resume=True)["rows"] == 3
    assert classifier.seen == ["stop", "deep"]
    assert sorted(path.name for path in out.iterdir()) == ["a.jsonl.gz", "b.csv", "deep"]
    assert pd.read_csv(out / "deep" / "b.csv")["text"].tolist() == ["deep"]


@pytest.mark.parametrize("half", [b'{"output": "a.jsonl.gz"}', b'{"output"}', b"[]", b"\xff}", b"{"])
def test_a_damaged_line_of_what_is_done_is_passed_over(folder: Path, half: bytes) -> None:
    out = folder / "out"
    with pytest.raises(KeyboardInterrupt):
        run(folder / "in", out, Counting(stops=True))
    with (out / ".predicted.jsonl").open("ab") as file:
        file.write(b"\n" + half)
    classifier = Counting()
    assert run(folder / "in", out, classifier, resume=True)["rows"] == 2
    assert classifier.seen == ["stop"]


def test_a_done_file_of_another_input_is_refused(folder: Path) -> None:
    out = folder / "out"
    with pytest.raises(KeyboardInterrupt):
        run(folder / "in", out, Counting(stops=True))
    (folder / "in" / "a.jsonl.gz").write_bytes(gzip.compress(b'{"text": "changed", "target": "it"}\n'))
    with pytest.raises(DataError, match="was made by the unfinished prediction, but of another input; give the same"):
        run(folder / "in", out, Counting(), resume=True)
    classifier = Counting()
    assert run(folder / "in", out, classifier, overwrite=True)["rows"] == 2
    assert classifier.seen == ["changed", "stop"]

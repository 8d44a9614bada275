"""Prediction mends cells as the training did, in tables and in Python, unless settings say otherwise."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from stancelab.checkpoint import CheckpointInfo
from stancelab.data.settings import CorpusSettings
from stancelab.errors import DataError, RowProblem
from stancelab.inference.inputs import checked_examples
from stancelab.inference.jobs.rows import example_of
from stancelab.inference.settings import PredictSettings
from stancelab.schema import Example
from stancelab.tables.mending import FTFY, Mending
from stancelab.training.finetune import _mending

ROW: dict[str, Any] = {"text": "Tom &amp; Jerry hailed the pact.", "source": "nan", "target": "the pact"}
COLUMNS = {name: name for name in ROW}
MENDING = Mending(("NaN",), FTFY)


def test_a_checkpoint_keeps_what_its_corpora_say() -> None:
    corpora = [CorpusSettings(name="a", missing_words=["nan"]), CorpusSettings(name="b", repair=FTFY)]
    dataset: Any = SimpleNamespace(manifest=SimpleNamespace(settings=SimpleNamespace(data=corpora)))
    info = CheckpointInfo(**_mending(dataset))
    assert (info.missing_words, info.repair) == (["nan"], FTFY)
    assert CheckpointInfo.from_json(info.as_json()) == info
    assert "repair" not in CheckpointInfo().as_json()


def test_settings_come_from_the_checkpoint_unless_they_are_given() -> None:
    assert PredictSettings().as_trained(["nan"], FTFY).mending == Mending(("nan",), FTFY)
    given = PredictSettings(missing_words=[], repair="none")
    assert given.as_trained(["nan"], FTFY).mending == Mending()
    assert PredictSettings(repair="no").problems() == ["repair: found 'no', allowed none, ftfy"]


def test_rows_of_a_table() -> None:
    found = example_of("a.csv", 1, ROW, COLUMNS, MENDING)
    assert isinstance(found, Example)
    assert (found.text, found.source) == ("Tom & Jerry hailed the pact.", "")
    spans = {**COLUMNS, "target_start": "target_start", "target_end": "target_end"}
    cut = example_of("a.csv", 1, {**ROW, "target_start": 6, "target_end": 31}, spans, MENDING)
    assert isinstance(cut, RowProblem)
    assert "lies where the repair of the text changes characters" in cut.reason


def test_rows_from_python(caplog: pytest.LogCaptureFixture) -> None:
    [found] = checked_examples([ROW], set(), MENDING)
    assert (found.text, found.source) == ("Tom & Jerry hailed the pact.", "")
    assert caplog.text == ""
    with pytest.raises(DataError, match="target_span 6:31: lies where the repair"):
        checked_examples([{**ROW, "target_start": 6, "target_end": 31}], set(), MENDING)
    prepared = Example(id="1", **ROW)
    assert checked_examples([prepared], set(), MENDING) == [prepared]


def test_traces_in_rows_from_python_are_told_once(caplog: pytest.LogCaptureFixture) -> None:
    told: set[str] = set()
    checked_examples([ROW], told)
    assert "examples: the source is a word for nothing: 'nan' in 1 row" in caplog.text
    caplog.clear()
    checked_examples([ROW], told)
    assert caplog.text == ""


def test_spans_are_counted_and_aliases_are_found_beside_a_repair() -> None:
    row = {**ROW, "text": "😡 Tom &amp; Jerry hailed the pact.", "target": "the deal", "aliases": "Tom & Jerry"}
    columns = {**COLUMNS, "aliases": "aliases"}
    found = example_of("a.csv", 1, row, columns, MENDING)
    assert isinstance(found, Example)
    assert found.target_span is not None
    assert found.text[slice(*found.target_span)] == "Tom & Jerry"
    given = {**row, "target_start": 30, "target_end": 34}
    spans = {**columns, "target_start": "target_start", "target_end": "target_end"}
    found = example_of("a.csv", 1, given, spans, MENDING, "utf16")
    assert isinstance(found, Example)
    assert found.target_span is not None
    assert found.text[slice(*found.target_span)] == "pact"

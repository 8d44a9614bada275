"""Stand-off labels are joined with MPQA's sentences, and with no others."""

from __future__ import annotations

import csv
import hashlib
import json
from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from stancelab.data.corpora import input_files
from stancelab.data.readers.mpqa_stances import COLUMNS
from stancelab.data.settings import CorpusSettings
from stancelab.data.split_settings import AuditSettings, SplitSettings
from stancelab.errors import ConfigError, DataError
from stancelab.schema import Example, Span

if TYPE_CHECKING:
    from pathlib import Path

SettingsOf = Callable[..., CorpusSettings]
Read = Callable[[CorpusSettings], tuple[list[Example], list[str], Counter[str]]]

TEXT = "Kenya’s envoy hailed the pact ."
SENTENCE = "20020510/21.50.13-63509-3"


def row(**changes: str) -> dict[str, str]:
    digest = hashlib.sha256(TEXT.encode()).hexdigest()[:16]
    values = ("s1", SENTENCE, digest, "0", "13", "21", "29", "favor", "explicit", "train")
    return dict(zip(COLUMNS, values, strict=True)) | changes


@pytest.fixture
def labels(tmp_path: Path) -> Callable[..., Path]:
    def write(*rows: dict[str, str]) -> Path:
        path = tmp_path / "mine.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        return path

    return write


@pytest.fixture
def settings(tmp_path: Path, settings_of: SettingsOf) -> CorpusSettings:
    folder = tmp_path / "mpqa"
    folder.mkdir()
    sentence: dict[str, Any] = {"sent_id": SENTENCE, "text": TEXT, "opinions": []}
    (folder / "train.json").write_text(json.dumps([sentence]), encoding="utf-8")
    return settings_of("mpqa_stances", path=str(folder), label_file=str(tmp_path / "mine.csv"))


def test_labels_are_joined_with_the_text(settings: CorpusSettings, labels: Callable[..., Path], read: Read) -> None:
    table = labels(row(), row(id="s2", source_start="", source_end="", stance="neutral", split="test"))
    examples, problems, _ = read(settings)
    assert problems == []
    first, second = examples
    assert (first.text, first.source, first.target, first.stance) == (TEXT, "Kenya’s envoy", "the pact", "favor")
    assert (first.source_span, first.target_span) == (Span(0, 13), Span(21, 29))
    assert (first.id, first.document, first.split) == ("s1", "20020510/21.50.13-63509", "train")
    assert first.extra == {"kind": "explicit"}
    assert (second.source, second.source_span, second.stance, second.split) == ("", None, "neutral", "test")
    assert [path.name for path in input_files(settings)] == ["train.json", table.name]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"sent_id": "x-1"}, r"train\.json: has no sentence 'x-1'; mine\.csv row 1 labels it; make train\.json from"),
        ({"text_sha256": "0" * 16}, r"train\.json: sentence '20020510/.*' has another text than was labeled .*row 1"),
    ],
)
def test_another_text_is_an_error(
    settings: CorpusSettings, labels: Callable[..., Path], read: Read, changes: dict[str, str], said: str
) -> None:
    labels(row(**changes))
    with pytest.raises(DataError, match=said):
        read(settings)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"stance": "pro"}, "row 1, column 'stance': found 'pro': no known stance"),
        ({"split": "held"}, "row 1, column 'split': found 'held': no known split"),
        ({"target_end": "90"}, "row 1, column 'target_start, target_end': found '21:90': expected two whole numbers"),
        ({"source_end": ""}, "row 1, column 'source_start, source_end': found '0:': expected two whole numbers"),
        ({"target_start": "", "target_end": ""}, "empty; every row needs its target's place"),
    ],
)
def test_rows_that_cannot_be_used(
    settings: CorpusSettings, labels: Callable[..., Path], read: Read, changes: dict[str, str], said: str
) -> None:
    labels(row(**changes))
    _, problems, _ = read(settings)
    assert len(problems) == 1
    assert said in problems[0]


def test_a_table_without_a_column(settings: CorpusSettings, labels: Callable[..., Path], read: Read) -> None:
    labels({name: value for name, value in row().items() if name != "kind"})
    with pytest.raises(DataError, match="kind"):
        read(settings)


def test_no_labels_of_that_name(settings: CorpusSettings) -> None:
    settings.label_file, settings.name = None, "theirs"
    with pytest.raises(ConfigError, match=r"data\.label_file: not set for 'theirs'.*\.csv file with the columns id, "):
        input_files(settings)


def test_a_prepared_dataset_is_current_until_the_labels_change(
    settings: CorpusSettings, labels: Callable[..., Path], tmp_path: Path
) -> None:
    from stancelab.data.build import build
    from stancelab.data.prepared import is_current

    splits = ("train", "validation", "test")
    table = labels(*(row(id=name, split=name, stance="against") for name in splits), row(id="more"))
    split, audit = SplitSettings(), AuditSettings(leakage="keep")
    folder = build([settings], split, audit, tmp_path / "out")
    assert is_current(folder, [settings], split, audit)
    table.write_text(table.read_text(encoding="utf-8").replace("explicit", "negated"), encoding="utf-8")
    assert not is_current(folder, [settings], split, audit)

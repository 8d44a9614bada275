"""SemEval-2016 is read line by line, texts and labels side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from stancelab.data.settings import CorpusSettings
from stancelab.errors import DataError
from stancelab.schema import Example

if TYPE_CHECKING:
    from pathlib import Path

SettingsOf = Callable[..., CorpusSettings]
Read = Callable[[CorpusSettings], tuple[list[Example], list[str], Counter[str]]]


def semeval(folder: Path, labels: str = "0\n1\n2\n") -> Path:
    for target in ("abortion", "atheism", "climate", "feminist", "hillary"):
        (folder / target).mkdir()
        for split in ("train", "val", "test"):
            text = f"{split} one \n{target}\u2028two #{split}\nthree {target} {split}\n"
            (folder / target / f"{split}_text.txt").write_text(text, encoding="utf-8")
            (folder / target / f"{split}_labels.txt").write_text(labels, encoding="utf-8")
    return folder


def test_semeval_reads_lines_labels_and_full_target_names(tmp_path: Path, read: Read, settings_of: SettingsOf) -> None:
    examples, problems, _ = read(settings_of("semeval2016", path=str(semeval(tmp_path))))
    assert problems == []
    assert Counter(e.split for e in examples) == {"train": 15, "validation": 15, "test": 15}
    assert [(e.id, e.text, e.stance, e.target) for e in examples[:3]] == [
        ("abortion-train-1", "train one", "neutral", "legalization of abortion"),
        ("abortion-train-2", "abortion\u2028two #train", "against", "legalization of abortion"),
        ("abortion-train-3", "three abortion train", "favor", "legalization of abortion"),
    ]
    assert {e.target for e in examples} == {
        "legalization of abortion",
        "atheism",
        "climate change is a real concern",
        "feminist movement",
        "Hillary Clinton",
    }
    assert {(e.document, e.source, e.target_span) for e in examples} == {("", "", None)}


def test_semeval_files_of_different_lengths(tmp_path: Path, read: Read, settings_of: SettingsOf) -> None:
    with pytest.raises(DataError, match=r"train_text\.txt: has 3 lines, but train_labels\.txt has 2; one is cut off"):
        read(settings_of("semeval2016", path=str(semeval(tmp_path, "0\n1\n"))))

"""MPQA is read with sources and targets; opinions that are no stances are counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

from stancelab.data.settings import CorpusSettings
from stancelab.schema import Example, Span

if TYPE_CHECKING:
    from pathlib import Path

SettingsOf = Callable[..., CorpusSettings]
Read = Callable[[CorpusSettings], tuple[list[Example], list[str], Counter[str]]]


def test_mpqa_reads_sources_targets_and_what_is_no_stance(
    mpqa_folder: Path, read: Read, settings_of: SettingsOf
) -> None:
    examples, problems, skipped = read(settings_of("mpqa", path=str(mpqa_folder)))
    assert problems == []
    assert skipped == {"no target": 1, "polarity is none, both or uncertain": 2}
    first = examples[0]
    assert (first.source, first.source_span) == ("Officials", Span(0, 9))
    assert (first.target, first.target_span, first.stance) == ("the summit", Span(30, 40), "favor")
    assert (first.id, first.document, first.split) == ("20020510/train-0-0-0", "20020510/train-0", "train")
    assert [(e.source, e.target, e.stance) for e in examples[1:5]] == [
        ("Officials", "the summit", "favor"),
        ("", "well", "favor"),
        ("", "well", "against"),
        ("", "Officials water", "neutral"),
    ]
    assert examples[4].target_span is None
    assert Counter(e.split for e in examples) == {"train": 10, "validation": 3, "test": 3}


def test_mpqa_files_that_are_no_arrays(mpqa_folder: Path, read: Read, settings_of: SettingsOf) -> None:
    settings = settings_of("mpqa", path=str(mpqa_folder))
    (mpqa_folder / "dev.json").write_text('[7, {"sent_id": "a", "text": "b", "opinions": [{}]}]', encoding="utf-8")
    _, problems, _ = read(settings)
    assert [problem.split("dev.json: ")[1][:21] for problem in problems] == [
        "row 1: found '7': exp",
        "row 2, column 'opinio",
    ]

"""The settings of reading: their defaults are those of its parts, and all problems are told at once."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

from stancelab.article.aggregate import StanceSettings
from stancelab.article.documents import DocumentSettings
from stancelab.article.pairs import PairSettings
from stancelab.article.settings import ReadColumns, ReadSettings


def test_the_defaults_are_those_of_the_parts() -> None:
    settings = ReadSettings()
    assert settings.problems() == []
    assert settings.documents() == DocumentSettings()
    assert settings.pairs() == PairSettings()
    assert settings.stances() == StanceSettings()


@pytest.mark.parametrize(
    ("part", "kind"), [("documents", DocumentSettings), ("pairs", PairSettings), ("stances", StanceSettings)]
)
def test_every_setting_of_a_part_is_one_of_reading(part: str, kind: type) -> None:
    other: dict[str, Any] = {
        "format": "html", "encoding": "cp1252", "delimiter": ";", "sheet": "2", "quoting": "none", "day_first": True,
        "on_bad_files": "skip", "fetch": True, "author": True, "memory": 7, "language": "other", "evidence": 0.7,
        "least": 0.9, "mixed": 0.2, "resamples": 9, "seed": 4,
    }  # fmt: skip
    settings = getattr(ReadSettings(columns=ReadColumns(text="body"), **other), part)()
    for each in fields(kind):
        assert getattr(settings, each.name) == ({"text": "body"} if each.name == "columns" else other[each.name])


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        ({"headlines": "nevr"}, "headlines: found 'nevr', allowed are count, alone, never. Did you mean 'never'?"),
        ({"min_confidence": 90}, "min_confidence: found 90, allowed is 0 to 1; write 0.9 for 90%"),
        ({"threshold": "accuracy_90", "min_confidence": 0.5}, "threshold: stands beside min_confidence; give one"),
        ({"explain_most": 0}, "explain_most: found 0, allowed is 1 or more"),
        ({"explain_most": 9}, "explain_most: found 9, which read.explain=true alone uses"),
        ({"backend": "onx"}, "backend: "),
        ({"device": "gpu"}, "device: found 'gpu'"),
        ({"mixed": 0.7}, "mixed: found 0.7, expected a share from 0 to 0.5"),
        ({"least": float("inf")}, "least: found inf, expected a finite number from 0"),
        ({"least": float("nan")}, "least: found nan"),
        ({"resamples": 10**9}, "resamples: found 1000000000, expected a whole number from 1 to 1000000"),
        ({"language": "French"}, "language: found 'French'"),
        ({"on_bad_files": "drop"}, "on_bad_files: found 'drop', allowed fail, skip"),
        ({"title": "x" * 2000}, "title: has 2,000 characters, allowed are 1,000"),
    ],
)
def test_what_cannot_be_used_is_told(settings: dict[str, Any], line: str) -> None:
    assert [problem for problem in ReadSettings(**settings).problems() if problem.startswith(line)]

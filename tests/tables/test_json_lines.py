"""A line of JSON Lines is an object, or says why it is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from stancelab.errors import RowProblem
from stancelab.tables.json_lines import json_object

PATH = Path("a.jsonl")


def test_values_keep_their_types() -> None:
    assert json_object(PATH, 1, '{"a": 1, "b": [null], "c": "é"}\n') == {"a": 1, "b": [None], "c": "é"}


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('{"a": 1', "a.jsonl: row 7: found '{\"a\": 1': not a complete JSON object ("),
        ("[1]", "a.jsonl: row 7: found '[1]': expected a JSON object such as"),
        ('{"a": "\\ud800"}', "a.jsonl: row 7, column 'a': found \"'\\\\ud800'\": holds half of a character"),
        ('{"a": "b", "c": [{"d": "\\ud83d"}]}', "a.jsonl: row 7, column 'c': found \"'\\\\ud83d'\": holds half of a"),
        ('{"a": {"\\udc00": 1}}', "a.jsonl: row 7, column 'a': found \"'\\\\udc00'\": holds half of a"),
        ('{"\\ud800": 1}', "a.jsonl: row 7, column \"'\\\\ud800'\": found \"'\\\\ud800'\": holds half of a"),
        (
            '{"text": "a", "text": "b"}',
            'a.jsonl: row 7, column \'text\': found \'{"text": "a", "text": "b"}\': the key occ',
        ),
        ('{"a": ' + "1" * 5_000 + "}", 'a.jsonl: row 7: found \'{"a": 1111'),
        ("[" * 100_000, "a.jsonl: row 7: found '[[["),
    ],
)
def test_lines_that_are_none(line: str, problem: str) -> None:
    found = json_object(PATH, 7, line)
    assert isinstance(found, RowProblem)
    assert str(found).startswith(problem)

"""Messages: where, what was found, what is allowed, and how many more there are."""

from __future__ import annotations

import pytest

from stancelab.errors import (
    CheckpointError,
    ConfigError,
    DataError,
    MissingPackageError,
    RowProblem,
    StancelabError,
    count_of,
    did_you_mean,
    list_problems,
    shorten,
    verb,
)


@pytest.mark.parametrize("kind", [CheckpointError, ConfigError, DataError, MissingPackageError])
def test_one_except_catches_all_that_a_user_can_mend(kind: type[Exception]) -> None:
    assert issubclass(kind, StancelabError)
    # No caller that looks for a broken value or file of another library catches ours by chance.
    assert not issubclass(kind, ValueError | OSError | ImportError)


@pytest.mark.parametrize(
    ("problem", "line"),
    [
        (
            RowProblem("news.csv", 118, "label", "pro " + "x" * 100, "not one of against, neutral, favor"),
            f"news.csv: row 118, column 'label': found 'pro {'x' * 55}…': not one of against, neutral, favor",
        ),
        (RowProblem("a.csv", 2, "text", "", "the text is empty"), "a.csv: row 2, column 'text': found '': the text "
         "is empty"),
        (RowProblem("a.csv", 2, "", "", "only one is given"), "a.csv: row 2: only one is given"),
        (RowProblem("a.jsonl", 0, "", "{", "is no object"), "a.jsonl: found '{': is no object"),
    ],
)  # fmt: skip
def test_a_problem_says_where_and_what_was_found(problem: RowProblem, line: str) -> None:
    assert str(problem) == line


def test_a_value_is_shown_as_one_line() -> None:
    assert shorten(" two\n\tlines ") == "two lines"
    assert [shorten("abcdef", 6), shorten("abcdefg", 6), shorten(None)] == ["abcdef", "abcde…", "None"]


def test_twenty_problems_are_listed_and_the_others_counted() -> None:
    listing = list_problems([str(number) for number in range(20)], total=1234).splitlines()
    assert len(listing) == 21
    assert listing[-1] == "  ... and 1,214 more"
    assert list_problems(range(23)).splitlines()[19:] == ["  19", "  ... and 3 more"]
    assert list_problems(["a", "b"]) == "  a\n  b"


def test_the_nearest_name_is_offered_only_when_it_is_near() -> None:
    assert did_you_mean("learnin_rate", ["learning_rate", "epochs"]) == " Did you mean 'learning_rate'?"
    assert did_you_mean("Text", ["text"]) == " Did you mean 'text'?"
    assert did_you_mean("text", ["Text"]) == " Did you mean 'Text'?"
    assert did_you_mean("zzz", ["learning_rate"]) == ""
    assert did_you_mean("stance", ["text", "date"]) == ""


def test_one_is_counted_in_the_singular() -> None:
    assert [count_of(number, "row") for number in (0, 1, 2_000)] == ["0 rows", "1 row", "2,000 rows"]
    assert count_of(2, "entry", "entries") == "2 entries"


def test_the_verb_of_a_number() -> None:
    assert [verb(number, "has", "have") for number in (0, 1, 2)] == ["have", "has", "have"]

from typing import Any

import pytest

from stancelab.errors import ConfigError, DataError
from stancelab.tables.batches import RowBatch
from stancelab.tables.where import Condition, condition_problems

ROW = {
    "annotator": "A", "year": "2021", "share": "0.5", "date": "2021-03-04", "note": "", "text": "The Pact holds.",
    "count": 7, "flag": True, "none": None, "Article ID": "x1", "word": "n/a",
}  # fmt: skip


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("annotator == 'A'", True), ("annotator == 'a'", False), ("lower(annotator) == 'a'", True),
        ("annotator == 'A' and year >= 2020", True), ("annotator == 'B' or year < 2020", False),
        ("not annotator == 'B'", True), ("annotator in ['A', 'B']", True), ("annotator not in ('A',)", False),
        ("year == 2021.0", True), ("year == '2021'", True), ("year in [2020, 2021]", True),
        ("2020 <= year <= 2021", True), ("2020 < year < 2021", False), ("year > 999", True),
        ("share < 1", True), ("share >= -1", True), ("count > 6", True), ("count == '7'", True),
        ("date >= '2021-01-01'", True), ("date < '2021-03'", False), ("date < '2021-12-31'", True),
        ("is_missing(note)", True), ("is_missing(none)", True), ("is_missing(absent_key)", True),
        ("note == ''", True), ("note > 3", False), ("note < 3", False), ("note != 3", True), ("note < 'b'", False),
        ("contains(text, 'Pact')", True), ("contains(lower(text), 'pact')", True), ("contains(text, 'pact')", False),
        ("startswith(text, 'The')", True), ("endswith(text, 'holds.')", True), ("matches(text, '^The .act')", True),
        ("length(text) > 5", True), ("column('Article ID') == 'x1'", True), ("flag == True", True),
        ("flag == 'True'", True), ("flag == false", None), ("word == 3", False), ("word != 3", True),
        ("is_number(word) and word > 3", False), ("number(year) > 3", True), ("year > count", True),
        ("strip(annotator) == 'A'", True), ("upper(text) == 'THE PACT HOLDS.'", True), ("True", True),
    ],
)  # fmt: skip
def test_conditions(condition: str, expected: bool | None) -> None:
    if expected is None:
        assert "false" in Condition(condition).columns  # a name without quotes is a column
        return
    assert Condition(condition).holds_for(ROW) is expected


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ("annotator = 'A'", "equality is written =="),
        ("annotator == 'A' AND year > 3", "write and, or, not and in with small letters"),
        ("annotator <> 'A'", "inequality is written !="),
        ("annotator == 'A' && year > 3", "write 'and' and 'or'"),
        ("__import__('os').system('ls') == 0", "is not allowed, only column"),
        ("text.lower() == 'a'", r"text.lower\(\) is not allowed, only column"),
        ("text.__class__ == 'a'", "is not allowed; a condition compares"),
        ("open('/etc/passwd') == 'a'", r"open\(\) is not allowed"),
        ("[x for x in text] == 'a'", "is not allowed"),
        ("(lambda: 1)() == 1", r"lambda: 1\(\) is not allowed"),
        ("f'{text}' == 'a'", "is not allowed"),
        ("year + 1 == 2022", "'year \\+ 1' is not allowed"),
        ("9**9**9 == 1", "is not allowed"),
        ("text", "text alone is no condition; compare it"),
        ("lower(text)", "is a value and no condition"),
        ("contains(text, 'a') == True", "is a condition; it is not compared"),
        ("contains(text)", r"contains\(\) takes 2 arguments"),
        ("lowr(text) == 'a'", "Did you mean 'lower'"),
        ("note is None", "'is' is not allowed"),
        ("note == None", r"write is_missing\(COLUMN\)"),
        ("'a' in text", "write contains\\(COLUMN, 'PART'\\)"),
        ("text[0] == 'a'", "is not allowed"),
        ("matches(text, '(')", "is no regular expression"),
        ("column(text) == 'a'", r"column\(\) takes the name of a column in quotes"),
        ("year >= ", "cannot read"),
        ("", "is empty"),
        ("(" * 300 + "year == 1" + ")" * 300, "cannot read|nested too deeply"),
        ("not " * 3000 + "year == 1", "characters|nested too deeply"),
    ],
)
def test_conditions_that_are_not_allowed(condition: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        Condition(condition)
    assert len(condition_problems(condition)) == 1


@pytest.mark.parametrize(
    ("condition", "row", "message"),
    [
        ("year >= 2020", {"year": "n/a"}, "f.csv: row 4: year is 'n/a', which is no number.*is_number\\(year\\) and"),
        ("date >= '2020-01-01'", {"date": "31.12.2020"}, "date is '31.12.2020', which is compared with the date"),
        (
            "date >= '2020-01-01'",
            {"date": "12/31/2020"},
            "dates are in order only where they are written as 2020-12-31",
        ),
    ],
)
def test_cells_that_cannot_be_compared(condition: str, row: dict[str, Any], message: str) -> None:
    with pytest.raises(DataError, match=message):
        Condition(condition).keeps("f.csv", 4, row)


def test_an_unknown_column_is_named_with_the_nearest() -> None:
    with pytest.raises(DataError, match=r"no column 'anotator', which data.where reads.*Did you mean 'annotator'"):
        Condition("anotator == 'A'").check("f.csv", ["text", "annotator"], "data.where")
    with pytest.raises(DataError, match="A text is written in quotes: 'A'"):
        Condition("annotator == A").check("f.csv", ["text", "annotator"], "data.where")


def test_rows_are_filtered_and_counted() -> None:
    condition = Condition("year >= 2020")
    batch = RowBatch([(1, {"year": "2019"}), (2, {"year": "2020"}), (3, {"year": ""})], bytes_read=9)
    [kept] = condition.filter("f.csv", [batch])
    assert kept.rows == [(2, {"year": "2020"})]
    assert (condition.seen, condition.left_out, kept.bytes_read) == (3, 2, 9)

"""What stops a prediction before a model is loaded, and what the check of a table finds."""

from __future__ import annotations

import datetime
import json
import re
from typing import TYPE_CHECKING, Any
from unittest.mock import MagicMock

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stancelab.errors import DataError
from stancelab.inference.jobs.plan import TableJob, check_table
from stancelab.inference.settings import PredictColumns, PredictSettings

if TYPE_CHECKING:
    from pathlib import Path


def check(source: Path, output: Path, **changes: Any) -> TableJob:
    columns = PredictColumns(**changes.pop("columns", {}))
    return check_table(source, output, PredictSettings(columns=columns, **changes))


BAD = "text,target,target_start,target_end\nfine,it,,\n,it,,\ntext,,,\nshort,it,2,99\nhalf,it,1,\nword,it,one,two\n"


def test_bad_rows_are_listed_and_nothing_is_written(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text(BAD, encoding="utf-8")
    with pytest.raises(DataError) as error:
        check(source, tmp_path / "out.csv")
    here = f"  {source}"
    assert str(error.value).splitlines() == [
        f"5 rows of {source} cannot be used, nothing was written:",
        f"{here}: row 2, column 'text': found '': the text is empty; every row needs a sentence",
        f"{here}: row 3, column 'target': found '': the target is empty; every row needs what the stance is about",
        f"{here}: row 4, column 'target_start, target_end': found '2:99': is outside the text; "
        "the text has characters 0:5",
        f"{here}: row 5: target_start and target_end: only one is given",
        f"{here}: row 6, column 'target_start': found 'one': expected a whole number of characters, 0 or more",
        "Correct them, or leave them out with predict.on_bad_rows=drop",
    ]
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


def test_columns_of_the_training_are_suggested(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (source := tmp_path / "in.csv").write_text("Satz,Ziel,Wer\na,b,c\n")
    trained = {"text": ["Satz"], "target": ["Ziel"], "source": ["Redner", "Wer"], "aliases": ["Namen"]}
    with pytest.raises(DataError) as error:
        check_table(source, tmp_path / "out.csv", PredictSettings(), trained)
    assert "Did you mean 'Satz'? Name it with predict.columns.text=Satz" in str(error.value)
    assert "Did you mean 'Ziel'? Name it with predict.columns.target=Ziel" in str(error.value)
    columns = PredictColumns(text="Satz", target="Ziel")
    check_table(source, tmp_path / "out.csv", PredictSettings(columns=columns), trained)
    assert [record.message for record in caplog.records if record.levelname == "WARNING"] == [
        f"{source}: the training of the checkpoint read source from a column 'Wer'; predict.columns.source=Wer reads it"
        " here too, 'predict.ignore=[Wer]' passes over it"
    ]
    caplog.clear()
    for settings in (PredictSettings(columns=columns, ignore=["Wer"]), PredictSettings(columns=columns, source="x")):
        check_table(source, tmp_path / "out.csv", settings, trained)
    assert not [record for record in caplog.records if record.levelname == "WARNING"]


def test_equal_problems_are_told_once_with_their_number(tmp_path: Path) -> None:
    rows = ["a,b,", *[",b,"] * 374, "a,,", "a,b,7", "a,b,7"]
    (source := tmp_path / "in.csv").write_text(
        "\n".join(["text,target,target_start,target_end", *(f"{row}," for row in rows)])
    )
    with pytest.raises(DataError) as error:
        check(source, tmp_path / "out.csv")
    here = f"  {source}"
    assert str(error.value).splitlines()[:-1] == [
        f"377 rows of {source} cannot be used, nothing was written:",
        f"{here}, column 'text': '' in 374 rows, such as row 2, 3, 4: the text is empty; every row needs a sentence",
        f"{here}: 2 rows: 377, 378: target_start and target_end: only one is given",
        f"{here}: row 376, column 'target': found '': the target is empty; every row needs what the stance is about",
    ]


@pytest.mark.parametrize(
    ("name", "content", "changes", "message"),
    [
        ("in.csv", "Text,target\na,b\n", {}, "columns are missing; the file has 'Text', 'target'\n"
         "  no column 'text' for the text. Did you mean 'Text'? Name it with predict.columns.text=Text"),
        ("in.csv", "text,target\na,b\n", {"columns": {"source": "who"}}, "no column 'who'"),
        ("in.csv", "text,target,score\na,b,1\n", {}, "has the column 'score', as the predictions have; rename it, or "
         "give the predictions' columns a prefix: predict.prefix=stancelab_"),
        ("in.csv", "text,target\n", {}, "in.csv: has no rows, so there is nothing to predict"),
        ("in.csv", "text,target\na,b\n", {"target": "c"}, "has a column 'target', and predict.target gives it too; "
         "leave the setting out to read the column, or let it stand in for the column in every row: "
         "predict.override=true"),
        ("in.csv", "", {}, "is empty"),
        ("in.jsonl", '{"text": "a", "target": "b"}\n{"text": "a", "tar', {}, "row 2: found"),
        ("in.jsonl", "{broken", {}, "1 row of"),
        ("in.jsonl", "{broken", {"on_bad_rows": "drop"}, "no row is left to predict"),
        ("in.xlsx", "x", {}, "cannot be read as a spreadsheet"),
    ],
)  # fmt: skip
def test_inputs_that_cannot_be_used(tmp_path: Path, name: str, content: str, changes: dict, message: str) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(DataError) as error:
        check(tmp_path / name, tmp_path / "out.csv", **changes)
    assert message in str(error.value)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_an_output_that_exists_is_kept_unless_asked(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("text,target\na,b\n", encoding="utf-8")
    (tmp_path / "out.csv").write_text("mine", encoding="utf-8")
    with pytest.raises(
        DataError, match=r"exists already; name another file, or replace it with predict\.overwrite=true"
    ):
        check(tmp_path / "in.csv", tmp_path / "out.csv")
    with pytest.raises(DataError, match="exists already, and no unfinished prediction of it is there to go on with"):
        check(tmp_path / "in.csv", tmp_path / "out.csv", resume=True)
    assert (tmp_path / "out.csv").read_text() == "mine"
    check(tmp_path / "in.csv", tmp_path / "out.csv", overwrite=True)
    assert (tmp_path / "out.csv").read_text() == "mine"
    with pytest.raises(DataError, match="is the input"):
        check(tmp_path / "in.csv", tmp_path / "in.csv", overwrite=True)


def test_the_list_of_rejected_rows_overwrites_nothing(tmp_path: Path) -> None:
    source = tmp_path / "out.rejected.csv"
    source.write_text(BAD, encoding="utf-8")
    with pytest.raises(DataError, match=r"out\.rejected\.csv: exists already"):
        check(source, tmp_path / "out.csv", on_bad_rows="drop", overwrite=True)
    assert source.read_text(encoding="utf-8") == BAD
    assert [path.name for path in tmp_path.iterdir()] == ["out.rejected.csv"]


def test_the_columns_and_types_of_json_lines_are_those_of_all_rows(tmp_path: Path) -> None:
    rows = [{"text": "a", "target": "b", "n": 1}, {"text": "", "target": "b", "n": 1.5, "source": "Norway"}]
    (tmp_path / "in.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    job = check(tmp_path / "in.jsonl", tmp_path / "out.csv", on_bad_rows="drop")
    assert job.table.columns == ["text", "target", "n", "source"]
    assert job.columns == {"text": "text", "target": "target", "source": "source"}
    assert job.survey.types["n"] == {int, float}
    assert (job.survey.rows, job.survey.rejected) == (1, 1)
    assert job.rejected_to == tmp_path / "out.rejected.csv"


def test_a_condition_leaves_rows_out(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    rows = [{"text": "Iran left.", "target": "it"}, {"text": "Mali left.", "target": "it", "year": 2021}, {"text": ""}]
    source = tmp_path / "in.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    with caplog.at_level("INFO"):
        job = check(source, tmp_path / "out.csv", where="year >= 2020")
    assert (job.survey.rows, job.survey.rejected) == (1, 0)
    assert [row["text"] for batch in job.table.rows() for _, row in batch.rows] == ["Mali left."]
    assert caplog.text.count("predict.where='year >= 2020' left out 2 of 3 rows") == 1
    with pytest.raises(DataError, match=r"no column 'yaer', which predict.where reads"):
        check(source, tmp_path / "out.csv", where="yaer >= 2020")


def test_a_sheet_of_a_workbook(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for name in ("First", "Second"):
        sheet = book.create_sheet(name)
        sheet.append(["text", "target", "day", "n"])
        sheet.append([f"{name} left.", "it", datetime.date(2020, 1, 2), 7])
    book.save(tmp_path / "in.xlsx")
    with pytest.raises(DataError, match=r"2 sheets have cells \('First', 'Second'\); name one, as in predict.sheet="):
        check(tmp_path / "in.xlsx", tmp_path / "out.csv")
    job = check(tmp_path / "in.xlsx", tmp_path / "out.csv", sheet="Second")
    [batch] = job.table.rows()
    assert batch.rows == [(1, {"text": "Second left.", "target": "it", "day": "2020-01-02", "n": 7})]
    assert job.survey.types["n"] == {int}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("in.csv", "text,target,Source\na,b,c\n"),
        ("in.jsonl", '{"text": "a", "target": "b"}\n' * 2_001 + '{"text": "a", "target": "b", "Source": "c"}\n'),
    ],
)
def test_a_column_that_is_a_field_in_other_letters_is_refused(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=r"'Source' for the source: predict\.columns\.source=Source reads it"):
        check(tmp_path / name, tmp_path / "out.csv")
    check(tmp_path / name, tmp_path / "out.csv", ignore=["Source"])


def test_a_speaker_that_is_not_read_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "in.csv").write_text("text,target,Speaker,date\na,b,c,d\n", encoding="utf-8")
    with caplog.at_level("INFO"):
        check(tmp_path / "in.csv", tmp_path / "out.csv")
    assert "every row counts as the author's stance; predict.columns.source=Speaker reads 'Speaker'" in caplog.text
    assert "not read, but copied: 'Speaker', 'date'" in caplog.text


def test_a_row_whose_end_nobody_knows_is_not_dropped(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text('text,target\na,b\n"c,d\ne, f,g\n', encoding="utf-8")
    with pytest.raises(
        DataError, match=r"1 row of .*\n.*it opens in line 3, and the 1 line after it(.|\n)*not left out"
    ):
        check(tmp_path / "in.csv", tmp_path / "out.csv", on_bad_rows="drop")


def test_what_the_output_cannot_hold_is_found_first(tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text(
        '{"text": "a", "target": "b", "n": Infinity, "m": "\\u0000"}\n', encoding="utf-8"
    )
    with pytest.raises(DataError, match="row 1, column 'n': found 'inf': is infinite"):
        check(tmp_path / "in.jsonl", tmp_path / "out.jsonl")
    with pytest.raises(DataError, match=r"row 1, column 'm': .* holds a NUL character"):
        check(tmp_path / "in.jsonl", tmp_path / "out.csv")
    check(tmp_path / "in.jsonl", tmp_path / "out.parquet")


@pytest.mark.parametrize("suffix", [".csv", ".jsonl"])
def test_spans_that_are_counted_otherwise_are_refused_before_any_work(tmp_path: Path, suffix: str) -> None:
    text = "😡🔥 Kenya hailed the maritime pact today."
    rows = [{"text": text, "target": "the maritime pact", "target_start": 18, "target_end": 35}]
    path = tmp_path / f"mine{suffix}"
    if suffix == ".csv":
        path.write_text(f"text,target,target_start,target_end\n{text},the maritime pact,18,35\n", encoding="utf-8")
    else:
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    with pytest.raises(DataError, match=r"set predict\.offsets=utf16"):
        check_table(path, tmp_path / "out.csv", PredictSettings())
    assert check_table(path, tmp_path / "out.csv", PredictSettings(offsets="utf16")).survey.rows == 1


def test_a_constant_beside_its_column_in_other_letters_is_refused_unless_told(tmp_path: Path) -> None:
    source, output = tmp_path / "in.csv", tmp_path / "out.csv"
    source.write_text("text,Target,aliases\na,b,c\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"has a column 'Target', and predict\.target gives it too"):
        check(source, output, target="d")
    assert check(source, output, target="d", ignore=["Target"]).columns == {"text": "text", "aliases": "aliases"}
    # The aliases are those of the target that the table names.
    assert check(source, output, target="d", override=True).columns == {"text": "text"}


def test_a_constant_source_is_a_source(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "in.csv").write_text("text,target,speaker\na,b,c\n", encoding="utf-8")
    check_table(tmp_path / "in.csv", tmp_path / "out.csv", PredictSettings(source="Norway"))
    assert "every row counts as the author's stance" not in caplog.text


@pytest.mark.parametrize("digits", [21, 5_000])
def test_an_offset_of_more_digits_than_any_text_has(tmp_path: Path, digits: int) -> None:
    (source := tmp_path / "in.csv").write_text(f"text,target,target_start,target_end\na b,b,{'9' * digits},3\n")
    with pytest.raises(DataError, match=r"row 1, column 'target_start': found '99.*: expected a whole number of char"):
        check(source, tmp_path / "out.csv")


def test_blanks_around_an_offset_do_not_count(tmp_path: Path) -> None:
    (source := tmp_path / "in.csv").write_text("text,target,target_start,target_end\na b,b, 2 ,3.0 \n")
    assert check(source, tmp_path / "out.csv").survey.rows == 1


def test_no_row_meets_the_condition(tmp_path: Path) -> None:
    (source := tmp_path / "in.csv").write_text("text,target\na,b\n")
    told = r"""in.csv: predict.where="text == 'x'" leaves out the only row: 'text' has 'a', so there is nothing to"""
    with pytest.raises(DataError, match=told):
        check(source, tmp_path / "out.csv", where="text == 'x'")
    source.write_text("text,target,year\n" + "".join(f"a,b,{2000 + year % 12}\n" for year in range(1200)))
    years = ", ".join(repr(str(year)) for year in range(2000, 2010))
    told = f"predict.where='year > 2020' leaves out all 1,200 rows: 'year' has {years}, ..., so there is nothing"
    with pytest.raises(DataError, match=re.escape(told)):
        check(source, tmp_path / "out.csv", where="year > 2020")
    (source := tmp_path / "in.jsonl").write_text('{"text": "a", "target": "b", "who": null}\n')
    with pytest.raises(DataError, match=r"leaves out the only row: 'who' has '', so there"):
        check(source, tmp_path / "out.csv", where="who == 'x'")


def test_a_folder_that_cannot_hold_the_output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (source := tmp_path / "in.csv").write_text("text,target\na,b\n")
    with pytest.raises(DataError, match=r"in.csv/deep/out.csv: .*in.csv is no folder; name another output"):
        check(source, source / "deep" / "out.csv")
    # Whoever runs the tests may write everywhere.
    monkeypatch.setattr("tempfile.TemporaryFile", MagicMock(side_effect=PermissionError))
    with pytest.raises(DataError, match=r"new/out.csv: the folder .* cannot be written to; name another output"):
        check(source, tmp_path / "new" / "out.csv")
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


def test_a_folder_where_rows_would_be_listed(tmp_path: Path) -> None:
    (source := tmp_path / "in.csv").write_text("text,target\na,b\n,b\n")
    (tmp_path / "out.rejected.csv").mkdir()
    with pytest.raises(DataError, match=r"out.rejected.csv: is a folder, and the rows left out would be listed there"):
        check(source, tmp_path / "out.csv", on_bad_rows="drop", overwrite=True)


@pytest.mark.parametrize("column", ["text", "copied"])
def test_a_row_of_parquet_with_bytes_that_are_no_text_can_be_left_out(tmp_path: Path, column: str) -> None:
    cells = {"text": pa.array(["a", "b"]), "target": pa.array(["c", "d"]), "copied": pa.array(["e", "f"])}
    cells[column] = pa.array([b"a", b"caf\xe9"]).view(pa.string())
    pq.write_table(pa.table(cells), tmp_path / "in.parquet")
    with pytest.raises(DataError, match=rf"1 row of .*\n.*row 2, column '{column}': .* 0xE9, which is not UTF-8"):
        check(tmp_path / "in.parquet", tmp_path / "out.parquet")
    survey = check(tmp_path / "in.parquet", tmp_path / "out.parquet", on_bad_rows="drop").survey
    assert (survey.rows, survey.rejected) == (1, 1)


@pytest.mark.parametrize("column", ["text", "target", "source"])
def test_control_characters_are_refused_by_row_and_column_or_left_out(tmp_path: Path, column: str) -> None:
    rows = [{"text": "a\tb", "target": "b", "source": "c"} for _ in range(3)]
    rows[1][column] = "a\x1fb"
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    with pytest.raises(DataError, match=rf"row 2, column '{column}': found 'a␟b': holds .* U\+001F at 1; allowed are"):
        check(tmp_path / "in.jsonl", tmp_path / "out.csv")
    survey = check(tmp_path / "in.jsonl", tmp_path / "out.csv", on_bad_rows="drop").survey
    assert (survey.rows, survey.rejected) == (2, 1)


def test_a_constant_with_a_control_character_is_refused() -> None:
    assert PredictSettings(target="a\x1bb").problems() == [
        "target: found 'a\\x1bb', which holds the control character U+001B at 1; allowed are tabs, line breaks "
        "and page breaks; take it out"
    ]


def test_a_row_with_a_nul_byte_can_be_left_out(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_bytes(b"text,target\na,b\nc\0d,e\n")
    with pytest.raises(DataError, match=r"1 row of .*\n.*row 2: .*line 3, byte 17: a NUL byte"):
        check(tmp_path / "in.csv", tmp_path / "out.csv")
    survey = check(tmp_path / "in.csv", tmp_path / "out.csv", on_bad_rows="drop").survey
    assert (survey.rows, survey.rejected) == (1, 1)

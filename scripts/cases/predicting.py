"""Tables whose rows `predict` answered wrongly without a word, or ended with a traceback."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pandas as pd

from cases.bench import Bench, Case, Finding, lines_of
from stancelab.schema import PROBABILITY_COLUMNS

if TYPE_CHECKING:
    from cases.bench import Outcome


def _predicted(outcome: Outcome) -> pd.DataFrame:
    return lines_of(outcome.folder / "o.csv")


def source_column(bench: Bench) -> Finding:
    """A source column under another name is told, and read when it is named."""
    name = "09-predict-source-ignored/speaker.csv"
    told = bench.predict(name).accepted("Speaker", "predict.columns.source=Speaker")
    named = _predicted(bench.predict(name, "output=o.csv predict.columns.source=Speaker"))
    apart = len(named[PROBABILITY_COLUMNS[0]].unique()) == len(named)
    return Finding(f"{told.found}; rows differ when it is named: {apart}", told.right and apart)


def cut_text(bench: Bench) -> Finding:
    """Texts that are longer than the input are counted."""
    name = "10-predict-target-cut/long.csv"
    table = lines_of(bench.inputs / name)
    # A chapter is a sentence of more than ten tokens: thirty of them are more than any input here.
    cut = sum(text.count("In chapter") > 12 for text in table["text"])
    return bench.predict(name).accepted(f"{cut} of {len(table)} rows", "a text that is cut")


def absent_target(bench: Bench) -> Finding:
    """A model that reads the text alone tells two targets apart that are not in it, or says that it cannot."""
    outcome = bench.predict("11-target-not-in-text/other.csv", sequence=True)
    if outcome.code:
        return outcome.refused("target")
    table = _predicted(outcome)
    apart = len(table[list(PROBABILITY_COLUMNS)].drop_duplicates()) == len(table)
    return Finding(f"answers differ by target: {apart}", apart or outcome.says("target", "cannot tell"))


def half_characters(bench: Bench) -> Finding:
    """Half characters are refused with their row and column before anything is predicted."""
    findings = [
        bench.predict(f"15-predict-lone-surrogate/{name}.jsonl").refused("row", column, "lone surrogate")
        for name, column in (("in_text", "column 'text'"), ("in_other_column", "column 'user'"))
    ]
    wrong = [each.found for each in findings if not each.right]
    return Finding("; ".join(wrong) or "both refused with row and column", not wrong)


def bare_carriage_return(bench: Bench) -> Finding:
    """A carriage return within a cell is quoted, so that the output has the rows of the input."""
    name = "16-predict-bare-cr/cr.csv"
    written = _predicted(bench.predict(name))
    given = lines_of(bench.inputs / name)
    same = list(written["id"]) == list(given["id"])
    return Finding(f"{len(written)} of {len(given)} rows read back, ids the same: {same}", same)


def words_for_nothing(bench: Bench) -> Finding:
    """Cells such as "nan" are told with what makes them empty, and then count as empty."""
    name = "33-nan-strings/nan.csv"
    told = bench.predict(name).accepted("a word for nothing", "predict.missing_words")
    words = """output=o.csv predict.on_bad_rows=drop 'predict.missing_words=["nan","None"]'"""
    table = _predicted(bench.predict(name, words))
    # All rows that are left are one sentence of the author on one target.
    same = len(table[list(PROBABILITY_COLUMNS)].drop_duplicates()) == 1
    return Finding(f"{told.found}; as empty cells when named: {same}", told.right and same)


def large_numbers(bench: Bench) -> Finding:
    """A whole number of more than 64 bits is written to Parquet."""
    number = 2**74 + 1
    row = {"text": "Kenya hailed the maritime pact.", "target": "the maritime pact", "tweet": number}
    path = bench.folder() / "bigint.jsonl"
    path.write_text(json.dumps(row) + "\n", encoding="utf-8")
    outcome = bench.predict(path, "output=o.parquet")
    if outcome.code:
        return outcome.refused("tweet")
    [written] = pd.read_parquet(outcome.folder / "o.parquet")["tweet"]
    return Finding("the number is kept" if str(written) == str(number) else f"{written}", str(written) == str(number))


CASES = (
    Case("09", "source column not found", source_column),
    Case("10", "long text cut at prediction", cut_text),
    Case("11", "target not in the text", absent_target),
    Case("15", "half characters in JSON Lines", half_characters),
    Case("16", "bare carriage return in output", bare_carriage_return),
    Case("33", "cells such as nan", words_for_nothing),
    Case("45", "integers beyond 64 bits", large_numbers),
)

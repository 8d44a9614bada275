"""Tables whose rows, labels or spans were lost or changed when they were read."""

from __future__ import annotations

import json
import unicodedata
from functools import partial
from typing import TYPE_CHECKING

import regex

from cases.bench import Bench, Case, Finding, lines_of, rows_of
from stancelab.schema import find_mention

if TYPE_CHECKING:
    from collections.abc import Callable


def late_keys(bench: Bench) -> Finding:
    """Sources and spans whose keys come late in a JSON Lines file are kept."""
    name = "01-jsonl-late-key/late.jsonl"
    given = [json.loads(line) for line in (bench.inputs / name).read_text(encoding="utf-8").splitlines()]
    wanted = sum(bool(row.get("source")) for row in given)
    kept = sum(bool(row.source) for row in rows_of(bench.prepare(name).dataset()))
    return Finding(f"{kept} of {wanted} sources kept", kept == wanted)


def prodigy_rejects(bench: Bench) -> Finding:
    """Answers that were rejected or ignored are no labels."""
    name = "03-prodigy-reject/prodigy.jsonl"
    given = [json.loads(line) for line in (bench.inputs / name).read_text(encoding="utf-8").splitlines()]
    wanted = sum(row["answer"] == "accept" for row in given)
    kept = len(rows_of(bench.prepare(name, "data.columns.stance=label").dataset()))
    return Finding(f"{kept} of {len(given)} rows used, {wanted} accepted", kept == wanted)


def raw_quotes(bench: Bench) -> Finding:
    """Every line of a TSV file without quoting is a row, with its own label and its quotes."""
    name = "04-tsv-raw-quotes/minimal.tsv"
    given = lines_of(bench.inputs / name, sep="\t", quoting=3)
    rows = {row.id: row for row in rows_of(bench.prepare(name, "split.seed=3").dataset())}
    same = sum(
        key in rows and (rows[key].text, rows[key].stance) == (text, stance)
        for key, text, stance in zip(given["id"], given["text"], given["stance"], strict=True)
    )
    return Finding(f"{same} of {len(given)} rows as in the file", same == len(given) == len(rows))


def quoted_texts(bench: Bench) -> Finding:
    """Spans of texts that are quotations as a whole hold the target."""
    rows = rows_of(bench.prepare("04-tsv-raw-quotes/e_quotation.tsv").dataset())
    marked = [row for row in rows if row.target_span is not None]
    right = sum(
        row.text[row.target_span.start : row.target_span.end] == row.target for row in marked if row.target_span
    )
    return Finding(f"{right} of {len(marked)} spans hold the target", bool(marked) and right == len(marked))


def unclosed_quote(bench: Bench) -> Finding:
    """A row whose quote is never closed is not dropped with the lines behind it."""
    path = bench.inputs / "05-drop-unclosed-quote/minimal.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    [line] = [number for number, each in enumerate(lines, 1) if each.count('"') % 2]
    outcome = bench.prepare(path, "data.on_bad_rows=drop split.seed=3")
    return outcome.refused(f"line {line}", f"{len(lines) - line} lines after it")


def shifted_corrections(bench: Bench) -> Finding:
    """Corrections are of the row with their text, also after another row was deleted."""
    folder = bench.inputs / "06-corrections-shifted"
    [doubt] = lines_of(folder / "mini_doubts.csv").itertuples()
    given = lines_of(folder / "mini_edited.csv")
    wanted = dict(zip(given.text, given.stance, strict=True)) | {str(doubt.text): str(doubt.correction)}
    corrections = bench.quoted("06-corrections-shifted/mini_doubts.csv")
    outcome = bench.prepare(folder / "mini_edited.csv", f"split.seed=3 data.corrections={corrections}")
    if outcome.code:
        return outcome.refused("mini_doubts.csv")
    wrong = sum(wanted[row.text] != row.stance for row in rows_of(outcome.dataset()))
    return Finding(f"{wrong} rows with another label than theirs", wrong == 0)


def other_offsets(bench: Bench) -> Finding:
    """Spans that are counted in UTF-16 units are refused by name, and read rightly when the unit is given."""
    name = "12-offsets-utf16/utf16.csv"
    refused = bench.prepare(name).refused("utf16.csv", "data.offsets=utf16")
    rows = rows_of(bench.prepare(name, "data.offsets=utf16").dataset())
    marked = [(row, row.target_span) for row in rows if row.target_span is not None]
    right = sum(row.text[span.start : span.end] == row.target for row, span in marked)
    found = f"refused: {refused.right}; with data.offsets=utf16 {right} of {len(marked)} spans hold the target"
    return Finding(found, refused.right and bool(marked) and right == len(marked))


def _leaks(bench: Bench, name: str, key: Callable[[str], str]) -> Finding:
    dataset = bench.prepare(name).dataset()
    train = {key(row.text) for row in dataset.train}
    tests = [row for test in dataset.tests.values() for row in test]
    leaked = sum(key(row.text) in train for row in tests)
    return Finding(f"{leaked} of {len(tests)} test texts are in train", leaked == 0 and bool(tests))


def other_normal_form(bench: Bench) -> Finding:
    """A text in another normal form of Unicode is the same text."""
    return _leaks(bench, "14-nfd-leak/vi.csv", partial(unicodedata.normalize, "NFC"))


def other_link(bench: Bench) -> Finding:
    """A tweet with another link is the same tweet."""
    return _leaks(
        bench, "35-tweet-links/tweets.csv", lambda text: str(regex.sub(r"https://t\.co/\S+", "", text)).strip()
    )


def two_mentions(bench: Bench) -> Finding:
    """Rows of two marked mentions of one target do not contradict each other."""
    name = "38-repeated-mentions/mentions.csv"
    given = len(lines_of(bench.inputs / name))
    dataset = bench.prepare(name, "data.repeats=drop").dataset()
    rows = rows_of(dataset)
    leaked = {row.text for row in dataset.train} & {row.text for test in dataset.tests.values() for row in test}
    return Finding(
        f"{len(rows)} of {given} rows kept, {len(leaked)} texts in train and test", len(rows) == given and not leaked
    )


def other_data_beside(bench: Bench) -> Finding:
    """A dataset keeps its rows when another of the same name, or with other shares, is prepared."""
    folder, name = bench.folder(), "24-dataset-replaced/2023/data.csv"
    first = bench.prepare(name, folder=folder).dataset()
    others = [
        bench.prepare("24-dataset-replaced/2024/data.csv", folder=folder).dataset(),
        bench.prepare(name, "split.test=0.5", folder=folder).dataset(),
    ]
    own = set(lines_of(bench.inputs / name).text)
    tests = [row.text for test in first.tests.values() for row in test]
    foreign = sum(text not in own for text in tests)
    leaked = len(set(tests) & {row.text for row in first.train})
    apart = len({each.folder for each in (first, *others)}) == len(others) + 1
    found = f"{foreign} of {len(tests)} test rows of other data, {leaked} in train; folders apart: {apart}"
    return Finding(found, apart and not foreign and not leaked)


def underscore_label(bench: Bench) -> Finding:
    """A label is no number with underscores."""
    labels = """'data.labels.favor=["10"]' 'data.labels.against=["12"]' 'data.labels.neutral=["11"]'"""
    return bench.prepare("27-labels/underscore.csv", labels).refused("underscore.csv", "'1_0'")


def empty_columns(bench: Bench) -> Finding:
    """Columns without a name and without content are left out."""
    name = "28-file-formats/trailing.csv"
    outcome = bench.prepare(name)
    given = len(lines_of(bench.inputs / name))
    kept = len(rows_of(outcome.dataset())) if outcome.code == 0 else 0
    return Finding(f"{kept} of {given} rows kept", kept == given)


def list_cells(bench: Bench) -> Finding:
    """An export whose labels are lists of one is read."""
    name = "28-file-formats/doccano.jsonl"
    given = {
        row["text"]: row["label"][0]
        for row in map(json.loads, (bench.inputs / name).read_text(encoding="utf-8").splitlines())
        if row["label"]
    }
    outcome = bench.prepare(name)
    rows = rows_of(outcome.dataset()) if outcome.code == 0 else []
    right = sum(given[row.text] == row.stance for row in rows)
    return Finding(f"{right} of {len(given)} labels read", right == len(given))


def carriage_returns(bench: Bench) -> Finding:
    """Old Mac line ends are named with what mends them."""
    return bench.prepare("28-file-formats/mac_cr.csv").refused("mac_cr.csv", "dos2unix -c mac")


def other_delimiter(bench: Bench) -> Finding:
    """A file with semicolons is read as one."""
    name = "28-file-formats/semicolon.csv"
    wanted = len((bench.inputs / name).read_text(encoding="utf-8").splitlines()) - 1
    outcome = bench.prepare(name)
    kept = len(rows_of(outcome.dataset())) if outcome.code == 0 else 0
    return Finding(f"{kept} of {wanted} rows read", kept == wanted)


def zero_rows(bench: Bench) -> Finding:
    """A Parquet file without rows is named."""
    path = bench.folder() / "zero_rows.parquet"
    lines_of(bench.inputs / "42-resume-patience/base.csv").head(0).to_parquet(path)
    return bench.prepare(path).refused("zero_rows.parquet", "no rows")


def damaged_texts(bench: Bench) -> Finding:
    """Mojibake and HTML entities are counted, with what mends them."""
    name = "34-mojibake-entities/moji.csv"
    count = sum("&amp;" in text for text in lines_of(bench.inputs / name).text)
    return bench.prepare(name).accepted(
        f"{count} rows with HTML entities", f"{count} rows with mojibake", "data.repair=ftfy"
    )


def unread_columns(bench: Bench) -> Finding:
    """A column that differs from a field by its name alone is told, in JSON Lines as in CSV."""
    told = [bench.prepare(f"02-jsonl-unread-columns/speaker.{kind}") for kind in ("csv", "jsonl")]
    right = all(each.says("not read: 'Speaker'") for each in told)
    return Finding("told for both" if right else "not told", right)


def several_files(bench: Bench) -> Finding:
    """Several files in `data.path` are read together, or refused in plain words."""
    paths = ",".join(str(bench.inputs / f"24-dataset-replaced/{year}/data.csv") for year in (2023, 2024))
    outcome = bench.command(f"prepare data=table 'data.path=[{paths}]' split=random {bench.encoder()}")
    if outcome.code:
        plain = "Error merging" not in outcome.told
        return Finding(outcome.reason(), outcome.refused("data.path").right and plain)
    given = sum(len(lines_of(bench.inputs / f"24-dataset-replaced/{year}/data.csv")) for year in (2023, 2024))
    kept = len(rows_of(outcome.dataset()))
    return Finding(f"{kept} of {given} rows read", kept == given)


#: Text, target, and the words of the text that mention it.
MENTIONS = (
    ("卢梅里亚外长今天欢迎停火协议但拒绝制裁", "停火协议", "停火协议"),
    ("カルドラ政府は停戦案を歓迎した", "停戦案", "停戦案"),
    ("รัฐบาลคัลโดราสนับสนุนข้อตกลงหยุดยิง", "ข้อตกลงหยุดยิง", "ข้อตกลงหยุดยิง"),
    ("칼도라 정부는 휴전안을 환영했다", "휴전안", "휴전안"),
    (unicodedata.normalize("NFD", "Café Réunion rejected the pact"), "Café Réunion", "Café Réunion"),
    ("Lumeria rejected the people’s treaty", "the people's treaty", "the people’s treaty"),
    ("Lumeria rejected the river\u200b accord", "the river accord", "the river\u200b accord"),
    ("Lumeria rejected the river ac\u00adcord", "the river accord", "the river ac\u00adcord"),
)
#: Text and target: the first place is within another word, the second is the mention.
WITHIN_WORDS = (
    ("भारतीय दल ने भारत की नीति सराही", "भारत"),
    (unicodedata.normalize("NFD", "Rocé praised Roce"), "Roce"),
)


def mentions(bench: Bench) -> Finding:
    """Targets are found in texts of all scripts and spellings, as whole words."""
    missed = [
        target
        for text, target, words in MENTIONS
        if (span := find_mention(text, target)) is None
        or unicodedata.normalize("NFC", text[span.start : span.end]) != unicodedata.normalize("NFC", words)
    ]
    missed += [
        target
        for text, target in WITHIN_WORDS
        if (span := find_mention(text, target)) is None or span.start != text.rindex(target)
    ]
    total = len(MENTIONS) + len(WITHIN_WORDS)
    return Finding(f"{total - len(missed)} of {total} mentions found {' '.join(missed)}".strip(), not missed)


CASES = (
    Case("01", "JSON keys that come late", late_keys),
    Case("02", "unread columns in JSON Lines", unread_columns),
    Case("03", "rejected answers as labels", prodigy_rejects),
    Case("04", "raw quotes in TSV", raw_quotes),
    Case("04", "quotations as a whole in TSV", quoted_texts),
    Case("05", "unclosed quote swallows rows", unclosed_quote),
    Case("06", "corrections on other rows", shifted_corrections),
    Case("12", "offsets in UTF-16 units", other_offsets),
    Case("13", "mentions and word boundaries", mentions),
    Case("14", "duplicates in another normal form", other_normal_form),
    Case("24", "dataset replaced by another", other_data_beside),
    Case("27", "labels like numbers", underscore_label),
    Case("28", "empty columns", empty_columns),
    Case("28", "cells that are lists", list_cells),
    Case("28", "old Mac line ends", carriage_returns),
    Case("28", "semicolons", other_delimiter),
    Case("29", "Parquet without rows", zero_rows),
    Case("34", "mojibake and entities", damaged_texts),
    Case("35", "same tweet, other link", other_link),
    Case("38", "two mentions of one target", two_mentions),
    Case("39", "several files", several_files),
)

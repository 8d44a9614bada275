"""Settings that cannot be meant are named, all of them, each with what is allowed."""

from __future__ import annotations

from stancelab.data.column_settings import ColumnSettings, LabelSettings
from stancelab.data.corpora import READERS
from stancelab.data.settings import READERS as READER_NAMES
from stancelab.data.settings import CorpusSettings
from stancelab.data.split_settings import AuditSettings, SplitSettings


def test_every_reader_has_a_name() -> None:
    assert tuple(READERS) == READER_NAMES


def test_the_sample_follows_its_own_seed_or_that_of_the_split() -> None:
    assert SplitSettings(seed=3).draw == 3
    assert SplitSettings(seed=3, sample_seed=0).draw == 0
    assert SplitSettings(train_share=0.25).most_rows(10) == 2
    assert SplitSettings(train_rows=30).most_rows(20) == 20
    assert SplitSettings().most_rows(20) == 20


def test_corpora() -> None:
    settings = CorpusSettings(name="a/b", reader="newsmtcs", on_bad_rows="skip", metric="f1", extra=["text", "a", "a"])
    assert settings.problems() == [
        "name: found 'a/b', allowed are letters and digits of any script, and '_'",
        "reader: found 'newsmtcs', allowed table, newsmtsc, semeval2016, mpqa, dse, seesaw, mpqa_stances."
        " Did you mean 'newsmtsc'?",
        "on_bad_rows: found 'skip', allowed fail, drop.",
        "metric: found 'f1', allowed macro_f1, f_avg, accuracy.",
        *(f"extra: found {name!r}, allowed for the reader 'newsmtcs': none" for name in ("text", "a", "a")),
        "extra: found 'text', which is a column of every prepared dataset; rename it in the file",
        "extra: found 'a' more than once",
    ]
    alone = CorpusSettings(name="a", extra=["negated_text"])
    assert alone.problems() == ["extra: negated_text and negated_stance go together; name both or neither"]


def test_what_goes_with_a_reader() -> None:
    assert CorpusSettings(name="a", reader="seesaw", extra=["source_name", "target_name"]).problems() == []
    assert CorpusSettings(name="a", reader="mpqa_stances", extra=["kind"], label_file="a.csv").problems() == []
    wrong = CorpusSettings(name="a", reader="seesaw", extra=["kind"], label_file="a.csv")
    wrong.columns.text = "Sentence"
    assert wrong.problems() == [
        "columns: are for tables; the reader 'seesaw' knows its own columns",
        "extra: found 'kind', allowed for the reader 'seesaw': source_name, target_name",
        "label_file: is for the reader mpqa_stances, whose labels are apart from the text",
    ]


def test_an_empty_path_is_not_the_working_folder() -> None:
    assert CorpusSettings(path="a.csv", targets="", aliases="", hub="").problems() == [
        "hub: is empty; null is for none",
        "targets: is empty; null is for none",
        "aliases: is empty; null is for none",
    ]
    assert CorpusSettings(path="a.csv", targets="t.csv", aliases="a.yaml").problems() == []


def test_a_column_has_one_meaning() -> None:
    assert ColumnSettings(text="a", target="a").problems() == [
        "target: found 'a', which is already the column of 'text'"
    ]
    assert ColumnSettings(target_start="a").problems() == [
        "target_start, target_end: only one is given; a span needs both"
    ]


def test_a_value_means_one_stance() -> None:
    assert LabelSettings(against=["2"], favor=["2.0"]).problems() == [
        "favor: found '2.0', which already means 'against'; a value has one meaning"
    ]
    assert LabelSettings(against=[" "]).problems() == ["against: found an empty value"]
    assert LabelSettings(against=["AGAINST", "contra", "2"], neutral=["4.0"], favor=["6"]).problems() == []


def test_splits() -> None:
    assert SplitSettings(kind="randm", seed=-1, validation=0, test=1.0, train_rows=0).problems() == [
        "kind: found 'randm', allowed given, random, grouped, unseen_targets, kfold, leave_target_out. "
        "Did you mean 'random'?",
        "seed: found -1, allowed >= 0",
        "validation: found 0, allowed > 0 and < 1",
        "test: found 1.0, allowed > 0 and < 1",
        "validation + test: found 1, allowed < 1; train needs rows",
        "train_rows: found 0, allowed >= 1, or null for all",
    ]
    assert SplitSettings(seed=0).problems() == []


def test_audit() -> None:
    assert AuditSettings(near_duplicates=1.2, ngram=0, leakage="remov").problems() == [
        "near_duplicates: found 1.2, allowed >= 0.3 and <= 1",
        "ngram: found 0, allowed >= 1 and <= 20",
        "leakage: found 'remov', allowed remove, keep. Did you mean 'remove'?",
    ]
    assert AuditSettings().problems() == []

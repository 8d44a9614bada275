"""Tables of predictions made elsewhere stand beside our own systems, or say what is wrong with them."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from sklearn.metrics import f1_score

from stancelab.errors import DataError
from stancelab.evaluation.evaluate import EvaluationSettings, evaluate
from stancelab.evaluation.runs.external import read_external
from stancelab.evaluation.runs.joined import Reading
from stancelab.evaluation.runs.read import read_answers
from stancelab.report import write_report
from stancelab.results import UnparsedRows, read_results
from stancelab.row_ids import row_id
from stancelab.schema import STANCE_ID, STANCES

if TYPE_CHECKING:
    from pathlib import Path

    from stancelab.schema import Example

WORDS = {"FAVOR": "favor", "AGAINST": "against", "NONE": "neutral"} | {stance: stance for stance in STANCES}


def reading_of(_: str) -> Reading:
    return Reading(WORDS.get)


def table(folder: Path, examples: list[Example], name: str = "llm.csv", **columns: list[object]) -> Path:
    frame = pd.DataFrame({"id": [each.id for each in examples], **columns})
    path = folder / name
    frame.to_csv(path, index=False)
    return path


def upper(examples: list[Example]) -> list[object]:
    return [{"favor": "FAVOR", "against": "AGAINST", "neutral": "NONE"}[each.stance or ""] for each in examples]


def test_labels_in_any_order_are_matched_by_id(examples: list[Example], tmp_path: Path) -> None:
    path = table(tmp_path, examples[::-1], label=upper(examples[::-1]), comment=["x"] * 60)
    found = read_external("llm", None, path, {"test": examples}, reading_of)
    gold = [STANCE_ID[each.stance or ""] for each in examples]
    assert not found.has_probabilities
    assert (found.predict_proba(examples) == np.eye(3)[gold]).all()


def test_a_runs_own_prediction_table_gives_its_probabilities(fake_system, examples, tmp_path: Path) -> None:
    evaluate([fake_system("net", 4)], {"test": examples}, tmp_path, EvaluationSettings(bootstrap_resamples=100))
    found = read_external("net", 4, tmp_path / "predictions" / "net-seed4.test.parquet", {"test": examples}, reading_of)
    assert found.has_probabilities
    assert found.predict_proba(examples) == pytest.approx(fake_system("net", 4).predict_proba(examples))


def test_printed_probabilities_are_made_to_sum_to_1(examples, tmp_path: Path) -> None:
    p: dict[str, Any] = {"p_against": [0.33] * 60, "p_neutral": [0.33] * 60, "p_favor": [0.33] * 60}
    found = read_external(
        "x", None, table(tmp_path, examples, label=["favor"] * 60, **p), {"test": examples}, reading_of
    )
    assert found.predict_proba(examples).sum(axis=1) == pytest.approx(np.ones(60))


def test_a_system_of_labels_alone_is_evaluated_by_its_labels(fake_system, examples, tmp_path: Path) -> None:
    llm = read_external("llm", None, table(tmp_path, examples, label=upper(examples)), {"test": examples}, reading_of)
    run, settings = tmp_path / "run", EvaluationSettings(bootstrap_resamples=100)
    found = evaluate([fake_system("net"), llm], {"test": examples}, run, settings)
    scores = found.systems[1].tests["test"]
    assert scores.mean.macro_f1 == 1
    assert (scores.mean.ece, scores.mean.brier, scores.mean.nll) == (None, None, None)
    assert not scores.has_probabilities
    assert read_results(run) == found
    saved = pq.read_table(run / "predictions" / "llm.test.parquet")
    assert saved["confidence"].null_count == saved["p_favor"].null_count == 60
    assert saved["predicted"].to_pylist() == [each.stance for each in examples]


def test_labels_are_stances_by_default(examples, tmp_path: Path) -> None:
    path = table(tmp_path, examples, label=[each.stance for each in examples])
    assert not read_external("llm", None, path, {"test": examples}).has_probabilities
    with pytest.raises(
        DataError,
        match=r"60 values are no known stance; .*\n  'FAVOR' in 60 rows, such as row 1, 2, 3; nearest: 'favor'",
    ):
        read_external("llm", None, table(tmp_path, examples, label=["FAVOR"] * 60), {"test": examples})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"label": ["favor"] * 60, "predicted": ["favor"] * 60}, "has both 'predicted' and 'label'; leave one of them"),
        (
            {"label": ["favor"] * 60, "p_against": [5] * 60, "p_neutral": [5] * 60, "p_favor": [90] * 60},
            "found '5 5 90': expected probabilities, from 0 to 1, that sum to 1; divide percent by 100",
        ),
        (
            {"label": ["favor"] * 59 + ["maybe"]},
            r"llm\.csv, column 'label': 1 value is no known stance; .*\n  'maybe' in row 60",
        ),
        ({"label": ["favor"] * 60, "P_Favor": [1] * 60}, "the column 'P_Favor' would not be read, since 'p_favor' is"),
        ({"answer": ["favor"] * 60}, r"has the columns 'id', 'answer'; expected 'id' and one of 'predicted', 'label'"),
        ({"label": ["favor"] * 60, "p_favor": [1] * 60}, r"has p_favor; expected all of p_against, p_neutral, p_favor"),
        (
            {"label": ["favor"] * 60, "p_against": [0.9] * 60, "p_neutral": [0.1] * 60, "p_favor": [0.0] * 60},
            "found 'favor': but against has the highest probability",
        ),
        (
            {"label": ["favor"] * 60, "p_against": [0.9] * 60, "p_neutral": [0.9] * 60, "p_favor": [0.9] * 60},
            "expected probabilities, from 0 to 1, that sum to 1",
        ),
        (
            {"label": ["favor"] * 60, "p_against": ["?"] * 60, "p_neutral": [0] * 60, "p_favor": [1] * 60},
            r"column 'p_against': found '\?': expected a probability, from 0 to 1",
        ),
    ],
)
def test_tables_that_cannot_be_used(examples, tmp_path: Path, change, message: str) -> None:
    with pytest.raises(DataError, match=message):
        read_external("llm", None, table(tmp_path, examples, **change), {"test": examples}, reading_of)


def test_repeated_and_missing_ids(examples, tmp_path: Path) -> None:
    twice = table(tmp_path, [*examples, examples[3]], label=["favor"] * 61)
    with pytest.raises(DataError, match="row 61, column 'id': found 'row-3': occurs already"):
        read_external("llm", None, twice, {"test": examples}, reading_of)
    few = table(tmp_path, examples[:58], label=["favor"] * 58)
    with pytest.raises(DataError, match=r"lacks 2 of 60 predictions of llm; ids are those of .*\n.*test: id 'row-58'"):
        read_external("llm", None, few, {"test": examples}, reading_of)
    tests = {"test_rw": examples[:40], "test_mt": examples[40:]}
    half = table(tmp_path, examples[:40], label=["favor"] * 40)
    with pytest.raises(DataError, match=r"has none of test_mt: choose the others with 'evaluation\.tests=\[test_rw\]'"):
        read_external("llm", None, half, tests, reading_of)


def test_probabilities_alone_are_enough(examples, tmp_path: Path) -> None:
    p: dict[str, Any] = {"p_against": [0.2] * 60, "p_neutral": [0.2] * 60, "p_favor": [0.6] * 60}
    found = read_external("x", None, table(tmp_path, examples, **p), {"test": examples}, reading_of)
    assert found.has_probabilities
    assert (found.predict_proba(examples).argmax(axis=1) == 2).all()


def test_ids_of_no_test_file_and_answers_that_are_the_gold_labels_are_warned_of(
    examples, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    more = [*examples, dataclasses.replace(examples[0], id="elsewhere")]
    read_external("llm", None, table(tmp_path, more, label=upper(more)), {"test": examples}, reading_of)
    assert "passed over: 1 row with ids that the test files do not have, such as 'elsewhere'" in caplog.text
    assert "all 60 answers are the gold labels" in caplog.text
    shifted = [dataclasses.replace(each, id=f"x{each.id}") for each in examples]
    with pytest.raises(DataError, match="and 60 ids here are none of them, such as 'xrow-0'"):
        read_external("llm", None, table(tmp_path, shifted, label=upper(examples)), {"test": examples}, reading_of)


REFUSALS: list[object] = ["", "I cannot determine", "agaisnt", "I cannot determine"]


def with_refusals(examples: list[Example]) -> list[object]:
    """Return labels of which every fifth is no stance, and some are wrong."""
    gold = [each.stance for each in examples]
    labels: list[object] = [gold[row - 1] if row % 4 == 0 else stance for row, stance in enumerate(gold)]
    for row in range(0, len(labels), 5):
        labels[row] = REFUSALS[row // 5 % len(REFUSALS)]
    return labels


def evaluated(examples: list[Example], folder: Path, fake_system, on_unparsed: str):
    path = table(folder, examples, label=with_refusals(examples))
    llm = read_external("llm", None, path, {"test": examples}, reading_of, on_unparsed=on_unparsed)
    settings = EvaluationSettings(bootstrap_resamples=100, randomization_rounds=100)
    return evaluate([fake_system("net"), llm], {"test": examples}, folder / "run", settings)


def test_answers_that_are_no_stance_are_grouped_and_the_setting_is_named(examples, tmp_path: Path) -> None:
    path = table(tmp_path, examples, label=with_refusals(examples))
    with pytest.raises(DataError) as found:
        read_external("llm", None, path, {"test": examples}, reading_of)
    lines = str(found.value).splitlines()
    assert lines[1].startswith(f"{path}, column 'label': 12 values are no known stance; allowed are against, neutral")
    assert lines[2:5] == [
        "  'I cannot determine' in 6 rows, such as row 6, 16, 26",
        "  '' in 3 rows: 1, 21, 41",
        "  'agaisnt' in 3 rows: 11, 31, 51; nearest: 'against'",
    ]
    assert "evaluation.on_unparsed=wrong counts them as errors, evaluation.on_unparsed=abstain" in lines[5]


def test_answers_that_are_no_stance_count_as_errors_in_every_metric(examples, tmp_path: Path, fake_system) -> None:
    scores = evaluated(examples, tmp_path, fake_system, "wrong").systems[1].tests["test"]
    gold, labels = [each.stance for each in examples], [str(each) for each in with_refusals(examples)]
    f1 = f1_score(gold, labels, labels=list(STANCES), average=None, zero_division=0)
    assert scores.mean.accuracy == pytest.approx(np.mean(np.array(gold) == np.array(labels)))
    assert scores.mean.macro_f1 == pytest.approx(f1.mean())
    run = scores.runs[0]
    assert [run.per_class[stance].f1 for stance in STANCES] == pytest.approx(list(f1))
    assert run.unparsed == UnparsedRows(rows=12, counted_as="wrong", coverage=0.8)
    assert run.warnings[0].startswith("12 of 60 answers are no stance ('I cannot determine' in 6, '' in 3, 'agaisnt'")
    assert sum(each.support for each in run.per_class.values()) == 60
    assert sum(each.rows for each in run.per_target.values()) == 60
    saved = pq.read_table(tmp_path / "run" / run.predictions)
    assert (saved["predicted"].null_count, sum(saved["abstained"].to_pylist())) == (12, 0)


def test_answers_that_are_no_stance_are_left_out(examples, tmp_path: Path, fake_system) -> None:
    results = evaluated(examples, tmp_path, fake_system, "abstain")
    scores, labels = results.systems[1].tests["test"], with_refusals(examples)
    kept = [row for row, label in enumerate(labels) if label in STANCES]
    gold = np.array([each.stance for each in examples])[kept]
    own = np.array(labels)[kept]
    assert scores.mean.accuracy == pytest.approx(np.mean(gold == own))
    assert scores.mean.macro_f1 == pytest.approx(f1_score(gold, own, labels=list(STANCES), average="macro"))
    assert scores.runs[0].unparsed == UnparsedRows(rows=12, counted_as="abstain", coverage=0.8)
    assert "they are left out of its scores, which are of the other 80.0% of the rows" in scores.runs[0].warnings[0]

    # The other system is scored on all rows, and compared on those that both answer.
    net = fake_system("net").predict_proba(examples).argmax(axis=1)
    everywhere = np.mean([STANCE_ID[each.stance] == answer for each, answer in zip(examples, net, strict=True)])
    assert results.systems[0].tests["test"].mean.accuracy == pytest.approx(everywhere)
    compared = results.comparisons["test"]
    [pair] = compared.pairs
    of_net = f1_score(gold, np.array(STANCES)[net[kept]], labels=list(STANCES), average="macro")
    difference = of_net - scores.mean.macro_f1
    assert pair.difference == pytest.approx(difference if pair.systems[0] == "net" else -difference, abs=1e-5)
    assert any(
        "llm answers 48 of 60 rows: it is compared with each other system on the rows" in n for n in compared.notes
    )


@pytest.mark.parametrize("on_unparsed", ["wrong", "abstain"])
def test_what_could_not_be_read_survives_being_compared_again(
    examples, tmp_path: Path, fake_system, on_unparsed: str
) -> None:
    first = evaluated(examples, tmp_path, fake_system, on_unparsed)
    answers = read_answers("run", tmp_path / "run", read_results(tmp_path / "run"), ["test"], {})
    settings = EvaluationSettings(bootstrap_resamples=100, randomization_rounds=100)
    again = evaluate([each.as_system() for each in answers], {"test": examples}, tmp_path / "again", settings)
    for one, other in zip(first.systems, again.systems, strict=True):
        assert one.tests["test"].mean.macro_f1 == other.tests["test"].mean.macro_f1
        assert one.tests["test"].runs[0].unparsed == other.tests["test"].runs[0].unparsed
    assert first.comparisons["test"].pairs == again.comparisons["test"].pairs


def test_probabilities_beside_answers_that_are_no_stance_are_not_scored(examples, tmp_path: Path, fake_system) -> None:
    p: dict[str, Any] = {"p_against": [0.1] * 59 + [""], "p_neutral": [0.2] * 59 + [""], "p_favor": [0.7] * 59 + [""]}
    labels: list[object] = [*["favor"] * 59, "no"]
    path = table(tmp_path, examples, label=labels, **p)
    found = read_external("x", None, path, {"test": examples}, reading_of, on_unparsed="wrong")
    assert (found.has_probabilities, found.answers_every_row) == (False, False)


def test_a_table_without_any_stance_is_refused(examples, tmp_path: Path) -> None:
    path = table(tmp_path, examples, label=[""] * 60)
    for on_unparsed in ("wrong", "abstain"):
        with pytest.raises(DataError, match="none of the 60 predictions of llm on 'test' is a stance"):
            read_external("llm", None, path, {"test": examples}, reading_of, on_unparsed=on_unparsed)


def test_a_slice_of_which_all_rows_are_left_out_is_named(examples, tmp_path: Path, fake_system) -> None:
    target = examples[0].target
    labels: list[object] = ["" if each.target == target else each.stance for each in examples]
    path = table(tmp_path, examples, label=labels)
    llm = read_external("llm", None, path, {"test": examples}, reading_of, on_unparsed="abstain")
    settings = EvaluationSettings(bootstrap_resamples=100, randomization_rounds=100)
    run = tmp_path / "run"
    results = evaluate([fake_system("net"), llm], {"test": examples}, run, settings)
    scores = results.systems[1].tests["test"]
    assert scores.mean.accuracy == 1
    assert any("no row is answered of these slices" in line for line in scores.runs[0].warnings)
    assert write_report(run).markdown.is_file()


def test_columns_that_only_later_rows_have_count(examples, tmp_path: Path) -> None:
    rows = [{"id": example.id, "label": "favor"} for example in examples]
    rows[-1] |= {"p_against": 0.1, "p_neutral": 0.1, "p_favor": 0.8}
    path = tmp_path / "llm.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    with pytest.raises(DataError, match="row 1, column 'p_against': found '': expected a probability"):
        read_external("llm", None, path, {"test": examples})


def test_columns_that_are_not_read_are_named(examples, tmp_path: Path, caplog) -> None:
    path = table(tmp_path, examples, label=["favor"] * 60, remark=["y"] * 60)
    with caplog.at_level("INFO"):
        read_external("llm", None, path, {"test": examples})
    assert "not read: 'remark'" in caplog.text


def told(examples: list[Example]) -> list[Example]:
    """Return the rows with ids that are told by what they say, as rows without ids of their own have."""
    return [dataclasses.replace(each, id=row_id(each.text, each.source, each.target)) for each in examples]


def saying(examples: list[Example], **columns: list[object]) -> dict[str, Any]:
    own: dict[str, Any] = {name: [getattr(each, name) for each in examples] for name in ("text", "source", "target")}
    return {**own, "label": [each.stance for each in examples], **columns}


def numbered(examples: list[Example]) -> list[Example]:
    return [dataclasses.replace(each, id=f"mine-{i}") for i, each in enumerate(examples, 1)]


def test_rows_are_found_by_what_they_say_wherever_they_stood(examples: list[Example], tmp_path: Path) -> None:
    rows = told(examples)
    path = table(tmp_path, numbered(rows), **saying(rows))
    gold = np.eye(3)[[each.stance_id for each in rows[1:]]]
    found = read_external("llm", None, path, {"test": rows[1:]})  # the first row was deleted since
    assert (found.predict_proba(rows[1:]) == gold).all()
    bare = table(tmp_path, numbered(rows), "bare.csv", label=[each.stance for each in rows])
    with pytest.raises(DataError, match=r"such as 'mine-1'\. A number at the end of an id is a row's place in a file"):
        read_external("llm", None, bare, {"test": rows})
    twice = [*rows, dataclasses.replace(rows[0], id=f"{rows[0].id}-2")]
    with pytest.raises(DataError, match="lacks 2 of 61 predictions"):
        read_external("llm", None, path, {"test": twice})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"text": ["Another."] * 60}, r"row 1, column 'text': found 'Another\.': the row 'row-0' has "),
        ({"target": ["the moon"] * 60}, r"row 1, column 'target': found 'the moon': the row 'row-0' has "),
        ({"source": ["nobody"] * 60}, r"row 1, column 'source': found 'nobody': the row 'row-0' has "),
        (
            {"stance": ["neutral"] * 60},
            r"column 'stance': found 'neutral': the row 'row-\d+' has '(favor|against)' here",
        ),
        ({"stance": [None] * 60}, None),
    ],
)
def test_rows_are_compared_with_what_the_table_says_of_them(
    examples: list[Example], tmp_path: Path, changes: dict[str, list[object]], message: str | None
) -> None:
    path = table(tmp_path, examples, **saying(examples, **changes))
    if message is None:
        read_external("llm", None, path, {"test": examples})
        return
    with pytest.raises(DataError, match=message):
        read_external("llm", None, path, {"test": examples})


def test_a_label_that_a_person_corrected_since_is_no_contradiction(examples: list[Example], tmp_path: Path) -> None:
    path = table(tmp_path, examples, **saying(examples, stance=[each.stance for each in examples]))
    other = "favor" if examples[0].stance != "favor" else "against"
    now = [dataclasses.replace(examples[0], stance=other), *examples[1:]]
    earlier = {examples[0].id: examples[0].stance or ""}
    read_external("llm", None, path, {"test": now}, lambda _: Reading(earlier=earlier))
    with pytest.raises(DataError, match="1 cell of other content than the test rows"):
        read_external("llm", None, path, {"test": now})


def test_each_corpus_has_its_own_words(examples: list[Example], tmp_path: Path) -> None:
    rows = [
        dataclasses.replace(each, id=f"{corpus}/{each.id}", corpus=corpus)
        for corpus in ("aa", "bb")
        for each in examples
    ]
    words = {"aa": {"0": "against", "1": "neutral", "2": "favor"}, "bb": {"0": "neutral", "1": "against", "2": "favor"}}
    back = {corpus: {stance: word for word, stance in own.items()} for corpus, own in words.items()}
    path = table(tmp_path, rows, label=[back[each.corpus][each.stance or ""] for each in rows])
    found = read_external("llm", None, path, {"test": rows}, lambda corpus: Reading(words[corpus].get))
    assert (found.predict_proba(rows) == np.eye(3)[[each.stance_id for each in rows]]).all()


def test_of_equal_probabilities_the_stated_label_counts(
    examples: list[Example], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    tied: dict[str, Any] = {"p_against": [0.45] * 60, "p_neutral": [0.1] * 60, "p_favor": [0.45] * 60}
    path = table(tmp_path, examples, label=["favor"] * 60, **tied)
    found = read_external("llm", None, path, {"test": examples}).predict_proba(examples)
    assert (found.argmax(axis=1) == STANCE_ID["favor"]).all()
    assert found == pytest.approx(np.tile([0.45, 0.1, 0.45], (60, 1)))
    assert "several highest" not in caplog.text
    read_external("llm", None, table(tmp_path, examples, **tied), {"test": examples})
    assert "60 rows with several highest probabilities and no label; the first of against, neutral" in caplog.text


def test_blanks_around_ids_do_not_count_and_are_told(
    examples: list[Example], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    blank = [dataclasses.replace(each, id=f" {each.id} ") for each in examples]
    path = table(tmp_path, blank, label=[each.stance for each in examples])
    assert read_external("llm", None, path, {"test": examples}).predict_proba(examples).shape == (60, 3)
    assert "60 ids with blanks around it, which do not count" in caplog.text
    unknown = table(tmp_path, [dataclasses.replace(each, id=f" x{each.id}") for each in examples], label=["favor"] * 60)
    with pytest.raises(DataError, match=r"such as 'xrow-0' \(with blanks around it\)"):
        read_external("llm", None, unknown, {"test": examples})

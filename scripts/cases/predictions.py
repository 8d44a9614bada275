"""Tables of predictions whose answers were joined to other rows or read as other labels."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pandas as pd

from cases.bench import BASE, Bench, Case, Finding, Outcome, lines_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def _same_answers(outcome: Outcome, system: str, wanted: Mapping[str, str], column: str = "text") -> Finding:
    """Return whether each test row has the answer that the table gives for it."""
    if outcome.code:
        return Finding(f"exit code {outcome.code}: {outcome.reason()}", right=False)
    answers = outcome.answers(system)
    right = sum(wanted[key] == label for key, label in zip(answers[column], answers["predicted"], strict=True))
    return Finding(f"{right} of {len(answers)} answers are the rows' own", right == len(answers))


def shifted_predictions(bench: Bench) -> Finding:
    """Answers are found by their text after a row was deleted from the corpus."""
    source = bench.inputs / "07-predictions-shifted"
    path = bench.folder() / "mine.csv"
    shutil.copy(source / "mine_edited.csv", path)
    table = lines_of(source / "answers.csv")
    outcome = bench.evaluate(path, bench.quoted("07-predictions-shifted/answers.csv"))
    return _same_answers(outcome, "answers", dict(zip(table["text"], table["label"], strict=True)))


def labels_of_two_corpora(bench: Bench) -> Finding:
    """Labels are read by the map of the row's own corpus."""
    source = bench.inputs / "08-two-corpora-labels"
    maps = {"aa": {"0": "against", "1": "neutral", "2": "favor"}, "bb": {"0": "neutral", "1": "against", "2": "favor"}}
    configs = bench.folder()
    (configs / "data").mkdir()
    for name in maps:
        text = (source / f"myconf/data/{name}.yaml").read_text(encoding="utf-8")
        # The paths of these configs count from the project's folder.
        text = text.replace("../shared/cases/08-two-corpora-labels", str(source))
        (configs / f"data/{name}.yaml").write_text(text, encoding="utf-8")
    table = lines_of(source / "answers.csv")
    outcome = bench.command(
        f"evaluate --config-dir {configs} 'data=[aa,bb]' split=random {bench.encoder()} baselines=none "
        f"'checkpoint=[]' predictions={bench.quoted('08-two-corpora-labels/answers.csv')}"
    )
    if outcome.code:
        return Finding(f"exit code {outcome.code}: {outcome.reason()}", right=False)
    wanted = {key: maps[key[:2]][label] for key, label in zip(table["id"], table["label"], strict=True)}
    findings = []
    for path in outcome.folder.glob("outputs/evaluate/*/*/predictions/answers*.parquet"):
        answers = pd.read_parquet(path)
        findings += [wanted[key] == label for key, label in zip(answers["id"], answers["predicted"], strict=True)]
    return Finding(f"{sum(findings)} of {len(findings)} labels by the own map", bool(findings) and all(findings))


def _with_ids(bench: Bench, ids: set[str]) -> Path:
    """Write the corpus with ids of its own, and these rows as its test split."""
    table = lines_of(bench.inputs / BASE)
    table["id"] = [f"base-{number}" for number in range(1, len(table) + 1)]
    table["split"] = [("test" if key in ids else "validation" if key.endswith("0") else "train") for key in table["id"]]
    path = bench.folder() / "base.csv"
    table.to_csv(path, index=False)
    return path


def tie(bench: Bench) -> Finding:
    """The stated label is taken where two probabilities are equal."""
    name = "36-predictions-tables/tie_with_label.csv"
    table = lines_of(bench.inputs / name)
    outcome = bench.evaluate(_with_ids(bench, set(table["id"])), bench.quoted(name), "split=given")
    if outcome.code == 2:
        return outcome.refused("tie_with_label.csv", "label")
    return _same_answers(outcome, "tie_with_label", dict(zip(table["id"], table["label"], strict=True)), "id")


def ids_with_blanks(bench: Bench) -> Finding:
    """Ids with blanks around them are read, or the message names the blanks."""
    name = "36-predictions-tables/case_space.csv"
    table = lines_of(bench.inputs / name)
    ids = [key.strip() for key in table["id"]]
    outcome = bench.evaluate(_with_ids(bench, set(ids)), bench.quoted(name), "split=given")
    if outcome.code:
        return outcome.refused("case_space.csv", "blanks")
    labels = [label.strip().lower() for label in table["label"]]
    return _same_answers(outcome, "case_space", dict(zip(ids, labels, strict=True)), "id")


def names_in_other_letters(bench: Bench) -> Finding:
    """Two tables with names in other letters are two systems."""
    names = ("ответы", "答案")
    table = {name: lines_of(bench.inputs / f"41-nonlatin-names/{name}.csv") for name in names}
    path = _with_ids(bench, {key for each in table.values() for key in each["id"]})
    files = ",".join(bench.quoted(f"41-nonlatin-names/{name}.csv") for name in names)
    outcome = bench.evaluate(path, f"[{files}]", "split=given")
    if outcome.code:
        return Finding(f"exit code {outcome.code}: {outcome.reason()}", right=False)
    told = [name for name in names if outcome.says(name)]
    return Finding(f"{len(told)} of {len(names)} systems in the table", len(told) == len(names))


def some_folds(bench: Bench) -> Finding:
    """A pool of some folds of a cross-validation is refused, and nothing is written."""
    folder, folds, done = bench.folder(), 4, (0, 2)
    for fold in done:
        bench.command(
            f"evaluate {bench.table(BASE)} split=kfold split.folds={folds} split.fold={fold} 'checkpoint=[]' "
            f"baselines.names=[majority] evaluation.bootstrap_resamples=100 name=fold{fold}",
            folder,
        )
    runs = " ".join(str(path.parent) for path in sorted(folder.glob("outputs/evaluate/*/*/metrics.json")))
    outcome = bench.command(f"pool {runs} evaluation.bootstrap_resamples=100", folder)
    pooled = list(folder.glob("outputs/pool/**/metrics.json"))
    return Finding(f"exit code {outcome.code}: {outcome.reason()}", outcome.code == 2 and not pooled)


CASES = (
    Case("07", "predictions on other rows", shifted_predictions),
    Case("08", "label ids of two corpora", labels_of_two_corpora),
    Case("36", "tie: stated label thrown away", tie),
    Case("36", "ids with blanks", ids_with_blanks),
    Case("41", "file names in other letters", names_in_other_letters),
    Case("44", "pool of some folds", some_folds),
)

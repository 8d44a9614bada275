"""Sets of rows of unusual shapes: a stance that is missing or rare, few rows, one text, targets of one row each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cases.bench import BASE, Bench, Case, Finding, lines_of, rows_of, together
from stancelab.results import read_results

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd


def _of(table: pd.DataFrame, **rows: int) -> pd.DataFrame:
    """Return so many rows of each stance."""
    return table[table.groupby("stance").cumcount() < table["stance"].map(rows).fillna(0)]


def _same_text(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(text=table["text"].iloc[0], target=[f"pact {row}" for row in range(len(table))])


#: Sets that can be used -> the stances that the dataset has.
USED: dict[str, tuple[Callable[[pd.DataFrame], pd.DataFrame], str]] = {
    "two stances": (lambda table: _of(table, favor=60, against=60), "against favor"),
    "one neutral row beside many": (
        lambda table: _of(table, favor=90, against=90, neutral=1),
        "against neutral favor",
    ),
    "95 to 3 to 2": (lambda table: _of(table, favor=95, against=3, neutral=2), "against neutral favor"),
    "ten rows of each": (lambda table: _of(table, favor=10, against=10, neutral=10), "against neutral favor"),
    "a target for each row": (
        lambda table: table.assign(target=[f"pact {row}" for row in range(len(table))]),
        "against neutral favor",
    ),
    "no sources": (lambda table: table.assign(source=""), "against neutral favor"),
    "one target": (lambda table: table.assign(target="the accord"), "against neutral favor"),
}
#: Sets that cannot -> words of the message.
REFUSED: dict[str, tuple[Callable[[pd.DataFrame], pd.DataFrame], tuple[str, ...]]] = {
    "one stance": (lambda table: _of(table, favor=90), ("all rows are 'favor'",)),
    "one row": (lambda table: table.head(1), ("table",)),
    "two rows": (lambda table: table.head(2), ("table",)),
    "one text": (_same_text, ("table",)),
}


def shapes(bench: Bench) -> Finding:
    """Sets that can be used keep all rows and say their stances; others are refused with what they lack."""
    table = lines_of(bench.inputs / BASE)
    findings = []
    for name, (make, stances) in USED.items():
        rows = make(table)
        path = bench.folder() / "shape.csv"
        rows.to_csv(path, index=False)
        outcome = bench.prepare(path)
        kept = rows_of(outcome.dataset()) if outcome.code == 0 else []
        classes = " ".join(outcome.dataset().classes) if kept else ""
        found = f"{name}: {len(kept)} of {len(rows)} rows, {classes or outcome.reason()}"
        findings.append(Finding(found, len(kept) == len(rows) and classes == stances))
    for name, (make, words) in REFUSED.items():
        path = bench.folder() / "shape.csv"
        make(table).to_csv(path, index=False)
        told = bench.prepare(path).refused(*words)
        findings.append(Finding(f"{name}: {told.found}", told.right))
    return together(findings, f"{len(USED)} sets used with all rows, {len(REFUSED)} refused")


def two_stances(bench: Bench) -> Finding:
    """A perfect system has a macro-F1 of 100 in a corpus of two stances."""
    table = _of(lines_of(bench.inputs / BASE), favor=60, against=60).reset_index(drop=True)
    table.insert(0, "id", [f"row-{row}" for row in range(len(table))])
    folder = bench.folder()
    table.to_csv(folder / "two.csv", index=False)
    table.rename(columns={"stance": "label"})[["id", "label"]].to_csv(folder / "perfect.csv", index=False)
    outcome = bench.evaluate(folder / "two.csv", f"'{folder / 'perfect.csv'}'")
    if outcome.code:
        return Finding(f"exit code {outcome.code}: {outcome.reason()}", right=False)
    [kept] = outcome.folder.glob("outputs/evaluate/*/*/metrics.json")
    [system] = read_results(kept.parent).systems
    score = system.tests["test"].mean.macro_f1
    return Finding(f"macro-F1 {100 * score:.1f}", score == 1)


CASES = (
    Case("31", "sets of unusual shapes", shapes),
    Case("31", "corpus of two stances", two_stances),
)

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from stancelab.report import write_report
from stancelab.report.latex import escaped

if TYPE_CHECKING:
    from pathlib import Path


def test_the_table_holds_every_system_with_its_numbers(finished_run: Path) -> None:
    text = write_report(finished_run).latex.read_text()
    metrics = json.loads((finished_run / "metrics.json").read_text())
    rows = text.partition(r"\midrule")[2].partition(r"\bottomrule")[0].strip().splitlines()
    assert len(rows) == len(metrics["systems"])
    assert {row.count(" & ") for row in rows} == {4}
    assert text.count(r"\begin{tabular}{lllll}") == text.count(r"\end{tabular}") == 1
    best = max(metrics["systems"], key=lambda system: system["tests"]["test_rw"]["mean"]["macro_f1"])
    scored = best["tests"]["test_rw"]
    mean, std = (f"{100 * scored[part]['macro_f1']:.1f}" for part in ("mean", "std"))
    low, high = (f"{100 * edge:.1f}" for edge in scored["intervals"]["macro_f1"])
    letters = metrics["comparisons"]["test_rw"]["groups"][best["name"]]
    cell = rf"\textbf{{{mean}}} {{\small$\pm${std}}} {{\small[{low}, {high}]}}\textsuperscript{{{letters}}}"
    assert f"{best['name']} & {cell} & " in text


def test_names_are_never_commands(finished_run: Path) -> None:
    assert escaped(r"a_b 50% {x} \input <b>") == (r"a\_b 50\% \{x\} \textbackslash{}input \textless{}b\textgreater{}")
    text = write_report(finished_run).latex.read_text()
    assert r"svm \textless{}b\textgreater{}" in text
    assert r"test\_rw" in text
    assert not re.search(r"(?<!\\)_", text)


def test_a_run_without_comparisons_has_a_table_too(bare_run: Path) -> None:
    assert r"only & \textbf{100.0}" in write_report(bare_run).latex.read_text()

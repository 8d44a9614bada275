"""The table of systems for a paper: LaTeX, with rules of the booktabs package."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from stancelab.pages.formatting import percent

if TYPE_CHECKING:
    from stancelab.report.results import Estimate, Results

_METRICS: Final = {"macro_f1": "macro-F\\textsubscript{1}", "f_avg": "F\\textsubscript{avg}", "accuracy": "accuracy"}
_SPECIAL: Final = {
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "&": r"\&", "%": r"\%",
    "$": r"\$", "#": r"\#", "_": r"\_", "{": r"\{", "}": r"\}", "<": r"\textless{}", ">": r"\textgreater{}",
}  # fmt: skip


def latex_table(results: Results) -> str:
    r"""Return all systems on all test files as a table: the primary metric with its interval, then accuracy.

    Superscript letters are the significance groups: systems that share one cannot be told apart on that test file. The
    best score of each column is bold. Needs `\usepackage{booktabs}`.
    """
    second = "accuracy" if results.primary != "accuracy" else "macro_f1"
    metrics = [results.primary, second]
    names = [system.name for system in results.tests[0].systems]
    spans = " & ".join(rf"\multicolumn{{{len(metrics)}}}{{c}}{{{escaped(test.name)}}}" for test in results.tests)
    rules = " ".join(
        rf"\cmidrule(lr){{{2 + len(metrics) * place}-{1 + len(metrics) * (place + 1)}}}"
        for place in range(len(results.tests))
    )
    heads = " & ".join(_METRICS[metric] for _ in results.tests for metric in metrics)
    lines = [
        r"% \usepackage{booktabs}",
        rf"\begin{{tabular}}{{l{'l' * len(metrics) * len(results.tests)}}}",
        r"\toprule",
        rf" & {spans} \\",
        rules,
        rf"system & {heads} \\",
        r"\midrule",
        *(_row(results, name, metrics) for name in names),
        r"\bottomrule",
        r"\end{tabular}",
    ]
    return "\n".join(lines) + "\n"


def escaped(words: str) -> str:
    """Return text in which LaTeX reads nothing as a command."""
    return re.sub(r"[\\~^&%$#_{}<>]", lambda match: _SPECIAL[match[0]], words)


def _row(results: Results, name: str, metrics: list[str]) -> str:
    cells = [escaped(name)]
    for test in results.tests:
        system = next(each for each in test.systems if each.name == name)
        for metric in metrics:
            best = max(each.scores[metric].mean for each in test.systems)
            letters = test.groups.get(name, "") if metric == results.primary else ""
            estimate = system.scores[metric]
            cells.append(_cell(estimate, letters, is_first=metric == results.primary, is_best=estimate.mean == best))
    return " & ".join(cells) + r" \\"


def _cell(estimate: Estimate, letters: str, *, is_first: bool, is_best: bool) -> str:
    number = percent(estimate.mean)
    cell = rf"\textbf{{{number}}}" if is_best else number
    if estimate.std is not None:
        cell += rf" {{\small$\pm${percent(estimate.std)}}}"
    if is_first and estimate.interval is not None:
        low, high = (percent(edge) for edge in estimate.interval)
        cell += rf" {{\small[{low}, {high}]}}"
    return cell + (rf"\textsuperscript{{{letters}}}" if letters else "")

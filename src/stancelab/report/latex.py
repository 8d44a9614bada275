"""The table of systems for a paper: LaTeX, with rules of the booktabs package."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from stancelab.pages.formatting import percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stancelab.report.system_view import Estimate
    from stancelab.report.view import FileView

_METRICS: Final = {"macro_f1": "macro-F\\textsubscript{1}", "f_avg": "F\\textsubscript{avg}", "accuracy": "accuracy"}
_SPECIAL: Final = {
    "\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "&": r"\&", "%": r"\%",
    "$": r"\$", "#": r"\#", "_": r"\_", "{": r"\{", "}": r"\}", "<": r"\textless{}", ">": r"\textgreater{}",
}  # fmt: skip


def latex_table(tests: Sequence[FileView]) -> str:
    r"""Return all systems on all test files as a table: the primary metric with its interval, then accuracy.

    Superscript letters are the significance groups: systems that share one are not significantly different on that
    test file. The best score of each column is bold, whether it differs or not. Needs `\usepackage{booktabs}`.
    """
    primary, level = tests[0].primary, tests[0].level
    metrics = [primary, "accuracy" if primary != "accuracy" else "macro_f1"]
    spans = " & ".join(rf"\multicolumn{{{len(metrics)}}}{{c}}{{{escaped(test.name)}}}" for test in tests)
    rules = " ".join(
        rf"\cmidrule(lr){{{2 + len(metrics) * place}-{1 + len(metrics) * (place + 1)}}}" for place in range(len(tests))
    )
    heads = " & ".join(_METRICS[metric] for _ in tests for metric in metrics)
    lines = [
        r"% \usepackage{booktabs}",
        "% Percent; +- standard deviation over seeds; bold: the highest of a column, significant or not.",
        "% Brackets: 95% intervals, with several seeds of the mean over such trainings, with one of this checkpoint.",
        f"% Systems that share a letter are not significantly different (p < {level:g} after Holm's correction).",
        rf"\begin{{tabular}}{{l{'l' * len(metrics) * len(tests)}}}",
        r"\toprule",
        rf" & {spans} \\",
        rules,
        rf"system & {heads} \\",
        r"\midrule",
        *(_row(tests, system.name, metrics) for system in tests[0].systems),
        r"\bottomrule",
        r"\end{tabular}",
    ]
    return "\n".join(lines) + "\n"


def escaped(words: str) -> str:
    """Return text in which LaTeX reads nothing as a command."""
    return re.sub(r"[\\~^&%$#_{}<>]", lambda match: _SPECIAL[match[0]], words)


def _row(tests: Sequence[FileView], name: str, metrics: list[str]) -> str:
    cells = [escaped(name)]
    for test in tests:
        system = next(each for each in test.systems if each.name == name)
        for metric in metrics:
            best = max(each.mean(metric) for each in test.systems)
            is_first = metric == test.primary
            letters = test.compared.groups.get(name, "") if is_first else ""
            estimate = system.estimate(metric)
            cells.append(_cell(estimate, letters, is_first=is_first, is_best=estimate.mean == best))
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

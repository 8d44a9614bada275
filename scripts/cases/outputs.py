"""What is written for people: scripts and formulas in texts run nowhere."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from cases.bench import BASE, Bench, Case, Finding, lines_of, together

SCRIPT = "<script>alert(1)</script>"
IMAGE = "<img src=x onerror=alert(2)>"
#: What LaTeX and matplotlib would read as something else than letters.
SIGNS = r"$x^2$ & 10% #1 _a_ \input{x} ~"
#: How cells begin that a spreadsheet runs.
FORMULAS = ("=", "+", "-", "@")


class _Elements(HTMLParser):
    """Counts what a browser would run of the texts.

    Attributes:
        run: Scripts and handlers that are those of the texts.
    """

    def __init__(self) -> None:
        super().__init__()
        self.run: list[str] = []
        self._is_script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._is_script = tag == "script"
        self.run += [f"{tag} {name}" for name, value in attrs if name.startswith("on") and "alert(" in str(value)]

    def handle_data(self, data: str) -> None:
        if self._is_script and data.strip().startswith("alert("):
            self.run.append("script")

    def handle_endtag(self, tag: str) -> None:
        self._is_script = False


def scripts_in_texts(bench: Bench) -> Finding:
    """Texts, ids, targets and names with HTML and LaTeX stand in the report as they are, and nothing of them runs."""
    table = lines_of(bench.inputs / BASE)
    table["text"] = [f"{text} {SCRIPT} {SIGNS}" for text in table["text"]]
    table["target"] = [f"{target} {IMAGE} {SIGNS}" for target in table["target"]]
    table.insert(0, "id", [f"{IMAGE}{row}" for row in range(len(table))])
    path = bench.folder() / "evil.csv"
    table.to_csv(path, index=False)
    name = f"model.name='\"{IMAGE} $m_1$ & %\"'"
    outcome = bench.command(
        f"run {bench.table(path)} training.epochs=1 training.precision=fp32 baselines.names=[majority] "
        f"evaluation.bootstrap_resamples=100 evaluation.randomization_rounds=100 {name} name=evil"
    )
    if outcome.code:
        return outcome.trained()
    [report] = outcome.folder.glob("outputs/run/*/*/report.html")
    page = _Elements()
    page.feed(report.read_text(encoding="utf-8"))
    plain = re.compile(r"(?<![\\`])<(script|img)\b")
    words = re.sub(r"```.*?```", "", report.with_name("report.md").read_text(encoding="utf-8"), flags=re.DOTALL)
    table_lines = report.with_name("table.tex").read_text(encoding="utf-8")
    bare = re.findall(r"(?<!\\)\$m|(?<!\\)%(?=.*\\\\)", table_lines)
    findings = [
        Finding(f"report.html runs {page.run[:3]}", not page.run),
        Finding(f"report.md has {plain.findall(words)[:3]}", not plain.search(words)),
        Finding(f"table.tex has {bare[:3]}", not bare and r"\$m\_1\$ \& \%" in table_lines),
    ]
    return together(findings, "HTML, Markdown and LaTeX are escaped")


def formulas(bench: Bench) -> Finding:
    """Cells that a spreadsheet would run have an apostrophe in front: in `inspect` always, in `predict` where asked."""
    table = lines_of(bench.inputs / BASE)
    table["text"] = [f"{FORMULAS[row % len(FORMULAS)]}{text}" for row, text in enumerate(table["text"])]
    path = bench.folder() / "formulas.csv"
    table.to_csv(path, index=False)
    outcome = bench.command(f"inspect {bench.table(path)} inspect.system=majority")
    written = [*outcome.folder.glob("outputs/inspect/*/*/*.csv")]
    cells = [cell for each in written for cell in lines_of(each, encoding="utf-8-sig").to_numpy().ravel()]
    run = [cell for cell in cells if str(cell).startswith(FORMULAS)]
    findings = [Finding(f"inspect: {len(run)} of {len(cells)} cells run, {outcome.reason()}", bool(cells) and not run)]
    name = "39-gaps/formula.csv"
    given = lines_of(bench.inputs / name)
    for words, mark in (("", ""), ("predict.safe_cells=true", "'")):
        outcome = bench.predict(name, f"output=o.csv {words}")
        kept = lines_of(outcome.folder / "o.csv") if outcome.code == 0 else given.head(0)
        wanted = [f"{mark if str(cell).startswith(FORMULAS) else ''}{cell}" for cell in given.to_numpy().ravel()]
        same = kept[list(given.columns)].to_numpy().ravel().tolist() == wanted
        findings.append(Finding(f"predict {words}: cells as expected: {same}, {outcome.reason()}", same))
    return together(findings, "inspect: no cell is run; predict: as they came, or with safe_cells none is run")


CASES = (
    Case("30", "scripts and LaTeX in texts", scripts_in_texts),
    Case("39", "formulas in cells", formulas),
)

"""The report in a browser: its script works, it fits a phone, and nothing is said on the console."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from stancelab.pages.formatting import percent
from stancelab.report import write_report
from stancelab.report.content import sections_of
from stancelab.report.view import view_files
from stancelab.results import read_results

if TYPE_CHECKING:
    from pathlib import Path

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")

#: Sorts by the last column, filters by label, and says what it finds.
CLICKS = """
const box = document.querySelector("[data-errors]");
const first = () => [...box.querySelectorAll("tbody tr:not([hidden])")].map((row) => row.cells[6].textContent.trim());
const said = [box.querySelector("output").textContent];
box.querySelectorAll("th button")[6].click();
said.push(first().join());
said.push(box.querySelectorAll("th")[6].getAttribute("aria-sort"));
box.querySelector("[name=gold]").value = "favor";
box.querySelector("form").dispatchEvent(new Event("input"));
said.push(new Set([...box.querySelectorAll("tbody tr:not([hidden])")].map((row) => row.dataset.gold)).size);
box.querySelector("[name=words]").value = "no such words";
box.querySelector("form").dispatchEvent(new Event("input"));
said.push(box.querySelector("output").textContent);
"""


#: Chooses the second of the other systems in one section, and says what the sections show then.
CHOICE = """
const heads = () => [...document.querySelectorAll("[data-panel=test_rw]:not([hidden]) h4")];
const shown = () => heads().map((head) => head.firstChild.textContent.trim());
const said = [document.querySelectorAll("[data-panel]:not([hidden])").length];
const menu = document.querySelector("#errors [data-menu=test_rw]");
said.push([...menu.elements.system.options].map((option) => option.textContent));
menu.elements.system.value = "2";
menu.elements.system.dispatchEvent(new Event("input", { bubbles: true }));
said.push(shown(), document.querySelector("#slices [data-menu=test_rw]").elements.system.value);
said.push(document.querySelectorAll("[data-panel=test_mt]:not([hidden])").length);
"""


def browse(page: Path, profile: Path) -> tuple[str, str]:
    """Return the page after its scripts have run, and what was said on the console."""
    assert CHROMIUM is not None
    command = [
        CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync",
        "--disable-component-update", "--no-first-run", "--enable-logging=stderr", f"--user-data-dir={profile}",
        "--allow-file-access-from-files", "--dump-dom", page.as_uri(),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True)
    return done.stdout, "\n".join(line for line in done.stderr.splitlines() if "CONSOLE" in line)


@pytest.fixture(scope="module")
def report(finished_run: Path) -> Path:
    return write_report(finished_run).html


def test_errors_are_sorted_and_filtered(report: Path, tmp_path: Path) -> None:
    page = tmp_path / "clicked.html"
    told = "<pre id='said'></pre><script>document.getElementById('said').textContent = JSON.stringify(said);</script>"
    page.write_text(report.read_text().replace("</body>", f"<script>{CLICKS}</script>{told}</body>"))
    dom, console = browse(page, tmp_path / "profile")
    assert console == ""
    found = re.search(r'<pre id="said">(.*?)</pre>', dom)
    assert found is not None
    shown, ids, order, golds, nothing = json.loads(html.unescape(found[1]))
    assert re.fullmatch(r"\d+ of \d+ errors shown", shown)
    assert ids.split(",") == sorted(ids.split(","))
    assert (order, golds, nothing) == ("ascending", 1, "0 of 0 errors shown")


def test_one_more_system_is_chosen_for_all_sections_of_a_test_file(report: Path, tmp_path: Path) -> None:
    page = tmp_path / "chosen.html"
    told = "<pre id='said'></pre><script>document.getElementById('said').textContent = JSON.stringify(said);</script>"
    page.write_text(
        report.read_text().replace("</body>", f"<script>{{{CHOICE} window.said = said;}}</script>{told}</body>")
    )
    dom, console = browse(page, tmp_path / "profile")
    assert console == ""
    found = re.search(r'<pre id="said">(.*?)</pre>', dom)
    assert found is not None
    at_first, options, panels, elsewhere, other_file = json.loads(html.unescape(found[1]))
    assert (at_first, options) == (0, ["none", "svm <b>", "majority"])
    assert (set(panels), elsewhere, other_file) == ({"majority"}, "2", 0)


#: What the tables of errors hold after the script has filled them, in full.
FILLED = """
const said = {};
for (const box of document.querySelectorAll("[data-errors]")) {
  const more = box.querySelector("[data-more]");
  while (!more.hidden) more.click();
  said[box.dataset.errors] = [...box.querySelectorAll("tbody tr")].map((row) => [...row.cells].map((cell) =>
    [...cell.childNodes].map((node) => `${node.className || ""}|${node.textContent}`)));
}
"""


def test_the_script_fills_in_every_error_as_it_is(finished_run: Path, report: Path, tmp_path: Path) -> None:
    page = tmp_path / "filled.html"
    told = "<pre id='said'></pre><script>document.getElementById('said').textContent = JSON.stringify(said);</script>"
    page.write_text(
        report.read_text().replace("</body>", f"<script>{{{FILLED} window.said = said;}}</script>{told}</body>")
    )
    dom, console = browse(page, tmp_path / "profile")
    assert console == ""
    found = re.search(r'<pre id="said">(.*?)</pre>', dom, re.DOTALL)
    assert found is not None
    filled = json.loads(html.unescape(found[1]))
    files = [sections_of(file, finished_run) for file in view_files(read_results(finished_run))]
    for number, file in enumerate(files):
        for place, system in enumerate(file.systems):
            rows = filled[f"{number}-{place}"]
            assert len(rows) == len(system.errors.kept) > 0
            for cells, error in zip(rows, system.errors.kept, strict=True):
                assert cells[0] == [f"{piece.kind}|{piece.text}" for piece in error.pieces]
                assert cells[1:3] == [[f"|{error.source or 'the author'}"], [f"|{error.target}"]]
                assert cells[3:5] == [[f"stance {each}|{each}"] for each in (error.gold, error.predicted)]
                assert error.confidence is not None
                assert cells[5:] == [[f"|{percent(error.confidence)}"], [f"|{error.id}"]]


def test_the_page_fits_a_phone_and_says_nothing_on_the_console(report: Path, tmp_path: Path) -> None:
    frame = tmp_path / "phone.html"
    frame.write_text(
        f'<iframe src="{report.as_uri()}" style="width:380px;height:900px;border:0"></iframe><p id="width"></p>'
        "<script>onload = () => { document.getElementById('width').textContent = "
        "frames[0].document.documentElement.scrollWidth; };</script>"
    )
    dom, console = browse(frame, tmp_path / "profile")
    assert console == ""
    found = re.search(r'<p id="width">(\d+)</p>', dom)
    assert found is not None
    assert int(found[1]) <= 380

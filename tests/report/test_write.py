from __future__ import annotations

import dataclasses
import json
import re
import shutil
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import numpy as np
import pytest

from stancelab.errors import DataError
from stancelab.evaluation.evaluate import EvaluationSettings, evaluate
from stancelab.report import write_report
from stancelab.schema import STANCES, Example

if TYPE_CHECKING:
    from pathlib import Path

VOID = {"meta", "link", "br", "img", "input", "hr", "path", "use", "rect", "circle", "line"}


class Page(HTMLParser):
    """What a browser would find: elements that load something, ids, and whether every element is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.ids: list[str] = []
        self.tags: list[str] = []
        self.open: list[str] = []
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag not in VOID:
            self.open.append(tag)
        for name, value in attrs:
            if name in ("src", "srcset", "data", "action", "poster"):
                self.loads.append(value or "")
            if name in ("href", "xlink:href"):
                self.links.append(value or "")
            if name == "id":
                self.ids.append(value or "")

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag


@pytest.fixture(scope="module")
def report(finished_run: Path) -> tuple[str, str]:
    paths = write_report(finished_run)
    assert paths == tuple(finished_run / name for name in ("report.html", "report.md", "table.tex"))
    return paths.html.read_text(encoding="utf-8"), paths.markdown.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page(report: tuple[str, str]) -> Page:
    return Page(report[0])


def test_the_page_needs_nothing_but_itself(report: tuple[str, str], page: Page) -> None:
    html = report[0]
    assert page.loads == []
    assert all(link.startswith("#") for link in page.links)
    assert not re.search(r"url\((?!#)", html)
    assert "@import" not in html
    assert "http://" not in html
    assert "https://" not in html
    assert not {"link", "iframe", "object", "embed", "img"} & set(page.tags)
    assert page.tags.count("script") == 2  # the data of errors, and what fills, sorts and filters their tables


def test_the_page_is_well_formed_and_its_links_lead_somewhere(page: Page) -> None:
    assert page.open == []
    assert len(page.ids) == len(set(page.ids))
    assert {link.removeprefix("#") for link in page.links} <= set(page.ids)


def test_text_is_never_markup(report: tuple[str, str]) -> None:
    html, markdown = report
    assert html.count("<script") == 2
    assert "<script" not in markdown
    for text in report:
        assert "<b>bold" not in text.partition("```")[0]
    assert "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;" in html
    assert "MiniLM &amp; friends &lt;on&gt; a small corpus" in html
    assert "svm &lt;b&gt;" in html
    assert r"&lt;script&gt;alert('x')&lt;/script&gt;" in markdown
    assert r"Minister 1 \| praised" in markdown or r"\| praised" in markdown


def test_every_section_is_there_for_every_test_file(report: tuple[str, str]) -> None:
    html, markdown = report
    for section in (
        "summary",
        "systems",
        "comparisons",
        "perturbations",
        "slices",
        "confusion",
        "classes",
        "targets",
        "calibration",
        "selective",
        "errors",
        "data",
        "provenance",
    ):
        assert html.count(f'<section id="{section}"') == 1
    # Per test file: intervals, differences, slices and coverage, and a reliability diagram for each of three systems.
    assert html.count("<svg") == 2 * (4 + 3)
    assert html.count('role="img" aria-label="') >= 8
    assert html.count('<table class="matrix"') == 2 * 3
    for text in ("Paired comparisons", "stancelab evaluate dataset=outputs/datasets/small", "0123456789abcdef"):
        assert text in html
        assert text in markdown


def test_numbers_are_those_of_the_metrics(finished_run: Path, report: tuple[str, str]) -> None:
    metrics = json.loads((finished_run / "metrics.json").read_text())
    html, markdown = report
    for system in metrics["systems"]:
        for result in system["tests"].values():
            low, high = (f"{100 * edge:.1f}" for edge in result["intervals"]["macro_f1"])
            mean = f"{100 * result['mean']['macro_f1']:.1f}"
            assert f'<span class="mean">{mean}</span>' in html
            assert f"[{low}, {high}]" in html
            assert f"[{low}, {high}]" in markdown
    floor = metrics["tests"]["test_rw"]["majority"]
    assert floor["stance"] == "neutral"
    assert "always neutral" in html


def test_targets_are_sorted_by_support_and_cut(report: tuple[str, str]) -> None:
    html, markdown = report
    table = re.search(r'<table class="targets">.*?</table>', html, re.DOTALL)
    assert table is not None
    targets = re.findall(r'<th scope="row">(.*?)</th>', table[0], re.DOTALL)
    assert len(targets) == 40
    assert targets[0] == "the *Accord*"
    assert targets[1].startswith("Minister 0 <abbr")
    assert "and 21 more targets" in html
    assert "and 46 more targets" in markdown
    assert "Minister 1 †" in markdown


def test_errors_show_source_and_target_and_come_most_confident_first(report: tuple[str, str]) -> None:
    errors = report[0].partition('<section id="errors">')[2].partition("</section>")[0]
    first = errors.partition("</table>")[0]
    rows = re.findall(r'<tr role="row" data-gold="(\w+)" data-predicted="(\w+)">', first)
    assert 0 < len(rows) <= 20
    assert all(gold != predicted for gold, predicted in rows)
    confidences = [float(value) for value in re.findall(r'data-value="([\d.]+)"', first)]
    assert len(confidences) == len(rows)
    assert confidences == sorted(confidences, reverse=True)
    assert '<mark class="target">the *Accord*</mark>' in errors
    assert re.search(r'<mark class="source">Minister \d+</mark>', errors)


def test_the_same_files_give_the_same_report(finished_run: Path, report: tuple[str, str], tmp_path: Path) -> None:
    copy = tmp_path / "elsewhere"
    shutil.copytree(finished_run, copy, ignore=shutil.ignore_patterns("report.*", "table.tex"))
    paths = write_report(copy)
    assert (paths.html.read_text(encoding="utf-8"), paths.markdown.read_text(encoding="utf-8")) == report


def test_markdown_tables_have_as_many_cells_in_every_row(report: tuple[str, str]) -> None:
    for table in re.findall(r"(?:^\|.*\n)+", report[1], re.MULTILINE):
        widths = {len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}
        assert len(widths) == 1, table


def test_rows_that_a_system_was_trained_on_stand_in_headline_and_table(fake_system, small_test, tmp_path: Path) -> None:
    class Trained(fake_system):  # type: ignore[misc]
        def trained_on(self, examples):
            return np.arange(len(examples)) < 6

    settings = EvaluationSettings(bootstrap_resamples=100, randomization_rounds=100)
    evaluate([Trained("net", 0), fake_system("llm")], {"test": small_test}, tmp_path, settings)
    written = write_report(tmp_path)
    for report in (written.html.read_text(), written.markdown.read_text()):
        assert f"net was trained on the texts of 6 of {len(small_test)} rows" in report
        assert "Whether texts of this file were among the training texts is not known of llm." in report
        assert "without training texts" in report
    Page(written.html.read_text())
    test_markdown_tables_have_as_many_cells_in_every_row(("", written.markdown.read_text()))


def test_a_run_without_provenance_or_errors_still_has_a_report(bare_run: Path) -> None:
    paths = write_report(bare_run)
    html, markdown = paths.html.read_text(encoding="utf-8"), paths.markdown.read_text(encoding="utf-8")
    assert Page(html).open == []
    assert "None: every row of this file is predicted as labeled." in html
    for text in (html, markdown):
        assert "The command was not recorded." in text
        assert "only has the highest macro-F1: 100.0" in text
        assert "too few for intervals" in text


def test_few_documents_have_a_report_without_intervals(fake_system, small_test, tmp_path: Path) -> None:
    few = [dataclasses.replace(row, document=f"d{number % 8}") for number, row in enumerate(small_test)]
    systems = [fake_system("net", 0, 0.9), fake_system("svm", accuracy=0.5, is_baseline=True)]
    results = evaluate(systems, {"test": few}, tmp_path, EvaluationSettings(bootstrap_resamples=100))
    (pair,) = results.comparisons["test"].pairs
    assert pair.interval is None
    assert pair.p * 128 == pytest.approx(round(pair.p * 128), abs=1e-3)  # a share of the 256 ways to swap, by twos
    paths = write_report(tmp_path)
    for text in (paths.html.read_text(), paths.markdown.read_text()):
        assert "8 documents as resampling units" in text
        assert "only 8 documents: too few for intervals" in text


def test_errors_of_labels_alone_have_no_order_of_confidence(fake_system, small_test, tmp_path: Path) -> None:
    system = fake_system("people", accuracy=0.6)
    system.has_probabilities = False
    evaluate([system], {"test": small_test}, tmp_path, EvaluationSettings(bootstrap_resamples=100))
    html = write_report(tmp_path).html.read_text()
    assert "errors of people, in the order of the file, since it gives labels alone" in html
    assert "people, the most confident first" not in html


def test_all_metrics_are_given_where_sentences_carry_several_stances(fake_system, small_test, tmp_path: Path) -> None:
    alone = [
        dataclasses.replace(each, id=f"alone-{number}", text=f"{each.text} {number}")
        for number, each in enumerate(small_test[:12])
    ]
    people = fake_system("people", accuracy=0.6)
    people.has_probabilities = False
    systems = [fake_system("minilm", 0, 0.9), people]
    results = evaluate(systems, {"test": [*small_test, *alone]}, tmp_path, EvaluationSettings(bootstrap_resamples=100))
    html = write_report(tmp_path).html.read_text()
    (place,) = [
        place
        for place, each in enumerate(results.tests["test"].slices)
        if each.key == ("stances_in_sentence", "several")
    ]
    table = html.partition("All metrics on the ")[2].partition("</table>")[0]
    assert table.startswith(f"{results.tests['test'].slices[place].rows} rows whose sentence carries more than")
    own = results.systems[0].tests["test"].slices[place].scores
    assert own is not None
    for name in ("macro_f1", "accuracy", "f_avg", "macro_precision", "macro_recall", "ece", "aurc"):
        value = own.value(name)
        assert value is not None and f">{100 * value:.1f}<" in table
    assert f">{own.brier:.3f}<" in table and f">{own.nll:.3f}<" in table
    assert table.count('<td class="n">–</td>') == 4  # what scores probabilities, of labels alone


def test_twenty_thousand_rows_of_hundreds_of_targets_stay_under_five_megabytes(fake_system, tmp_path: Path) -> None:
    test = [
        Example(
            id=f"row-{number}",
            text=f"In sentence {number} " + "a ministry says what it thinks of a treaty, at length, " * 6,
            source=f"ministry {number % 150}",
            target=f"treaty {number % 400}",
            stance=STANCES[number % 3],
            document=f"article {number // 10}",
            extra={name: f"{name} {number % 97}" for name in ("topic", "outlet", "month")},
        )
        for number in range(20_000)
    ]
    systems = [fake_system(f"system {number}", accuracy=0.5 + number / 20, confidence=None) for number in range(4)]
    evaluate(systems, {"test": test}, tmp_path, EvaluationSettings(bootstrap_resamples=100, randomization_rounds=100))
    assert write_report(tmp_path).html.stat().st_size < 5_000_000


def test_missing_or_broken_files_are_named(bare_run: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="nowhere: no such folder; expected the folder of an evaluation"):
        write_report(tmp_path / "nowhere")
    (bare_run / "predictions" / "only.test.parquet").write_bytes(b"no table")
    with pytest.raises(DataError, match=r"only\.test\.parquet: not readable as Parquet"):
        write_report(bare_run)
    (bare_run / "predictions" / "only.test.parquet").unlink()
    with pytest.raises(DataError, match=r"only\.test\.parquet: no such file, though metrics\.json names it"):
        write_report(bare_run)
    metrics = json.loads((bare_run / "metrics.json").read_text())
    (bare_run / "metrics.json").write_text(json.dumps({**metrics, "format": 99}))
    with pytest.raises(DataError, match="found format 99, this version reads 4"):
        write_report(bare_run)
    del metrics["systems"][0]["tests"]["test"]["std"]
    (bare_run / "metrics.json").write_text(json.dumps(metrics))
    with pytest.raises(DataError, match=r"incomplete \(.*`std`.*\); evaluate again"):
        write_report(bare_run)
    assert not list(bare_run.glob("report.*"))

"""The page in a browser: filters, cells, documents, words, downloads, keyboard, phone, and no script of a text."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from stancelab.article.page import write_map
from stancelab.article.page.matrix import matrix_of
from stancelab.article.page.sentences import pair_lists
from stancelab.article.page.view import MapView
from stancelab.article.results import CorpusPair, Entry, Reading
from stancelab.article.stances_file import write_stances
from stancelab.article.tables import write_tables
from stancelab.schema import NEUTRAL

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ENTER = ("Enter", 13)


@pytest.fixture
def opened(browser: Any, request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    """The page of the reading that a test names, opened; it has said nothing on the console afterwards either."""
    folder = make(request.getfixturevalue(request.param), tmp_path)
    browser.open(folder)
    yield browser
    assert browser.run("1") == 1
    assert browser.told == []


def make(reading: Reading, folder: Path) -> Path:
    return write_map(_written(folder, reading))


def _written(folder: Path, reading: Reading) -> Path:
    write_stances(folder, reading)
    return folder


def filtered(browser: Any, **values: str) -> None:
    """Set filters, those that are not named to all."""
    browser.run("form.reset()")
    browser.run("new Promise((done) => setTimeout(done, 20))")
    for name, value in values.items():
        browser.run(f"form.elements[{name!r}].value = {value!r}")
    browser.run("form.dispatchEvent(new Event('input'))")


def visible(browser: Any, selector: str, what: str) -> list[Any]:
    """Return something of each element that is shown."""
    found = f"[...document.querySelectorAll({selector!r})].filter((each) => each.checkVisibility())"
    shown: list[Any] = browser.run(f"{found}.map((each) => {what})")
    return shown


def cells(browser: Any) -> list[str]:
    """Return what the cells say that are shown."""
    return visible(browser, "table.map td a", "each.title")


def number_of(reading: Reading, name: str) -> str:
    return str(MapView(reading).names.index(name))


@pytest.mark.parametrize("opened", ["one_article", "thirty_articles", "hostile", "opposed"], indirect=True)
def test_the_script_shows_what_the_static_page_says(opened: Any, request: pytest.FixtureRequest) -> None:
    reading = request.getfixturevalue(request.node.callspec.params["opened"])
    view = MapView(reading)
    assert sorted(cells(opened)) == sorted(cell.label for cell in matrix_of(view).cells.values())
    for own in pair_lists(view):
        opened.run(f"choose(pairs[{own.number}])")
        head, summary = opened.run("[...panel.querySelector('h3').childNodes].map((each) => each.textContent)")
        assert (head, summary) == (own.title, own.summary)
        assert opened.run("panel.querySelector('.counts').textContent") == own.counts
        listed = opened.run("[...list.children].map((each) => each.querySelector('.text').textContent)")
        assert listed == ["".join(piece.text for piece in each.pieces) for each in own.sentences]
        marked = opened.run(
            "[...list.querySelectorAll('.text mark')].map((each) => [each.textContent, each.className])"
        )
        assert marked == [[*piece] for each in own.sentences for piece in each.pieces if piece.kind]
        meta = opened.run("[...list.children].map((each) => each.querySelector('.meta').textContent)")
        assert all(each.how in told for each, told in zip(own.sentences, meta, strict=True))


@pytest.mark.parametrize("opened", ["one_article"], indirect=True)
def test_enter_on_a_cell_shows_its_sentences(opened: Any, one_article: Reading) -> None:
    opened.run("[...document.querySelectorAll('td a')].find((a) => a.title.includes('Ministry → Court')).focus()")
    opened.press(*ENTER)
    assert opened.run("document.activeElement.textContent").startswith("Norland's Foreign Ministry → Court of the Seas")
    assert opened.run("list.children.length") == 2
    assert opened.run("document.querySelector('td a[aria-current]').title").startswith(
        "Norland's Foreign Ministry → Court"
    )
    hits = opened.run("[...view.querySelectorAll('.hit')].map((each) => each.textContent)")
    assert hits == [
        "−She warned Sudria against ratifying the statute of the Court of the Seas.",
        "−“The court answers to nobody,” she said.",
    ]
    assert "[“She” stands for Norland's Foreign Ministry]" in opened.run("view.textContent")
    opened.run("panel.querySelector('[data-all]').click()")
    assert opened.run("list.children.length") == len(one_article.evidence)


@pytest.mark.parametrize("opened", ["one_article"], indirect=True)
def test_filters_of_names_groups_stances_and_counted(opened: Any, one_article: Reading) -> None:
    filtered(opened, source=number_of(one_article, "Norland"))
    assert [each.partition(":")[0] for each in cells(opened)] == ["Norland → Court of the Seas", "Norland → Ceasefire"]
    assert visible(opened, ".targets th", "each.textContent") == ["Court of the Seas", "Ceasefire"]
    groups = visible(opened, "thead .groups th", "[each.textContent, each.colSpan]")
    assert groups == [["courts", 1], ["issues", 1]]
    filtered(opened, target=number_of(one_article, "Ceasefire"), stance="none")
    assert [each.partition(":")[0] for each in cells(opened)] == ["Norland's Foreign Ministry → Ceasefire"]
    filtered(opened, group="parliaments")
    assert len(cells(opened)) == 2
    filtered(opened, stance="mixed")
    assert [each.partition(",")[0] for each in cells(opened)] == ["Sudria's Parliament → Court of the Seas: mixed"]
    filtered(opened, counted="1")
    assert not any("not counted" in each for each in cells(opened))
    assert opened.run("list.children.length") == sum(each.counted for each in one_article.evidence)
    filtered(opened)
    assert len(cells(opened)) == len(one_article.corpus)


@pytest.mark.parametrize("opened", ["thirty_articles"], indirect=True)
def test_filters_of_documents(opened: Any, thirty_articles: Reading) -> None:
    filtered(opened, document="4")
    own = {(pair.source, pair.target): pair for pair in thirty_articles.pairs if pair.document == "article04"}
    assert {each.partition(":")[0] for each in cells(opened)} == {f"{one} → {two}" for one, two in own}
    assert opened.run("state.document.id") == "article04"
    filtered(opened, outlet="The Herald")
    found = opened.run("sentencesLeft().map((each) => each.document.outlet)")
    assert set(found) == {"The Herald"}
    assert len(found) == sum(
        each.document in _of_outlet(thirty_articles, "The Herald") for each in thirty_articles.evidence
    )
    label = next(each for each in cells(opened) if each.startswith("Norland → Sudria:"))
    counts = sum(
        pair.sentences
        for pair in thirty_articles.pairs
        if pair.document in _of_outlet(thirty_articles, "The Herald")
        and (pair.source, pair.target) == ("Norland", "Sudria")
    )
    assert f", {counts} sentences, " in label
    assert "[" not in label
    assert opened.run("document.getElementById('matrix-note').checkVisibility()")
    filtered(opened, outlet="No such outlet")
    assert cells(opened) != []  # a select takes no value that it does not offer


def _of_outlet(reading: Reading, outlet: str) -> set[str]:
    return {document.id for document in reading.documents if document.outlet == outlet}


@pytest.mark.parametrize("opened", ["thirty_articles"], indirect=True)
def test_dates_that_are_not_whole_count_as_all_days_they_may_mean(opened: Any) -> None:
    for first, last, wanted in (
        ("2026-01-05", "2026-01-15", ["2026-01", "2026-01-10"]),
        ("2026-10-31", "", ["2026-10"]),
    ):
        filtered(opened, **{"from": first, "to": last})
        assert opened.run("documents.filter(ofDocument).map((each) => each.date)") == wanted
    filtered(opened, **{"from": "2027-01-01"})
    assert cells(opened) == []
    assert opened.run("document.getElementById('matrix-note').textContent") == "No pair is left by the filters."


@pytest.mark.parametrize(
    ("rows", "stance"),
    [
        (["favor", "favor", "against"], "favor"),
        (["favor", "against"], "mixed"),
        (["favor", "none"], "favor"),
        (["against", "none", "none"], "none"),
        (["mixed", "against"], "mixed"),
        ([], "none"),
    ],
)
@pytest.mark.parametrize("opened", ["one_article"], indirect=True)
def test_several_documents_have_the_stance_of_most(opened: Any, rows: list[str], stance: str) -> None:
    made = [
        {
            "stance": each,
            "score": 0.5,
            "confidence": 0.8,
            "sentences": 1,
            "favor": 1,
            "against": 0,
            "neutral": 0,
            "leftOut": 0,
        }
        for each in rows
    ]
    assert opened.run(f"together({made!r}).stance") == stance


@pytest.mark.parametrize("opened", ["one_article"], indirect=True)
def test_words_that_spoke_are_shown_on_demand(opened: Any) -> None:
    button = "[...list.querySelectorAll('button')].find((each) => each.textContent === 'Words that spoke')"
    assert opened.run("list.querySelectorAll('.word').length") == 0
    opened.run(f"{button}.click()")
    item = opened.run("list.firstChild.textContent")
    assert "For this answer: The (+0.08), had (+0.08), the (+0.08), that (+0.04)." in item
    assert "Against it: influence (−0.16), ministry (−0.12), poisoned (−0.12), Western (−0.08), region (−0.04)." in item
    assert opened.run("list.firstChild.querySelectorAll('.word.w3').length") == 3
    assert opened.run("list.firstChild.querySelectorAll('.word.counter').length") == 5
    opened.run(f"{button}.click()")
    assert opened.run("list.querySelectorAll('.word').length") == 0


@pytest.mark.parametrize("opened", ["thirty_articles", "hostile", "opposed"], indirect=True)
def test_the_downloads_are_the_tables(opened: Any, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    reading = request.getfixturevalue(request.node.callspec.params["opened"])
    write_tables(tmp_path, write_stances(tmp_path, reading))
    for name in ("stances", "evidence"):
        with (tmp_path / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            written = file.read()
        assert opened.run(f"csv.{name}()") == written
    filtered(opened, stance="against")
    rows = list(csv.DictReader(io.StringIO(opened.run("csv.stances()"))))
    assert {row["stance"] for row in rows} == {"against"}


@pytest.mark.parametrize("opened", ["opposed"], indirect=True)
def test_a_score_on_the_other_side_than_its_stance_has_a_note(opened: Any) -> None:
    def told() -> tuple[str, str, bool]:
        cell = "[...document.querySelectorAll('td a')].find((a) => a.title.startsWith('Norland'))"
        marked, css = opened.run(f"[{cell}.querySelector('small').textContent, {cell}.parentNode.className]")
        return marked, css, opened.run("!document.getElementById('opposed-note').hidden")

    assert told() == ("−0.13† · 61% · 6", "favor s1", True)
    assert "(the score is the mean of all documents, the stance that of most of them)" in cells(opened)[0]
    filtered(opened, document="0")
    assert told() == ("−0.13† · 61% · 3", "favor s1", True)
    assert "(the score is the mean of all counted sentences, the stance that of the" in cells(opened)[0]
    filtered(opened, source="2")
    assert opened.run("document.getElementById('opposed-note').hidden")


@pytest.mark.parametrize("opened", ["thirty_articles"], indirect=True)
def test_documents_are_chosen_from_a_list(opened: Any, thirty_articles: Reading) -> None:
    opened.run("picker.value = '7'; picker.dispatchEvent(new Event('input', { bubbles: true }))")
    assert opened.run("view.querySelector('.headline').textContent") == "Report number 7 from the straits"
    pairs = {(each.source, each.target) for each in thirty_articles.evidence if each.document == "article07"}
    assert opened.run("view.querySelectorAll('.chips button').length") == len(pairs)
    opened.run("view.querySelector('.chips button').click()")
    assert opened.run("document.activeElement.getAttribute('aria-pressed')") == "true"
    assert opened.run("view.querySelectorAll('.hit').length") >= 1
    opened.run("list.querySelector('.meta button').click()")
    assert opened.run("document.activeElement.className").endswith(" at")


@pytest.mark.parametrize("opened", ["thirty_articles"], indirect=True)
def test_figures_follow_the_pair_that_is_chosen(opened: Any) -> None:
    shown = "figures.filter((each) => each.checkVisibility()).length"
    assert opened.run(shown) == 6
    opened.run("more.click()")
    assert opened.run(f"{shown} === figures.length")
    opened.run("choose(pairs[0])")
    assert opened.run(shown) == 1
    filtered(opened, stance="against")
    assert set(visible(opened, ".network [data-pair]", "each.classList[1]")) == {"against"}


@pytest.mark.parametrize("opened", ["hostile"], indirect=True)
def test_no_script_of_a_text_runs(opened: Any, hostile: Reading) -> None:
    for number in range(len(hostile.corpus)):
        opened.run(f"choose(pairs[{number}])")
    for number in range(len(hostile.documents)):
        filtered(opened, document=str(number))
    assert opened.run("document.title") == hostile.provenance.title
    assert opened.run("document.querySelectorAll('img, iframe, b b').length") == 0
    assert opened.run("document.querySelectorAll('script').length") == 2


def test_the_policy_stops_a_script_that_comes_into_the_page(browser: Any, one_article: Reading, tmp_path: Path) -> None:
    page = make(one_article, tmp_path)
    page.write_text(page.read_text().replace("</main>", "<script>document.title = 'broken'</script></main>"))
    browser.open(page)
    assert browser.run("document.title") == one_article.documents[0].title
    assert any("Content Security Policy" in each for each in browser.told)
    kind = "(() => { try { document.body.innerHTML = 'x'; return 'set'; } catch (error) { return error.name; } })()"
    assert browser.run(kind) == "TypeError"


@pytest.mark.parametrize("name", ["one_article", "thirty_articles", "hostile"])
def test_the_page_fits_a_phone(browser: Any, name: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    browser.open(make(request.getfixturevalue(name), tmp_path), width=360, height=800)
    assert browser.run("document.documentElement.scrollWidth") <= 360
    browser.run("choose(pairs[0])")
    assert browser.run("document.documentElement.scrollWidth") <= 360


def test_the_page_can_be_read_without_scripts(browser: Any, one_article: Reading, tmp_path: Path) -> None:
    page = make(one_article, tmp_path)
    browser.open(page, scripts=False)
    try:
        tree = browser.ask("Accessibility.getFullAXTree")["nodes"]
    finally:
        browser.ask("Emulation.setScriptExecutionDisabled", value=False)
    names = [node.get("name", {}).get("value", "") for node in tree]
    roles = [node.get("role", {}).get("value", "") for node in tree]
    assert "The call lasted 40 minutes." in [each.strip() for each in names]
    assert "“She” stands for Norland's Foreign Ministry" in names
    assert {"columnheader", "rowheader"} <= set(roles)
    assert "Filters" not in names


def test_no_cell_of_the_neutral_stance_is_colored(browser: Any, one_article: Reading, tmp_path: Path) -> None:
    browser.open(make(one_article, tmp_path))
    assert NEUTRAL not in browser.run(
        "[...document.querySelectorAll('.map td')].flatMap((each) => [...each.classList])"
    )
    shades = "[...document.querySelectorAll('.map td.none a')].map((each) => getComputedStyle(each).backgroundColor)"
    assert set(browser.run(shades)) == {"rgb(240, 239, 235)"}


def test_the_heads_of_a_large_matrix_stay_in_sight(browser: Any, tmp_path: Path) -> None:
    names = [f"Name {number}" for number in range(200)]
    corpus = [
        CorpusPair(
            source=names[row], target=names[column], stance="favor", sentences=1, favor=1, against=0, neutral=0,
            score=0.9, confidence=0.9,
        )
        for row in range(200)
        for column in {(7 * row + 1) % 200, (3 * row + 2) % 200} - {row}
    ]  # fmt: skip
    large = Reading(entries=[Entry(name=name) for name in names], documents=[], evidence=[], pairs=[], corpus=corpus)
    browser.open(make(large, tmp_path))
    corner = """[document.querySelector('.targets th'), document.querySelector('tbody th[scope=row]')].map(
        (each) => each.getBoundingClientRect()).map((each) => Math.round(each.top) + ' ' + Math.round(each.left))"""
    top, left = browser.run(corner)
    browser.run("document.querySelector('#matrix .scroll').scrollTo({ left: 5000, top: 4000, behavior: 'instant' })")
    top_then, left_then = browser.run(corner)
    assert top_then.split()[0] == top.split()[0]
    assert left_then.split()[1] == left.split()[1]
    assert (top_then, left_then) != (top, left)
    assert browser.run("document.documentElement.scrollWidth") <= 1200


@pytest.mark.parametrize(("width", "fits"), [(390, False), (1200, False), (2400, True)])
def test_a_wide_matrix_takes_the_margin_on_the_right(
    browser: Any, tmp_path: Path, favored: Callable[[int], Reading], width: int, fits: bool
) -> None:
    """Twelve columns are wider than the text, and narrower than a wide window."""
    browser.open(make(favored(12), tmp_path), width=width)
    matrix, text = (
        browser.run(f"(({{ left, right, width }}) => ({{ left, right, width }}))({each}.getBoundingClientRect())")
        for each in ("document.querySelector('#matrix .scroll')", "document.getElementById('matrix')")
    )
    assert matrix["left"] == text["left"]
    assert matrix["right"] < width
    assert (matrix["width"] > text["width"]) == (width > 390)
    shown = "(({ scrollWidth, clientWidth }) => scrollWidth <= clientWidth)"
    assert browser.run(f"{shown}(document.querySelector('#matrix .scroll'))") == fits
    assert browser.run("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [390, 1200])
def test_heads_of_groups_are_not_broken_inside_a_word(
    browser: Any, one_article: Reading, tmp_path: Path, width: int
) -> None:
    groups = {"ministries": "intergovernmental organisations", "states": "S" * 200}
    entries = [replace(each, group=groups.get(each.group, each.group)) for each in one_article.entries]
    browser.open(make(replace(one_article, entries=entries), tmp_path), width=width)
    lines = """Object.fromEntries([...document.querySelectorAll('tbody .groups bdi')].map((each) => [each.textContent,
        Math.round(each.getBoundingClientRect().height / parseFloat(getComputedStyle(each).lineHeight))]))"""
    found = browser.run(lines)
    assert found["intergovernmental organisations"] == 1
    assert found["S" * 200] >= 2  # what no screen holds is broken, and does not widen the page
    assert browser.run("document.documentElement.scrollWidth") <= width
    small = "[...document.querySelectorAll('tbody th small')].map((each) => each.textContent + each.childNodes.length)"
    assert "in Norland2" in browser.run(small)
    assert browser.run("getComputedStyle(document.querySelector('tbody th small bdi')).display") == "inline"


def test_heads_of_groups_stay_in_sight(browser: Any, thirty_articles: Reading, tmp_path: Path) -> None:
    browser.open(make(thirty_articles, tmp_path), width=390)
    left = "Math.round(document.querySelector('tbody .groups bdi').getBoundingClientRect().left)"
    before = browser.run(left)
    browser.run("document.querySelector('#matrix .scroll').scrollTo({ left: 300, behavior: 'instant' })")
    assert browser.run(left) == before

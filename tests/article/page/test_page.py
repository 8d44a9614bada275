"""The page as a file: made of stances.json alone, no text is markup, nothing is loaded, colors can be read."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from stancelab import extras
from stancelab.article.page import map_page, write_map
from stancelab.article.stances_file import write_stances
from stancelab.errors import DataError, MissingPackageError
from stancelab.layout import MAP_HTML, STANCES_JSON
from stancelab.pages import policy

if TYPE_CHECKING:
    from stancelab.article.results import Reading

PAGES = Path(policy.__file__).parent / "templates" / "page.css"
CSS = Path(__file__).resolve().parents[3] / "src/stancelab/article/page/templates/map.css"


class Elements(HTMLParser):
    """The elements of a page, with their attributes, and the text outside of scripts and styles."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.inside = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        self.inside = tag

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""

    def handle_data(self, data: str) -> None:
        if self.inside not in ("script", "style"):
            self.texts.append(data)


def data_of(page: str) -> dict[str, object]:
    found = re.search(r'<script type="application/json" id="map-data">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    content: dict[str, object] = json.loads(found[1])
    return content


def test_the_page_is_made_of_the_file_alone_and_the_same_each_time(one_article: Reading, tmp_path: Path) -> None:
    write_stances(tmp_path, one_article)
    path = write_map(tmp_path)
    first = path.read_bytes()
    assert path == tmp_path / MAP_HTML
    (tmp_path / MAP_HTML).unlink()
    assert write_map(tmp_path).read_bytes() == first
    assert sorted(each.name for each in tmp_path.iterdir()) == [MAP_HTML, STANCES_JSON]


def test_a_damaged_file_leaves_the_page_as_it_was(one_article: Reading, tmp_path: Path) -> None:
    write_stances(tmp_path, one_article)
    before = write_map(tmp_path).read_bytes()
    (tmp_path / STANCES_JSON).write_text("{")
    with pytest.raises(DataError):
        write_map(tmp_path)
    assert (tmp_path / MAP_HTML).read_bytes() == before


def test_the_missing_package_is_named(monkeypatch: pytest.MonkeyPatch, one_article: Reading) -> None:
    monkeypatch.setattr(extras, "is_installed", lambda module: module != "jinja2")
    with pytest.raises(MissingPackageError, match=r"map.html needs Jinja: pip install \"stancelab\[read\]\""):
        map_page(one_article)


@pytest.mark.parametrize("name", ["one_article", "thirty_articles", "hostile"])
def test_nothing_is_loaded_and_no_element_comes_from_a_text(name: str, request: pytest.FixtureRequest) -> None:
    elements = Elements(map_page(request.getfixturevalue(name))).found
    tags = [tag for tag, _ in elements]
    assert tags.count("script") == 2
    assert tags.count("style") == 1
    assert not {"img", "iframe", "link", "object", "embed", "base"} & set(tags)
    for _, attributes in elements:
        assert not any(key.startswith("on") or key in ("src", "style", "action") for key in attributes)
        assert (attributes.get("href") or "#").startswith("#") or attributes["href"] in ("stances.csv", "evidence.csv")


def test_hostile_texts_are_shown_as_they_are(hostile: Reading) -> None:
    page = map_page(hostile)
    shown = "".join(Elements(page).texts)
    for entry in hostile.entries[:2]:
        assert entry.name in shown
    assert "</script><script>document.title" in shown
    assert "<!-- policy --> <style>*{display:none}</style> &lt;b&gt; {{ 7 * 7 }} {% raw %}" in shown.replace(
        "\u2068", ""
    )
    assert page.count("Content-Security-Policy") == 1


def test_the_data_block_ends_where_it_should_and_holds_all(hostile: Reading) -> None:
    content = data_of(map_page(hostile))
    documents = content["documents"]
    assert isinstance(documents, list)
    assert documents[0][6] == hostile.documents[0].text
    assert documents[0][5] == hostile.documents[0].fields
    assert len(content["evidence"]) == len(hostile.evidence)  # type: ignore[arg-type]


def test_the_policy_forbids_all_but_the_own_style_and_script(one_article: Reading) -> None:
    page = map_page(one_article)
    found = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    assert found is not None
    assert policy.policy_of(page) == found[1]
    assert "unsafe" not in found[1]
    assert found[1].count("'sha256-") == 2


def test_the_golden_facts_of_an_article(one_article: Reading) -> None:
    page = map_page(one_article)
    text = " ".join("".join(Elements(page).texts).split())
    assert "13 pairs of source and target" in text
    assert "17 of 18 answers counted (confidence 50% and above)" in text
    assert "2 names of the codebook in no pair, left out" in text
    assert "mixed where both sides have a third of the counted sentences" in text
    assert "ECE 2.1 points on validation rows" in text
    assert "“She” stands for Norland's Foreign Ministry" in text
    assert "Over time" not in text
    assert page.count('<td class="against s3">') == 4


def test_a_reading_of_nothing_has_a_page(one_article: Reading) -> None:
    from dataclasses import replace

    page = map_page(replace(one_article, evidence=[], pairs=[], corpus=[]))
    assert "the matrix is empty" in page
    assert "No pair shows a stance." in page


def luminance(color: str) -> float:
    """Return the relative luminance of "#rrggbb" (WCAG 2.2)."""
    parts = [int(color[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, two: str) -> float:
    high, low = sorted((luminance(one), luminance(two)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def themes() -> dict[str, dict[str, str]]:
    """Return the colors of the page by theme: those of all pages, and those of the map."""
    found: dict[str, dict[str, str]] = {"light": {}, "dark": {}}
    for path in (PAGES, CSS):
        for number, block in enumerate(re.findall(r":root \{(.*?)\}", path.read_text(encoding="utf-8"), re.DOTALL)):
            found["dark" if number else "light"] |= dict(re.findall(r"--([\w-]+): (#\w{6})", block))
    return found


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_texts_have_the_contrast_that_wcag_asks_for(theme: str) -> None:
    colors = themes()[theme]
    tints = [name for name in colors if re.fullmatch(r"(favor|against|mixed|none)\d", name)]
    assert len(tints) == 9
    for name in (*tints, "target", "source"):
        assert contrast(colors["ink"], colors[name]) >= 4.5, name
    for name in ("favor", "against", "mixed", "neutral", "muted", "accent"):
        for ground in ("card", "paper"):
            assert contrast(colors[name], colors[ground]) >= 4.5, (name, ground)


def test_the_tables_have_heads_for_rows_columns_and_groups(one_article: Reading) -> None:
    elements = Elements(map_page(one_article)).found
    scopes = [attributes.get("scope") for tag, attributes in elements if tag == "th"]
    assert (scopes.count("col"), scopes.count("row")) == (7, 5)
    assert (scopes.count("colgroup"), scopes.count("rowgroup")) == (5, 4)
    assert all(attributes.get("aria-label") for tag, attributes in elements if tag == "a" and "data-pair" in attributes)

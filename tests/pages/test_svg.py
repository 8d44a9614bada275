from __future__ import annotations

import re

from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from stancelab.pages.svg import ACCENT, inline_svg, page_style


def _svg(name: str = "one", text: str = "plain") -> str:
    with page_style():
        figure = Figure(figsize=(2, 2))
        FigureCanvasSVG(figure)
        axes = figure.add_subplot()
        axes.scatter([1, 2], [1, 2], color=ACCENT)
        axes.text(1, 1, text)
    return inline_svg(figure, name, 'a "label" <x>')


def test_a_figure_uses_the_pages_colors_and_fonts_and_no_outside_names() -> None:
    svg = _svg()
    assert svg.startswith("<svg ")
    assert 'viewBox="0 0 144 144"' in svg
    assert "var(--accent)" in svg
    assert "var(--ink)" in svg
    assert not re.search(r"#0102\d\d|font-family|xmlns|http|<style|<metadata|\n", svg)
    assert 'role="img" aria-label="a &quot;label&quot; &lt;x&gt;"' in svg


def test_text_stays_text_and_is_escaped() -> None:
    svg = _svg(text='<b>"$x$" & id="y"')
    assert '&lt;b&gt;"$x$" &amp; id="y"</text>' in svg


def test_ids_are_the_figures_own_and_those_pointed_to_exist() -> None:
    svg = _svg("two")
    ids = re.findall(r' id="([^"]+)"', svg)
    pointed = re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)', svg)
    assert ids
    assert all(name.startswith("two-") for name in ids)
    assert {one or other for one, other in pointed} == set(ids)


def test_the_same_figure_is_the_same_text() -> None:
    assert _svg() == _svg()

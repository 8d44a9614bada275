"""A folder's stances.json -> map.html; it can be made again at any time, and the same file gives the same page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stancelab.article.page import network, sentences, timeline, wording
from stancelab.article.page.articles import articles_of
from stancelab.article.page.data import data_block
from stancelab.article.page.matrix import MOST_PRINTED, OTHERS, matrix_of
from stancelab.article.page.view import MapView
from stancelab.article.stances_file import read_stances
from stancelab.extras import require
from stancelab.files import write_text
from stancelab.layout import EVIDENCE_TABLE, MAP_HTML, STANCES_TABLE
from stancelab.pages.environment import environment
from stancelab.pages.policy import PLACE, with_policy

if TYPE_CHECKING:
    from pathlib import Path

    from stancelab.article.results import Reading


def write_map(folder: Path) -> Path:
    """Write a folder's `map.html`, one file that needs no other, from its `stances.json` alone.

    Returns:
        The path of the page.

    Raises:
        DataError: The folder holds no reading, or one that is damaged or of another layout.
        MissingPackageError: The packages of the extra `report` are not installed.
    """
    require("jinja2", "read", "map.html")
    page = map_page(read_stances(folder))
    write_text(folder / MAP_HTML, page)
    return folder / MAP_HTML


def map_page(reading: Reading) -> str:
    """Return the page of a reading as HTML; all that comes from documents and codebook is escaped.

    Raises:
        MissingPackageError: The packages of the extra `report` are not installed.
    """
    require("jinja2", "read", "map.html")
    templates = environment(
        "stancelab.article.page",
        person=wording.person,
        signed=wording.signed,
        whole_percent=wording.whole_percent,
        sign=wording.SIGNS.__getitem__,
        word=wording.WORDS.__getitem__,
        both_sides=wording.both_sides,
        cell_score=wording.cell_score,
    )
    return with_policy(templates.get_template("map.html").render(**_content(MapView(reading))).rstrip() + "\n")


def _content(view: MapView) -> dict[str, Any]:
    from markupsafe import Markup

    reading = view.reading
    figures, more_figures = timeline.timelines_of(view)
    listed = sentences.pair_lists(view)
    return {
        "title": view.title,
        "reading": reading,
        "provenance": reading.provenance,
        "policy": Markup(PLACE),  # noqa: S704 - a comment of our own
        "matrix": matrix_of(view),
        "others": OTHERS,
        "most_printed": MOST_PRINTED,
        "not_counted": wording.NOT_COUNTED,
        "opposed_sign": wording.OPPOSED_SIGN,
        "has_opposed": any(pair.is_opposed for pair in view.pairs),
        "network": network.network_of(view),
        "network_width": network.WIDTH,
        "most_nodes": network.MOST_NODES,
        "timelines": figures,
        "more_timelines": more_figures,
        "fewest_dates": timeline.FEWEST,
        "frame": timeline.FRAME,
        "pair_lists": listed,
        "listed": {each.number for each in listed},
        "unlisted": len(reading.evidence) - sum(len(each.sentences) for each in listed),
        "articles": articles_of(view),
        "counted": sum(each.counted for each in reading.evidence),
        "choices": _choices(view),
        "tables": (STANCES_TABLE, EVIDENCE_TABLE),
        "data": Markup(data_block(view)),  # noqa: S704 - JSON in which no markup is left
    }


def _choices(view: MapView) -> dict[str, list[tuple[int | str, str]]]:
    """Return what each filter offers, as (value, words)."""
    numbers = {name: number for number, name in enumerate(view.names)}
    offered: dict[str, list[tuple[int | str, str]]] = {
        part: [
            (numbers[name], wording.person(name))
            for name in sorted(sorted({getattr(pair, part) for pair in view.pairs}), key=str.casefold)
        ]
        for part in ("source", "target")
    }
    groups = sorted({view.group(name) for name in view.names} - {""})
    outlets = sorted({document.outlet for document in view.reading.documents} - {""})
    return {
        **offered,
        "group": [(group, group) for group in groups],
        "outlet": [(outlet, outlet) for outlet in outlets],
    }

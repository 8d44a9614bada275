"""Matplotlib figures -> SVG that lives inside a page: its fonts, its colors in light and dark, no outside names."""

from __future__ import annotations

import io
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

# Only what matplotlib has just written is parsed.
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.figure import Figure

#: Stand-ins that figures draw with; the page's CSS says what they are in light, in dark and on paper.
INK: Final = "#010203"
MUTED: Final = "#010204"
RULE: Final = "#010205"
ACCENT: Final = "#010206"
CARD: Final = "#010207"
_THEME: Final = {
    INK: "var(--ink)",
    MUTED: "var(--muted)",
    RULE: "var(--rule)",
    ACCENT: "var(--accent)",
    CARD: "var(--card)",
}

_STYLE: Final[Any] = {
    # Text stays text: it takes the page's font, can be searched and copied, and keeps the file small.
    "svg.fonttype": "none",
    # The same numbers give the same bytes.
    "svg.hashsalt": "stancelab",
    # A system's name may hold dollar signs.
    "text.parse_math": False,
    "font.size": 12,
    "text.color": INK,
    "axes.edgecolor": RULE,
    "axes.labelcolor": MUTED,
    "axes.facecolor": "none",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": RULE,
    "ytick.color": RULE,
    "xtick.labelcolor": MUTED,
    "ytick.labelcolor": MUTED,
    "grid.color": RULE,
    "grid.linewidth": 0.6,
}


@contextmanager
def page_style() -> Iterator[None]:
    """Draw with the page's stand-in colors and sizes."""
    import matplotlib as mpl

    with mpl.rc_context(_STYLE):
        yield


def inline_svg(figure: Figure, name: str, label: str) -> str:
    """Return a figure as an `<svg>` element to be put into HTML as it is.

    Args:
        figure: Made within `page_style`.
        name: Unique on the page; keeps the ids of one figure apart from those of another.
        label: What the figure shows, for those who do not see it.
    """
    buffer = io.StringIO()
    with page_style():
        figure.savefig(buffer, format="svg", transparent=True, metadata={"Date": None})
    root = ET.fromstring(buffer.getvalue())  # noqa: S314
    _drop_foreign(root)
    used = _referenced(root)
    for element in root.iter():
        element.tag = _local(element.tag)
        attributes = {_local(key): value for key, value in element.attrib.items()}
        if attributes.get("id") not in used:
            attributes.pop("id", None)
        element.attrib.clear()
        element.attrib.update({key: _own(key, value, name) for key, value in attributes.items()})
    for key in ("width", "height", "version"):
        root.attrib.pop(key, None)
    root.attrib.update({"role": "img", "aria-label": label})
    return re.sub(r"\s*\n\s*", " ", ET.tostring(root, encoding="unicode")).strip()


def _drop_foreign(root: ET.Element) -> None:
    """Remove what names other vocabularies, and a style sheet that would reach beyond the figure."""
    for parent in list(root.iter()):
        for child in list(parent):
            if _local(child.tag) in ("metadata", "style"):
                parent.remove(child)


def _referenced(root: ET.Element) -> set[str]:
    """Return the ids that something in the figure points to, by `href="#id"` or `url(#id)`."""
    values = (value for element in root.iter() for value in element.attrib.values())
    return {found[1] for value in values for found in re.finditer(r"(?:^|url\()#([\w.-]+)(?:\)|$)", value)}


def _own(key: str, value: str, name: str) -> str:
    """Return an attribute's value with ids of this figure's own, the page's colors and the page's font."""
    if key == "id":
        return f"{name}-{value}"
    if key == "href":
        return re.sub(r"^#", f"#{name}-", value)
    value = value.replace("url(#", f"url(#{name}-")
    if key == "style":
        value = re.sub(r"font-family:[^;]*;?\s*", "", value)
        for stand_in, color in _THEME.items():
            value = value.replace(stand_in, color)
    return value


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]

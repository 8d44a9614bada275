"""What all pages of a report share: their file names, and the templates with their filters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stancelab.pages import formatting

if TYPE_CHECKING:
    from jinja2 import Environment


def environment() -> Environment:
    """Return the templates, with the filters that they use."""
    from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

    made = Environment(
        loader=PackageLoader("stancelab.report"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(
        percent=formatting.percent,
        p_value=formatting.p_value,
        count=formatting.count,
        plain_number=formatting.plain_number,
        outline=formatting.outline,
        md=formatting.markdown_text,
        md_piece=formatting.markdown_piece,
        md_block=formatting.markdown_block,
    )
    return made

"""Jinja templates: those of a package with the shared ones of this folder, and the filters that they use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stancelab.pages import formatting, markdown

if TYPE_CHECKING:
    from collections.abc import Callable

    from jinja2 import Environment


def environment(package: str, **filters: Callable[..., object]) -> Environment:
    """Return the templates of a package, which find the shared ones by name; text in HTML is escaped.

    Args:
        package: Has a folder `templates`.
        filters: Further filters by name.
    """
    from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined, select_autoescape

    made = Environment(
        loader=ChoiceLoader([PackageLoader(package), PackageLoader("stancelab.pages")]),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(
        percent=formatting.percent,
        decimals=formatting.decimals,
        p_value=formatting.p_value,
        count=formatting.count,
        counted=formatting.counted,
        plain_number=formatting.plain_number,
        outline=formatting.outline,
        sentence_case=formatting.sentence_case,
        md=markdown.markdown_text,
        md_piece=markdown.markdown_piece,
        md_block=markdown.markdown_block,
        **filters,
    )
    return made

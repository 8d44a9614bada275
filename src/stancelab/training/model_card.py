"""The checkpoint's README: what it is, what it was trained on, how good it is, what it is not for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined

if TYPE_CHECKING:
    from stancelab.checkpoint import CheckpointInfo


def model_card(info: CheckpointInfo, name: str) -> str:
    """Return the model card in Markdown, with the metadata block that the Hugging Face hub reads."""
    environment = Environment(
        loader=PackageLoader("stancelab.training"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701 - the card is Markdown, not HTML
        keep_trailing_newline=True,
    )
    return environment.get_template("model_card.md").render(info=info, name=name)

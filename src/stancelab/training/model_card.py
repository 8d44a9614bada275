"""The checkpoint's README: what it is, what it was trained on, how good it is, what it is not for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from stancelab.errors import count_of
from stancelab.layout import CHECKPOINT
from stancelab.schema import Example

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stancelab.checkpoint import CheckpointInfo
    from stancelab.encoding import Builder, Cut
    from stancelab.training.answers import TeacherRecord

#: What the card shows how to classify.
EXAMPLE: Final = Example(id="", text="Norway welcomed the ceasefire.", source="Norway", target="the ceasefire")


def model_card(
    info: CheckpointInfo,
    name: str,
    builder: Builder,
    cut: Mapping[str, Cut] | None = None,
    teacher: TeacherRecord | None = None,
) -> str:
    """Return the model card in Markdown, with the metadata block that the Hugging Face hub reads.

    Args:
        info: The content of `stancelab.json`.
        name: What the checkpoint is called.
        builder: Builds its input; the card shows how.
        cut: What the encoder could not see, per split.
        teacher: What taught the model besides the labels, None where nothing did.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("stancelab.training"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701 - the card is Markdown, not HTML
        keep_trailing_newline=True,
    )
    environment.filters.update(run_name=run_name, counted=count_of)
    return environment.get_template("model_card.md").render(
        info=info, name=name, example=EXAMPLE, segments=builder.words(EXAMPLE), cut=cut or {}, teacher=teacher
    )


def run_name(folder: str) -> str:
    """Return how a checkpoint is called on a card that others read, which need not know where its folder lies.

    Args:
        folder: Its folder, or its name on the hub.
    """
    parts = [part for part in Path(folder).parts if part not in ("/", "..", ".", "~")]
    if parts[-1:] == [CHECKPOINT]:
        parts.pop()
    return "/".join(parts[-2:]) or CHECKPOINT

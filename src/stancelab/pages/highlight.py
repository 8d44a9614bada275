"""A text cut into pieces, with source and target marked."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, NamedTuple

from stancelab.schema import SOURCE, TARGET

if TYPE_CHECKING:
    from stancelab.schema import Example


class Piece(NamedTuple):
    """A part of a text: `kind` is "target", "source" or "" for the rest."""

    text: str
    kind: str


def mark(text: str, target: tuple[int, int] | None, source: tuple[int, int] | None) -> list[Piece]:
    """Cut a text into pieces by the character ranges of target and source; where they overlap the target wins."""
    kinds = [""] * len(text)
    for kind, span in ((SOURCE, source), (TARGET, target)):
        if span is not None:
            kinds[slice(*span)] = [kind] * len(range(*slice(*span).indices(len(text))))
    pieces = []
    for kind, run in itertools.groupby(range(len(text)), key=kinds.__getitem__):
        places = list(run)
        pieces.append(Piece(text[places[0] : places[-1] + 1], kind))
    return pieces


def mark_example(example: Example) -> list[Piece]:
    """Cut an example's text into pieces, with its source and target marked where they are mentioned."""
    return mark(example.text, example.mention(TARGET), example.mention(SOURCE))

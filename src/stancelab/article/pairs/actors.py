"""Who reported or acted in a sentence, and which pronouns may stand for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Actor:
    """Who reported or acted in a sentence.

    Attributes:
        entries: The entries that it stands for; none for somebody who is not in the codebook.
        person: Whether it is a person, None where that is not known.
        plural: Whether it is several.
        gender: "he" or "she" where known, else "".
        silent: Whether it only acted, so that it may be a thing.
    """

    entries: tuple[str, ...]
    person: bool | None = None
    plural: bool = False
    gender: str = ""
    silent: bool = False


def persons_first(actors: Sequence[Actor]) -> list[Actor]:
    """Return the actors of one sentence, those who are known to be persons before those who may be."""
    return sorted(actors, key=lambda actor: actor.person is None and not actor.entries)


def fits_pronoun(actor: Actor, word: str) -> bool:
    """Tell whether a pronoun may stand for an actor."""
    if word in ("he", "she"):
        single = len(actor.entries) <= 1 and not actor.plural
        known = actor.person is True or (actor.person is None and not actor.entries)
        return single and known and actor.gender in ("", word)
    if word == "it":
        return not actor.plural and not actor.person and len(actor.entries) <= 1
    return actor.plural or len(actor.entries) > 1


def may_fit(actor: Actor, word: str) -> bool:
    """Tell whether an actor fits where none fits better."""
    if word == "they":
        return not actor.person
    return bool(actor.entries) and not actor.person and not actor.plural and len(actor.entries) == 1

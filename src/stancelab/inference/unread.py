"""Keys and columns that prediction does not read though they look like a field: named, with what to write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from stancelab.schema import EXAMPLE_COLUMNS, SPAN_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

#: The keys of a dict, and the columns of a DataFrame, that are read besides `id`.
FIELDS: Final = ("text", "source", "target", *SPAN_COLUMNS)
#: What other tables call a field, in lower case.
SYNONYMS: Final = {
    "text": ("sentence", "tweet", "content", "post", "body"),
    "source": ("speaker", "actor", "holder", "author", "opinion_holder", "user"),
    "target": ("topic", "issue", "aspect", "entity", "about", "claim"),
}


def looks_like(name: str, fields: Iterable[str] = FIELDS) -> str | None:
    """Return the field that a name stands for: spelled in other letters, with other signs, or a usual synonym."""
    plain = _plain(name)
    for field in fields:
        if plain == _plain(field) or plain in map(_plain, SYNONYMS.get(field, ())):
            return field
    return None


def unread_names(found: Collection[str], read: Collection[str], lacking: Collection[str]) -> list[str]:
    """Return a line for each name that is not read, those first that look like a field nothing else fills.

    Args:
        found: The keys or columns there are.
        read: Those that are read.
        lacking: The fields that none of them fills.
    """
    unread = [name for name in found if name not in read and name not in EXAMPLE_COLUMNS]
    alike = {name: field for name in unread if (field := looks_like(name, lacking)) is not None}
    lines = [f"{name!r}, which looks like the {field}" for name, field in alike.items()]
    return lines + [repr(name) for name in unread if name not in alike]


def _plain(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())

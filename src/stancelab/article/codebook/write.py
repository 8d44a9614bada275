"""A codebook → the YAML that `read_codebook` reads as the same codebook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from stancelab.article.codebook.entries import Codebook, Entry

#: Wider than any name, so that no name is broken over lines.
_WIDTH = 100_000


def codebook_text(codebook: Codebook, head: str = "") -> str:
    """Return a codebook as YAML, an entry a line where it has aliases alone.

    Args:
        codebook: The codebook.
        head: What stands above it as a comment, lines of text.
    """
    comment = "".join(f"# {line}".rstrip() + "\n" for line in head.splitlines())
    return comment + "".join(_dumped({name: _form(entry)}) for name, entry in codebook.entries.items())


def _form(entry: Entry) -> Any:
    """Return the entry's aliases where it has nothing else, else a table of what differs from the defaults."""
    names = {
        "aliases": entry.aliases,
        "cities": entry.cities,
        "demonyms": entry.demonyms,
        "except": entry.exceptions,
    }
    table: dict[str, Any] = {key: list(own) for key, own in names.items() if own}
    if set(table) <= {"aliases"} and _is_plain(entry):
        return list(entry.aliases)
    usual = {"source": True, "target": True, "persons": False, "group": "", "within": ""}
    return table | {key: getattr(entry, key) for key, value in usual.items() if getattr(entry, key) != value}


def _is_plain(entry: Entry) -> bool:
    return entry.source and entry.target and not (entry.persons or entry.group or entry.within)


def _dumped(content: dict[str, Any]) -> str:
    text: str = yaml.safe_dump(
        content, allow_unicode=True, sort_keys=False, width=_WIDTH, default_flow_style=None, indent=2
    )
    return text

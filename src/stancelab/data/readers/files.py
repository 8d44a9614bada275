"""What the readers of public corpora share: finding their files and opening JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from stancelab.errors import DataError
from stancelab.tables.text_file import open_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def expected_files(folder: Path, names: Sequence[str], where: str) -> list[Path]:
    """Return the files of a corpus; missing ones are a `DataError` that says where to get it."""
    missing = [name for name in names if not (folder / name).is_file()]
    if missing:
        found = sorted(path.name for path in folder.iterdir())[:12]
        raise DataError(
            f"{folder}: lacks {', '.join(missing)}; it holds {', '.join(found) or 'nothing'}. Expected {where}"
        )
    return [folder / name for name in names]


def read_json_array(path: Path) -> list[Any]:
    """Return the items of a file that is one JSON array."""
    with open_text(path, "json") as text:
        content = "".join(text)
    try:
        items = json.loads(content)
    except json.JSONDecodeError as error:
        raise DataError(f"{path}: not readable as JSON ({error}); is the file cut off?") from None
    if not isinstance(items, list):
        raise DataError(f"{path}: expected one JSON array of sentences")
    return items

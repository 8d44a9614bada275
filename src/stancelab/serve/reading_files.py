"""The files of a reading: its tables, its map, all of it as JSON, and its codebook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec
from starlette.responses import Response

from stancelab.article.codebook.write import codebook_text
from stancelab.article.page.write import map_page
from stancelab.article.tables import table_text
from stancelab.layout import CODEBOOK, EVIDENCE_TABLE, MAP_HTML, STANCES_JSON, STANCES_TABLE
from stancelab.pages.policy import policy_of
from stancelab.serve.forms import OWN
from stancelab.serve.problems import Problem

if TYPE_CHECKING:
    from stancelab.serve.kept import KeptReading

#: Name -> type.
_FILES: Final = {
    STANCES_TABLE: "text/csv; charset=utf-8",
    EVIDENCE_TABLE: "text/csv; charset=utf-8",
    STANCES_JSON: "application/json",
    MAP_HTML: "text/html; charset=utf-8",
    CODEBOOK: "application/yaml; charset=utf-8",
}
#: What is put before the name of a file that is to be saved, and would be shown otherwise.
_SAVED: Final = "save-"
#: What a map may do in its frame: run its own script and save its tables, without being of this server.
_SANDBOX: Final = "; frame-ancestors 'self'; sandbox allow-scripts allow-downloads"


def file_of(name: str, kept: KeptReading) -> Response:
    """Return a file of a reading; the map for the frame that shows it, the others to be saved.

    Args:
        name: Its name; of the map also `save-map.html`, which is to be saved.
        kept: The reading.

    Raises:
        Problem: 404, there is no such file.
    """
    if name not in _FILES and name != f"{_SAVED}{MAP_HTML}":
        raise Problem(404, f"file: found {name[:40]!r}, allowed are {', '.join(_FILES)}")
    is_shown = name == MAP_HTML
    name = name.removeprefix(_SAVED)
    headers = {} if is_shown else {"content-disposition": f'attachment; filename="{name}"'}
    if name == MAP_HTML:
        page = map_page(kept.reading)
        headers["content-security-policy"] = policy_of(page) + (_SANDBOX if is_shown else "")
        return Response(page, headers=headers, media_type=_FILES[name])
    return Response(_content(name, kept), headers=headers, media_type=_FILES[name])


def _content(name: str, kept: KeptReading) -> bytes | str:
    if name == STANCES_JSON:
        return msgspec.json.encode(kept.reading)
    if name == CODEBOOK:
        return kept.form.codebook if kept.form.book == OWN else codebook_text(kept.codebook)
    return table_text(name, kept.reading)

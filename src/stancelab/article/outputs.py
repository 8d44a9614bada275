"""A reading → its folder: stances.json, the two tables, the page, the codebook, and the manifest last."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stancelab.article.page import write_map
from stancelab.article.stances_file import write_stances
from stancelab.article.tables import write_tables
from stancelab.files import atomic_folder, write_manifest, write_text
from stancelab.inference.jobs.parts_folder import written
from stancelab.layout import CODEBOOK

if TYPE_CHECKING:
    from pathlib import Path

    from stancelab.article.results import Reading


def write_outputs(
    folder: Path, reading: Reading, codebook: str, manifest: dict[str, Any], *, bom: bool = False
) -> None:
    """Write the folder of a reading beside and rename it, so that it is whole where it is there.

    Args:
        folder: The folder; one that was there is replaced.
        reading: The reading.
        codebook: The codebook as YAML.
        manifest: The content of its manifest.
        bom: Whether the tables begin with a byte order mark.

    Raises:
        DataError: It cannot be written, or the parts of the reading do not fit together.
    """
    with written(folder), atomic_folder(folder) as partial:
        rounded = write_stances(partial, reading)
        write_tables(partial, rounded, byte_order_mark=bom)
        write_map(partial)
        write_text(partial / CODEBOOK, codebook)
        write_manifest(partial, manifest)

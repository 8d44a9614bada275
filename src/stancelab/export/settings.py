"""Settings of `stancelab export`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class ExportSettings:
    """What is written, and on which rows the answers are compared.

    Attributes:
        rows: The folder of a prepared dataset whose validation rows are taken; null looks for the one that the
            checkpoint was trained on in the folder `datasets` of `output_root` and of the checkpoint's run.
        int8: Whether the network is also written with int8 weights in its linear layers.
        static_int8: Whether it is also written in int8 with scales that are fixed beforehand, found by training rows,
            for the backend openvino-int8; null writes it where NNCF and OpenVINO are installed and its answers are near
            enough, and says why where not.
        force: Whether an int8 network is written though its answers are further from those of the checkpoint than is
            allowed.
        overwrite: Whether an earlier export is replaced.
    """

    rows: str | None = None
    int8: bool = True
    static_int8: bool | None = None
    force: bool = False
    overwrite: bool = False

    def problems(self) -> list[str]:
        """Return what is wrong with the settings, one line each."""
        found = []
        if self.rows is not None and not self.rows.strip():
            found.append(f"rows: found {self.rows!r}, allowed is the folder of a prepared dataset, or null")
        if self.force and not self.int8 and self.static_int8 is False:
            found.append("force: is of the int8 networks, which int8=false and static_int8=false leave out")
        return found

from __future__ import annotations

from stancelab.export.settings import ExportSettings


def test_what_cannot_be_used() -> None:
    assert ExportSettings(rows="outputs/datasets/toy", force=True).problems() == []
    assert ExportSettings(int8=False, force=True).problems() == []
    assert ExportSettings(rows=" ", int8=False, static_int8=False, force=True).problems() == [
        "rows: found ' ', allowed is the folder of a prepared dataset, or null",
        "force: is of the int8 networks, which int8=false and static_int8=false leave out",
    ]

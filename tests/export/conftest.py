"""What tests export: the families and heads of checkpoints, their prepared dataset, and rows to answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from stancelab.schema import Example

if TYPE_CHECKING:
    from stancelab.data.prepared import PreparedDataset

#: All families that an export is promised for, each with both heads.
EXPORTED = [(family, head) for family in ("Bert", "MPNet", "Roberta", "DebertaV2") for head in ("pair", "sequence")]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that names a family and a head with all that are exported."""
    if {"family", "head"} <= set(metafunc.fixturenames):
        metafunc.parametrize(("family", "head"), EXPORTED)


@pytest.fixture(scope="session")
def examples() -> list[Example]:
    """Texts of several lengths with one to nine rows each."""
    return [
        Example(
            id="", text="Norway met Iran and Kenya on the treaty ." * (number % 3 + 1), source=source, target=target
        )
        for number in range(5)
        for source in ("Norway", "", "the ministry")
        for target in ("Iran", "Kenya", "the treaty")[: number % 3 + 1]
    ]


@pytest.fixture(scope="session")
def dataset(export_dataset: PreparedDataset) -> PreparedDataset:
    return export_dataset

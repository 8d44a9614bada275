"""The prepared dataset of the checkpoints that tests export."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from stancelab.data.prepared import PreparedDataset


@pytest.fixture(scope="session")
def dataset(export_dataset: PreparedDataset) -> PreparedDataset:
    return export_dataset

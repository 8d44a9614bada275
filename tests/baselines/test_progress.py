"""What is said of a long cross-validation where no terminal shows a bar."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from stancelab.baselines.progress import progress

if TYPE_CHECKING:
    import pytest


def test_a_log_has_a_line_each_minute(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    clock = iter(range(0, 1000, 40))
    monkeypatch.setattr("stancelab.baselines.progress.time.monotonic", lambda: next(clock))
    with caplog.at_level(logging.INFO), progress("cross-validation", 6) as fitted:
        for _ in range(6):
            fitted()
    assert [record.message for record in caplog.records] == [
        "cross-validation: 2 of 6 fits, about 3 min left",
        "cross-validation: 4 of 6 fits, about 1 min left",
    ]


def test_what_is_short_is_not_told(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO), progress("cross-validation", 2) as fitted:
        fitted()
        fitted()
    assert caplog.records == []

"""What is said of a long step where no terminal shows a bar."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from stancelab.progress import BYTES, progress

if TYPE_CHECKING:
    import pytest


def slow_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(0, 1000, 40))
    monkeypatch.setattr("stancelab.progress.time.monotonic", lambda: next(clock))


def test_a_log_has_a_line_each_minute(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    slow_clock(monkeypatch)
    with caplog.at_level(logging.INFO), progress("cross-validation", 6) as fitted:
        for _ in range(6):
            fitted()
    assert [record.message for record in caplog.records] == [
        "cross-validation: 2 of 6 fits, about 3 min left",
        "cross-validation: 4 of 6 fits, about 1 min left",
    ]


def test_of_a_file_the_share_is_told(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    slow_clock(monkeypatch)
    with caplog.at_level(logging.INFO), progress("Reading mine", 4_000_000, BYTES) as read:
        for _ in range(4):
            read(980_000)
    assert [record.message for record in caplog.records] == [
        "Reading mine: 49%, about 1 min left",
        "Reading mine: 98%, less than a minute left",
    ]


def test_where_nobody_knows_how_much_there_is_what_is_done_is_told(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    slow_clock(monkeypatch)
    with caplog.at_level(logging.INFO), progress("Reading mine", None, "row") as read:
        read(2_000)
        read(2_000)
    assert [record.message for record in caplog.records] == ["Reading mine: 4,000 rows so far"]


def test_what_is_short_is_not_told(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO), progress("cross-validation", 2) as fitted:
        fitted()
        fitted()
    assert caplog.records == []

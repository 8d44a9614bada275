"""How far a long prediction is, in lines of the log: counted in any unit, with and without a known end."""

from __future__ import annotations

import itertools
from types import SimpleNamespace

import pytest

from stancelab.inference.jobs.progress import progress


@pytest.fixture
def minutes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock that goes a minute at each look."""
    clock = SimpleNamespace(monotonic=itertools.count(0, 60).__next__)
    monkeypatch.setattr("stancelab.inference.jobs.progress.time", clock)


@pytest.mark.usefixtures("minutes")
@pytest.mark.parametrize(
    ("total", "unit", "line"),
    [
        (400, "document", "120 of 400 documents, 2.0 documents/s, 2 min left"),
        (None, "document", "120 documents, 2.0 documents/s"),
        (40_000, "row", "120 of 40,000 rows, 2.0 rows/s, 5 h 32 min left"),
    ],
)
def test_a_line_a_minute(caplog: pytest.LogCaptureFixture, total: int | None, unit: str, line: str) -> None:
    caplog.set_level("INFO")
    with progress(total, unit) as tell:
        tell(120)
    assert caplog.messages == [line]


@pytest.mark.usefixtures("minutes")
def test_what_was_done_before_is_no_speed(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    with progress(1000, "document") as tell:
        tell(500, before=True)
        tell(60)
        tell(440)  # the end needs no line
    assert caplog.messages == ["560 of 1,000 documents, 0.5 documents/s, 15 min left"]

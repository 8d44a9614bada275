"""Dates that can be read in one way, and those that cannot."""

from __future__ import annotations

import pytest

from stancelab.article.documents.dates import read_date


@pytest.mark.parametrize(
    ("value", "iso"),
    [
        ("", ""),
        ("2026-03-04", "2026-03-04"),
        ("2026-03-04T10:00:00Z", "2026-03-04"),
        ("2026-03-04 10:00:00+02:00", "2026-03-04"),
        ("2026-03", "2026-03"),
        ("2026", "2026"),
        ("20260304", "2026-03-04"),
        ("2026/3/4", "2026-03-04"),
        ("04.03.2026", "2026-03-04"),
        ("4. 3. 2026, 10:15", "2026-03-04"),
        ("March 4, 2026", "2026-03-04"),
        ("Wednesday, March 4th, 2026 at 5:10 p.m.", "2026-03-04"),
        ("4 March 2026", "2026-03-04"),
        ("4 Sept. 2026 10:15", "2026-09-04"),
        ("04-Mar-2026", "2026-03-04"),
        ("May 2026", "2026-05"),
        ("Wed, 04 Mar 2026 10:00:00 +0000", "2026-03-04"),
        ("25/12/2026", "2026-12-25"),
        ("12/25/2026 10:00", "2026-12-25"),
        ("04/04/2026", "2026-04-04"),
    ],
)
def test_dates_of_one_meaning(value, iso):
    found = read_date(value)
    assert (found.iso, found.reason) == (iso, "")


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("03/04/2026", "may be two dates"),
        ("3-4-2026", "may be two dates"),
        ("2026-02-30", "is no day of the calendar"),
        ("2026-13-01", "is no day of the calendar"),
        ("0000-01-01", "is no day of the calendar"),
        ("yesterday", "is not read as a date"),
        ("03/04/26", "is not read as a date"),
        ("4 mars 2026", "is not read as a date"),
        ("9" * 5000, "is no date"),
    ],
)
def test_other_dates_are_left_out_with_the_reason(value, reason):
    found = read_date(value)
    assert found.iso == ""
    assert reason in found.reason


def test_the_user_says_which_number_is_the_day():
    assert read_date("03/04/2026", day_first=True).iso == "2026-04-03"
    assert read_date("03/04/2026", day_first=False).iso == "2026-03-04"
    assert read_date("25/04/2026", day_first=False).iso == "2026-04-25"

"""Dates of articles as ISO 8601: what can be read in one way only; the rest is left to the user."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Final

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH: Final = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY: Final = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR: Final = r"(?P<year>\d{4})"
_WEEKDAY: Final = r"(?:(?:mon|tue|tues|wed|wednes|thu|thurs|fri|sat|satur|sun)(?:day)?\.?,?\s+)?"
#: What may stand behind a date: a time.
_TIME: Final = r"(?:(?:[T\s,]|\s+at\s+)\s*\d{1,2}[:.]\d{2}.*)?"
#: The forms in which a date is read, in this order.
_FORMS: Final = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"{_YEAR}-(?P<month>\d{{2}})-(?P<day>\d{{2}})(?:[T\s]\s*\d{{1,2}}.*)?Z?",
        rf"{_YEAR}-(?P<month>\d{{2}})",
        rf"{_YEAR}",
        rf"{_YEAR}(?P<month>[01]\d)(?P<day>[0-3]\d)(?:T?\d{{4,6}}Z?)?",
        rf"{_YEAR}/(?P<month>\d{{1,2}})/(?P<day>\d{{1,2}}){_TIME}",
        rf"(?P<day>\d{{1,2}})\.\s?(?P<month>\d{{1,2}})\.\s?{_YEAR}{_TIME}",
        rf"{_WEEKDAY}{_MONTH}\s+{_DAY},?\s+{_YEAR}{_TIME}",
        rf"{_WEEKDAY}{_DAY}[\s-]+{_MONTH}[\s-]+{_YEAR}{_TIME}",
        rf"{_MONTH},?\s+{_YEAR}",
    )
)
_SLASHES: Final = re.compile(rf"(?P<first>\d{{1,2}})[/-](?P<second>\d{{1,2}})[/-](?P<year>\d{{4}}){_TIME}")
_MONTHS_OF_YEAR: Final = 12
_LONGEST: Final = 100


@dataclass(frozen=True)
class ReadDate:
    """What was made of a date.

    Attributes:
        iso: The date as ISO 8601, a day, a month or a year; "" if it could not be read.
        reason: Why it could not, "" if it could or nothing was there.
    """

    iso: str = ""
    reason: str = ""


def read_date(value: str, *, day_first: bool | None = None) -> ReadDate:
    """Read a date.

    ISO 8601, 2026/03/04, 04.03.2026 (the day comes first where points separate), English months by name, and the
    dates of e-mail and feeds are read; a time behind the date is left out. Of 03/04/2026 nobody knows which is the day.

    Args:
        value: What was found.
        day_first: Whether the day comes first in 03/04/2026; None does not read such dates, unless one number can be no
            month.
    """
    text = " ".join(value.split())
    if not text:
        return ReadDate()
    if len(text) > _LONGEST:
        return ReadDate(reason="is no date")
    for form in _FORMS:
        match = form.fullmatch(text)
        if match:
            return _checked(match.groupdict())
    match = _SLASHES.fullmatch(text)
    if match:
        return _slashes(match, day_first)
    try:
        return ReadDate(parsedate_to_datetime(text).date().isoformat())
    except (TypeError, ValueError, IndexError, OverflowError):
        return ReadDate(reason="is not read as a date; expected such as 2026-03-04 or 4 March 2026")


def _slashes(match: re.Match[str], day_first: bool | None) -> ReadDate:
    first, second = int(match["first"]), int(match["second"])
    if day_first is None and first <= _MONTHS_OF_YEAR and second <= _MONTHS_OF_YEAR and first != second:
        return ReadDate(reason="may be two dates; read.day_first=true reads the day first, false the month")
    is_first = second <= _MONTHS_OF_YEAR and (first > _MONTHS_OF_YEAR or bool(day_first))
    day, month = (first, second) if is_first else (second, first)
    return _checked({"year": match["year"], "month": str(month), "day": str(day)})


def _checked(parts: dict[str, str | None]) -> ReadDate:
    year, month, day = parts["year"], parts.get("month"), parts.get("day")
    assert year is not None
    if month is not None and not month.isdecimal():
        month = str(_MONTHS.index(month[:3].lower()) + 1)
    try:
        found = datetime.date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return ReadDate(reason="is no day of the calendar")
    return ReadDate(found.isoformat()[: 10 if day else 7 if month else 4])

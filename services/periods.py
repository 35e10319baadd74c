"""Spans of time that a statement is asked for: calendar months and years by the programme's clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

Named = Literal["this_month", "last_month", "this_year"]
NAMED: tuple[Named, ...] = ("this_month", "last_month", "this_year")


@dataclass(frozen=True, slots=True)
class Period:
    """From an instant on and before another."""

    since: datetime
    until: datetime

    @property
    def key(self) -> str:
        """Its name in a cache."""
        return f"{self.since.isoformat()}/{self.until.isoformat()}"

    def last_day(self, timezone: str) -> date:
        """The last day that is in it."""
        return (self.until - timedelta(microseconds=1)).astimezone(ZoneInfo(timezone)).date()


def named(which: Named, now: datetime, timezone: str) -> Period:
    """This month, last month or this year, whole."""
    today = now.astimezone(ZoneInfo(timezone)).date()
    first = today.replace(day=1)
    if which == "this_month":
        return of_days(first, _next_month(first) - timedelta(days=1), timezone)
    if which == "last_month":
        before = first - timedelta(days=1)
        return of_days(before.replace(day=1), before, timezone)
    return of_days(today.replace(month=1, day=1), today.replace(month=12, day=31), timezone)


def of_days(first: date, last: date, timezone: str) -> Period:
    """From the start of one day to the end of another, whichever is earlier."""
    zone = ZoneInfo(timezone)
    first, last = min(first, last), max(first, last)
    return Period(_start(first, zone), _start(last + timedelta(days=1), zone))


def _start(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def _next_month(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)

"""When a reward becomes available, and when it expires."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from contract.campaigns import Expiry, ExpiryAfterDays, ExpiryAfterMonths


class Calendar:
    """The dates of what is earned at one moment; each combination of terms is worked out once."""

    def __init__(self, at: datetime, timezone: str) -> None:
        self.at, self.timezone = at, timezone
        self.known: dict[tuple[int, Expiry], tuple[datetime, datetime | None]] = {}

    def dates(self, pending_days: int, expiry: Expiry) -> tuple[datetime, datetime | None]:
        """When a reward with these terms becomes available, and when it expires."""
        if expiry.kind == "none":  # isinstance of a message is slow
            return available_at(self.at, pending_days), None
        found = self.known.get((pending_days, expiry))
        if found is None:
            available = available_at(self.at, pending_days)
            found = self.known[pending_days, expiry] = (available, expires_at(available, expiry, self.timezone))
        return found


def available_at(at: datetime, pending_days: int) -> datetime:
    """The moment at which a reward may be spent: so many times 24 hours after the purchase."""
    return at + timedelta(days=pending_days)


def expires_at(available: datetime, expiry: Expiry, timezone: str) -> datetime | None:
    """The last second of a reward's last day in the programme's time zone, in UTC; None when it never expires."""
    zone = ZoneInfo(timezone)
    day = available.astimezone(zone).date()
    match expiry:
        case ExpiryAfterDays():
            day += timedelta(days=expiry.days)
        case ExpiryAfterMonths():
            day = add_months(day, expiry.months)
        case _:
            return None
    if expiry.to_month_end:
        day = month_end(day.year, day.month)
    return datetime.combine(day, time(23, 59, 59, fold=1), zone).astimezone(UTC)


def add_months(day: date, months: int) -> date:
    """The same day so many months on, or that month's last day where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    last = month_end(day.year + years, month + 1)
    return last.replace(day=min(day.day, last.day))


def month_end(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, calendar.monthrange(year, month)[1])

"""A clock that a test moves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class MovableClock:
    """Stands still until it is told otherwise."""

    def __init__(self, start: datetime = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now

    def move(self, **by: float) -> datetime:
        """Go on by so many days, hours, minutes, seconds."""
        self._now += timedelta(**by)
        return self._now

    def set(self, to: datetime) -> None:
        self._now = to

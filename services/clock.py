"""The clock that services are given."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time; tests give one that they move."""

    def now(self) -> datetime:
        """The device's time, in UTC."""

    def monotonic(self) -> float:
        """Seconds that only ever grow, for measuring spans."""


class SystemClock:
    """The device's own clock."""

    def now(self) -> datetime:
        """The device's time, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds that only ever grow."""
        return time.monotonic()

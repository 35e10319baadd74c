"""How far the device's clock is from the API's."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

TRUSTED = timedelta(seconds=3)
"""A Date header tells whole seconds: a smaller difference is no difference."""
LONGEST_TRIP = timedelta(seconds=5)
SLOW_TRIP = timedelta(seconds=60)
"""What still tells about how far a clock is off that nothing else has told of yet: hours from minutes."""


def measure(
    header: str | None, sent: datetime, received: datetime, longest: timedelta = LONGEST_TRIP
) -> timedelta | None:
    """What to add to the device's time, from an answer's Date header; None when the answer cannot tell.

    It is off by half the trip at most: an answer that took longer than `longest` tells nothing.
    """
    if header is None or not timedelta(0) <= received - sent <= longest:
        return None
    try:
        told = parsedate_to_datetime(header)
    except ValueError:
        return None
    if told.tzinfo is None:
        return None
    half_a_second = timedelta(seconds=0.5)  # the header cuts the fraction off
    difference = told + half_a_second - (sent + (received - sent) / 2)
    return difference if abs(difference) > TRUSTED else timedelta(0)

"""How far a clock is off, by what answers say of the time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from services import skew

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


def header(at: datetime) -> str:
    return format_datetime(at, usegmt=True)


@pytest.mark.parametrize("hours", [-2, 3, 26])
def test_a_clock_that_is_hours_off_is_known_to_the_second(hours):
    off = timedelta(hours=hours)
    measured = skew.measure(header(NOW), NOW - off, NOW - off + timedelta(seconds=1))
    assert measured is not None
    assert abs(measured - off) <= timedelta(seconds=1)


def test_a_second_or_two_is_no_difference():
    assert skew.measure(header(NOW), NOW + timedelta(seconds=2), NOW + timedelta(seconds=2)) == timedelta(0)


def test_a_slow_answer_tells_hours_from_minutes_where_nothing_else_is_known():
    sent = NOW - timedelta(hours=2)
    received = sent + timedelta(seconds=20)
    assert skew.measure(header(NOW), sent, received) is None
    roughly = skew.measure(header(NOW), sent, received, skew.SLOW_TRIP)
    assert roughly is not None
    assert abs(roughly - timedelta(hours=2)) <= timedelta(seconds=11)


@pytest.mark.parametrize("said", [None, "", "yesterday", "Sun, 22 Nov 2026 10:00:00 -0000"])
def test_an_answer_without_a_time_tells_nothing(said):
    assert skew.measure(said, NOW, NOW) is None

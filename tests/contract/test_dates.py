"""A reward ends with a day of the programme's time zone, whatever its clocks do on that day."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.campaigns import ExpiryAfterDays, ExpiryAfterMonths
from contract.rules.dates import add_months, expires_at

ZONES = ["America/Sao_Paulo", "Europe/Helsinki", "Africa/Cairo", "America/Havana", "Asia/Beirut", "America/Santiago"]
ZONES += ["Atlantic/Azores", "Australia/Lord_Howe", "America/Nuuk", "Asia/Kathmandu", "Pacific/Kiritimati", "UTC"]
moments = st.datetimes(datetime(2024, 1, 1), datetime(2032, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
expiries = st.builds(ExpiryAfterDays, days=st.integers(1, 800), to_month_end=st.booleans())
expiries |= st.builds(ExpiryAfterMonths, months=st.integers(1, 30), to_month_end=st.booleans())


@given(moments, expiries, st.sampled_from(ZONES))
def test_a_reward_ends_with_the_last_second_of_a_local_day(available, expiry, timezone: str) -> None:
    zone = ZoneInfo(timezone)
    ends = expires_at(available, expiry, timezone)
    assert ends is not None
    local = ends.astimezone(zone)
    after = (ends + timedelta(seconds=1)).astimezone(zone)
    assert local.time() == time(23, 59, 59)
    assert after.date() == local.date() + timedelta(days=1), "the hour that comes twice is over, too"
    day = available.astimezone(zone).date()
    if isinstance(expiry, ExpiryAfterDays):
        least = day + timedelta(days=expiry.days)
    else:
        least = add_months(day, expiry.months)
        assert least.day == day.day or (least + timedelta(days=1)).day == 1, "31 January and a month is February's last"
    assert local.date() >= least
    assert local.date() == least or (expiry.to_month_end and after.day == 1 and local.month == least.month)


@pytest.mark.parametrize(
    ("timezone", "day", "ends"),
    [
        ("Africa/Cairo", "2026-10-29", "2026-10-29T21:59:59"),  # its last hour comes twice
        ("America/Havana", "2026-03-07", "2026-03-08T04:59:59"),  # the hour after it does not come at all
        ("Europe/Helsinki", "2026-03-29", "2026-03-29T20:59:59"),  # an hour of its night is missing
    ],
)
def test_the_day_on_which_the_clocks_change_ends_with_its_own_last_second(timezone: str, day: str, ends: str) -> None:
    the_day_before = datetime.fromisoformat(f"{day}T12:00:00+00:00") - timedelta(days=1)
    assert expires_at(the_day_before, ExpiryAfterDays(days=1), timezone) == datetime.fromisoformat(f"{ends}+00:00")

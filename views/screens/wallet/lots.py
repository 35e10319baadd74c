"""What the lots say: what comes next, and what is about to go. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from contract.money import Money, total
from contract.wallet import Lot

EXPIRING = timedelta(days=30)
"""How far ahead expiry is shown."""

DayOf = Callable[[datetime], str]


@dataclass(frozen=True, slots=True)
class Dated:
    """The amount of the nearest day, when that is, and how much follows after it."""

    amount: Money
    at: datetime
    later: Money


def coming(lots: Iterable[Lot], day_of: DayOf) -> Dated | None:
    """The next pending amount to become available; ``later`` follows on other days."""
    return _nearest([(lot.available_at, lot.remaining) for lot in lots if lot.state == "pending"], day_of)


def expiring(lots: Iterable[Lot], now: datetime, day_of: DayOf) -> Dated | None:
    """The next available amount to expire within thirty days; ``later`` follows within them."""
    soon = [
        (lot.expires_at, lot.remaining)
        for lot in lots
        if lot.state == "available" and lot.expires_at is not None and now < lot.expires_at <= now + EXPIRING
    ]
    return _nearest(soon, day_of)


def _nearest(dated: list[tuple[datetime, Money]], day_of: DayOf) -> Dated | None:
    left = [(at, amount) for at, amount in dated if amount]
    if not left:
        return None
    first, currency = min(at for at, _ in left), left[0][1].currency
    whole = total((amount for _, amount in left), currency)
    nearest = total((amount for at, amount in left if day_of(at) == day_of(first)), currency)
    return Dated(nearest, first, whole - nearest)

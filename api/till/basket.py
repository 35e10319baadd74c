"""What must hold of a basket before the rules see it, and how it is stored."""

from __future__ import annotations

from collections.abc import Container
from datetime import datetime, timedelta
from typing import Any

from api.core.security import StaffSession, not_allowed
from api.problems import Refusal
from api.till.codes import TILL_CLOCK
from contract.basket import Basket, minor
from contract.errors import ErrorCode, FieldError

OLDEST = timedelta(days=31)


def check(basket: Basket, staff: StaffSession, stores: Container[str], currency: str, now: datetime) -> None:
    """Refuse a basket of an unknown or foreign store, of another time, or in another currency."""
    if basket.store_id not in stores:
        raise _refuse(ErrorCode.STORE_UNKNOWN, "store_id", f"There is no store {basket.store_id!r} in this programme.")
    if basket.store_id != staff.store_id:
        raise not_allowed(f"This till is signed in at {staff.store_id!r}; it cannot post for {basket.store_id!r}.")
    if basket.at > now + TILL_CLOCK:
        raise _refuse(
            ErrorCode.AT_IN_FUTURE, "at", "The purchase's time is in the future. Check the date and clock of this till."
        )
    if basket.at < now - OLDEST:
        raise _refuse(
            ErrorCode.AT_TOO_OLD,
            "at",
            f"The purchase is more than {OLDEST.days} days old. Post it through an import instead.",
        )
    check_currency(basket.currencies, currency)


def check_currency(named: set[str], currency: str) -> None:
    """Refuse amounts that are not in the programme's currency."""
    if named - {currency}:
        raise _refuse(ErrorCode.CURRENCY_WRONG, "lines", f"This programme's amounts are in {currency}.")


def stored(basket: Basket) -> dict[str, Any]:
    """The basket as the ledger keeps it: amounts as bare minor units of the purchase's unit."""
    lines = [
        {
            "sku": line.sku,
            "name": line.name,
            "category": line.category,
            "brand": line.brand,
            "tags": list(line.tags),
            "quantity": line.quantity,
            "unit_price": minor(line.unit_price),
            "discount": minor(line.discount),
            "tax": minor(line.tax),
        }
        for line in basket.lines
    ]
    return {"lines": lines, "payment_means": basket.payment_means}


def _refuse(code: ErrorCode, field: str, sentence: str) -> Refusal:
    return Refusal(422, code, sentence, errors=[FieldError(field=field, message=sentence)])

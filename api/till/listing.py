"""The purchases that a till may see: its own store's, and the webshop's when it is to take one back."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from api.core.security import StaffSession
from api.problems import Refusal
from api.purchases import cursors
from api.purchases.service import purchase
from api.till import finding, repository
from api.till.finding import Wanted
from api.till.repository import Connection
from contract.errors import ErrorCode
from contract.money import Money
from contract.till import TillPurchase, TillPurchases
from contract.wallet import Purchase


async def store_purchases(
    connection: Connection, staff: StaffSession, wanted: Wanted, cursor: str | None, limit: int, now: datetime
) -> TillPurchases:
    """A page of the store's purchases, latest posted first. Refuses a cursor that is none."""
    before = cursors.decode(cursor) if cursor else None
    narrowed = await finding.narrowed(connection, staff, wanted, now)
    if narrowed is None:
        return TillPurchases(items=[], next_cursor=None)
    rows = await repository.store_purchases(connection, staff.programme_id, staff.store_id, narrowed, before, limit + 1)
    items = [
        TillPurchase(
            purchase_id=str(row["purchase_id"]),
            receipt_number=row["receipt_number"],
            at=row["at"],
            member_name=row["member_name"],
            total=Money(amount=row["total"], currency=row["unit"]),
            earned=Money(amount=row["earned"], currency=row["unit"]),
            redeemed=Money(amount=row["redeemed"], currency=row["unit"]),
            refunded=row["refunded"],
            staff_name=row["staff_name"],
            review=row["review"],
            review_kind=row["review_kind"],
        )
        for row in rows[:limit]
    ]
    more = len(rows) > limit
    last = rows[limit - 1] if more else None
    next_cursor = cursors.encode(cursors.Place(last["recorded_at"], last["purchase_id"])) if last else None
    return TillPurchases(items=items, next_cursor=next_cursor)


async def read_purchase(connection: Connection, staff: StaffSession, purchase_id: UUID) -> Purchase:
    """One purchase that this till may take back. 404 for any other."""
    member_id = await member_of_purchase(connection, staff, purchase_id)
    found = await purchase(connection, member_id, purchase_id)
    if found is None:
        raise _none()
    return found


async def member_of_purchase(connection: Connection, staff: StaffSession, purchase_id: UUID) -> UUID:
    """Whose a purchase is, when this till may see it: sold by its store, or by the webshop. 404 otherwise."""
    found = await repository.purchase_of_programme(connection, staff.programme_id, purchase_id)
    if found is None:
        raise _none()
    member_id, store_id, channel = found
    if store_id != staff.store_id and channel != "web":
        raise _none()
    return member_id


def _none() -> Refusal:
    return Refusal(404, ErrorCode.NOT_FOUND, "There is no such purchase at this store.")

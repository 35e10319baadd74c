"""Purchases for whoever may see them: the caller says whose."""

from __future__ import annotations

from uuid import UUID

from api.database.pool import Connection
from api.problems import not_found
from api.purchases import cursors, repository
from api.purchases.documents import Document, purchase_document
from api.purchases.repository import ALL, PurchaseRow, Wanted
from contract.wallet import Purchase

MAX_PAGE = 100


async def page_document(
    connection: Connection, member_id: UUID, cursor: str | None, limit: int, wanted: Wanted = ALL
) -> Document:
    """A page of a member's purchases: the fields of `contract.wallet.PurchasePage`. Refuses a cursor that is none."""
    before = None if cursor is None else cursors.decode(cursor)
    rows = await repository.page(connection, member_id, before, limit + 1, wanted)
    items = [purchase_document(row) for row in rows[:limit]]
    return {"items": items, "next_cursor": cursor_after(rows[:limit]) if len(rows) > limit else None}


async def document(connection: Connection, member_id: UUID, purchase_id: UUID) -> Document:
    """A member's purchase: the fields of `contract.wallet.Purchase`. Refuses with 404 what is not theirs."""
    row = await repository.one(connection, member_id, purchase_id)
    if row is None:
        raise not_found("There is no such purchase.")
    return purchase_document(row)


async def purchase(connection: Connection, member_id: UUID, purchase_id: UUID) -> Purchase | None:
    """A member's purchase as a message, or None."""
    row = await repository.one(connection, member_id, purchase_id)
    return None if row is None else Purchase.model_validate(purchase_document(row))


def cursor_after(rows: list[PurchaseRow]) -> str:
    """The cursor of what comes after these, the last of which is the oldest."""
    return cursors.encode(cursors.Place(rows[-1].at, rows[-1].purchase_id))

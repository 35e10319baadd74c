"""Reading purchases: each with its lots' dates and its refunds, in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from api.database.pool import Connection
from api.purchases.cursors import Place


class RefundRow(NamedTuple):
    """One refund as it is stored; amounts in minor units, `lines` as JSON text."""

    refund_id: UUID
    at: datetime
    amount: int
    clawed_back: int
    from_pending: int
    from_available: int
    to_debt: int
    restored: int
    lines: str


class PurchaseRow(NamedTuple):
    """One purchase as it is stored; amounts in minor units, `basket` and `quote` as JSON text."""

    purchase_id: UUID
    receipt_number: str
    store_id: str
    store_name: str
    channel: str
    at: datetime
    unit: str
    total: int
    redeemed: int
    earned: int
    version: int
    basket: str
    quote: str
    pending: bool | None
    available_at: datetime | None
    expires_at: datetime | None
    refunds: Sequence[Sequence[Any]] | None


_PURCHASE = (Path(__file__).parent / "purchase.sql").read_text(encoding="utf-8")
_ORDER = " order by p.at desc, p.purchase_id desc"


def purchases_in(purchases: str) -> str:
    """The statement that gives PurchaseRows, newest first, of a subquery of ours (in brackets)."""
    return _PURCHASE.replace("{purchases}", purchases) + _ORDER


_ONE = purchases_in("(select * from ledger.purchase where member_id = $1 and purchase_id = $2)")
_NEWEST = purchases_in(
    "(select * from ledger.purchase where member_id = $1 order by at desc, purchase_id desc limit $2)"
)
_BEFORE = purchases_in(
    "(select * from ledger.purchase where member_id = $1 and (at, purchase_id) < ($3, $4)"
    " order by at desc, purchase_id desc limit $2)"
)


async def one(connection: Connection, member_id: UUID, purchase_id: UUID) -> PurchaseRow | None:
    """A member's purchase, or None: it is not theirs, or nobody's."""
    row = await connection.fetchrow(_ONE, member_id, purchase_id)
    return None if row is None else PurchaseRow(*row)


async def page(connection: Connection, member_id: UUID, before: Place | None, limit: int) -> list[PurchaseRow]:
    """Up to `limit` of a member's purchases, newest first, those before a place."""
    if before is None:
        rows = await connection.fetch(_NEWEST, member_id, limit)
    else:
        rows = await connection.fetch(_BEFORE, member_id, limit, before.at, before.purchase_id)
    return [PurchaseRow(*row) for row in rows]

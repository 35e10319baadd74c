"""Reading purchases: each with its lots' dates and its refunds, in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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
    points: int
    points_restored: int
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
    review: str | None
    taken: int
    points_taken: int
    points: int | None
    points_spent: int
    points_worth: int


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

_FOUND = purchases_in(
    """(select b.* from ledger.purchase b join store t using (programme_id, store_id)
         where b.member_id = $1 and ($3::timestamptz is null or (b.at, b.purchase_id) < ($3, $4))
           and ($5::text is null or b.store_id = $5) and ($6::text is null or b.channel = $6)
           and ($7::boolean is not true or b.refunds > 0)
           and (cardinality($8::text[]) = 0 or (
                select bool_and(strpos(said.words, word) > 0) from unnest($8::text[]) word, lateral (
                    select lower(concat_ws(' ', t.name, b.receipt_number, string_agg(line ->> 'name', ' '))) as words
                      from jsonb_array_elements(b.basket -> 'lines') line) said))
         order by b.at desc, b.purchase_id desc limit $2)"""
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which purchases: all words in the store's name, the receipt's number or the products; and of where."""

    words: tuple[str, ...] = ()
    store_id: str | None = None
    channel: str | None = None
    returned: bool = False


ALL = Wanted()


async def one(connection: Connection, member_id: UUID, purchase_id: UUID) -> PurchaseRow | None:
    """A member's purchase, or None: it is not theirs, or nobody's."""
    row = await connection.fetchrow(_ONE, member_id, purchase_id)
    return None if row is None else PurchaseRow(*row)


async def page(
    connection: Connection, member_id: UUID, before: Place | None, limit: int, wanted: Wanted = ALL
) -> list[PurchaseRow]:
    """Up to `limit` of a member's purchases, newest first, those before a place."""
    if wanted != ALL:
        place = before or (None, None)
        where = (wanted.store_id, wanted.channel, wanted.returned, list(wanted.words))
        rows = await connection.fetch(_FOUND, member_id, limit, *place, *where)
    elif before is None:
        rows = await connection.fetch(_NEWEST, member_id, limit)
    else:
        rows = await connection.fetch(_BEFORE, member_id, limit, before.at, before.purchase_id)
    return [PurchaseRow(*row) for row in rows]

"""A purchase that spends above the limit: posted, and the member's confirmation used up, in one transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import asyncpg

from api.confirmations import repository
from api.database.pool import Connection
from api.ledger.repository import LedgerRefusal, PurchasePosting, post_purchase
from api.problems import Refusal
from contract.errors import ErrorCode


async def post(connection: Connection, posting: PurchasePosting, now: datetime) -> asyncpg.Record | None:
    """As `post_purchase`; above the limit with a confirmation. Raises LedgerRefusal or StaleQuote: nothing stays."""
    if not posting.above_limit:
        return await post_purchase(connection, posting, now)
    async with connection.transaction():
        row = await post_purchase(connection, posting, now)
        if row is not None:
            await use(connection, [posting], now)
    return row


async def use(connection: Connection, posted: Iterable[PurchasePosting], now: datetime) -> None:
    """Use up the confirmations of what was posted in this transaction. Raises LedgerRefusal where one is missing."""
    for each in posted:
        if each.above_limit and not await repository.use(
            connection, each.member_id, each.purchase_id, each.unit, each.redeem, each.redeem_points, now
        ):
            raise LedgerRefusal(ErrorCode.CONFIRMATION_NEEDED)


def needed(limit: int, currency: str) -> Refusal:
    """The member must confirm on her own device what is above `limit`."""
    return Refusal(
        422,
        ErrorCode.CONFIRMATION_NEEDED,
        "That is more than may be spent without the member's own confirmation. Ask for it, or spend less.",
        params={"limit": limit, "currency": currency},
    )

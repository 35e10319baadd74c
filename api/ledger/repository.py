"""Calls of the ledger's SQL functions, and its refusals by name."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from api.ledger.postings import Claim, PurchasePosting, many_arguments, purchase_arguments
from api.problems import WalletHeld
from contract.errors import ErrorCode
from contract.refunds import LineEffect, RefundEffect

__all__ = [
    "BUCKETS",
    "Claim",
    "LedgerRefusal",
    "PurchasePosting",
    "RefundPosting",
    "StaleQuote",
    "StaleRefund",
    "budgets_left",
    "hold_wallet",
    "post_purchase",
    "post_purchases",
    "post_refund",
    "set_budget",
    "settle_due",
    "settle_member",
]


class LedgerRefusal(Exception):
    """The ledger said no, and undid everything of the call."""

    def __init__(self, code: ErrorCode) -> None:
        super().__init__(code)
        self.code = code


class StaleRefund(Exception):
    """Another refund of the same purchase came first: work the amounts out again."""


class StaleQuote(Exception):
    """The wallet, or a budget, is not what the quote was worked out with: quote again."""


_CODES = {
    "KT001": ErrorCode.REDEEM_OVER_BALANCE,
    "KT002": ErrorCode.IDEMPOTENCY_KEY_REUSED,
    "KT003": ErrorCode.RECEIPT_ALREADY_POSTED,
    "KT004": ErrorCode.IDENTIFICATION_EXPIRED,
    "KT005": ErrorCode.CODE_USED,
    "KT006": ErrorCode.NOT_FOUND,
    "KT010": ErrorCode.OWN_ACCOUNT,
    "KT011": ErrorCode.SPEND_NEW_DEVICE,
}


BUCKETS = 16
"""Rows of one budget: receipts of different members seldom meet in one."""
_POSTED = """purchase_id, receipt_number, recorded_at, unit, total, earned, redeemed, points, points_spent,
    points_worth, pending_after, available_after, debt_after, posted_version"""
_POST_PURCHASE = f"select {_POSTED} from ledger.post_purchase({', '.join(f'${n}' for n in range(1, 33))})"  # noqa: S608
_POST_PURCHASES = f"""select o_purchase as purchase_id, o_receipt as receipt_number, o_recorded_at as recorded_at,
    o_unit as unit, o_total as total, o_earned as earned, 0 as redeemed,
    o_points as points, 0 as points_spent, 0 as points_worth,
    o_pending as pending_after, o_available as available_after, o_debt as debt_after, o_version as posted_version
    from ledger.post_purchases({", ".join(f"${n}" for n in range(1, 30))})"""  # noqa: S608
_POST_REFUND = f"select ledger.post_refund({', '.join(f'${n}' for n in range(1, 19))})"


async def post_purchase(
    connection: asyncpg.pool.PoolConnectionProxy[Any], posting: PurchasePosting, now: datetime
) -> asyncpg.Record | None:
    """Post a purchase in one statement; its row but for basket and quote, or None when this very call was done before.

    Raises LedgerRefusal or StaleQuote; then nothing was written.
    """
    async with _named_refusals(posting.member_id, again=StaleQuote):
        row = await connection.fetchrow(_POST_PURCHASE, *purchase_arguments(posting, now))
    return row if row and row["purchase_id"] else None


async def post_purchases(
    connection: asyncpg.pool.PoolConnectionProxy[Any], postings: Sequence[PurchasePosting], now: datetime
) -> list[asyncpg.Record]:
    """Post many purchases of one programme, each of another member; their rows but for baskets and quotes.

    One statement, all or none, for those that spend nothing and use up no code; one each for the others: the caller's
    transaction makes them all or none. Raises LedgerRefusal or StaleQuote.
    """
    singly = [p for p in postings if p.redeem or p.redeem_points or p.device_id]
    together = [p for p in postings if not (p.redeem or p.redeem_points or p.device_id)]
    async with _named_refusals(again=StaleQuote):
        rows = await connection.fetch(_POST_PURCHASES, *many_arguments(together, now)) if together else []
        for each in singly:
            rows += await connection.fetch(_POST_PURCHASE, *purchase_arguments(each, now))
    return rows


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundPosting:
    """One refund for the ledger. `refunds_seen` is how many refunds of the purchase its amounts already reckon with."""

    claim: Claim | None
    member_id: UUID
    purchase_id: UUID
    refund_id: UUID
    refunds_seen: int
    staff_id: UUID | None
    session_id: UUID | None
    reason: str
    effect: RefundEffect


async def post_refund(connection: asyncpg.pool.PoolConnectionProxy[Any], posting: RefundPosting, now: datetime) -> bool:
    """Post a refund in one statement; False when this very call was done before.

    Raises LedgerRefusal or StaleRefund; then nothing was written.
    """
    claim, effect = posting.claim, posting.effect
    lines = [
        {
            "line": line.line,
            "quantity": line.quantity,
            "amount": line.amount,
            "clawed_back": line.clawed_back,
            "restored": line.restored,
            **_of_points(line),
        }
        for line in effect.lines
    ]
    keys = list(effect.claws)
    async with _named_refusals(posting.member_id):
        return bool(
            await connection.fetchval(
                _POST_REFUND,
                claim and claim.scope,
                claim and claim.key,
                claim and claim.fingerprint,
                posting.member_id,
                posting.purchase_id,
                posting.refund_id,
                posting.refunds_seen,
                posting.staff_id,
                posting.session_id,
                posting.reason,
                effect.amount,
                effect.restored,
                effect.points_restored,
                lines,
                [campaign for campaign, _ in keys],
                [version for _, version in keys],
                [effect.claws[key] for key in keys],
                now,
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """An amount given by a decision, in minor units: who answers for it, and why."""

    adjustment_id: UUID
    member_id: UUID
    unit: str
    amount: int
    purchase_id: UUID | None
    staff_id: UUID
    session_id: UUID
    reason: str
    expires_at: datetime | None


async def adjust(connection: asyncpg.pool.PoolConnectionProxy[Any], given: Adjustment, now: datetime) -> bool:
    """Give a member an amount; False when this very one was given before. Raises LedgerRefusal."""
    async with _named_refusals():
        return bool(
            await connection.fetchval(
                "select ledger.adjust($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                given.member_id,
                given.unit,
                given.adjustment_id,
                given.amount,
                given.purchase_id,
                given.staff_id,
                given.session_id,
                given.reason,
                given.expires_at,
                now,
            )
        )


def _of_points(line: LineEffect) -> dict[str, int]:
    named = {
        "points_clawed_back": line.points_clawed_back,
        "points_restored": line.points_restored,
        "points_worth": line.points_worth,
    }
    return {name: value for name, value in named.items() if value}


async def settle_due(
    connection: asyncpg.pool.PoolConnectionProxy[Any], now: datetime, limit: int
) -> list[tuple[UUID, int]]:
    """Release and expire what is due for up to `limit` wallets; answers (member, wallet version) of each."""
    rows = await connection.fetch("select o_member, o_version from ledger.settle_due($1, $2)", now, limit)
    return [(row[0], row[1]) for row in rows]


async def settle_member(connection: asyncpg.pool.PoolConnectionProxy[Any], member_id: UUID, now: datetime) -> None:
    """Release and expire what is due of one member's: the job does so once a minute only. Raises WalletHeld."""
    async with _named_refusals(member_id):
        await connection.execute("select ledger.settle_member($1, $2)", member_id, now)


async def hold_wallet(connection: asyncpg.pool.PoolConnectionProxy[Any], member_id: UUID) -> None:
    """Keep others from a member's wallets until the caller's transaction ends. Raises WalletHeld."""
    async with _named_refusals(member_id):
        await connection.execute("select ledger.hold($1)", member_id)


async def set_budget(
    connection: asyncpg.pool.PoolConnectionProxy[Any], programme_id: UUID, campaign_id: str, total: int
) -> None:
    """Set what a campaign may give in all, in minor units; what it gave stays given."""
    await connection.execute("select ledger.set_budget($1, $2, $3, $4)", programme_id, campaign_id, total, BUCKETS)


async def budgets_left(connection: asyncpg.pool.PoolConnectionProxy[Any], programme_id: UUID) -> dict[str, int]:
    """What remains of each budget of a programme, by campaign id."""
    rows = await connection.fetch(
        "select campaign_id, sum(share - given)::bigint from ledger.budget where programme_id = $1 group by 1",
        programme_id,
    )
    return {row[0]: row[1] for row in rows}


@asynccontextmanager
async def _named_refusals(member_id: UUID | None = None, again: type[Exception] | None = None) -> AsyncIterator[None]:
    """Raise the ledger's refusals by name, and `again` where two calls waited for each other: this one was undone.

    WalletHeld where the one member's wallet was not to be had; of many, `again`.
    """
    try:
        yield
    except asyncpg.PostgresError as error:
        state = error.sqlstate
        if state == "KT007":
            raise StaleRefund from error
        if member_id is not None and isinstance(error, asyncpg.LockNotAvailableError):
            raise WalletHeld(member_id) from error
        if again is not None and isinstance(error, asyncpg.DeadlockDetectedError | asyncpg.LockNotAvailableError):
            raise again from error
        if state in {"KT008", "KT009"}:
            raise StaleQuote from error
        if state in _CODES:
            raise LedgerRefusal(_CODES[state]) from error
        raise

"""Calls of the ledger's SQL functions, and its refusals by name."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from pydantic_core import to_json

from api.database.pool import Json
from contract.errors import ErrorCode
from contract.quotes import Quote, Reward
from contract.refunds import LineEffect, RefundEffect


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """An idempotency key: whose (`scope`), and a digest of the body that it came with."""

    scope: str
    key: str
    fingerprint: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchasePosting:
    """One purchase for the ledger. Amounts in minor units; `basket` and `quote` as they will be stored."""

    claim: Claim | None
    member_id: UUID
    purchase_id: UUID
    programme_id: UUID
    store_id: str
    channel: str
    receipt_number: str
    at: datetime
    source: str
    unit: str
    total: int
    redeem: int
    basket: dict[str, Any]
    quote: Quote
    quote_json: Json | None = None
    """The quote as it will be stored, where somebody has written it out already."""
    staff_id: UUID | None = None
    session_id: UUID | None = None
    identification_id: UUID | None = None
    device_id: UUID | None = None
    device_step: int | None = None
    budgeted: frozenset[str] = frozenset()
    """Campaigns whose total budget pays for what they give; an import of the past charges none."""
    redeem_points: int = 0
    points_worth: int = 0
    """What the spent points pay, in minor units of the purchase's unit."""
    wallet_version: int | None = None
    """The version that the quote was worked out at; another one by now raises StaleQuote."""


BUCKETS = 16
"""Rows of one budget: receipts of different members seldom meet in one."""
_POSTED = """purchase_id, receipt_number, recorded_at, unit, total, earned, redeemed, points, points_spent,
    points_worth, pending_after, available_after, debt_after, posted_version"""
_POST_PURCHASE = f"select {_POSTED} from ledger.post_purchase({', '.join(f'${n}' for n in range(1, 33))})"  # noqa: S608
_POST_PURCHASES = f"select ledger.post_purchases({', '.join(f'${n}' for n in range(1, 29))})"
_POST_REFUND = f"select ledger.post_refund({', '.join(f'${n}' for n in range(1, 19))})"


def purchase_arguments(p: PurchasePosting, now: datetime) -> tuple[Any, ...]:
    """The arguments of `ledger.post_purchase`, in its order."""
    claim = p.claim
    rewards = _rewards(p)
    return (
        claim and claim.scope,
        claim and claim.key,
        claim and claim.fingerprint,
        p.identification_id,
        p.device_id,
        p.device_step,
        p.member_id,
        p.purchase_id,
        p.programme_id,
        p.store_id,
        p.channel,
        p.receipt_number,
        p.at,
        p.source,
        p.staff_id,
        p.session_id,
        p.unit,
        p.total,
        p.redeem,
        p.redeem_points,
        p.points_worth,
        p.basket,
        p.quote_json or p.quote,
        [r.value.currency for r in rewards],
        [r.campaign_id for r in rewards],
        [r.campaign_version for r in rewards],
        [r.value.amount for r in rewards],
        [r.available_at for r in rewards],
        [r.expires_at for r in rewards],
        [r.campaign_id in p.budgeted for r in rewards],
        p.wallet_version,
        now,
    )


async def post_purchase(
    connection: asyncpg.pool.PoolConnectionProxy[Any], posting: PurchasePosting, now: datetime
) -> asyncpg.Record | None:
    """Post a purchase in one statement; its row but for basket and quote, or None when this very call was done before.

    Raises LedgerRefusal or StaleQuote; then nothing was written.
    """
    async with _named_refusals(again=StaleQuote):
        row = await connection.fetchrow(_POST_PURCHASE, *purchase_arguments(posting, now))
    return row if row and row["purchase_id"] else None


async def post_purchases(
    connection: asyncpg.pool.PoolConnectionProxy[Any], postings: Sequence[PurchasePosting], now: datetime
) -> None:
    """Post many purchases of one programme, each of another member, all or none.

    One statement for those that spend nothing. Raises LedgerRefusal or StaleQuote.
    """
    together = [p for p in postings if not (p.redeem or p.redeem_points or p.identification_id or p.device_id)]
    async with _named_refusals(again=StaleQuote):
        if together:
            await connection.execute(_POST_PURCHASES, *_many_arguments(together, now))
        for each in postings:
            if each.redeem or each.redeem_points or each.identification_id or each.device_id:
                await connection.execute(_POST_PURCHASE, *purchase_arguments(each, now))


def _many_arguments(postings: Sequence[PurchasePosting], now: datetime) -> tuple[Any, ...]:
    first = postings[0]
    claims = [p.claim for p in postings if p.claim is not None]
    rewards = [
        (place, number, reward, reward.campaign_id in p.budgeted)
        for place, p in enumerate(postings, 1)
        for number, reward in enumerate(_rewards(p), 1)
    ]
    return (
        first.programme_id,
        first.unit,
        first.source,
        first.staff_id,
        first.session_id,
        first.claim and first.claim.scope,
        now,
        [claim.key for claim in claims],
        [claim.fingerprint for claim in claims],
        [p.member_id for p in postings],
        [p.purchase_id for p in postings],
        [p.store_id for p in postings],
        [p.channel for p in postings],
        [p.receipt_number for p in postings],
        [p.at for p in postings],
        [p.total for p in postings],
        [to_json(p.basket).decode() for p in postings],
        [p.quote_json or to_json(p.quote, exclude_none=True).decode() for p in postings],
        [p.wallet_version for p in postings],
        [place for place, *_ in rewards],
        [number for _, number, *_ in rewards],
        [reward.value.currency for *_, reward, _ in rewards],
        [reward.campaign_id for *_, reward, _ in rewards],
        [reward.campaign_version for *_, reward, _ in rewards],
        [reward.value.amount for *_, reward, _ in rewards],
        [reward.available_at for *_, reward, _ in rewards],
        [reward.expires_at for *_, reward, _ in rewards],
        [budgeted for *_, budgeted in rewards],
    )


def _rewards(p: PurchasePosting) -> list[Reward]:
    """What the quote gives, the programme's currency first."""
    return sorted(p.quote.rewards, key=lambda reward: reward.value.currency != p.unit)


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
    async with _named_refusals():
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


async def hold_wallet(connection: asyncpg.pool.PoolConnectionProxy[Any], member_id: UUID, unit: str) -> None:
    """Keep others from a wallet until the caller's transaction ends."""
    await connection.execute("select ledger.hold($1, $2)", member_id, unit)


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
async def _named_refusals(again: type[Exception] | None = None) -> AsyncIterator[None]:
    """Raise the ledger's refusals by name, and `again` where two calls waited for each other: this one was undone."""
    try:
        yield
    except asyncpg.PostgresError as error:
        state = error.sqlstate
        if state == "KT007":
            raise StaleRefund from error
        if again is not None and isinstance(error, asyncpg.DeadlockDetectedError):
            raise again from error
        if state in {"KT008", "KT009"}:
            raise StaleQuote from error
        if state in _CODES:
            raise LedgerRefusal(_CODES[state]) from error
        raise

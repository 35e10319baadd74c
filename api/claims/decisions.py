"""What the manager decides about a claim: the decision and its money are one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from api.campaigns import service as campaigns
from api.claims import repository
from api.core.ids import new_id
from api.core.security import StaffSession
from api.ledger.repository import (
    Adjustment,
    LedgerRefusal,
    PurchasePosting,
    StaleQuote,
    adjust,
    hold_wallet,
    post_purchase,
)
from api.problems import Refusal, invalid, not_found
from api.till import basket as baskets
from api.till.refusing import already_posted, too_many_at_once
from contract.basket import Basket, BasketLine
from contract.claims import Decision, ProgrammeClaim
from contract.errors import ErrorCode
from contract.rules import quote

EXPIRES = timedelta(days=365)
"""What is given as an amount can be spent for a year."""


@dataclass(frozen=True, slots=True)
class Decided:
    """The claim after the decision, the wallet that it changed, and whether it was decided now or before."""

    claim: ProgrammeClaim
    member_id: UUID
    wallet_version: int
    fresh: bool


async def decide(connection: Any, manager: StaffSession, claim_id: UUID, decision: Decision, now: datetime) -> Decided:
    """Decide once. The same manager's same decision again is answered as it was; another one is refused."""
    row = await repository.hold(connection, manager.programme_id, claim_id)
    if row is None:
        raise not_found("There is no such claim.")
    state = "accepted" if decision.accepted else "refused"
    if row["state"] == "open":
        given: int | None = None
        posted: UUID | None = None
        if decision.accepted:
            given, posted = await _give(connection, manager, row, decision, now)
        await connection.execute(
            """update member_claim
                  set state = $3, reason = $4, words = $5, decided_at = $6, decided_by = $7, given = $8,
                      posted_id = $9 where member_id = $1 and claim_id = $2""",
            row["member_id"],
            claim_id,
            state,
            decision.reason,
            decision.words.strip(),
            now,
            manager.staff_id,
            given,
            posted,
        )
    elif (row["state"], row["decided_by"], row["words"]) != (state, manager.staff_id, decision.words.strip()):
        raise Refusal(409, ErrorCode.ALREADY_DECIDED, "This claim was decided before. Load the list again.")
    claim = await repository.one(connection, manager.programme_id, claim_id)
    version = await connection.fetchval(
        "select version from ledger.wallet where member_id = $1 and unit = $2", row["member_id"], row["currency"]
    )
    if claim is None:
        raise not_found("There is no such claim.")
    return Decided(claim, row["member_id"], version or 0, row["state"] == "open")


async def _give(
    connection: Any, manager: StaffSession, row: Any, decision: Decision, now: datetime
) -> tuple[int, UUID | None]:
    """Post the missing purchase, or give the amount: what it brought, and the purchase."""
    closed = await connection.fetchval(
        "select closed_at is not null from member where member_id = $1", row["member_id"]
    )
    if closed is not False:
        raise not_found("The member has left.")
    if row["kind"] == "missing" and decision.amount is None:
        return await _post(connection, manager, row, decision, now)
    if decision.amount is None:
        raise invalid("amount", "must say what to give")
    given = Adjustment(
        adjustment_id=row["claim_id"],
        member_id=row["member_id"],
        unit=row["currency"],
        amount=decision.amount,
        purchase_id=row["purchase_id"],
        staff_id=manager.staff_id,
        session_id=manager.session_id,
        reason=f"claim {row['claim_id']}",
        expires_at=now + EXPIRES,
    )
    await adjust(connection, given, now)
    return decision.amount, None


async def _post(
    connection: Any, manager: StaffSession, row: Any, decision: Decision, now: datetime
) -> tuple[int, UUID]:
    """The purchase, by the rules of its day."""
    member_id = row["member_id"]
    await hold_wallet(connection, member_id)
    at = min(now, datetime.combine(row["day"], time(12), ZoneInfo(row["timezone"])))
    basket = _basket(row, decision, at)
    if basket.total != row["total"]:
        raise invalid("lines", "must add up to the claim's total")
    standing = await campaigns.member_facts(connection, manager.programme_id, member_id, at)
    loaded = standing.programme
    budgets = await campaigns.budgets(connection, loaded, now, fresh=True)
    quoted = quote(basket, standing.facts, loaded.campaigns, at, loaded.rules_at(at), budgets)
    posting = PurchasePosting(
        claim=None,
        member_id=member_id,
        purchase_id=new_id(now),
        programme_id=manager.programme_id,
        store_id=row["store_id"],
        channel=basket.channel,
        receipt_number=row["receipt_number"],
        at=at,
        source="till",
        unit=loaded.currency,
        total=basket.total,
        redeem=0,
        basket=baskets.stored(basket),
        quote=quoted,
        staff_id=manager.staff_id,
        session_id=manager.session_id,
        budgeted=loaded.budgeted,
        wallet_version=standing.version,
    )
    try:
        await post_purchase(connection, posting, now)
    except StaleQuote:
        raise too_many_at_once() from None
    except LedgerRefusal as refusal:
        if refusal.code is ErrorCode.RECEIPT_ALREADY_POSTED:
            raise already_posted() from refusal
        raise not_found("The member has no wallet in this programme.") from refusal
    return quoted.earned.amount, posting.purchase_id


def _basket(row: Any, decision: Decision, at: datetime) -> Basket:
    lines = decision.lines or [BasketLine(name="Purchase", unit_price=row["total"])]
    return Basket(store_id=row["store_id"], at=at, receipt_number=row["receipt_number"], lines=lines)

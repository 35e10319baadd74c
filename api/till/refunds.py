"""Taking a purchase back, whole or by line. A preview is the refund itself, rolled back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from api.core.ids import new_id
from api.core.security import StaffSession
from api.database.pool import Database
from api.ledger.repository import Claim, LedgerRefusal, RefundPosting, StaleRefund, post_refund
from api.problems import Refusal, WalletHeld, invalid
from api.reviews import limits
from api.sign_in.pins import SignedInStaff
from api.staff.approvals import needed
from api.till import receipts, repository
from api.till.asking import Done, fingerprint_of, scope_of
from api.till.identify import key_reused
from api.till.listing import member_of_purchase
from api.till.repository import Connection
from contract.errors import ErrorCode, FieldError
from contract.money import POINTS
from contract.quotes import ReasonCode
from contract.refunds import CampaignKey, RefundEffect, SoldLine, TooManyReturned, refund_effect
from contract.till import RefundRequest
from contract.wallet import RefundReceipt

_ATTEMPTS = 5


@dataclass(frozen=True, slots=True)
class Wanted:
    """A refund that a till asks for, by which key, and who approves it."""

    purchase_id: UUID
    request: RefundRequest
    key: str
    approved_by: SignedInStaff | None = None


async def preview_once(
    database: Database,
    staff: StaffSession,
    purchase_id: UUID,
    request: RefundRequest,
    now: datetime,
    is_held: Callable[[UUID], bool],
) -> RefundReceipt:
    """What the refund would do now. Writes nothing. Raises WalletHeld, also where `is_held` says so."""
    async with database.connection() as connection:
        member_id = await member_of_purchase(connection, staff, purchase_id)
        if is_held(member_id):
            raise WalletHeld(member_id)
        for _ in range(_ATTEMPTS):
            with suppress(StaleRefund):
                return await _preview(connection, staff, member_id, purchase_id, request, now)
    raise _at_another_till()


async def _preview(
    connection: Connection,
    staff: StaffSession,
    member_id: UUID,
    purchase_id: UUID,
    request: RefundRequest,
    now: datetime,
) -> RefundReceipt:
    transaction = connection.transaction()
    await transaction.start()
    try:
        refund_id = await _post(connection, staff, member_id, purchase_id, request, None, now)
        return await receipts.refund_receipt(connection, member_id, refund_id, preview=True)
    finally:
        await transaction.rollback()


async def post_once(
    database: Database,
    staff: StaffSession,
    wanted: Wanted,
    now: datetime,
    is_held: Callable[[UUID], bool] = lambda _: False,
) -> Done[RefundReceipt]:
    """Refund once; the same key and body answers the same again. Raises Refusal; then nothing was written.

    WalletHeld also without trying, where `is_held` says so of the member.
    """
    async with database.connection() as connection:
        return await _post_once(connection, staff, wanted, now, is_held)


async def _post_once(
    connection: Connection, staff: StaffSession, wanted: Wanted, now: datetime, is_held: Callable[[UUID], bool]
) -> Done[RefundReceipt]:
    request, purchase_id = wanted.request, wanted.purchase_id
    asked = request.model_copy(update={"approval": None})  # who approves does not make it another refund
    claim = Claim(scope=scope_of(staff), key=wanted.key, fingerprint=fingerprint_of(asked, str(purchase_id)))
    before = await _replay(connection, claim)
    if before is not None:
        return before
    member_id = await member_of_purchase(connection, staff, purchase_id)
    if is_held(member_id):
        raise WalletHeld(member_id)
    await _check_limit(connection, staff, member_id, purchase_id, request, approved_by=wanted.approved_by)
    for _ in range(_ATTEMPTS):
        try:
            refund_id = await _post(connection, staff, member_id, purchase_id, request, claim, now)
        except StaleRefund:
            continue
        except _DoneBefore:
            replayed = await _replay(connection, claim)
            if replayed is None:
                raise key_reused() from None
            return replayed
        return Done(await receipts.refund_receipt(connection, member_id, refund_id, preview=False), member_id, False)
    raise _at_another_till()


def _at_another_till() -> Refusal:
    return Refusal(409, ErrorCode.ALREADY_REFUNDED, "This purchase is being refunded at another till. Look again.")


async def _check_limit(
    connection: Connection,
    staff: StaffSession,
    member_id: UUID,
    purchase_id: UUID,
    request: RefundRequest,
    *,
    approved_by: SignedInStaff | None,
) -> None:
    """Above the programme's limit a cashier needs a supervisor."""
    if staff.role != "cashier" or approved_by is not None:
        return
    limit = (await limits.current(connection, staff.programme_id)).refund_limit
    row = await repository.sold(connection, member_id, purchase_id) if limit else None
    if row is not None and _effect(row, request).amount > limit:
        raise needed(
            "A refund of this amount needs a supervisor, or her number and PIN.", limit=limit, currency=row["unit"]
        )


class _DoneBefore(Exception):
    """The same call was done before."""


async def _post(
    connection: Connection,
    staff: StaffSession,
    member_id: UUID,
    purchase_id: UUID,
    request: RefundRequest,
    claim: Claim | None,
    now: datetime,
) -> UUID:
    row = await repository.sold(connection, member_id, purchase_id)
    if row is None:
        raise Refusal(404, ErrorCode.NOT_FOUND, "There is no such purchase.")
    refund_id = new_id(now)
    posting = RefundPosting(
        claim=claim,
        member_id=member_id,
        purchase_id=purchase_id,
        refund_id=refund_id,
        refunds_seen=row["refunds"],
        staff_id=staff.staff_id,
        session_id=staff.session_id,
        reason=request.reason,
        effect=_effect(row, request),
    )
    try:
        if not await post_refund(connection, posting, now):
            raise _DoneBefore
    except LedgerRefusal as refusal:
        if refusal.code is ErrorCode.IDEMPOTENCY_KEY_REUSED:
            raise key_reused() from refusal
        raise Refusal(404, ErrorCode.NOT_FOUND, "There is no such purchase.") from refusal
    return refund_id


async def _replay(connection: Connection, claim: Claim) -> Done[RefundReceipt] | None:
    before = await repository.claimed(connection, claim.scope, claim.key)
    if before is None:
        return None
    if not before.is_of(claim.fingerprint) or before.refund_id is None:
        raise key_reused()
    receipt = await receipts.refund_receipt(connection, before.member_id, before.refund_id, preview=False)
    return Done(receipt, before.member_id, True)


def _effect(row: asyncpg.Record, request: RefundRequest) -> RefundEffect:
    sold = sold_lines(row)
    if not any(line.left for line in sold):
        raise Refusal(409, ErrorCode.ALREADY_REFUNDED, "All of this purchase was refunded already.")
    if request.lines is None:
        wanted: Mapping[int, int] = {n: line.left for n, line in enumerate(sold) if line.left}
    else:
        wanted = Counter()
        for position, part in enumerate(request.lines):
            if part.line >= len(sold):
                raise invalid(f"lines.{position}.line", f"the purchase has {len(sold)} lines, counted from 0")
            wanted[part.line] += part.quantity
    try:
        effect = refund_effect(sold, row["redeemed"], wanted, points=row["points_spent"], worth=row["points_worth"])
    except TooManyReturned as error:
        sentence = f"Only {error.left} of line {error.line} can still come back."
        raise Refusal(
            422,
            ErrorCode.REFUND_OVER_PURCHASE,
            sentence,
            errors=[FieldError(field="lines", message=sentence)],
            params={"line": error.line, "left": error.left},
        ) from error
    if effect.amount == 0:
        raise invalid("lines", "nothing was paid for these lines, so there is nothing to give back")
    effect.claws.update(stamps_taken(row, sold, wanted))
    return effect


def stamps_taken(row: asyncpg.Record, sold: Sequence[SoldLine], returned: Mapping[int, int]) -> dict[CampaignKey, int]:
    """The stamps that go with these goods: a receipt keeps its stamps as long as one piece that gave them is kept."""
    if row["rejected"]:
        return {}
    whys = {line["line"]: line["why"] for line in row["quote"]["lines"]}
    taken: dict[CampaignKey, int] = {}
    for campaign_id, version, stamps in row["stamps"]:
        mine = [
            n
            for n, reasons in whys.items()
            if any(why["code"] == ReasonCode.STAMP and why["campaign_id"] == campaign_id for why in reasons)
        ]
        kept = sum(sold[n].left - returned.get(n, 0) for n in mine)
        if not kept and any(returned.get(n) for n in mine):
            taken[campaign_id, version] = stamps
    return taken


def sold_lines(row: asyncpg.Record) -> list[SoldLine]:
    """The lines of a stored purchase, with what each campaign version gave and how many came back."""
    returned: Counter[int] = Counter()
    for refund in row["refunded"]:
        for line in refund:
            returned[line["line"]] += line["quantity"]
    lines = []
    reasons = {quoted["line"]: quoted["why"] for quoted in row["quote"]["lines"]}
    for number, line in enumerate(row["basket"]["lines"]):
        paid = line["quantity"] * line["unit_price"] - line["discount"]
        earned = {} if row["rejected"] else _earned(reasons[number], row["unit"])  # then all of it was taken back
        points = {} if row["rejected"] or row["points"] is None else _earned(reasons[number], POINTS)
        lines.append(SoldLine(line["quantity"], paid, earned, returned[number], points))
    return lines


def _earned(reasons: list[dict[str, Any]], unit: str) -> dict[CampaignKey, int]:
    earned: Counter[CampaignKey] = Counter()
    for reason in reasons:
        if reason["value"]["currency"] == unit and reason["value"]["amount"]:
            earned[reason["campaign_id"], reason["campaign_version"]] += reason["value"]["amount"]
    return dict(earned)

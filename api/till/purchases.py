"""Posting a purchase: quoted by the same rules, posted in one call of the ledger."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from api.campaigns import service as campaigns
from api.campaigns.service import MemberStanding
from api.core.ids import new_id
from api.core.security import StaffSession
from api.ledger.repository import Claim, LedgerRefusal, PurchasePosting, post_purchase
from api.problems import Refusal
from api.till import basket as baskets
from api.till import codes, receipts, repository
from api.till.identify import key_reused, member_of_code
from api.till.quotes import identification_over, stored_identification
from api.till.repository import Connection
from contract.base import Message
from contract.basket import minor
from contract.errors import ErrorCode
from contract.money import Money
from contract.quotes import Quote
from contract.rules import may_spend, quote
from contract.till import PurchaseRequest
from contract.wallet import Receipt

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Done(Generic[T]):
    """What was done, for whom, and whether it had been done before."""

    receipt: T
    member_id: UUID
    replayed: bool


@dataclass(frozen=True, slots=True)
class _Member:
    """Who is at the till, and by what: an identification, or a code yet to be consumed."""

    member_id: UUID
    can_spend: bool
    identification_id: UUID | None = None
    device_id: UUID | None = None
    step: int | None = None


def scope_of(staff: StaffSession) -> str:
    """Whose idempotency keys a till's are: its store's, so that a till that signs in anew can retry."""
    return f"till:{staff.programme_id}:{staff.store_id}"


def fingerprint_of(request: Message, *more: str) -> bytes:
    """A digest of what a write asks for, the same for bodies that mean the same."""
    return hashlib.sha256("\n".join([request.model_dump_json(), *more]).encode()).digest()


async def post(
    connection: Connection, staff: StaffSession, request: PurchaseRequest, key: str, signing_key: bytes, now: datetime
) -> Done[Receipt]:
    """Post a purchase once; the same key and body answers the same receipt. A Refusal wrote nothing."""
    claim = Claim(scope=scope_of(staff), key=key, fingerprint=fingerprint_of(request))
    before = await _replay(connection, claim)
    if before is not None:
        return before

    member = await _member(connection, staff, request, signing_key, now)
    standing = await campaigns.member_facts(connection, staff.programme_id, member.member_id, request.at)
    programme = standing.programme
    baskets.check(request, staff, programme.stores, programme.rules.currency, now)
    budgets = await campaigns.budgets(connection, programme, now)
    quoted = quote(request, standing.facts, programme.campaigns, request.at, programme.rules, budgets)
    redeem = _checked_redemption(request, member, standing)
    posting = _posting(request, staff, member, quoted, claim, redeem, now)
    try:
        new = await post_purchase(connection, posting, now)
    except LedgerRefusal as refusal:
        raise _refused(refusal, standing) from refusal
    if not new:
        replayed = await _replay(connection, claim)
        if replayed is None:  # the other call's transaction is committed, or ours would have posted
            raise key_reused()
        return replayed
    return Done(await receipts.receipt(connection, member.member_id, posting.purchase_id), member.member_id, False)


async def _replay(connection: Connection, claim: Claim) -> Done[Receipt] | None:
    before = await repository.claimed(connection, claim.scope, claim.key)
    if before is None:
        return None
    if before.fingerprint != claim.fingerprint or before.refund_id is not None:
        raise key_reused()
    return Done(await receipts.receipt(connection, before.member_id, before.purchase_id), before.member_id, True)


async def _member(
    connection: Connection, staff: StaffSession, request: PurchaseRequest, signing_key: bytes, now: datetime
) -> _Member:
    if request.code is not None:
        member_id, device_id, step = await member_of_code(
            connection, staff.programme_id, request.code, signing_key, now
        )
        return _Member(member_id, True, device_id=device_id, step=step)
    found = await stored_identification(connection, staff, request.identification or "")
    return _Member(found.member_id, found.can_spend, identification_id=found.identification_id)


def _checked_redemption(request: PurchaseRequest, member: _Member, standing: MemberStanding) -> int:
    redeem = minor(request.redeem)
    if isinstance(request.redeem, Money):
        baskets.check_currency({request.redeem.currency}, standing.programme.rules.currency)
    if not redeem:
        return 0
    if not member.can_spend:
        raise Refusal(
            422, ErrorCode.REDEEM_NOT_ALLOWED, "Cashback can be spent only after a scan of the member's own code."
        )
    available = standing.available
    if redeem > available:
        raise _over_balance(available)
    cap = may_spend(request.total, available, standing.programme.rules)
    if redeem > cap:
        raise Refusal(
            422,
            ErrorCode.REDEEM_OVER_CAP,
            "That is more cashback than may be spent on this purchase. Spend less.",
            params={"most": cap, "currency": standing.programme.rules.currency},
        )
    return redeem


def _posting(
    request: PurchaseRequest,
    staff: StaffSession,
    member: _Member,
    quoted: Quote,
    claim: Claim,
    redeem: int,
    now: datetime,
) -> PurchasePosting:
    return PurchasePosting(
        claim=claim,
        member_id=member.member_id,
        purchase_id=new_id(now),
        programme_id=staff.programme_id,
        store_id=request.store_id,
        channel=request.channel,
        receipt_number=request.receipt_number,
        at=request.at,
        source="till",
        unit=quoted.total.currency,
        total=request.total,
        redeem=redeem,
        basket=baskets.stored(request),
        quote=quoted,
        staff_id=staff.staff_id,
        session_id=staff.session_id,
        identification_id=member.identification_id,
        device_id=member.device_id,
        device_step=member.step,
    )


def _refused(refusal: LedgerRefusal, standing: MemberStanding) -> Refusal:
    match refusal.code:
        case ErrorCode.IDEMPOTENCY_KEY_REUSED:
            return key_reused()
        case ErrorCode.REDEEM_OVER_BALANCE:
            return _over_balance(standing.available)
        case ErrorCode.CODE_USED:
            return codes.used()
        case ErrorCode.IDENTIFICATION_EXPIRED:
            return identification_over()
        case ErrorCode.RECEIPT_ALREADY_POSTED:
            return Refusal(
                409,
                ErrorCode.RECEIPT_ALREADY_POSTED,
                "This receipt number was posted before at this store. Use the next number.",
            )
        case _:
            return Refusal(404, ErrorCode.NOT_FOUND, "The member has no wallet in this programme.")


def _over_balance(available: int) -> Refusal:
    return Refusal(
        422,
        ErrorCode.REDEEM_OVER_BALANCE,
        "That is more cashback than the member has available. Spend less.",
        params={"available": available},
    )

"""Posting a purchase: quoted by the same rules, posted in one call of the ledger."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from uuid import UUID

from asyncpg import Record
from pydantic_core import from_json

from api.campaigns import service as campaigns
from api.campaigns.service import MemberStanding
from api.confirmations import using as confirmed
from api.core.ids import round_id
from api.core.security import StaffSession
from api.ledger.repository import Claim, LedgerRefusal, PurchasePosting, StaleQuote, hold_wallet
from api.problems import Refusal, WalletHeld
from api.purchases.documents import Document
from api.till import basket as baskets
from api.till import receipts, repository
from api.till.asking import AtTill, Done, Offer, fingerprint_of, scope_of, standing_of
from api.till.identify import key_reused, member_of_code
from api.till.points import checked_points
from api.till.quotes import identified_standing
from api.till.refusing import over_balance, refused, told_better, too_many_at_once
from api.till.repository import Connection
from contract.basket import minor
from contract.errors import ErrorCode
from contract.rules import WrittenQuote, may_spend, written_quote
from contract.till import PurchaseRequest

_ATTEMPTS = 20
"""Tries against a budget that many want at once: each gives way only when another got something."""


async def post(
    connection: Connection,
    staff: StaffSession,
    request: PurchaseRequest,
    key: str,
    signing_key: bytes,
    now: datetime,
    is_held: Callable[[UUID], bool] = lambda _: False,
) -> Done[Document]:
    """Post a purchase once; the same key and body answers the same receipt. A Refusal wrote nothing.

    Raises WalletHeld, also without trying where `is_held` says so of the member.
    """
    claim = Claim(scope=scope_of(staff), key=key, fingerprint=fingerprint_of(request))
    try:
        return await _post(connection, staff, request, claim, signing_key, now, is_held)
    except Refusal:
        before = await _replay(connection, claim)  # what was done stays done, whatever has changed since
        if before is None:
            raise
        return before


async def _post(
    connection: Connection,
    staff: StaffSession,
    request: PurchaseRequest,
    claim: Claim,
    signing_key: bytes,
    now: datetime,
    is_held: Callable[[UUID], bool],
) -> Done[Document]:
    member, standing = await _member(connection, staff, request, signing_key, now)
    if is_held(member.member_id):
        raise WalletHeld(member.member_id)
    offer = Offer(staff, request, member, claim, now)
    try:
        try:
            receipt = await _attempt(connection, offer, standing, fresh=False)
        except StaleQuote:
            receipt = await _insist(connection, offer)
    except LedgerRefusal as refusal:
        raise await refused(connection, refusal, offer) from refusal
    except Refusal as refusal:
        raise await told_better(connection, offer, refusal) from refusal
    if receipt is None:
        replayed = await _replay(connection, claim)
        if replayed is None:  # the other call's transaction is committed, or ours would have posted
            raise key_reused()
        return replayed
    return Done(receipt, member.member_id, False)


async def _attempt(connection: Connection, offer: Offer, standing: MemberStanding, *, fresh: bool) -> Document | None:
    """Quote and post; the receipt, or None when this very call was done before. Raises StaleQuote."""
    budgets = await campaigns.budgets(connection, standing.programme, offer.now, fresh=fresh)
    posting = quoted_posting(offer, standing, budgets)
    row = await confirmed.post(connection, posting, offer.now)
    return None if row is None else receipt_of(row, posting, standing)


def quoted_posting(offer: Offer, standing: MemberStanding, budgets: Mapping[str, int]) -> PurchasePosting:
    """What the ledger is to post, by the rules. Refuses a basket, or a spend, that may not be."""
    request, programme = offer.request, standing.programme
    baskets.check(request, offer.staff, programme.stores, programme.rules.currency, offer.now)
    quoted = written_quote(
        request, standing.facts, programme.campaigns, request.at, programme.rules_at(request.at), budgets
    )
    redeem = checked_redemption(request, standing, can_spend=offer.member.can_spend)
    return posting_of(offer, quoted, standing, redeem)


def receipt_of(row: Record, posting: PurchasePosting, standing: MemberStanding) -> Document:
    """The receipt of what was just posted, byte for byte what a replay reads back."""
    assert isinstance(posting.quote, WrittenQuote)  # noqa: S101 - made by quoted_posting
    return receipts.receipt_document(row, standing.name, posting.basket, from_json(posting.quote.text))


async def _insist(connection: Connection, offer: Offer) -> Document | None:
    """The same while the wallet is held, so that only a budget that runs out can come between."""
    for _ in range(_ATTEMPTS):
        try:
            async with connection.transaction():
                await hold_wallet(connection, offer.member.member_id)
                standing = await standing_of(connection, offer.staff, offer.member, offer.request)
                return await _attempt(connection, offer, standing, fresh=True)
        except StaleQuote:
            continue
    raise too_many_at_once()


async def _replay(connection: Connection, claim: Claim) -> Done[Document] | None:
    before = await repository.claimed(connection, claim.scope, claim.key)
    if before is None:
        return None
    if not before.is_of(claim.fingerprint) or before.refund_id is not None:
        raise key_reused()
    return Done(await receipts.receipt(connection, before.member_id, before.purchase_id), before.member_id, True)


async def _member(
    connection: Connection, staff: StaffSession, request: PurchaseRequest, signing_key: bytes, now: datetime
) -> tuple[AtTill, MemberStanding]:
    """Who is at the till, and what the rules may know of them."""
    if request.code is None:
        found, standing = await identified_standing(connection, staff, request.identification or "", request.at)
        return AtTill(found.member_id, found.can_spend, identification_id=found.identification_id), standing
    member_id, device_id, step = await member_of_code(connection, staff.programme_id, request.code, signing_key, now)
    member = AtTill(member_id, True, device_id=device_id, step=step)
    return member, await standing_of(connection, staff, member, request)


def checked_redemption(request: PurchaseRequest, standing: MemberStanding, *, can_spend: bool) -> int:
    """What a purchase spends, in minor units. Refuses more than there is, or than may be."""
    redeem = minor(request.redeem)
    if not isinstance(request.redeem, int):
        baskets.check_currency({request.redeem.currency}, standing.programme.rules.currency)
    if not redeem:
        return 0
    if not can_spend:
        raise Refusal(
            422, ErrorCode.REDEEM_NOT_ALLOWED, "Cashback can be spent only after a scan of the member's own code."
        )
    available = standing.available
    if redeem > available:
        raise over_balance(available, standing.programme.currency)
    cap = may_spend(request.total, available, standing.programme.rules_at(request.at))
    if redeem > cap:
        raise Refusal(
            422,
            ErrorCode.REDEEM_OVER_CAP,
            "That is more cashback than may be spent on this purchase. Spend less.",
            params={"most": cap, "currency": standing.programme.rules.currency},
        )
    return redeem


def posting_of(offer: Offer, quoted: WrittenQuote, standing: MemberStanding, redeem: int) -> PurchasePosting:
    """What the ledger is to post, worked out at the standing's wallet version. Refuses points that may not be spent."""
    staff, request, member = offer.staff, offer.request, offer.member
    points, worth = checked_points(request, standing, redeem, can_spend=member.can_spend)
    return PurchasePosting(
        claim=offer.claim,
        member_id=member.member_id,
        purchase_id=round_id(offer.now),
        programme_id=staff.programme_id,
        store_id=request.store_id,
        channel=request.channel,
        receipt_number=request.receipt_number,
        at=request.at,
        source="till",
        unit=quoted.unit,
        total=quoted.total,
        redeem=redeem,
        redeem_points=points,
        points_worth=worth,
        basket=baskets.stored(request),
        quote=quoted,
        staff_id=staff.staff_id,
        session_id=staff.session_id,
        identification_id=member.identification_id,
        device_id=member.device_id,
        device_step=member.step,
        budgeted=standing.programme.budgeted,
        wallet_version=standing.version,
        above_limit=bool(redeem + worth) and not offer.by_kit and redeem + worth > standing.unconfirmed(request.at),
    )

"""Why a purchase was not posted, in words, with what only the database knows of it."""

from __future__ import annotations

from datetime import datetime

from api.confirmations import using as confirmed
from api.ledger.repository import LedgerRefusal, settle_member
from api.problems import Refusal, own_account
from api.till import codes, repository, suspicions
from api.till.asking import Offer, standing_of
from api.till.identify import key_reused
from api.till.points import over_points
from api.till.quotes import identification_over
from api.till.repository import Connection
from contract.basket import minor
from contract.errors import ErrorCode
from contract.money import POINTS


def too_many_at_once() -> Refusal:
    """Others wanted the same budget each time: worth a retry."""
    return Refusal(
        503, ErrorCode.UNAVAILABLE, "Too many receipts at once. Send this one again.", headers={"Retry-After": "1"}
    )


async def refused(connection: Connection, refusal: LedgerRefusal, offer: Offer) -> Refusal:
    """What the ledger said, in words."""
    match refusal.code:
        case ErrorCode.IDEMPOTENCY_KEY_REUSED:
            return key_reused()
        case ErrorCode.REDEEM_OVER_BALANCE | ErrorCode.CONFIRMATION_NEEDED:
            return await _too_much(connection, offer, refusal.code)
        case ErrorCode.CODE_USED:
            return codes.used()
        case ErrorCode.IDENTIFICATION_EXPIRED:
            return identification_over()
        case ErrorCode.RECEIPT_ALREADY_POSTED:
            await suspicions.receipt_again(connection, offer.staff, offer.request, offer.member.member_id, offer.now)
            return already_posted()
        case ErrorCode.OWN_ACCOUNT:
            await suspicions.own_account(connection, offer.staff, offer.member.member_id, offer.now)
            return own_account()
        case ErrorCode.SPEND_NEW_DEVICE:
            return suspicions.spend_later(await _opens(connection, offer))
        case _:
            return Refusal(404, ErrorCode.NOT_FOUND, "The member has no wallet in this programme.")


def already_posted() -> Refusal:
    """The store has used the receipt number."""
    return Refusal(
        409,
        ErrorCode.RECEIPT_ALREADY_POSTED,
        "This receipt number was posted before at this store. Use the next number.",
    )


def over_balance(available: int, currency: str, held: int = 0) -> Refusal:
    """More is spent than there is; `held`: what of it is being checked."""
    checked = " Some of the member's cashback is being checked, and cannot be spent before that is over."
    return Refusal(
        422,
        ErrorCode.REDEEM_OVER_BALANCE,
        "That is more cashback than the member has available. Spend less." + (checked if held else ""),
        params={"available": available, "currency": currency, **({"held": held} if held else {})},
    )


async def told_better(connection: Connection, offer: Offer, refusal: Refusal) -> Refusal:
    """A refusal of what is spent, with what only the database knows: a check that holds it, or a device that is new."""
    if refusal.code is ErrorCode.REDEEM_OVER_BALANCE and refusal.params.get("currency") != POINTS:
        return await _too_much(connection, offer, refusal.code)
    if refusal.code is ErrorCode.REDEEM_NOT_ALLOWED:
        opens = await _opens(connection, offer)
        if opens is not None and opens > offer.now:
            return suspicions.spend_later(opens)
    return refusal


async def _opens(connection: Connection, offer: Offer) -> datetime | None:
    """From when on the device that was scanned may spend, where it is new."""
    member = offer.member
    if member.device_id is not None:
        return await repository.spending_opens_of(
            connection, offer.staff.programme_id, member.member_id, member.device_id
        )
    return await repository.spending_opens(connection, member.identification_id) if member.identification_id else None


async def _too_much(connection: Connection, offer: Offer, code: ErrorCode) -> Refusal:
    """More is spent than may be without her word, or than there is: it may be that some of it is being checked."""
    await settle_member(connection, offer.member.member_id, offer.now)  # or it would name what has just expired
    standing = await standing_of(connection, offer.staff, offer.member, offer.request)
    if code is ErrorCode.CONFIRMATION_NEEDED:
        return confirmed.needed(standing.unconfirmed(offer.request.at), standing.programme.currency)
    if offer.request.redeem_points > standing.points and minor(offer.request.redeem) <= standing.available:
        return over_points(standing.points)
    held = await repository.being_checked(connection, offer.member.member_id, standing.programme.currency)
    return over_balance(standing.available, standing.programme.currency, held)

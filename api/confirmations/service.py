"""Asking for a member's confirmation, her answer, and her own limit."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from api.campaigns import service as campaigns
from api.campaigns.service import MemberStanding
from api.confirmations import repository
from api.confirmations.repository import Row
from api.core.hub import Hub, TooManyStreams
from api.core.ids import new_id
from api.core.security import MemberSession, StaffSession
from api.database.pool import Connection, Database
from api.problems import Refusal, invalid, not_found, too_many
from api.reviews import limits
from api.till import basket as baskets
from api.till import suspicions
from api.till.asking import fingerprint_of
from api.till.identify import key_reused
from api.till.quotes import identification_over
from contract.basket import minor
from contract.confirmations import Confirmation, ConfirmationAsk, ConfirmationState, SpendAnswer, SpendAnswered
from contract.errors import ErrorCode
from contract.money import POINTS, Money
from contract.rules import points_worth

REQUESTS = 8
"""The most that a till may ask for one identification: a phone is not to be rung until its owner gives in."""


@dataclass(frozen=True, slots=True)
class Changed:
    """What came of a write, and who is to be told, with the member's clock."""

    row: Row
    version: int
    replayed: bool = False


async def ask(
    connection: Connection, staff: StaffSession, request: ConfirmationAsk, key: str, now: datetime
) -> Changed:
    """Ask the member of an identification. Runs inside the caller's transaction; the same key asks once."""
    fingerprint = fingerprint_of(request)
    before = await repository.of_key(connection, staff.session_id, key)
    if before is not None:
        if before.fingerprint != fingerprint:
            raise key_reused()
        return Changed(before, 0, replayed=True)
    identification = _id(request.identification)
    found = identification and await repository.take_identification(connection, staff.session_id, identification, now)
    if not identification or not found:
        raise identification_over()
    if found.device_id:
        await suspicions.check_device(connection, staff.programme_id, found.member_id, found.device_id, now)
    if not found.can_spend:
        raise Refusal(
            422, ErrorCode.REDEEM_NOT_ALLOWED, "Cashback can be spent only after a scan of the member's own code."
        )
    if found.requests >= REQUESTS:
        raise too_many("The member has been asked often enough. Spend less, or scan the code again.", 60)
    standing = await campaigns.member_facts(connection, staff.programme_id, found.member_id, now)
    redeem, points, amount = _amounts(request, standing, now)
    seconds = (await limits.current(connection, staff.programme_id)).confirm_seconds
    end = found.expires_at
    row = Row(
        confirmation_id=new_id(now),
        identification_id=identification,
        member_id=found.member_id,
        fingerprint=fingerprint,
        state="waiting",
        redeem=redeem,
        redeem_points=points,
        amount=amount,
        unit=standing.programme.currency,
        asked_at=now,
        answer_by=min(now + timedelta(seconds=seconds), end) if seconds else end,
        good_until=end,
    )
    await repository.insert(
        connection,
        row,
        programme_id=staff.programme_id,
        session_id=staff.session_id,
        store_id=staff.store_id,
        key=key,
    )
    return Changed(row, standing.version)


def _amounts(request: ConfirmationAsk, standing: MemberStanding, now: datetime) -> tuple[int, int, int]:
    """The (cashback, points, worth of both) of a request. Refuses more than the member has."""
    redeem, points = minor(request.redeem), request.redeem_points
    currency = standing.programme.currency
    if isinstance(request.redeem, Money):
        baskets.check_currency({request.redeem.currency}, currency)
    for wanted, available, unit in ((redeem, standing.available, currency), (points, standing.points, POINTS)):
        if wanted > available:
            raise Refusal(
                422,
                ErrorCode.REDEEM_OVER_BALANCE,
                "That is more than the member has available. Spend less.",
                params={"available": available, "currency": unit},
            )
    amount = redeem + points_worth(points, standing.programme.rules_at(now))
    if not amount:
        raise invalid("redeem_points", "so few points are worth nothing")
    return redeem, points, amount


async def outcome(
    database: Database, hub: Hub, staff: StaffSession, confirmation_id: UUID, wait: float, now: datetime
) -> tuple[Row, float]:
    """A request of this till, as soon as it is answered, or after `wait` seconds; and how long that took.

    No connection is held meanwhile: the hub says when there is news, in whichever process the answer came.
    """
    began = asyncio.get_running_loop().time()
    try:
        with hub.subscribe(confirmation_id, staff.session_id) as word:
            row = await _of_till(database, staff, confirmation_id)
            left = min(wait, (row.answer_by - now).total_seconds())
            if row.state_at(now) == "waiting" and left > 0:
                with suppress(TimeoutError):
                    async with asyncio.timeout(left):
                        await word.news()
                row = await _of_till(database, staff, confirmation_id)
    except TooManyStreams as error:
        raise too_many("This is waited for already.", 5) from error
    return row, asyncio.get_running_loop().time() - began


async def withdraw(connection: Connection, staff: StaffSession, confirmation_id: UUID, now: datetime) -> Changed:
    """Take a request of this till back; one that was used, refused or too late stays so."""
    await repository.withdraw(connection, staff.session_id, confirmation_id, now)
    row = await repository.of_till(connection, staff.session_id, confirmation_id)
    if row is None:
        raise _none()
    return Changed(row, await repository.wallet_version(connection, row.member_id))


async def answer(
    connection: Connection, member: MemberSession, confirmation_id: UUID, given: SpendAnswer, now: datetime
) -> Changed:
    """Keep the member's answer. Runs inside the caller's transaction; the same answer again changes nothing."""
    row = await repository.take_of_member(connection, member.member_id, confirmation_id)
    if row is None:
        raise _none()
    version = await repository.wallet_version(connection, member.member_id)
    wanted: ConfirmationState = "allowed" if given.answer == "allow" else "refused"
    if row.state == wanted or (row.state == "used" and wanted == "allowed"):
        return Changed(row, version, replayed=True)
    state = row.state_at(now)
    if state != "waiting":
        raise Refusal(
            409,
            ErrorCode.CONFIRMATION_OVER,
            "This request is over: it was answered, taken back, or too late.",
            params={"state": state},
        )
    if wanted == "allowed":
        await suspicions.check_device(connection, member.programme_id, member.member_id, member.session_id, now)
    await repository.settle(connection, confirmation_id, wanted, member.session_id, now)
    row = await repository.take_of_member(connection, member.member_id, confirmation_id)
    assert row is not None  # noqa: S101 - held by this transaction
    return Changed(row, version)


def confirmation_of(row: Row, now: datetime) -> Confirmation:
    """A stored request in the contract's form."""
    return Confirmation(
        confirmation_id=str(row.confirmation_id),
        identification=str(row.identification_id),
        state=row.state_at(now),
        redeem=Money(amount=row.redeem, currency=row.unit),
        redeem_points=row.redeem_points,
        amount=Money(amount=row.amount, currency=row.unit),
        asked_at=row.asked_at,
        answer_by=row.answer_by,
        good_until=row.good_until,
    )


def answered_of(row: Row, now: datetime) -> SpendAnswered:
    """What an answer has made of a request."""
    return SpendAnswered(confirmation_id=str(row.confirmation_id), state=row.state_at(now))


async def _of_till(database: Database, staff: StaffSession, confirmation_id: UUID) -> Row:
    async with database.connection() as connection:
        row = await repository.of_till(connection, staff.session_id, confirmation_id)
    if row is None:
        raise _none()
    return row


def _none() -> Refusal:
    return not_found("There is no such request.")


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None

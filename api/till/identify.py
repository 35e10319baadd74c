"""Identify a member by a code: consumed once, bound to the till that asked."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from uuid import UUID

from api.core.device_secret import device_secret
from api.core.ids import new_id
from api.core.security import StaffSession
from api.problems import Refusal
from api.till import answers, codes, repository
from api.till.repository import Connection
from contract.errors import ErrorCode
from contract.till import Identification

LIFETIME = timedelta(minutes=5)
SIGNED_OUT_KNOWN = timedelta(days=60)
"""For how long a phone that was signed out hears why its code is refused."""


async def identify(
    connection: Connection, staff: StaffSession, text: str, key: str, signing_key: bytes, now: datetime
) -> Identification:
    """Who showed the code `text`. Runs inside the caller's transaction. The same key answers the same again."""
    fingerprint = hashlib.sha256(text.encode()).digest()
    before = await repository.identification_by_key(connection, staff.session_id, key)
    if before is not None:
        if before.fingerprint != fingerprint:
            raise key_reused()
        return await answers.identification(
            connection, staff, before.identification_id, before.member_id, before.expires_at, now, by_code=True
        )

    member_id, device_id, step = await member_of_code(connection, staff.programme_id, text, signing_key, now)
    if not await repository.accept_step(connection, device_id, step):
        raise codes.used()
    identification_id, expires_at = new_id(now), now + LIFETIME
    stored = await repository.insert_identification(
        connection,
        identification_id=identification_id,
        programme_id=staff.programme_id,
        member_id=member_id,
        session_id=staff.session_id,
        device_id=device_id,
        key=key,
        fingerprint=fingerprint,
        now=now,
        expires_at=expires_at,
    )
    if not stored:
        raise key_reused()
    return await answers.identification(connection, staff, identification_id, member_id, expires_at, now, by_code=True)


async def member_of_code(
    connection: Connection, programme_id: UUID, text: str, signing_key: bytes, now: datetime
) -> tuple[UUID, UUID, int]:
    """The (member, device, step) of a good code; consumes nothing. Raises Refusal saying what is wrong with it."""
    code = codes.read(text)
    found = await repository.member_of_number(connection, code.member_number)
    if found is None:
        raise no_member()
    member_id, programme_of_member = found
    if programme_of_member != programme_id:
        raise other_programme()
    devices = await repository.devices_of(connection, member_id, now)

    def secret_of(device: UUID) -> str:
        return device_secret(device, signing_key)

    try:
        device_id, step = codes.matching_device(code, devices, secret_of, now)
    except Refusal as refusal:
        if refusal.code is not ErrorCode.CODE_UNKNOWN:
            raise
        past = await repository.devices_signed_out(connection, member_id, now - SIGNED_OUT_KNOWN, now)
        if codes.is_of_one(code, past, secret_of, now):
            raise signed_out() from None
        raise
    return member_id, device_id, step


def no_member() -> Refusal:
    """Nobody has the number of a code."""
    return Refusal(
        422, ErrorCode.CODE_UNKNOWN, "No member has this code. Ask the member to open the code again and scan that."
    )


def signed_out() -> Refusal:
    """The code is right, but of a device that may no longer speak for the member."""
    return Refusal(
        422,
        ErrorCode.DEVICE_SIGNED_OUT,
        "This device was signed out of the member's account. Ask the member to sign in again, or for a contact.",
    )


def other_programme() -> Refusal:
    """A code is of a member of another chain."""
    return Refusal(
        422,
        ErrorCode.CODE_OTHER_PROGRAMME,
        "This code belongs to another chain's programme. Ask for this chain's code.",
    )


def key_reused() -> Refusal:
    """The key of a write was used for something else before."""
    return Refusal(
        409, ErrorCode.IDEMPOTENCY_KEY_REUSED, "This Idempotency-Key was used for something else. Send a new one."
    )

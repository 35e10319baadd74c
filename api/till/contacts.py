"""A member found by a contact that she says, or one who joins at the till: both may earn, neither may spend."""

from __future__ import annotations

import hashlib
from datetime import datetime
from uuid import UUID

import asyncpg

from api.audit import repository as audit
from api.core.ids import new_id
from api.core.security import StaffSession
from api.database.pool import Connection
from api.mail.sender import Mail
from api.mail.welcome import welcome_mail
from api.problems import Refusal
from api.sign_in import members
from api.sign_in.contacts import is_email, normalised
from api.staff.service import member_unknown
from api.till import answers, repository
from api.till.identify import LIFETIME, key_reused
from contract.errors import ErrorCode
from contract.staff import NewMember
from contract.till import Identification

_STORE = """
    insert into identification (identification_id, programme_id, member_id, session_id, can_spend, key, fingerprint,
                                created_at, expires_at)
    values ($1, $2, $3, $4, false, $5, $6, $7, $8) on conflict (session_id, key) do nothing"""


async def identify(
    connection: Connection, staff: StaffSession, contact: str, key: str, now: datetime
) -> Identification:
    """Who has this contact. Runs inside the caller's transaction. The same key answers the same again."""
    text = normalised(contact)
    fingerprint = hashlib.sha256(f"contact:{text}".encode()).digest()
    before = await _before(connection, staff, key, fingerprint, now)
    if before is not None:
        return before
    member_id = await members.member_of_contact(connection, staff.programme_id, text)
    if member_id is None:
        raise member_unknown()
    return await _store(connection, staff, member_id, key, fingerprint, now)


async def join(
    connection: Connection, staff: StaffSession, wanted: NewMember, key: str, now: datetime
) -> tuple[Identification, Mail | None]:
    """Make a member of a name and a contact, and identify her. Runs inside the caller's transaction.

    Answers the mail that brings her the terms, where the contact is an e-mail address; she accepts them when she first
    signs in, which proves that the contact is hers.
    """
    contact = normalised(wanted.contact)
    fingerprint = hashlib.sha256(f"join:{contact}:{wanted.name}".encode()).digest()
    before = await _before(connection, staff, key, fingerprint, now)
    if before is not None:
        return before, None
    taken = Refusal(409, ErrorCode.MEMBER_EXISTS, "Somebody has joined with this contact. Identify her by it.")
    if await members.member_of_contact(connection, staff.programme_id, contact) is not None:
        raise taken
    try:
        member_id = await members.join(
            connection, staff.programme_id, contact, now, language=wanted.language, name=wanted.name.strip()
        )
    except asyncpg.UniqueViolationError as error:
        raise taken from error
    await audit.write(
        connection,
        staff,
        "new_member",
        now,
        subject=str(member_id),
        member_id=member_id,
        evidence={"by": "email" if is_email(contact) else "phone"},
    )
    found = await _store(connection, staff, member_id, key, fingerprint, now)
    programme = await connection.fetchval("select name from programme where programme_id = $1", staff.programme_id)
    mail = welcome_mail(contact, wanted.name, programme, wanted.language, now) if is_email(contact) else None
    return found, mail


async def _before(
    connection: Connection, staff: StaffSession, key: str, fingerprint: bytes, now: datetime
) -> Identification | None:
    before = await repository.identification_by_key(connection, staff.session_id, key)
    if before is None:
        return None
    if before.fingerprint != fingerprint:
        raise key_reused()
    return await answers.identification(
        connection, staff, before.identification_id, before.member_id, before.expires_at, now, by_code=False
    )


async def _store(
    connection: Connection, staff: StaffSession, member_id: UUID, key: str, fingerprint: bytes, now: datetime
) -> Identification:
    identification_id, expires_at = new_id(now), now + LIFETIME
    tag = await connection.execute(
        _STORE,
        identification_id,
        staff.programme_id,
        member_id,
        staff.session_id,
        key,
        fingerprint,
        now,
        expires_at,
    )
    if tag != "INSERT 0 1":
        raise key_reused()
    return await answers.identification(connection, staff, identification_id, member_id, expires_at, now, by_code=False)

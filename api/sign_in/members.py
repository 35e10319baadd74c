"""The member behind a contact; a contact that proved itself and is not known joins."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any
from uuid import UUID

from api.core.ids import new_id
from api.sign_in.contacts import first_name, is_email


async def member_of_contact(connection: Any, programme_id: UUID, contact: str) -> UUID | None:
    """The member with a contact, or None."""
    found: UUID | None = await connection.fetchval(
        "select member_id from member_contact where programme_id = $1 and contact = $2", programme_id, contact
    )
    return found


async def language_of_contact(connection: Any, programme_id: UUID, contact: str) -> str | None:
    """The language of the member with a contact, or None: nobody knows them, or they never chose."""
    found: str | None = await connection.fetchval(
        """
        select case when m.language_chosen or m.language <> 'en' then m.language end
          from member_contact c join member m using (member_id)
         where c.programme_id = $1 and c.contact = $2
        """,
        programme_id,
        contact,
    )
    return found


async def join(
    connection: Any, programme_id: UUID, contact: str, now: datetime, *, language: str = "en", name: str | None = None
) -> UUID:
    """Make a member with a number and an empty wallet. Runs inside the caller's transaction."""
    member_id = new_id(now)
    number = await _claim_number(connection, programme_id, member_id)
    await connection.execute(
        """
        insert into member (member_id, programme_id, member_number, name, email, phone, language, joined_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
        member_id,
        programme_id,
        number,
        first_name(contact) if name is None else name,
        contact if is_email(contact) else None,
        None if is_email(contact) else contact,
        language,
        now,
    )
    await connection.execute(
        "insert into member_contact (programme_id, contact, member_id) values ($1, $2, $3)",
        programme_id,
        contact,
        member_id,
    )
    currency = await connection.fetchval("select currency from programme where programme_id = $1", programme_id)
    await connection.execute("select ledger.open_wallet($1, $2, $3, $4)", member_id, currency, programme_id, now)
    return member_id


async def _claim_number(connection: Any, programme_id: UUID, member_id: UUID) -> str:
    """A random alias, free of meaning: no phone number, no order of joining."""
    while True:
        number = f"{secrets.randbelow(10**10):010d}"
        taken = await connection.fetchval(
            """
            insert into member_number (member_number, programme_id, member_id) values ($1, $2, $3)
            on conflict do nothing returning member_number
            """,
            number,
            programme_id,
            member_id,
        )
        if taken is not None:
            return number

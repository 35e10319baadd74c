"""Telling a member by mail what came of a claim, where she allows it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from api.claims import repository
from api.mail.claim import claim_mail
from api.mail.sender import Mail

_READER = """
    select m.email, m.language, p.name
      from member m join programme p using (programme_id)
     where m.member_id = $1 and m.closed_at is null and m.email is not null
       and (select c.granted from consent c
             where c.member_id = m.member_id and c.channel = 'email' and c.purpose = 'feedback'
             order by c.at desc, c.consent_id desc limit 1)
"""


async def mail_of(connection: Any, member_id: UUID, claim_id: UUID, now: datetime) -> Mail | None:
    """The answer in the member's language; None where she has no address, or did not say that she wants it."""
    reader = await connection.fetchrow(_READER, member_id)
    claim = None if reader is None else await repository.answered(connection, member_id, claim_id)
    if reader is None or claim is None:
        return None
    return claim_mail(reader["email"], claim, reader["name"], reader["language"], now)

"""One-time codes: six digits, ten minutes, five attempts, kept as a keyed hash."""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

LIFETIME = timedelta(minutes=10)
ATTEMPTS = 5


def new_code() -> str:
    """Six random digits."""
    return f"{secrets.randbelow(10**6):06d}"


def code_hash(key: bytes, programme_id: UUID, contact: str, code: str) -> bytes:
    """What is stored: useless without the key, and for any other contact."""
    return hmac.digest(key, f"one-time-code|{programme_id}|{contact}|{code}".encode(), "sha256")


async def store(connection: Any, key: bytes, programme_id: UUID, contact: str, code: str, now: datetime) -> None:
    """Keep a code; one sent before stops working."""
    await connection.execute(
        """
        insert into one_time_code (programme_id, contact, code_hash, expires_at, attempts, sent_at)
        values ($1, $2, $3, $4, 0, $5)
        on conflict (programme_id, contact) do update set
            code_hash = excluded.code_hash, expires_at = excluded.expires_at, attempts = 0, sent_at = excluded.sent_at
        """,
        programme_id,
        contact,
        code_hash(key, programme_id, contact, code),
        now + LIFETIME,
        now,
    )


async def take(connection: Any, key: bytes, programme_id: UUID, contact: str, code: str, now: datetime) -> bool:
    """Use a code up. False counts as an attempt: the caller commits before it refuses."""
    row = await connection.fetchrow(
        """
        update one_time_code set attempts = attempts + 1
         where programme_id = $1 and contact = $2 and expires_at > $3 and attempts < $4
        returning code_hash
        """,
        programme_id,
        contact,
        now,
        ATTEMPTS,
    )
    expected = code_hash(key, programme_id, contact, code)
    if not hmac.compare_digest(row["code_hash"] if row else bytes(32), expected):
        return False
    await connection.execute(
        "delete from one_time_code where programme_id = $1 and contact = $2", programme_id, contact
    )
    return True

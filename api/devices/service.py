"""Sessions as a member sees them: where she is signed in."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from api.core.security import MemberSession
from api.problems import not_found
from contract.account import Device

_MINE = "member_id = $1 and kind = 'member' and revoked_at is null and expires_at > $2"


async def devices(connection: Any, member: MemberSession, now: datetime) -> list[Device]:
    """Where she is signed in: this device first, then the newest."""
    rows = await connection.fetch(
        f"""select session_id, device_name, created_at, last_seen_at from session
             where {_MINE} order by session_id = $3 desc, last_seen_at desc""",  # noqa: S608
        member.member_id,
        now,
        member.session_id,
    )
    return [
        Device(
            device_id=str(row["session_id"]),
            name=row["device_name"],
            signed_in_at=row["created_at"],
            last_seen_at=now if row["session_id"] == member.session_id else row["last_seen_at"],
            this=row["session_id"] == member.session_id,
        )
        for row in rows
    ]


async def end_one(connection: Any, member: MemberSession, device_id: UUID, now: datetime) -> None:
    """End a session of hers. Refuses with 404 what is not hers, or is over."""
    ended = await connection.fetchval(
        f"update session set revoked_at = $2 where {_MINE} and session_id = $3 returning true",  # noqa: S608
        member.member_id,
        now,
        device_id,
    )
    if ended is None:
        raise not_found("There is no such device, or it was signed out before.")


async def end_others(connection: Any, member: MemberSession, now: datetime) -> list[UUID]:
    """End all her sessions but this one; which those were."""
    rows = await connection.fetch(
        f"update session set revoked_at = $2 where {_MINE} and session_id <> $3 returning session_id",  # noqa: S608
        member.member_id,
        now,
        member.session_id,
    )
    return [row["session_id"] for row in rows]

"""Sessions: one a signed-in device. Made, kept alive by rotating refresh tokens, ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from api.core.ids import new_id
from api.core.security import AnySession, MemberSession, StaffSession
from api.core.tokens import REFRESH_DAYS, RefreshToken, Tokens

MEMBER_LIFETIME = timedelta(days=REFRESH_DAYS)
STAFF_LIFETIME = timedelta(hours=14)
LOST_ANSWER = timedelta(seconds=60)
"""For how long the token before the current one is still honoured, once."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A session and the refresh token that keeps it alive."""

    session: AnySession
    refresh_token: RefreshToken


@dataclass(frozen=True, slots=True)
class Refused:
    """A refresh token that does not count; `revoked` names the session that its reuse has ended."""

    why: Literal["unknown", "ended"]
    revoked: UUID | None = None


async def open_member(
    connection: Any, tokens: Tokens, programme_id: UUID, member_id: UUID, device_name: str, now: datetime
) -> Opened:
    """A session for a member's device."""
    session = MemberSession(member_id, programme_id, new_id(now))
    return await _open(connection, tokens, session, device_name, now)


async def open_staff(
    connection: Any,
    tokens: Tokens,
    programme_id: UUID,
    staff_id: UUID,
    store_id: str,
    role: Any,
    device_name: str,
    now: datetime,
) -> Opened:
    """A session for a member of staff at a till."""
    session = StaffSession(staff_id, programme_id, new_id(now), store_id, role)
    return await _open(connection, tokens, session, device_name, now)


async def _open(connection: Any, tokens: Tokens, session: AnySession, device_name: str, now: datetime) -> Opened:
    token = tokens.refresh(session.session_id)
    member = isinstance(session, MemberSession)
    await connection.execute(
        """
        insert into session (session_id, programme_id, kind, member_id, staff_id, store_id, device_name, refresh_hash,
                             created_at, last_seen_at, expires_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9, $10)
        """,
        session.session_id,
        session.programme_id,
        "member" if member else "staff",
        session.member_id if isinstance(session, MemberSession) else None,
        session.staff_id if isinstance(session, StaffSession) else None,
        session.store_id if isinstance(session, StaffSession) else None,
        device_name,
        token.hash,
        now,
        now + (MEMBER_LIFETIME if member else STAFF_LIFETIME),
    )
    return Opened(session, token)


async def rotate(connection: Any, tokens: Tokens, text: str, now: datetime) -> Opened | Refused:
    """Swap a refresh token for a new one. Runs inside the caller's transaction, which commits either way.

    The current token counts; the one before it once more, within LOST_ANSWER of the swap. Any older one means that two
    hold the session: it ends for both.
    """
    token = tokens.read_refresh(text)
    row = await _locked_row(connection, token.session_id) if token else None
    if token is None or row is None:
        return Refused("unknown")
    if row["revoked_at"] is not None or row["expires_at"] <= now or row["closed"]:
        return Refused("ended")
    current = token.hash == row["refresh_hash"]
    lost = token.hash == row["previous_refresh_hash"] and now <= row["rotated_at"] + LOST_ANSWER
    if not current and not lost:
        await end(connection, token.session_id, now)
        return Refused("ended", token.session_id)
    fresh = tokens.refresh(token.session_id)
    session = _session_of(row)
    lifetime = MEMBER_LIFETIME if isinstance(session, MemberSession) else STAFF_LIFETIME
    # a lost answer's token goes out of use now; the token of the answer that may still arrive becomes the previous one
    await connection.execute(
        """
        update session set previous_refresh_hash = refresh_hash, refresh_hash = $2, rotated_at = $3, last_seen_at = $3,
                           expires_at = $4
         where session_id = $1
        """,
        token.session_id,
        fresh.hash,
        now,
        now + lifetime,
    )
    return Opened(session, fresh)


async def end(connection: Any, session_id: UUID, now: datetime) -> None:
    """End a session for good."""
    await connection.execute(
        "update session set revoked_at = $2 where session_id = $1 and revoked_at is null", session_id, now
    )


async def _locked_row(connection: Any, session_id: UUID) -> Any:
    return await connection.fetchrow(
        """
        select s.*, st.role, (m.closed_at is not null) as closed
          from session s left join staff st using (staff_id) left join member m on m.member_id = s.member_id
         where s.session_id = $1 for update of s
        """,
        session_id,
    )


def _session_of(row: Any) -> AnySession:
    if row["kind"] == "member":
        return MemberSession(row["member_id"], row["programme_id"], row["session_id"])
    return StaffSession(row["staff_id"], row["programme_id"], row["session_id"], row["store_id"], row["role"])

"""Copies of everything: asked for, kept for a week in parts, given to nobody but their owner."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from api.core.ids import new_id
from api.database.pool import Database
from api.problems import Refusal, not_found, too_many
from contract.errors import ErrorCode
from contract.privacy import Export

KEPT = timedelta(days=7)
PER_DAY = 5
PART_BYTES = 512 * 1024
_COLUMNS = "export_id, state, done, total, bytes, asked_at, ready_at, expires_at"


async def kept(connection: Any, member_id: UUID, now: datetime) -> list[Export]:
    """A member's copies, newest first."""
    rows = await connection.fetch(
        f"select {_COLUMNS} from member_export where member_id = $1 and expires_at > $2 order by asked_at desc",  # noqa: S608
        member_id,
        now,
    )
    return [_export(row) for row in rows]


async def one(connection: Any, member_id: UUID, export_id: UUID, now: datetime) -> Export:
    """A member's copy. Refuses with 404 what is over, or is not hers."""
    row = await connection.fetchrow(
        f"select {_COLUMNS} from member_export where member_id = $1 and export_id = $2 and expires_at > $3",  # noqa: S608
        member_id,
        export_id,
        now,
    )
    if row is None:
        raise not_found("There is no such copy. It is kept for seven days; ask for a new one.")
    return _export(row)


async def finished(connection: Any, member_id: UUID, export_id: UUID, now: datetime) -> Export:
    """A copy that can be fetched. 409 while it is being made."""
    export = await one(connection, member_id, export_id, now)
    if export.state != "ready":
        raise Refusal(409, ErrorCode.EXPORT_UNFINISHED, "The copy is not ready. Ask again in a moment.")
    return export


async def ask(connection: Any, member_id: UUID, now: datetime) -> Export:
    """A new copy, or the one that is being made. 429 for more than a few a day."""
    await connection.execute("select pg_advisory_xact_lock(hashtextextended('export' || $1::text, 0))", str(member_id))
    recent = [each for each in await kept(connection, member_id, now) if now - each.asked_at < timedelta(days=1)]
    waiting = next((each for each in recent if each.state == "waiting"), None)
    if waiting is not None:
        return waiting
    if len(recent) >= PER_DAY:
        wait = recent[PER_DAY - 1].asked_at + timedelta(days=1) - now
        raise too_many("That are enough copies for a day. Take one of those.", max(1, int(wait.total_seconds())))
    export_id = new_id(now)
    await connection.execute(
        "insert into member_export (member_id, export_id, state, asked_at, expires_at)"
        " values ($1, $2, 'waiting', $3, $4)",
        member_id,
        export_id,
        now,
        now + KEPT,
    )
    return await one(connection, member_id, export_id, now)


async def parts(database: Database, member_id: UUID, export_id: UUID) -> AsyncIterator[bytes]:
    """The file, a part at a time."""
    part = 0
    while True:
        content: bytes | None = await database.fetchval(
            "select content from member_export_part where member_id = $1 and export_id = $2 and part = $3",
            member_id,
            export_id,
            part,
        )
        if content is None:
            return
        yield content
        part += 1


async def forget(connection: Any, now: datetime) -> None:
    """Delete the copies that are over."""
    await connection.execute("delete from member_export where expires_at <= $1", now)


def _export(row: Any) -> Export:
    return Export.model_validate({**dict(row), "export_id": str(row["export_id"])})

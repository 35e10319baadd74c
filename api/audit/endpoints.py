"""The audit trail's route."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from api.audit import repository
from api.core.platform import InDatabase
from api.core.security import CurrentManager
from api.problems import responses
from api.purchases import cursors
from contract.audit import AuditEntry, AuditPage
from contract.base import Instant

router = APIRouter(prefix="/programme", tags=["programme"])
_FIRST = cursors.Place(datetime(9999, 1, 1, tzinfo=UTC), UUID(int=2**128 - 1))
_EVER = datetime(1970, 1, 1, tzinfo=UTC)


@router.get("/audit", responses=responses(401, 403))
async def read_audit(
    manager: CurrentManager,
    database: InDatabase,
    action: Annotated[str | None, Query(max_length=40)] = None,
    staff_id: UUID | None = None,
    store_id: Annotated[str | None, Query(max_length=64)] = None,
    since: Instant | None = None,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> AuditPage:
    """What the programme's staff did, newest first."""
    before = cursors.decode(cursor) if cursor else _FIRST
    wanted = repository.Filter(action, staff_id, store_id, since or _EVER)
    async with database.connection() as connection:
        rows = await repository.page(connection, manager.programme_id, wanted, before, limit + 1)
    items = [
        AuditEntry(
            entry_id=str(row["entry_id"]),
            at=row["at"],
            action=row["action"],
            store_id=row["store_id"],
            store_name=row["store_name"],
            staff_id=str(row["staff_id"]) if row["staff_id"] else None,
            staff_name=row["staff_name"],
            member_name=row["member_name"],
            subject=row["subject"],
            evidence=row["evidence"],
        )
        for row in rows[:limit]
    ]
    last = rows[limit - 1] if len(rows) > limit else None
    return AuditPage(
        items=items, next_cursor=cursors.encode(cursors.Place(last["at"], last["entry_id"])) if last else None
    )

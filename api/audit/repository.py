"""The audit trail's statements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg

from api.core.security import StaffSession
from api.database.pool import Connection

_WRITE = """
    insert into audit (programme_id, at, store_id, staff_id, session_id, member_id, action, subject, evidence)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9)"""

# a purchase's own row is its record: the ledger's tables are append-only too, and a copy would be a second truth
_PAGE = """
    select e.*, coalesce(st.name, '') as staff_name, coalesce(m.name, '') as member_name,
           coalesce(so.name, '') as store_name from (
        (select a.entry_id, a.at, a.action, a.store_id, a.staff_id, a.member_id, a.subject, a.evidence
           from audit a
          where a.programme_id = $1 and ($2::text is null or a.action = $2) and ($3::uuid is null or a.staff_id = $3)
            and ($4::text is null or a.store_id = $4) and a.at >= $5 and (a.at, a.entry_id) < ($6, $7)
          order by a.at desc, a.entry_id desc limit $8)
        union all
        (select p.* from store s cross join lateral (
                select b.purchase_id, b.recorded_at, 'purchase', b.store_id, b.staff_id, b.member_id,
                       b.purchase_id::text,
                       jsonb_build_object('receipt_number', b.receipt_number, 'total', b.total, 'earned', b.earned,
                                          'spent', b.redeemed, 'at', b.at)
                  from ledger.purchase b
                 where b.programme_id = s.programme_id and b.store_id = s.store_id and b.staff_id is not null
                   and ($3::uuid is null or b.staff_id = $3) and b.recorded_at >= $5
                   and (b.recorded_at, b.purchase_id) < ($6, $7)
                 order by b.recorded_at desc, b.purchase_id desc limit $8) p
          where s.programme_id = $1 and ($4::text is null or s.store_id = $4) and ($2::text is null or $2 = 'purchase'))
        order by at desc, entry_id desc limit $8) e
      left join staff st using (staff_id) left join member m using (member_id)
      left join store so on so.programme_id = $1 and so.store_id = e.store_id
     order by e.at desc, e.entry_id desc"""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which acts are asked for."""

    action: str | None
    staff_id: UUID | None
    store_id: str | None
    since: datetime


async def write(
    connection: Connection,
    staff: StaffSession,
    action: str,
    now: datetime,
    *,
    subject: str = "",
    member_id: UUID | None = None,
    evidence: dict[str, Any] | None = None,
) -> None:
    """Add one act of a member of staff, in the caller's transaction. The evidence holds no secret."""
    await connection.execute(
        _WRITE,
        staff.programme_id,
        now,
        staff.store_id,
        staff.staff_id,
        staff.session_id,
        member_id,
        action,
        subject,
        evidence or {},
    )


async def page(
    connection: Connection, programme_id: UUID, wanted: Filter, before: tuple[datetime, UUID], limit: int
) -> list[asyncpg.Record]:
    """Acts before a place, newest first."""
    return list(
        await connection.fetch(
            _PAGE, programme_id, wanted.action, wanted.staff_id, wanted.store_id, wanted.since, *before, limit
        )
    )

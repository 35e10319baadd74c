"""The statements about shifts and receipts."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg

from api.core.ids import new_id
from api.core.security import StaffSession
from api.database.pool import Connection

_TOTALS = (Path(__file__).parent / "totals.sql").read_text(encoding="utf-8")
_LATEST = timedelta(days=8)
"""A queued receipt comes within a week, or not at all."""
LATE = timedelta(minutes=5)
"""A receipt recorded so long after its purchase was queued."""

_SHIFT = """
    select h.*, coalesce(o.name, '') as opened_name, coalesce(c.name, '') as closed_name
      from shift h left join staff o on o.staff_id = h.opened_by left join staff c on c.staff_id = h.closed_by"""


async def open_shift(connection: Connection, staff: StaffSession, now: datetime) -> UUID | None:
    """Open a shift; None when one is open at the store."""
    shift_id = new_id(now)
    tag = await connection.execute(
        """insert into shift (shift_id, programme_id, store_id, opened_at, opened_by) values ($1, $2, $3, $4, $5)
           on conflict (programme_id, store_id) where closed_at is null do nothing""",
        shift_id,
        staff.programme_id,
        staff.store_id,
        now,
        staff.staff_id,
    )
    return shift_id if tag == "INSERT 0 1" else None


async def shift(connection: Connection, staff: StaffSession, shift_id: UUID, *, lock: bool = False) -> Any:
    """One shift of the staff's own store, or None."""
    return await connection.fetchrow(
        f"{_SHIFT} where h.programme_id = $1 and h.store_id = $2 and h.shift_id = $3"
        + (" for update of h" if lock else ""),
        staff.programme_id,
        staff.store_id,
        shift_id,
    )


async def shifts(
    connection: Connection, staff: StaffSession, before: tuple[datetime, UUID], limit: int
) -> list[asyncpg.Record]:
    """The store's shifts before a place, newest first."""
    return list(
        await connection.fetch(
            f"""{_SHIFT} where h.programme_id = $1 and h.store_id = $2 and (h.opened_at, h.shift_id) < ($3, $4)
                order by h.opened_at desc, h.shift_id desc limit $5""",
            staff.programme_id,
            staff.store_id,
            *before,
            limit,
        )
    )


async def close(
    connection: Connection,
    shift_id: UUID,
    staff_id: UUID,
    closing: dict[str, Any],
    counted: dict[str, Any] | None,
    note: str,
    now: datetime,
) -> None:
    """Write down that a shift is closed, and what was counted then."""
    await connection.execute(
        """update shift set closed_at = $2, closed_by = $3, closing = $4, counted = $5, note = $6
            where shift_id = $1""",
        shift_id,
        now,
        staff_id,
        closing,
        counted,
        note,
    )


async def parts(connection: Connection, row: Any, until: datetime, known: datetime) -> list[asyncpg.Record]:
    """What each cashier did at each till in a shift, up to a moment, as it was known at another."""
    return list(
        await connection.fetch(
            _TOTALS, row["programme_id"], row["store_id"], row["opened_at"], until, known, until + _LATEST
        )
    )


async def late(connection: Connection, row: Any, until: datetime) -> list[asyncpg.Record]:
    """Purchases of a shift that were recorded after it was closed, or long after they were made."""
    return list(
        await connection.fetch(
            """select p.purchase_id, p.receipt_number, p.at, p.recorded_at, p.total, p.unit,
                      coalesce(st.name, '') as staff_name
                 from ledger.purchase p left join staff st using (staff_id)
                where p.programme_id = $1 and p.store_id = $2 and p.recorded_at >= $3 and p.recorded_at < $5
                  and p.at >= $3 and p.at < $4 and p.source <> 'import'
                  and (p.recorded_at - p.at > $6::interval or p.recorded_at >= $7)
                order by p.recorded_at, p.purchase_id limit 500""",
            row["programme_id"],
            row["store_id"],
            row["opened_at"],
            until,
            until + _LATEST,
            LATE,
            row["closed_at"] or until,
        )
    )
